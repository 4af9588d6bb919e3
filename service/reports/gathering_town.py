"""The rows about meetings, what was due, the catalogue and its gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import NOT_NEEDED
from service.cases.models import Placement
from service.cases.placements import ATTENDING, ON_HOLD
from service.followup.tasks.models import CANCELLED, FollowUp
from service.kernel.audit import AuditEntry
from service.kernel.clock import day_in_japan
from service.kernel.vocab import Vocabulary
from service.meetings.models import AgendaItem, Meeting, Seat
from service.meetings.rules import DECIDED, DONE, HELD
from service.reports.facts import DatedFact, DueFact, MeetingFact, OpeningFact
from service.resources.agencies.gap_pages import say_code
from service.resources.models import Host, Opening, OpeningSlot, ResourceGap


def meetings(session: Session) -> list[MeetingFact]:
    """Meetings that were held, with the sections that came and the cases they spoke of."""
    came: dict[str, set[str]] = defaultdict(set)
    for meeting, agency, section in session.execute(
        select(Seat.meeting_id, Seat.agency, Seat.section).where(Seat.attended == "yes")
    ):
        came[meeting].add(f"{agency} {section}".strip())
    spoke: dict[str, set[str]] = defaultdict(set)
    items = select(AgendaItem.meeting_id, AgendaItem.case_id).where(AgendaItem.case_id.is_not(None))
    for meeting, case in session.execute(items):
        spoke[meeting].add(case or "")
    held = select(Meeting.id, Meeting.on, Meeting.kind).where(Meeting.status.in_((HELD, DECIDED, DONE)))
    return [
        MeetingFact(on, kind, tuple(sorted(came[meeting])), frozenset(spoke[meeting]))
        for meeting, on, kind in session.execute(held.order_by(Meeting.on, Meeting.id))
    ]


def due_reports(session: Session) -> list[DueFact]:
    """Reports to those who have to hear."""
    query = select(Feedback.due_on, Feedback.settled_on, Feedback.state, Feedback.about)
    return [
        DueFact(due, due, None if state == NOT_NEEDED else settled, state == NOT_NEEDED, about)
        for due, settled, state, about in session.execute(query)
    ]


def due_follow_ups(session: Session) -> list[DueFact]:
    """Follow-ups, each with the last day of its window."""
    query = select(FollowUp.due_on, FollowUp.late_on, FollowUp.done_on, FollowUp.state, FollowUp.kind)
    return [DueFact(due, late, done, state == CANCELLED, kind) for due, late, done, state, kind in session.execute(query)]


def hosts(session: Session) -> tuple[list[str], list[str], dict[str, str]]:
    """The kinds of hosts that take people now, what they help with one by one, and the kind of every host by its id."""
    rows = session.execute(select(Host.id, Host.kind, Host.status, Host.themes).order_by(Host.id)).all()
    active = [(kind, themes) for _, kind, status, themes in rows if status == "active"]
    kinds = {host: kind for host, kind, _, _ in rows}
    return [kind for kind, _ in active], [theme for _, themes in active for theme in themes], kinds


def new_hosts(session: Session, kinds: Mapping[str, str]) -> list[DatedFact]:
    """When each host came into the catalogue: what the log of changes says."""
    query = select(AuditEntry.at, AuditEntry.object_id).where(
        AuditEntry.object_type == "host", AuditEntry.action == "create"
    )
    return [DatedFact(day_in_japan(at), {"kind": kinds[host]}) for at, host in session.execute(query) if host in kinds]


def openings(session: Session) -> list[OpeningFact]:
    """Openings of hosts that take people, with how many attend."""
    attends = Placement.step.in_(ATTENDING) | ((Placement.step == ON_HOLD) & Placement.before_hold.in_(ATTENDING))
    there = select(Placement.opening_id, func.count()).where(attends).group_by(Placement.opening_id)
    used = dict(session.execute(there).all())
    slots = select(OpeningSlot.opening_id, func.sum(OpeningSlot.free)).group_by(OpeningSlot.opening_id)
    free_by_slot = dict(session.execute(slots.where(OpeningSlot.free.is_not(None))).all())
    query = (
        select(Opening.id, Opening.free, Opening.capacity, Opening.confirmed_on)
        .join(Host, Host.id == Opening.host_id)
        .where(Host.status == "active", Opening.status != "ended")
        .order_by(Opening.id)
    )
    return [
        OpeningFact(free if free is not None else free_by_slot.get(one), capacity, used.get(one, 0), on)
        for one, free, capacity, on in session.execute(query)
    ]


def gaps(session: Session, vocabulary: Vocabulary) -> list[DatedFact]:
    """Unmet needs by the day in Japan they were recorded."""
    query = select(ResourceGap.recorded_at, ResourceGap.code, ResourceGap.district, ResourceGap.age_band)
    rows = session.execute(query.order_by(ResourceGap.recorded_at, ResourceGap.id))
    return [
        DatedFact(day_in_japan(at), {"code": say_code(code, vocabulary), "district": district, "age": age})
        for at, code, district, age in rows
    ]
