"""From the database to the facts that guards look at: one placement with all that may stand in its way, as of now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from service.cases.access import change_person, read_person
from service.cases.consent import has_guardian, needs_guardian, plan_is_stopped, state_of
from service.cases.course.meeting_first import meeting_awaited
from service.cases.models import Person, Placement, SupportCase
from service.cases.people import load_person
from service.cases.placements import Standing, live_placements, lock_for_placing, people_with_need
from service.cases.sharing import Share, share_with
from service.followup.placements.capacity import Room, room_beside
from service.followup.placements.guards import CheckIn, Facts
from service.followup.placements.ladder import ATTENDING, ENDINGS, Ladder, Step
from service.followup.placements.ladders import ladder_at
from service.followup.placements.models import ANSWERED, ContactWithBoth, Offer, Sounding
from service.kernel.errors import NotFound
from service.matching.gather import LoadedCatalogue, load_catalogue
from service.matching.joint.sizes import Sizes, current_sizes
from service.resources.models import Host, HostAssessment, Opening
from service.web.actor import Actor, Town

CARRIED: Final = ("insured_here", "has_emergency_contact", "costs_explained", "person_wants", "host_accepts")
"""Ticks of a step that later steps rely on."""


@dataclass(frozen=True)
class InHand:
    """A placement this actor may change, locked with its person, host and opening until the transaction ends."""

    placement: Placement
    case: SupportCase
    person: Person
    host: Host
    opening: Opening
    ladder: Ladder
    standings: tuple[Standing, ...]
    sizes: Sizes
    loaded: LoadedCatalogue

    @property
    def own(self) -> Standing | None:
        """The placement as counts see it; None once it is over."""
        return next((each for each in self.standings if each.id == self.placement.id), None)

    def share(self, today: date) -> Share | None:
        """What the host may know of the person today."""
        return share_with(self.person.consents, self.host.id, today)


def take_in_hand(session: Session, town: Town, actor: Actor, placement_id: str, *, although_over: bool = False) -> InHand:
    """A placement to work on: through the filter of cases first, then locked, then read anew.

    Absent, foreign and not visible are the same NotFound; a colleague's case asks to be covered first.
    """
    case, bare = change_person(session, town, actor, _person_of(session, placement_id), although_over=although_over)
    seen = _placement(session, placement_id)
    opening = lock_for_placing(session, seen.person_id, seen.opening_id)
    if opening is None:
        raise NotFound()
    return _in_hand(session, town, _placement(session, placement_id), case, load_person(session, bare), opening)


def look_at(session: Session, town: Town, actor: Actor, placement_id: str) -> InHand:
    """The same to look at: through the filter of cases, with nothing locked; not for writing."""
    case, bare = read_person(session, town, actor, _person_of(session, placement_id))
    placement = _placement(session, placement_id)
    query = select(Opening).where(Opening.id == placement.opening_id).options(selectinload(Opening.slots))
    opening = session.scalars(query.execution_options(populate_existing=True)).one()
    return _in_hand(session, town, placement, case, load_person(session, bare), opening)


def _person_of(session: Session, placement_id: str) -> str:
    """Whose it is, or nobody's id: an absent one takes as long to refuse as one that may not be seen."""
    return session.scalar(select(Placement.person_id).where(Placement.id == placement_id)) or ""


def _placement(session: Session, placement_id: str) -> Placement:
    query = select(Placement).where(Placement.id == placement_id).options(selectinload(Placement.sessions))
    placement = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if placement is None:
        raise NotFound()
    return placement


def _in_hand(
    session: Session, town: Town, placement: Placement, case: SupportCase, person: Person, opening: Opening
) -> InHand:
    return InHand(
        placement, case, person, session.get_one(Host, opening.host_id), opening,
        ladder_at(session, placement.ladder_version), tuple(live_placements(session, opening.host_id)), current_sizes(session),
        load_catalogue(session, town),
    )  # fmt: skip


