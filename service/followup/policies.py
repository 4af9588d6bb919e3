"""A town's numbers for follow-up, each under a name, each edit a new version: the rhythm, the calendar, the planner."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.followup.rhythms.rule import Rhythm, rhythm_of
from service.followup.tasks.models import PolicyVersion
from service.kernel.calendar import Calendar, published_until
from service.kernel.vocab import SEED_FOLDER
from service.web.actor import Actor

RHYTHM: Final = "rhythm"
CALENDAR: Final = "calendar"
PLANNER: Final = "planner"
DEFAULT_PRESET: Final = "default"


@cache
def presets() -> Mapping[str, Rhythm]:
    """The rhythms shipped, by their key; the default one holds until a town says otherwise."""
    rows = tomllib.loads((SEED_FOLDER / "rhythm.toml").read_text("utf-8"))["presets"]
    return {key: rhythm_of(0, body) for key, body in rows.items()}


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


def current_rhythm(session: Session) -> Rhythm:
    """The rhythm in force."""
    row = newest(session, RHYTHM)
    return rhythm_of(row.seq, row.body) if row else presets()[DEFAULT_PRESET]


def town_calendar(session: Session, today: date) -> Calendar:
    """The town's open days, with its own closed ones; holidays as far as they are published today."""
    row = newest(session, CALENDAR)
    closed = {date.fromisoformat(day): name for day, name in row.body.get("closed", {}).items()} if row else {}
    return Calendar(published_until(today), closed)
