"""When a meeting that comes again is next held: the nth weekday of its months, moved to the next open day."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final

from service.kernel.calendar import Calendar

FREQUENCIES: Final = {
    "monthly": ("毎月", tuple(range(1, 13))),
    "six": ("年6回", (4, 6, 8, 10, 12, 2)),
    "four": ("年4回", (4, 7, 10, 1)),
    "two": ("年2回", (5, 11)),
    "called": ("随時", ()),
}
"""How often, and in which months unless the town says others."""


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth weekday (0=月) of a month; the last one where there is no fifth."""
    days = [week[weekday] for week in months.monthcalendar(year, month) if week[weekday]]
    return date(year, month, days[min(nth, len(days)) - 1])


def coming(
    held_in: Sequence[int], nth: int, weekday: int, calendar: Calendar, today: date, count: int
) -> list[tuple[date, str]]:
    """The next days of a series from today on, each with why it was moved."""
    return list(islice(_days(held_in, nth, weekday, calendar, today), count))


def _days(held_in: Sequence[int], nth: int, weekday: int, calendar: Calendar, today: date) -> Iterator[tuple[date, str]]:
    for year, month in _months_from(today) if held_in else ():
        if month in held_in:
            moved = calendar.move(nth_weekday(year, month, nth, weekday))
            if moved.on >= today:
                yield moved.on, moved.reason


def _months_from(today: date) -> Iterator[tuple[int, int]]:
    for ahead in range(-1, 120):
        at = today.year * 12 + today.month - 1 + ahead
        yield at // 12, at % 12 + 1
