"""Meetings as an auditor sees them: that they were held, in which form, and by how many; nothing of what was said."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.kernel.dates import format_wareki
from service.meetings.models import AgendaItem, Meeting, NumberedCopy, Seat
from service.meetings.reading import sworn_in
from service.meetings.rules import KINDS, STATUSES, SUPPORT

LONGEST = 200


@dataclass(frozen=True)
class HeldLine:
    """One meeting from the outside."""

    on: str
    kind: str
    status: str
    convenor: str
    seats: int
    came: int
    municipal: int
    unsworn: str
    items: int
    copies: int


def held_lines(session: Session) -> tuple[HeldLine, ...]:
    """The newest meetings with their numbers."""
    rows = session.scalars(select(Meeting).order_by(Meeting.on.desc(), Meeting.id).limit(LONGEST)).all()
    return tuple(_line(session, row) for row in rows)


def _line(session: Session, meeting: Meeting) -> HeldLine:
    seats = session.scalars(select(Seat).where(Seat.meeting_id == meeting.id)).all()
    sworn = sworn_in(session, meeting.on) if meeting.kind == SUPPORT else frozenset()
    came = [seat for seat in seats if seat.attended == "yes"]
    unsworn = sum((seat.name, seat.agency) not in sworn for seat in seats)
    count = select(func.count())
    return HeldLine(
        format_wareki(meeting.on), KINDS.get(meeting.kind, meeting.kind), STATUSES.get(meeting.status, meeting.status),
        meeting.convenor, len(seats), len(came), sum(seat.is_municipal for seat in came),
        f"{unsworn}人" if meeting.kind == SUPPORT else "—",
        session.scalar(count.where(AgendaItem.meeting_id == meeting.id)) or 0,
        session.scalar(count.where(NumberedCopy.meeting_id == meeting.id)) or 0,
    )  # fmt: skip
