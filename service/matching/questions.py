"""The next question: which blank, filled, would change the result most, on the hosts' side and on the person's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from service.kernel.vocab import AGE, GENDER, Attribute, Kind, Strength
from service.matching.bands import Band, band_of
from service.matching.facts import UNKNOWN as NOT_KNOWN
from service.matching.facts import Need
from service.matching.rules import UNKNOWN, VIOLATED, Asked, Situation, apply_rule
from service.matching.verdict import Verdicts
from service.matching.wording import HOME_QUESTION, Pair, asks_person, question_to_host


@dataclass(frozen=True, slots=True)
class HostQuestion:
    """A question to hosts: `places` (best first) have it open, `settled_by_one_call` of them have nothing else open."""

    attribute: Attribute
    text: str
    places: tuple[int, ...]
    settled_by_one_call: int

    @property
    def effect(self) -> int:
        return self.settled_by_one_call

    @property
    def note(self) -> str:
        if self.settled_by_one_call:
            return f"{self.settled_by_one_call}か所は、この一つを聞けば決まります"
        return f"{len(self.places)}か所で未確認です（ほかにも確認することがあります）"


@dataclass(frozen=True, slots=True)
class PersonQuestion:
    """A question to the person; the narrowest usual answer would move `changes` places to another band."""

    attribute: Attribute
    text: str
    changes: int

    @property
    def effect(self) -> int:
        return self.changes

    @property
    def note(self) -> str:
        return f"答えによって、あと{self.changes}か所が変わります"


def host_questions(verdicts: Verdicts) -> tuple[HostQuestion, ...]:
    """Open questions of the 要確認 places, the one that settles most places first."""
    waiting = verdicts.bands == Band.NEEDS_CHECK
    found = []
    for need, row in zip(verdicts.asked, verdicts.findings, strict=True):
        is_open = waiting & (row == UNKNOWN)
        if not need.strength.decides or not is_open.any():
            continue
        places = verdicts.order[is_open[verdicts.order]].tolist()
        if not asks_person(Pair(verdicts, places[0]), need):
            only = int((is_open & (verdicts.unknown == 1)).sum())
            found.append(HostQuestion(need.attribute, question_to_host(need.attribute, need.value), tuple(places), only))
    return tuple(sorted(found, key=lambda question: (-question.settled_by_one_call, -len(question.places))))


def person_questions(verdicts: Verdicts) -> tuple[PersonQuestion, ...]:
    """The person's blanks, the one that would change most places first; blanks that change nothing are left out."""
    found = [*_facts_not_known(verdicts), *_needs_not_asked(verdicts)]
    return tuple(sorted((q for q in found if q.changes), key=lambda question: -question.changes))


def next_question(verdicts: Verdicts) -> HostQuestion | PersonQuestion | None:
    """The one question to ask next, of either side; a tie goes to the person, who can be asked at once."""
    candidates: list[HostQuestion | PersonQuestion] = [*person_questions(verdicts)[:1], *host_questions(verdicts)[:1]]
    return max(candidates, key=lambda question: question.effect, default=None)


def _facts_not_known(verdicts: Verdicts) -> Iterator[PersonQuestion]:
    """Home, birth date and gender belong to the record; where missing they leave places unknown."""
    situation = verdicts.situation
    for need, row in zip(verdicts.asked, verdicts.findings, strict=True):
        if _is_missing(situation, need):
            text = HOME_QUESTION if need.attribute.kind is Kind.TRAVEL else need.attribute.ask_person
            yield PersonQuestion(need.attribute, text, int(((row == UNKNOWN) & (verdicts.violated == 0)).sum()))


def _is_missing(situation: Situation, need: Asked) -> bool:
    if need.attribute.kind is Kind.TRAVEL:
        return situation.person.lat is None or situation.person.lon is None
    if need.attribute.key == GENDER:
        return situation.person.gender is NOT_KNOWN
    return need.attribute.key == AGE and situation.age is NOT_KNOWN


def _needs_not_asked(verdicts: Verdicts) -> Iterator[PersonQuestion]:
    person = verdicts.situation.person
    for attribute in verdicts.catalogue.vocabulary.core:
        if attribute.kind.has_rule and attribute.probe is not None and attribute.key not in person.needs:
            yield PersonQuestion(attribute, attribute.ask_person, _changed_by(verdicts, attribute))


def _changed_by(verdicts: Verdicts, attribute: Attribute) -> int:
    """How many places would change band if the person gave the narrowest usual answer, as 必須."""
    situation, probe = verdicts.situation, attribute.probe
    if not attribute.kind.is_generic:
        needs = {**situation.person.needs, attribute.key: Need(probe, Strength.HARD)}
        situation = replace(situation, person=replace(situation.person, needs=needs))
    row = apply_rule(situation, attribute, probe)
    if attribute.remote_satisfies:
        row &= verdicts.catalogue.keep_unless_remote
    violated = verdicts.violated + (row == VIOLATED)
    unknown = verdicts.unknown + (row == UNKNOWN)
    return int(np.count_nonzero(band_of(violated, unknown) != verdicts.bands))
