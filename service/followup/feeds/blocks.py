"""Busy times read from somebody's other calendar, kept as blocks of their own hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.followup.feeds.busy import BusyTimes, read_busy
from service.followup.planning.models import BUSY, StaffTime
from service.web.actor import Actor

AHEAD: Final = timedelta(days=120)
SOURCE: Final = "ics"


def take_in(session: Session, actor: Actor, content: bytes, today: date) -> BusyTimes:
    """Replace what the last file said by what this one says; nothing of it but from when to when is kept."""
    read = read_busy(content, today, today + AHEAD)
    for row in session.scalars(_own(actor)):
        session.delete(row)
    for block in read.blocks:
        session.add(
            StaffTime(
                user_id=actor.id,
                kind=BUSY,
                start_at=block.start_at,
                end_at=block.end_at,
                source=SOURCE,
                source_uid=block.uid,
            )
        )
    return read


def let_go(session: Session, actor: Actor) -> int:
    """Take back every block of a file; how many there were."""
    rows = session.scalars(_own(actor)).all()
    for row in rows:
        session.delete(row)
    return len(rows)


def kept(session: Session, actor: Actor, now: datetime) -> tuple[int, datetime | None]:
    """How many blocks of a file are still to come, and when the last one ends."""
    query = select(func.count(StaffTime.id), func.max(StaffTime.end_at)).where(
        StaffTime.user_id == actor.id, StaffTime.source == SOURCE, StaffTime.end_at > now
    )
    count, last_at = session.execute(query).one()
    return count, last_at


def _own(actor: Actor) -> Select[StaffTime]:
    return select(StaffTime).where(StaffTime.user_id == actor.id, StaffTime.source == SOURCE)
