"""Is this what the part of a host, a site or an opening can hold? A seal says who wrote a file, not that it is right."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from service.kernel.errors import DomainError
from service.kernel.timetable import LAST_WEEK, SlotText
from service.kernel.vocab.values import LATEST_MIN
from service.resources.timing import Hours
from service.web.params import typed_text

Check = Callable[[Any], Any]
"""From JSON to what the column keeps; raises DomainError."""


def refused(what: str) -> DomainError:
    """A value no page of ours would have written."""
    return DomainError(f"{what}を読めません。", "書き出した側で直し、もう一度書き出してください。", "value", 422)


def passage(limit: int) -> Check:
    """Text of a form of so many letters at most; what no keyboard produces is left out."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > limit:
            raise refused("文字")
        return typed_text(value, limit)

    return check


def number(highest: int, *, optional: bool = True) -> Check:
    """A count from nought."""

    def check(value: Any) -> int | None:
        if value is None and optional:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
            raise refused("数")
        return value

    return check


def degree(value: Any) -> float | None:
    """A coordinate."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -180 <= value <= 180:
        raise refused("緯度・経度")
    return float(value)


def flag(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise refused("はい・いいえ")
    return value


def day(value: Any) -> date | None:
    """A day, or none."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refused("日付") from None


def instant(value: Any) -> datetime:
    """A moment that says its time zone."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise refused("時刻") from None
    if found.tzinfo is None:
        raise refused("時刻")
    return found


def one_of(choices: Collection[str]) -> Check:
    """One of a few words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise refused("選んだもの")
        return value

    return check


def texts(most: int, limit: int) -> Check:
    """A short list of short texts."""
    each_of = passage(limit)

    def check(value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > most:
            raise refused("一覧")
        return [each_of(each) for each in value]

    return check


def row_id(value: Any) -> str:
    """An id as this program makes them."""
    if not isinstance(value, str) or len(value) != 32 or not set(value) <= set("0123456789abcdef"):
        raise refused("番号")
    return value


def hours(value: Any) -> tuple[Hours, ...]:
    """The weekly hours of an opening; each time once."""
    if not isinstance(value, list) or len(value) > 100:
        raise refused("曜日と時間")
    found = tuple(map(_hours, value))
    if len({each.when for each in found}) != len(found):
        raise refused("曜日と時間")
    return found


def _hours(value: Any) -> Hours:
    try:
        weekday, start, end, nth, free = value
        weeks = tuple(nth)
    except (TypeError, ValueError):
        raise refused("曜日と時間") from None
    minutes = number(LATEST_MIN)
    if not all(isinstance(week, int) and week in (1, 2, 3, 4, 5, LAST_WEEK) for week in weeks):
        raise refused("曜日と時間")
    when = SlotText(number(6, optional=False)(weekday), minutes(start), minutes(end), weeks)
    if when.start_min is not None and when.end_min is not None and when.start_min >= when.end_min:
        raise refused("曜日と時間")
    return Hours(when, number(999)(free))
