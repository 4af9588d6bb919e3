"""Which meetings somebody may see, and one of them in hand with its seats and items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from service.accounts.roles import CASE_STAFF, GUEST, SECRETARIAT, SUPERVISOR
from service.cases.access import cases_in_process
from service.cases.consent import SERVICE, state_of
from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import OWED
from service.cases.models import Consent, Household, Person, SupportCase
from service.kernel.audit import note
from service.kernel.dates import fiscal_year
from service.kernel.errors import NotFound
from service.meetings.models import AgendaItem, Meeting, Seat, SecrecyAcknowledgement
from service.meetings.rules import SUPPORT, ItemFact, MeetingFact, SeatFact
from service.web.actor import Actor, Town


@dataclass(frozen=True)
class InHand:
    """One meeting with who sits in it and what is on."""

    meeting: Meeting
    seats: Sequence[Seat]
    items: Sequence[AgendaItem]
    sworn: frozenset[tuple[str, str]]
    """(name, agency) of those whose word for secrecy is on file for the meeting's fiscal year."""
    facts: MeetingFact
    today: date


def visible_meetings(actor: Actor, today: date) -> Select[Meeting]:
    """The meetings this person may see, as a query to narrow further.

    A 支援会議 is seen by the secretariat, by supervisors, and by those with a seat in it; a guest sees their one meeting, in its
    window.
    """
    query = select(Meeting)
    seated = select(Seat.meeting_id).where(Seat.user_id == actor.id)
    if actor.roles & {SECRETARIAT, SUPERVISOR}:
        return query
    if actor.roles & CASE_STAFF:
        return query.where(or_(Meeting.kind != SUPPORT, Meeting.id.in_(seated)))
    if GUEST in actor.roles:
        return query.where(Meeting.id.in_(seated), Meeting.invited_on.is_not(None), Meeting.window_until >= today)
    return query.where(false())


def meeting_in_hand(session: Session, town: Town, actor: Actor, meeting_id: str, today: date) -> InHand:
    """One meeting; every look is recorded. Absent and forbidden are one answer."""
    meeting = session.scalars(visible_meetings(actor, today).where(Meeting.id == meeting_id)).first()
    if meeting is None:
        raise NotFound()
    note(session, "view", "meeting", meeting_id)
    seats = session.scalars(
        select(Seat).where(Seat.meeting_id == meeting_id).order_by(Seat.agency, Seat.name, Seat.id)
    ).all()
    items = session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    sworn = sworn_in(session, meeting.on)
    return InHand(meeting, seats, items, sworn, _facts(session, meeting, seats, items, sworn, today), today)


def sworn_in(session: Session, on: date) -> frozenset[tuple[str, str]]:
    """Whose word for secrecy is on file for the fiscal year of a day: names with their agencies."""
    query = select(SecrecyAcknowledgement.name, SecrecyAcknowledgement.agency)
    rows = session.execute(query.where(SecrecyAcknowledgement.fiscal_year == fiscal_year(on)))
    return frozenset((name, agency) for name, agency in rows)


def names_of(session: Session, town: Town, actor: Actor, items: Sequence[AgendaItem]) -> dict[str, tuple[str, str, str]]:
    """Of the cases on an agenda that this person may follow: number, name and the person's id, by case."""
    wanted = [item.case_id for item in items if item.case_id]
    query = (
        cases_in_process(town, actor)
        .join(Household, SupportCase.household_id == Household.id)
        .join(Person, and_(Person.household_id == Household.id, Person.principal))
        .where(SupportCase.id.in_(wanted))
        .with_only_columns(SupportCase.id, SupportCase.number, Person.name, Person.id)
    )
    return {case_id: (number, name, person_id) for case_id, number, name, person_id in session.execute(query)}


def has_consent(session: Session, case: SupportCase, today: date) -> bool:
    """Whether the one the support is about has agreed, for a case in hand."""
    query = select(Consent).join(Person).where(Person.household_id == case.household_id, Person.principal)
    return state_of(session.scalars(query), today, SERVICE) == "given"


def item_fact(session: Session, item: AgendaItem, today: date) -> ItemFact:
    """What the rules know of one item."""
    case = session.get_one(SupportCase, item.case_id) if item.case_id else None
    if case is None:
        return ItemFact(item.purpose, decision=item.decision)
    return ItemFact(item.purpose, True, has_consent(session, case, today), case.is_abuse, item.decision)


def _facts(
    session: Session, meeting: Meeting, seats: Sequence[Seat], items: Sequence[AgendaItem], sworn: frozenset[tuple[str, str]],
    today: date,
) -> MeetingFact:  # fmt: skip
    query = select(func.count()).where(Feedback.about == "meeting", Feedback.about_id == meeting.id, Feedback.state == OWED)
    return MeetingFact(
        meeting.kind, meeting.status, meeting.convenor_is_municipal,
        tuple(SeatFact(seat.is_municipal, seat.attended, (seat.name, seat.agency) in sworn) for seat in seats),
        tuple(item_fact(session, item, today) for item in items), session.scalar(query) or 0,
    )  # fmt: skip
