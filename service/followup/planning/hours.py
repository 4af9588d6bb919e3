"""Whose hours are taken: leave, appointments, and visits of cases that whoever asks may not see, as hours and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import visible_cases
from service.cases.models import SupportCase
from service.followup.planner.instance import Block, Shift, Span
from service.followup.planning.models import BUSY, EVENT, LEAVE, StaffTime
from service.followup.planning.numbers import Numbers
from service.followup.planning.places import Places
from service.followup.tasks.models import OPEN, FollowUp
from service.kernel.clock import TOKYO
from service.web.actor import Actor, Town

DAY: Final = timedelta(days=1)
UNSEEN: Final = "unseen"
"""The kind of hours that a visit takes which whoever asks may not see."""
SAID: Final = {LEAVE: "休み", BUSY: "予定あり", UNSEEN: "ほかの予定"}


@dataclass(frozen=True)
class Taken:
    """Hours of one member of staff that are given away; an appointment may have a place, anything unseen has none."""

    user_id: str
    kind: str
    start_at: datetime
    end_at: datetime
    label: str = ""
    lat: float | None = None
    lon: float | None = None


def taken_hours(session: Session, town: Town, actor: Actor, first: date, last: date) -> list[Taken]:
    """Everybody's taken hours from one day to another, both included, in order of time."""
    begin, end = midnight(first), midnight(last + DAY)
    query = select(StaffTime).where(StaffTime.end_at > begin, StaffTime.start_at < end)
    own = [
        Taken(row.user_id, row.kind, row.start_at, row.end_at, row.label, *((row.lat, row.lon) if row.kind == EVENT else ()))
        for row in session.scalars(query)
    ]
    unseen = _unseen(session, town, actor, first, last)
    return sorted([*own, *unseen], key=lambda each: (each.start_at, each.end_at, each.user_id))


def shifts_of(numbers: Numbers, days: Sequence[date], taken: Iterable[Taken], places: Places) -> dict[int, Shift]:
    """The office hours of each day less what is taken of one member of staff; a day that is taken whole is leave."""
    mine, shifts = list(taken), {}
    for at, day in enumerate(days):
        blocks = _merged(_block(each, day, numbers, places) for each in mine)
        if not any(b.start_min <= numbers.office_start_min and b.end_min >= numbers.office_end_min for b in blocks):
            shifts[at] = Shift(numbers.office_start_min, numbers.office_end_min, blocks)
    return shifts


def taken_on(day: date, staff_id: str, taken: Iterable[Taken]) -> tuple[str, ...]:
    """What somebody's day has given away, in words; of a visit the reader may not see nothing but its hours."""
    return tuple(_say(each, day) for each in taken if each.user_id == staff_id and _touches(each, day))


def midnight(day: date) -> datetime:
    """The instant a day begins in Japan."""
    return datetime.combine(day, time(), TOKYO)


def _unseen(session: Session, town: Town, actor: Actor, first: date, last: date) -> list[Taken]:
    """The hours of open follow-ups the filter does not give, for both who go; one without an hour takes none."""
    visible = visible_cases(town, actor).with_only_columns(SupportCase.id)
    query = select(FollowUp.on, FollowUp.start_min, FollowUp.minutes, FollowUp.staff_id, FollowUp.second_id).where(
        FollowUp.on.between(first, last),
        FollowUp.state.in_(OPEN),
        FollowUp.case_id.not_in(visible),
    )
    found = []
    for day, start_min, minutes, *who in session.execute(query):
        if day is None or start_min is None:
            continue
        start_at = midnight(day) + timedelta(minutes=start_min)
        found += [Taken(each, UNSEEN, start_at, start_at + timedelta(minutes=minutes)) for each in who if each]
    return found


def _touches(taken: Taken, day: date) -> bool:
    return taken.start_at < midnight(day + DAY) and taken.end_at > midnight(day)


def _say(taken: Taken, day: date) -> str:
    start, end = taken.start_at.astimezone(TOKYO), taken.end_at.astimezone(TOKYO)
    name = taken.label or "予定" if taken.kind == EVENT else SAID[taken.kind]
    return f"{start:%H:%M}–{end:%H:%M} {name}" if start.date() == end.date() == day else name


def _block(taken: Taken, day: date, numbers: Numbers, places: Places) -> Block:
    start, end = _within(taken.start_at, taken.end_at, day)
    location = places.at(taken.lat, taken.lon) if start < end and taken.lat is not None else None
    return Block(max(start, numbers.office_start_min), min(end, numbers.office_end_min), location)


def _within(start_at: datetime, end_at: datetime, day: date) -> Span:
    start, end = ((at - midnight(day)).total_seconds() / 60 for at in (start_at, end_at))
    return max(0, int(start)), min(1440, int(np.ceil(end)))


def _merged(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """In order and without overlap; two that overlap are one block without a place."""
    found: list[Block] = []
    for block in sorted(blocks, key=lambda each: (each.start_min, each.end_min)):
        if block.start_min >= block.end_min:
            continue
        if found and block.start_min < found[-1].end_min:
            found[-1] = Block(found[-1].start_min, max(found[-1].end_min, block.end_min))
        else:
            found.append(block)
    return tuple(found)
