"""Busy times out of another calendar's file: blocks only, no title, no place, nobody's name. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import recurring_ical_events
from icalendar import Calendar

from service.kernel.clock import TOKYO
from service.kernel.errors import DomainError

MAX_BYTES: Final = 5_000_000
MOST: Final = 2_000
"""Blocks of one file within the span; more is not somebody's calendar."""
DENSE: Final = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
FREE, CANCELLED = "TRANSPARENT", "CANCELLED"


@dataclass(frozen=True, order=True)
class Block:
    """From when to when somebody is taken; both instants in UTC."""

    start_at: datetime
    end_at: datetime
    uid: str


@dataclass(frozen=True)
class Unread:
    """An entry that was not taken: which one of the file, why, and what to do."""

    number: int
    reason: str
    remedy: str


@dataclass(frozen=True)
class BusyTimes:
    """What was understood, and what was not."""

    blocks: tuple[Block, ...]
    unread: tuple[Unread, ...]


def read_busy(content: bytes, first: date, last: date) -> BusyTimes:
    """The busy times from `first` to `last` (both included); DomainError when the file is no calendar at all."""
    if len(content) > MAX_BYTES:
        raise DomainError("ファイルが大きすぎます。", "5MBまでの .ics ファイルにしてください。", "ics", 422)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except (ValueError, IndexError, TypeError, KeyError, AttributeError):
        calendars = []
    if not calendars:
        raise DomainError(
            "カレンダーのファイルとして読めません。",
            "お使いのカレンダーから「.ics」で書き出したファイルを選んでください。",
            "ics",
            422,
        )
    blocks: set[Block] = set()
    unread: list[Unread] = []
    entries = [entry for calendar in calendars for entry in _entries(calendar)]
    for number, entry in enumerate(entries, 1):
        _read_one(entry, number, (first, last), blocks, unread)
    if len(blocks) > MOST:
        raise DomainError(f"予定が{MOST}件を超えています。", "期間を短くして書き出してください。", "ics", 422)
    return BusyTimes(tuple(sorted(blocks)), tuple(unread))


def _entries(calendar: Any) -> list[list[Any]]:
    """The entries of a calendar, each with the exceptions to its repetition."""
    groups: dict[str, list[Any]] = {}
    for at, event in enumerate(calendar.walk("VEVENT")):
        groups.setdefault(str(event.get("uid", f"entry-{at}")), []).append(event)
    return list(groups.values())


def _read_one(events: list[Any], number: int, span: tuple[date, date], blocks: set[Block], unread: list[Unread]) -> None:
    """One entry at a time: what cannot be read of one leaves the others alone."""
    alone = Calendar()
    for event in events:
        alone.add_component(event)
    first, last = span
    if any(_repeats_too_often(event) for event in events):
        unread.append(Unread(number, "一日に何度も繰り返す予定です。", "勤務できない時間だけを書き出してください。"))
        return
    try:
        found = recurring_ical_events.of(alone).between(first, last + timedelta(days=1))
        read = [block for event in found if (block := _block(event)) is not None]
    except Exception:
        unread.append(Unread(number, "日時か繰り返しを読めませんでした。", "その予定は「休み・予定」で手で入れてください。"))
        return
    blocks |= set(read)


def _repeats_too_often(event: Any) -> bool:
    """Every hour, minute or second: nobody's calendar, and more rows than anybody waits for."""
    rules = event.get("rrule") or []
    return any(set(map(str.upper, rule.get("freq", []))) & DENSE for rule in (rules if isinstance(rules, list) else [rules]))


def _block(event: Any) -> Block | None:
    if str(event.get("transp", "")).upper() == FREE or str(event.get("status", "")).upper() == CANCELLED:
        return None
    start, end = _instant(event.start), _instant(event.end)
    return Block(start, end, str(event.get("uid", ""))[:200]) if start < end else None


def _instant(value: date | datetime) -> datetime:
    """A day begins at midnight in Japan; a time without a zone is meant there too."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), TOKYO)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=TOKYO)
    return value.astimezone(UTC)
