"""What stands in somebody's calendar: their own follow-ups, by kind and number of the case."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import or_
from sqlalchemy.orm import Session

from service.followup.feeds.ics import CANCELLED, CONFIRMED, TENTATIVE, Entry
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks import models
from service.followup.tasks.models import FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.web.actor import Actor, Town

AHEAD: Final = timedelta(days=60)
BEHIND: Final = timedelta(days=30)
"""What was cancelled stays so long, for a calendar that asks seldom."""
STATUS: Final = {models.CONFIRMED: CONFIRMED, models.DONE: CONFIRMED, models.CANCELLED: CANCELLED}


def entries_of(session: Session, town: Town, actor: Actor, today: date, now: datetime) -> list[Entry]:
    """The follow-ups planned for this person that it may still read, 30 days back and 60 ahead."""
    mine = or_(FollowUp.staff_id == actor.id, FollowUp.second_id == actor.id)
    rows = list_follow_ups(session, town, actor, mine, FollowUp.on.between(today - BEHIND, today + AHEAD))
    return [_entry(known, known.row.on, town, now) for known in rows if known.row.on is not None]


def _entry(known: Known, day: date, town: Town, now: datetime) -> Entry:
    row = known.row
    title = f"{KIND_LABELS[Kind(row.kind)]} {known.case.number}"
    status = STATUS.get(row.state, TENTATIVE)
    return Entry(f"{row.id}@{town.code}.tsunagi", row.version - 1, title, day, row.start_min, row.minutes, status, now)