def facts_of(session: Session, hand: InHand, to: str, recorded: Mapping[str, Any], today: date) -> Facts:
    """What the guards of a step may know; `recorded` are the ticks that come with the move itself."""
    placement, person, values = hand.placement, hand.person, _values(hand)
    facts = Facts(
        has_consent=state_of(person.consents, today) == "given",
        is_plan_stopped=plan_is_stopped(person.consents, today),
        awaited="" if placement.started_on else meeting_awaited(session, hand.case),
        is_minor=needs_guardian(person, today),
        has_guardian=has_guardian(person.consents, today),
        is_shared=hand.share(today) is not None,
        has_reason=bool(placement.origin or placement.reason),
        host_answer=host_answer(session, placement.id),
        is_assessed=_is_assessed(session, hand.host.id),
        insurance=str(values.get("insurance") or ""),
        has_times=bool(placement.sessions) or not hand.opening.slots,
        other_offers=_other_offers(session, hand),
        host_cools_until=cooling_until(session, hand.host.id, today),
        is_host_paused=_is_paused(hand, today),
        check_ins=check_ins_of(contacts_of(session, placement.id)) if to == Step.STABLE else (),
        **{name: bool(recorded.get(name)) for name in CARRIED},
    )
    if hand.own is None or hand.own.attends:
        # The place is theirs already: neither settling nor coming back after a rest takes another.
        return facts
    room = room_of(session, hand, values, today)
    return replace(facts, room=room.places, starts_left=room.starts, support_left=room.support)


def room_of(session: Session, hand: InHand, values: Mapping[str, Any], today: date) -> Room:
    """The room left beside this placement."""
    (supported,) = people_with_need(session, {each.person_id for each in hand.standings}, hand.sizes.high_support)
    starts, support = values.get(hand.sizes.new_starts), values.get(hand.sizes.high_support_limit)
    return room_beside(
        hand.opening, hand.placement, hand.standings, supported, today,
        most_starts=None if starts is None else int(starts), most_support=None if support is None else int(support),
    )  # fmt: skip


def host_answer(session: Session, placement_id: str) -> str:
    """What the host last said to the sounding of this placement; empty while it is open or void."""
    query = select(Sounding.answer).where(Sounding.placement_id == placement_id, Sounding.state == ANSWERED)
    return session.scalars(query.order_by(Sounding.answered_at.desc(), Sounding.id)).first() or ""


def cooling_until(session: Session, host_id: str, today: date) -> date | None:
    """Until when a host is left in peace after a hard case of its own."""
    query = (
        select(func.max(Placement.rests_until))
        .join(Opening, Placement.opening_id == Opening.id)
        .where(Opening.host_id == host_id, Placement.step == Step.ENDED, Placement.closing.in_(ENDINGS))
    )
    until = session.scalar(query)
    return until if until is not None and until >= today else None


def _values(hand: InHand) -> Mapping[str, Any]:
    record = hand.loaded.records.get(hand.opening.id)
    return record.values if record else {}


def _is_assessed(session: Session, host_id: str) -> bool:
    return session.scalars(select(HostAssessment.id).where(HostAssessment.host_id == host_id).limit(1)).first() is not None


def _other_offers(session: Session, hand: InHand) -> int:
    """Places shown to the person that still wait for an answer."""
    query = (
        select(func.count(Offer.id))
        .join(Placement, Offer.placement_id == Placement.id)
        .where(
            Placement.person_id == hand.person.id, Placement.id != hand.placement.id,
            Placement.step == Step.OFFERED, Offer.answer == "",
        )
    )  # fmt: skip
    return session.scalar(query) or 0


def _is_paused(hand: InHand, today: date) -> bool:
    paused = [row for row in (hand.host, hand.opening) if row.status == "paused"]
    return any(row.paused_until is None or row.paused_until >= today for row in paused)


def contacts_of(session: Session, placement_id: str) -> Sequence[ContactWithBoth]:
    """The talks with both sides, the oldest first."""
    query = select(ContactWithBoth).where(ContactWithBoth.placement_id == placement_id)
    return session.scalars(query.order_by(ContactWithBoth.done_on, ContactWithBoth.recorded_at)).all()


def check_ins_of(contacts: Iterable[ContactWithBoth]) -> tuple[CheckIn, ...]:
    """The talks as guards see them."""
    return tuple(
        CheckIn(row.done_on, row.person_says == "want", row.host_says == "can", row.has_problem) for row in contacts
    )


def is_attending(step: str, before_hold: str) -> bool:
    """Whether the place of a placement in this state has been taken off what is free."""
    return step in ATTENDING or (step == Step.ON_HOLD and before_hold in ATTENDING)
