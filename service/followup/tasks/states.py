"""The states of a follow-up as a table: what may happen in which, and what it becomes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from service.followup.tasks.models import CANCELLED, CONFIRMED, DONE, MISSED, PLANNED
from service.kernel.calendar import Calendar


class Event(StrEnum):
    """What can happen to a follow-up."""

    CONFIRM = "confirm"
    """The other side agreed to day and hour: promised, no plan moves it."""
    FINISH = "finish"
    MISS = "miss"
    """The promised day passed and nobody was met."""
    CANCEL = "cancel"
    REPLAN = "replan"
    """Another day, by a human's hand; a promise is given back by it."""
    CORRECT = "correct"


TABLE: Final = {
    (PLANNED, Event.CONFIRM): CONFIRMED,
    (PLANNED, Event.FINISH): DONE,
    (PLANNED, Event.MISS): MISSED,
    (PLANNED, Event.CANCEL): CANCELLED,
    (PLANNED, Event.REPLAN): PLANNED,
    (CONFIRMED, Event.FINISH): DONE,
    (CONFIRMED, Event.MISS): MISSED,
    (CONFIRMED, Event.CANCEL): CANCELLED,
    (CONFIRMED, Event.REPLAN): PLANNED,
    (MISSED, Event.CONFIRM): CONFIRMED,
    (MISSED, Event.FINISH): DONE,
    (MISSED, Event.CANCEL): CANCELLED,
    (MISSED, Event.REPLAN): PLANNED,
    (DONE, Event.CORRECT): DONE,
}
STATE_LABELS: Final = {
    PLANNED: "予定",
    CONFIRMED: "約束済み",
    DONE: "済み",
    MISSED: "会えず",
    CANCELLED: "取りやめ",
}
LATE_OPEN_DAYS: Final = 10
"""Overdue for more open days than this, somebody else is told; the most weighty after three."""
LATE_WEIGHTY_DAYS: Final = 3
MOST_ATTEMPTS: Final = 3
FEWEST_CHANNELS: Final = 2
HANDLE_OPEN_DAYS: Final = 5
"""So long the supervisor has, before it stands on the agenda of a meeting."""
SUPERVISOR, MEETING = 1, 2
RETRY_DUE, RETRY_LATEST = 2, 5


def after(state: str, event: Event) -> str | None:
    """What a follow-up in this state becomes; None when this cannot happen to it."""
    return TABLE.get((state, event))


def days_overdue(state: str, late_on: date, today: date) -> int:
    """Whole days past the window, from the day after it on; 0 while it is in time or over."""
    if state in (DONE, CANCELLED):
        return 0
    return max(0, (today - late_on).days)


@dataclass(frozen=True)
class Standing:
    """What decides whether somebody else has to be told."""

    state: str
    priority: int
    late_on: date
    channels: Sequence[str]
    """Of every try that reached nobody."""
    escalation: int
    escalated_on: date | None
    is_handled: bool


def due_escalation(standing: Standing, calendar: Calendar, today: date) -> int:
    """How far up it has to be told by today; never less than it is already."""
    if standing.state in (DONE, CANCELLED) or standing.is_handled:
        return standing.escalation
    if standing.escalation == 0:
        return SUPERVISOR if _is_stuck(standing, calendar, today) else 0
    waited = standing.escalated_on is not None and (
        calendar.count_open_days(standing.escalated_on, today) > HANDLE_OPEN_DAYS
    )
    return MEETING if standing.escalation == SUPERVISOR and waited else standing.escalation


def _is_stuck(standing: Standing, calendar: Calendar, today: date) -> bool:
    if len(standing.channels) >= MOST_ATTEMPTS and len(set(standing.channels)) >= FEWEST_CHANNELS:
        return True
    allowed = LATE_WEIGHTY_DAYS if standing.priority >= 3 else LATE_OPEN_DAYS
    return calendar.count_open_days(standing.late_on, today) > allowed


def retry_window(calendar: Calendar, today: date) -> tuple[date, date, date]:
    """After a missed one: from today, best in two open days, in five at the latest."""
    return today, calendar.add_open_days(today, RETRY_DUE), calendar.add_open_days(today, RETRY_LATEST)


def next_try(tried: Sequence[tuple[date, str]], calendar: Calendar, today: date, ways: Sequence[str]) -> tuple[date, str]:
    """When and how to try next: another weekday and, where there is one, another way than the last time."""
    used = [way for _, way in tried]
    way = next((each for each in ways if each not in used), ways[len(used) % len(ways)])
    day = calendar.add_open_days(today, RETRY_DUE)
    weekdays = {on.weekday() for on, _ in tried}
    for _ in range(RETRY_LATEST):
        if day.weekday() not in weekdays:
            break
        day = calendar.move(day + timedelta(days=1)).on
    return day, way
