"""Whether the days somebody attends leave a visit at the host any day within its window, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from service.followup.rhythms.rule import AT_HOST, Kind
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import say_day
from service.kernel.calendar import Calendar, days_between
from service.kernel.dates import WEEKDAYS

WAY_OUT: Final = "幅を広げるか、ほかの日に伺えるかを、本人と受け入れ先に聞いてください"


def attendance_notice(known: Known, calendar: Calendar) -> str:
    """That every day the person attends is a closed one, or that none lies in the window; empty where one is open."""
    row, weekdays = known.row, _weekdays(known)
    if not weekdays:
        return ""
    days = [day for day in days_between(row.early_on, row.late_on) if day.weekday() in weekdays]
    if any(calendar.is_open(day) for day in days):
        return ""
    named = "・".join(WEEKDAYS[day] for day in weekdays)
    where = f"{say_day(row.early_on)}〜{say_day(row.late_on)}"
    if not days:
        return f"通う曜日（{named}）が、{where}の間にありません。{WAY_OUT}"
    return f"通う曜日（{named}）が、{where}の間は休みの日だけです（{_say_closed(days, calendar)}）。{WAY_OUT}"


def _weekdays(known: Known) -> list[int]:
    """The weekdays agreed with the person, for what is done there; none where no day is fixed."""
    if known.placement is None or Kind(known.row.kind) not in AT_HOST:
        return []
    return sorted({each.weekday for each in known.placement.sessions if each.weekday is not None})


def _say_closed(days: Sequence[date], calendar: Calendar) -> str:
    return "、".join(f"{day.month}/{day.day} {calendar.why_closed(day)}" for day in days)
