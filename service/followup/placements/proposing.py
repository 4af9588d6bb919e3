"""「候補にする」: a pair from a match, or chosen by hand with the reason; a declined one asks for a word more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import change_person
from service.cases.consent import plan_is_stopped, state_of
from service.cases.models import Placement
from service.cases.people import load_person
from service.cases.placements import CANDIDATE, LIVE, Entry, SessionTime, lock_for_placing, place_candidate
from service.followup.placements.guards import Facts, missing_for
from service.followup.placements.ladders import current_ladder
from service.followup.placements.moving import StepRefused
from service.kernel.errors import DomainError, NotFound
from service.matching.bands import Band
from service.matching.cards import say_points
from service.matching.explain import explain
from service.matching.facts import ConsentMissing
from service.matching.service import Ask, ask_for, match
from service.resources.models import Opening
from service.web.actor import Actor, Town

BAND_WORDS: Final = {Band.FITS: "適合", Band.NEEDS_CHECK: "要確認", Band.EXCLUDED: "不適合"}
BY_MATCH: Final = "match"


@dataclass(frozen=True)
class Standing:
    """How a pair stands in the match of this moment; `reason` is what speaks for it, empty where nothing does."""

    band: str
    points: str
    reasons: tuple[str, ...]
    resting: str

    @property
    def fits(self) -> bool:
        """Whether the match itself is reason enough."""
        return self.band in (BAND_WORDS[Band.FITS], BAND_WORDS[Band.NEEDS_CHECK])


@dataclass(frozen=True)
class Proposal:
    """A pair somebody wants as a candidate."""

    person_id: str
    opening_id: str
    note: str = ""
    times: tuple[SessionTime, ...] = ()


def stands(ask: Ask, opening_id: str) -> Standing:
    """How an opening stands for a person now; nothing is known of it without consent."""
    try:
        verdicts = match(ask)
    except ConsentMissing:
        return Standing("", "", (), ask.resting.get(opening_id, ""))
    place = next((n for n, each in enumerate(ask.loaded.catalogue.openings) if each.id == opening_id), None)
    if place is None:
        raise NotFound()
    said = explain(verdicts, place)
    reasons = tuple(found.text for found in (*said.reasons, *said.questions))
    return Standing(BAND_WORDS[said.band], say_points(said), reasons, ask.resting.get(opening_id, ""))


def propose(session: Session, town: Town, actor: Actor, wanted: Proposal, now: datetime) -> Placement:
    """Make a pair a candidate, with how it stood in the match; the place is looked at again at every later step.

    Raises NotFound, StepRefused without consent or reason, DomainError where it is one already or rests without a word.
    """
    _, bare = change_person(session, town, actor, wanted.person_id)
    opening = lock_for_placing(session, wanted.person_id, wanted.opening_id)
    if opening is None:
        raise NotFound()
    ask = ask_for(session, town, actor, wanted.person_id, now)
    standing = stands(ask, opening.id)
    consents = load_person(session, bare).consents
    agreed = Facts(
        has_consent=state_of(consents, ask.today) == "given", is_plan_stopped=plan_is_stopped(consents, ask.today),
        has_reason=standing.fits or bool(wanted.note),
    )  # fmt: skip
    _check(session, wanted, standing, agreed)
    return place_candidate(
        session, wanted.person_id, opening.id, wanted.times, since=ask.today, recorded_by=actor.label,
        origin=BY_MATCH if standing.fits else "", reason=wanted.note, entry=_entry(standing, wanted.note, now),
    )  # fmt: skip


def _check(session: Session, wanted: Proposal, standing: Standing, facts: Facts) -> None:
    there = select(Placement.id).where(
        Placement.person_id == wanted.person_id, Placement.opening_id == wanted.opening_id, Placement.step.in_(LIVE)
    )
    if session.scalars(there.limit(1)).first() is not None:
        raise DomainError(
            "この組み合わせは、もう進んでいます。", "「打診・紹介」の画面で、いまの段を確かめてください。", "already", 409
        )
    if standing.resting and not wanted.note:
        raise DomainError(f"{standing.resting}の組み合わせです。", "もう一度頼むわけを一言入れてください。", "resting", 422)
    if missing := missing_for(CANDIDATE, facts, current_ladder(session)):
        raise StepRefused(missing)


def _entry(standing: Standing, note: str, now: datetime) -> Entry:
    return Entry(now, note, {"band": standing.band, "points": standing.points} if standing.band else {})


def opening_of(session: Session, opening_id: str) -> Opening:
    """The opening a form speaks of; NotFound when there is none."""
    opening = session.get(Opening, opening_id)
    if opening is None:
        raise NotFound()
    return opening
