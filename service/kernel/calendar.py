"""The office's days: closed ones, months added the town's way, and where a due date moves to, with the reason in words.

Pure: what counts as closed and how far the holidays are published is told. Holidays come from jpholiday
(国民の祝日, 振替休日, 国民の休日); 内閣府 publishes them to the end of next year only, later days are 祝日未確認.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Final

import jpholiday
from dateutil.relativedelta import relativedelta

from service.kernel.dates import WEEKDAYS

NEW_YEAR: Final = "年末年始"
DAY: Final = timedelta(days=1)
FARTHEST: Final = 400
"""Days a due date may move before the calendar is said to have no open day at all."""
SHORT: Final = "{0.month}/{0.day}"


class Roll(StrEnum):
    """Where a day that is closed moves to."""

    FOLLOWING = "following"
    PRECEDING = "preceding"


class NoOpenDay(ValueError):
    """A calendar on which no day is open, or no day on which somebody attends."""


@dataclass(frozen=True)
class Moved:
    """A computed day and the day it became; `reason` is empty where both are one."""

    raw_on: date
    on: date
    reason: str = ""
    is_unconfirmed: bool = False
    """祝日未確認: beyond the published holidays."""


@dataclass(frozen=True)
class Calendar:
    """A town's open days: no weekend, no holiday, no 12/29–1/3, none of its own closed days."""

    known_until: date
    """The last day whose holidays are published."""
    closed: dict[date, str] = field(default_factory=dict)
    """The town's own closed days, with what they are called."""

    def why_closed(self, day: date) -> str:
        """What closes a day (土曜, 秋分の日, 年末年始, a name of the town's own), empty when it is open."""
        if name := self.closed.get(day):
            return name
        if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
            return NEW_YEAR
        if name := jpholiday.is_holiday_name(day):
            return str(name)
        return f"{WEEKDAYS[day.weekday()]}曜" if day.weekday() >= 5 else ""

    def is_open(self, day: date) -> bool:
        """Whether the office works on that day."""
        return not self.why_closed(day)

    def move(self, raw_on: date, roll: Roll = Roll.FOLLOWING, attends: Collection[int] = ()) -> Moved:
        """The open day a computed one becomes; with `attends` (0=月) also one of these weekdays. NoOpenDay when there is none."""
        for day in _days_from(raw_on, roll):
            if self.is_open(day) and (not attends or day.weekday() in attends):
                # A day may be beyond the published holidays, or have been moved there.
                return Moved(raw_on, day, self._say(raw_on, day, attends), max(raw_on, day) > self.known_until)
        raise NoOpenDay(f"{raw_on}")

    def add_open_days(self, day: date, count: int) -> date:
        """The `count`-th open day after a day (5開庁日後); negative counts go back."""
        step, left = (DAY if count > 0 else -DAY), abs(count)
        while left:
            day += step
            left -= self.is_open(day)
        return day

    def open_days(self, first: date, last: date) -> list[date]:
        """Every open day of a span, both ends included."""
        return [day for day in days_between(first, last) if self.is_open(day)]

    def count_open_days(self, first: date, last: date) -> int:
        """Open days after `first` up to `last`; 0 when `last` is not later."""
        return len(self.open_days(first + DAY, last))

    def _say(self, raw_on: date, day: date, attends: Collection[int]) -> str:
        if day == raw_on:
            return ""
        passed = list(_between(raw_on, day))
        shut = list(takewhile(bool, map(self.why_closed, passed)))
        because = f"{'・'.join(dict.fromkeys(shut))}のため" if shut else ""
        if len(shut) < len(passed):
            days = "".join(WEEKDAYS[each] for each in sorted(attends))
            because += f"{'、' if shut else ''}通う日（{days}）に合わせて"
        return f"{because} {SHORT.format(raw_on)}→{SHORT.format(day)}"


def add_months(day: date, months: int) -> date:
    """The same day so many months later, clamped to the end of the month (8/31 + 6 = 2/28)."""
    return day + relativedelta(months=months)


def holidays_of(year: int) -> dict[date, str]:
    """Every holiday of a year, whatever its weekday, by the name this release gives it."""
    return {day: str(name) for day, name in jpholiday.year_holidays(year)}


def published_until(today: date) -> date:
    """How far 内閣府 has published the holidays: next year's come in February, so to the end of next year from then on."""
    return date(today.year + (1 if today.month >= 2 else 0), 12, 31)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _days_from(day: date, roll: Roll) -> Iterator[date]:
    step = DAY if roll is Roll.FOLLOWING else -DAY
    for offset in range(FARTHEST):
        yield day + offset * step


def _between(raw_on: date, day: date) -> Iterator[date]:
    """The days passed over on the way from one to the other, the first included."""
    roll = Roll.FOLLOWING if day > raw_on else Roll.PRECEDING
    for each in _days_from(raw_on, roll):
        if each == day:
            return
        yield each
