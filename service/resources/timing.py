"""The hours of an opening as typed on its page: rows of days, hours, weeks of the month and free places."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.kernel.dates import DateProblem, parse_date
from service.kernel.digits import whole
from service.kernel.timetable import (
    LAST_WEEK,
    SlotProblem,
    SlotText,
    check_hours,
    format_slots,
    format_time,
    parse_time,
)
from service.resources.models import OpeningSlot
from service.resources.words import slot_text
from service.web.forms import Posted

ROWS: Final = 14
MOST_DATES: Final = 60
_WEEKS: Final = re.compile(r"[第週のと・、,\s]*(?:(?:[1-5]|最終|末)[第週のと・、,\s]*)*")


@dataclass(frozen=True)
class HourRow:
    """One row of the editor, as typed."""

    days: tuple[int, ...] = ()
    start: str = ""
    end: str = ""
    weeks: str = ""
    free: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in it."""
        return self == HourRow()


@dataclass(frozen=True)
class Hours:
    """One slot as it is to be kept: when, and its own free places where they are counted by slot."""

    when: SlotText
    free: int | None = None


def rows_of(slots: Iterable[OpeningSlot]) -> tuple[HourRow, ...]:
    """Stored slots as rows: days with the same hours, weeks and places stand together."""
    days: dict[HourRow, list[int]] = {}
    for slot in slots:
        row = HourRow((), _clock(slot.start_min), _clock(slot.end_min), _say_weeks(slot), _number(slot.free))
        days.setdefault(row, []).append(slot.weekday)
    return tuple(HourRow(tuple(on), row.start, row.end, row.weeks, row.free) for row, on in days.items())


def typed_rows(posted: Posted) -> tuple[HourRow, ...]:
    """The rows of a posted form that hold anything, as typed."""
    rows = (
        HourRow(
            tuple(sorted({int(d) for d in posted.getlist(f"slots-{i}-days") if d in set("0123456")})),
            *(posted.text(f"slots-{i}-{part}").strip()[:20] for part in ("start", "end", "weeks", "free")),
        )
        for i in range(ROWS)
    )
    return tuple(row for row in rows if not row.is_blank)


def read_rows(rows: Sequence[HourRow]) -> tuple[Hours, ...]:
    """The slots the rows say; SlotProblem names the row and the remedy."""
    found: dict[SlotText, Hours] = {}
    for position, row in enumerate(rows, start=1):
        try:
            found |= {hours.when: hours for hours in _read_row(row)}
        except SlotProblem as problem:
            raise SlotProblem(f"{position}行目：{problem.message}", problem.remedy) from None
    return tuple(found.values())


def say_rows(rows: Sequence[HourRow]) -> str:
    """The rows in words, for comparing two versions."""
    try:
        return format_slots(hours.when for hours in read_rows(rows))
    except SlotProblem:
        return "／".join(f"{row.start}-{row.end}" for row in rows)


def _read_row(row: HourRow) -> list[Hours]:
    if not row.days:
        raise SlotProblem("曜日が選ばれていません。", "曜日を選ぶか、この行を空にしてください。")
    start, end = _read_time(row.start), _read_time(row.end)
    check_hours(start, end)
    weeks, free = _read_weeks(row.weeks), _read_free(row.free)
    return [Hours(SlotText(day, start, end, weeks), free) for day in row.days]


def _read_time(text: str) -> int | None:
    if not text:
        return None
    minutes = parse_time(text)
    if minutes is None:
        raise SlotProblem(
            f"「{text}」を時刻として読めません。", "「13:00」のように入れてください。分からなければ空にします。"
        )
    return minutes


def _read_weeks(text: str) -> tuple[int, ...]:
    plain = unicodedata.normalize("NFKC", text).replace("毎週", "").strip()
    if not _WEEKS.fullmatch(plain):
        raise SlotProblem(
            f"「{text}」を月の何週目か読めません。", "「第2・第4」「最終」のように入れ、毎週なら空にしてください。"
        )
    found = re.findall(r"[1-5]|最終|末", plain)
    return tuple(sorted({int(week) if week.isdigit() else LAST_WEEK for week in found}, key=lambda w: w if w > 0 else 6))


def hours_or_why(rows: Sequence[HourRow]) -> tuple[tuple[Hours, ...], str]:
    """The hours of typed rows, or what is wrong with them, in words."""
    try:
        return read_rows(rows), ""
    except SlotProblem as problem:
        return (), str(problem)


def _read_free(text: str) -> int | None:
    if not text.strip():
        return None
    free = whole(text, 999)
    if free is None:
        raise SlotProblem(f"枠の空き「{text}」を数字として読めません。", "人数だけを入れてください。")
    return free


def read_dates(text: str) -> list[str]:
    """Dates in either calendar, one a line, hours behind a space (2026/12/5 10:00-12:00), as they are kept."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_DATES:
        raise DateProblem(f"日付は{MOST_DATES}までです。", "近い日付だけを残してください。")
    return sorted(dict.fromkeys(_read_date(line) for line in lines))


def _read_date(line: str) -> str:
    day, _, hours = unicodedata.normalize("NFKC", line).partition(" ")
    on = parse_date(day)
    if not hours.strip():
        return on.isoformat()
    start, _, end = re.sub("[‐‑‒–—−ー~〜～]", "-", hours.replace(" ", "")).partition("-")
    try:
        first, last = parse_time(start), parse_time(end)
        check_hours(first, last)
    except SlotProblem as problem:
        raise DateProblem(problem.message, problem.remedy) from None
    if first is None or last is None:
        raise DateProblem(f"「{line}」の時刻を読めません。", "「2026/12/5 10:00-12:00」のように入れてください。")
    return f"{on.isoformat()} {format_time(first)}-{format_time(last)}"


def date_slot(text: str) -> tuple[date, SlotText]:
    """A kept date and the weekday slot it amounts to: the second Saturday for 2026-12-12."""
    day, _, hours = text.partition(" ")
    on = date.fromisoformat(day)
    start, _, end = hours.partition("-")
    return on, SlotText(
        on.weekday(), parse_time(start) if start else None, parse_time(end) if end else None, ((on.day - 1) // 7 + 1,)
    )


def _say_weeks(slot: OpeningSlot) -> str:
    return "・".join("最終" if week == LAST_WEEK else f"第{week}" for week in slot_text(slot).nth)


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else format_time(minutes)


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
