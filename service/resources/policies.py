"""What a town has set for itself, each thing under a name, each edit a new version; and the calendar of its office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session

from service.kernel.calendar import Calendar, published_until
from service.kernel.db import Base, Identified
from service.web.actor import Actor

CALENDAR: Final = "calendar"


class PolicyVersion(Identified, Base):
    """One version of a town's numbers under a name (rhythm, calendar, planner); the highest `seq` holds."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("name", "seq"),)

    name: Mapped[str]
    seq: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    author: Mapped[str]


def newest(session: Session, name: str) -> PolicyVersion | None:
    """The version in force under a name, None while the shipped one holds."""
    query = select(PolicyVersion).where(PolicyVersion.name == name).order_by(PolicyVersion.seq.desc()).limit(1)
    return session.scalars(query).first()


def keep(session: Session, actor: Actor, name: str, body: Mapping[str, Any], now: datetime) -> PolicyVersion:
    """A new version under a name."""
    seq = (session.scalar(select(func.max(PolicyVersion.seq)).where(PolicyVersion.name == name)) or 0) + 1
    row = PolicyVersion(name=name, seq=seq, body=dict(body), at=now, author=actor.label)
    session.add(row)
    session.flush()
    return row


def town_calendar(session: Session, today: date) -> Calendar:
    """The town's open days, with its own closed ones; holidays as far as they are published today."""
    row = newest(session, CALENDAR)
    closed = {date.fromisoformat(day): name for day, name in row.body.get("closed", {}).items()} if row else {}
    return Calendar(published_until(today), closed)
