"""What a tie counts its days from: the steps a placement took, the pauses it had, the plan and the closing of its case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.consent import plan_is_stopped, state_of
from service.cases.models import Consent, Person, Placement, PlacementMove, PlacementSession, SupportCase
from service.cases.sharing import HOST_SHARE
from service.followup.placements.ladder import FINAL, Step
from service.followup.rhythms.dating import Anchors
from service.kernel.clock import day_in_japan
from service.resources.models import Host, Opening


@dataclass(frozen=True)
class Tie:
    """A placement with what its follow-ups stand on."""

    placement: Placement
    person: Person
    case: SupportCase
    host_id: str
    anchors: Anchors
    attends: frozenset[int]
    is_agreed: bool
    """Whether the application and the plan still stand; nothing is planned without them."""
    may_be_visited: bool
    """Whether the person still lets this host know of them."""

    @property
    def has_ended(self) -> bool:
        """Whether the placement is over or came to nothing."""
        return self.placement.step in FINAL


def case_of(session: Session, household_id: str) -> SupportCase | None:
    """The episode of a household that is going on; the newest where all are closed."""
    query = select(SupportCase).where(SupportCase.household_id == household_id)
    newest = query.order_by((SupportCase.status == "closed"), SupportCase.opened_on.desc(), SupportCase.number.desc())
    return session.scalars(newest.limit(1)).first()


def tie_of(session: Session, placement: Placement, today: date) -> Tie | None:
    """A placement that somebody has begun to attend; None before that, and for one without a case."""
    person = session.get_one(Person, placement.person_id)
    opening = session.get_one(Opening, placement.opening_id)
    case = case_of(session, person.household_id)
    if placement.started_on is None or case is None:
        return None
    consents = session.scalars(select(Consent).where(Consent.person_id == person.id)).all()
    shared = state_of([each for each in consents if each.host_id == opening.host_id], today, HOST_SHARE)
    return Tie(
        placement,
        person,
        case,
        opening.host_id,
        _anchors(session, placement, opening, today),
        _attends(session, placement),
        state_of(consents, today) == "given" and not plan_is_stopped(consents, today),
        shared in ("not_asked", "given"),
    )


def _attends(session: Session, placement: Placement) -> frozenset[int]:
    """The weekdays (0=月) agreed; asked for here, whoever hands the placement over may not have read them."""
    days = select(PlacementSession.weekday).where(PlacementSession.placement_id == placement.id)
    return frozenset(day for day in session.scalars(days) if day is not None)


def _anchors(session: Session, placement: Placement, opening: Opening, today: date) -> Anchors:
    query = select(PlacementMove).where(PlacementMove.placement_id == placement.id)
    moves = session.scalars(query.order_by(PlacementMove.at, PlacementMove.id)).all()
    pause_start, pause_end = _last_pause(moves)
    if placement.step == Step.ON_HOLD:
        pause_start = pause_start or placement.since
        pause_end = _paused_until(session, opening, today)
    settled = placement.since if placement.step == Step.STABLE else None
    return Anchors(placement_start=placement.started_on, pause_start=pause_start, pause_end=pause_end, settled=settled)


def _last_pause(moves: Sequence[PlacementMove]) -> tuple[date | None, date | None]:
    start = end = None
    for move in moves:
        if move.to_step == Step.ON_HOLD:
            start, end = _day(move.at), None
        elif move.from_step == Step.ON_HOLD and start is not None:
            # The last day of the rest is the day before the return.
            end = max(start, _day(move.at) - timedelta(days=1))
    return start, end


def _paused_until(session: Session, opening: Opening, today: date) -> date | None:
    host = session.get_one(Host, opening.host_id)
    told = [row.paused_until for row in (opening, host) if row.status == "paused" and row.paused_until]
    return max((day for day in told if day >= today), default=None)


def _day(at: datetime) -> date:
    return day_in_japan(at)
