"""The rows of a joint run: a line with its place and reasons, and somebody left with what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from service.cases.access import may_change
from service.cases.models import Person, SupportCase
from service.cases.pages import heading_of
from service.kernel.clock import day_in_japan
from service.kernel.dates import say_instant
from service.matching.cards import Card, Mark, make_card, own_title
from service.matching.gather import LoadedCatalogue, person_facts
from service.matching.joint.models import JointLine, JointRun
from service.matching.joint.pages_words import say_times
from service.matching.joint.people import waiting_since
from service.matching.joint.stored import times_of
from service.matching.service import Ask, match
from service.matching.verdict import Verdicts
from service.matching.week import shown_days
from service.matching.whatif import WhatIf
from service.resources.words import kind_label
from service.web.actor import Actor

OTHERS: Final = "ほかの担当のケースの人"
SHOWN: Final = 2
"""Reasons of a line in the list; its own page has all of them."""
GONE: Final = "（今の一覧にない所）"


@dataclass(frozen=True)
class LineRow:
    """One proposal as the page shows it; `state` is "", "accepted" or "declined"."""

    id: str
    person_id: str
    name: str
    said: str
    waited: str
    host_id: str
    place: str
    title: str
    kind: str
    when: str
    travel: str
    points: str
    asks: bool
    marks: tuple[Mark, ...]
    state: str
    state_said: str
    may_change: bool


@dataclass(frozen=True)
class Reader:
    """Who reads which run, before the catalogue of this moment."""

    run: JointRun
    people: Mapping[str, tuple[SupportCase, Person]]
    loaded: LoadedCatalogue
    actor: Actor
    today: date
    reasons: Mapping[str, str]

    @cached_property
    def asks(self) -> dict[str, tuple[Ask, Verdicts]]:
        """Matches made so far, one for each person."""
        return {}

    def match(self, person_id: str) -> tuple[Ask, Verdicts]:
        """This person before the catalogue of this moment."""
        if person_id not in self.asks:
            case, person = self.people[person_id]
            facts = person_facts(person, self.loaded.vocabulary, self.today)
            ask = Ask(case, person, self.loaded, facts, facts, WhatIf(), self.today)
            self.asks[person_id] = ask, match(ask)
        return self.asks[person_id]

    def name(self, person_id: str) -> str:
        """The name of somebody whose case is open to the reader."""
        return self.people[person_id][1].name if person_id in self.people else OTHERS

    def place(self, opening_id: str) -> str:
        """What an opening is called: the host, and the opening's own name where it says more."""
        record = self.loaded.records.get(opening_id)
        if record is None:
            return GONE
        title = own_title(record)
        return f"{record.name}（{title}）" if title else record.name

    def said(self, person_id: str) -> str:
        """24歳・女性・梶原."""
        return heading_of(*self.people[person_id], self.today).said

    def waited(self, person_id: str) -> str:
        """待ち120日, counted to the day of the run."""
        waited = (day_in_japan(self.run.asked_at) - waiting_since(*self.people[person_id])).days
        return f"待ち{max(waited, 0)}日"

    def card(self, line: JointLine) -> Card | None:
        """The place of a line as the match shows it; None when it is no longer in the catalogue or consent has gone."""
        place = self.loaded.catalogue.place_of.get(line.opening_id)
        if place is None or not person_facts(self.people[line.person_id][1], self.loaded.vocabulary, self.today).consented:
            return None
        ask, verdicts = self.match(line.person_id)
        windows = verdicts.situation.windows or ()
        days = shown_days(windows, [self.loaded.catalogue.openings[place]])
        return make_card(ask, verdicts, place, line.position + 1, windows, days)


def line_row(reader: Reader, line: JointLine) -> LineRow:
    """A line with the reasons of this moment."""
    record, card = reader.loaded.records.get(line.opening_id), reader.card(line)
    state, said = _state(reader, line)
    return LineRow(
        id=line.id,
        person_id=line.person_id,
        name=reader.name(line.person_id),
        said=reader.said(line.person_id),
        waited=reader.waited(line.person_id),
        host_id=record.host_id if record else "",
        place=record.name if record else GONE,
        title=card.title if card else "",
        kind=kind_label(record.kind) if record else "",
        when=say_times(times_of(line.sessions)),
        travel="移動 未確認" if line.minutes is None else f"片道 {line.minutes}分",
        points=card.points if card else "",
        asks=line.asks,
        marks=_shown(card),
        state=state,
        state_said=said,
        may_change=may_change(reader.actor, reader.people[line.person_id][0]),
    )


def _shown(card: Card | None) -> tuple[Mark, ...]:
    """The reasons that weigh most."""
    if card is None:
        return (("x", "いまは照合できません（枠が終わったか、同意が変わっています）。", None),)
    return card.marks[:SHOWN]


def _state(reader: Reader, line: JointLine) -> tuple[str, str]:
    if line.accepted_at is not None:
        return "accepted", f"{say_instant(line.accepted_at)}　{line.accepted_by}"
    if line.declined_at is not None:
        why = reader.reasons.get(line.override, line.override)
        return "declined", f"{why}{'・' + line.override_note if line.override_note else ''}　{line.declined_by}"
    return "", ""
