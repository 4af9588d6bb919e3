"""When a 子ども食堂 is open, out of its columns 開催頻度・曜日・日・時間: what is said, and the words for the rest."""

import unicodedata
from dataclasses import dataclass, replace

from service.kernel.timetable import (
    SlotProblem,
    SlotText,
    TimetableText,
    check_hours,
    format_time,
    merge_slots,
    parse_time,
    read_timetable,
)
from service.resources.interchange.contacts import said
from service.resources.interchange.drafts import RowFault
from service.resources.interchange.table import Row

# 「定休日以外」「第3土曜日除く」 say when it is not open; no day may be taken from them.
_EXCLUDING = ("以外", "除")
_PAUSED = ("休止中", "休会中", "お休み中", "中止中")


@dataclass(frozen=True)
class OpeningTimes:
    """The slots that are said, the file's own words, and whether it says that the place is paused now."""

    slots: tuple[SlotText, ...]
    note: str
    paused: bool


def read_opening_times(row: Row) -> OpeningTimes:
    """The times of one row; RowFault when they cannot be (25:00, an end before its start)."""
    words = {name: said(row.text(name)) for name in ("開催頻度", "開催曜日", "開催日", "開催日時特記事項")}
    try:
        by_date, by_weekday = read_timetable(words["開催日"]), read_timetable(words["開催曜日"])
        start_min, end_min = parse_time(_start_words(row)), parse_time(_end_words(row))
        check_hours(start_min, end_min)
    except SlotProblem as problem:
        raise RowFault(f"開催日時が正しくありません。{problem.message}", problem.remedy) from None
    days = _join_days(by_date, by_weekday)
    slots = tuple(_with_hours(slot, start_min, end_min) for slot in days)
    notes = [words["開催頻度"], words["開催日"]]
    if by_weekday.unread or (by_date.slots and _weekdays(by_weekday) - _weekdays(by_date)):
        notes.append(f"開催曜日の欄は「{words['開催曜日']}」")
    if any(not slot.nth for slot in slots) and (by_date.unread or "月" in words["開催頻度"]):
        notes.append("毎週とは限りません")
    notes += _hour_notes(row, start_min, end_min, bool(slots))
    notes.append(words["開催日時特記事項"])
    paused = any(mark in words["開催日時特記事項"] for mark in _PAUSED)
    return OpeningTimes(merge_slots(slots), "、".join(note for note in notes if note), paused)


def _join_days(by_date: TimetableText, by_weekday: TimetableText) -> list[SlotText]:
    """開催日 says more than 開催曜日 and wins where both speak of a day; other days of 開催曜日 come along.

    Where the two have no day in common they contradict each other, and only 開催日 is taken.
    """
    excludes = any(mark in word for word in by_date.unread for mark in _EXCLUDING)
    dated = [] if excludes else list(by_date.slots)
    known = {slot.weekday for slot in dated}
    weekly = list(by_weekday.slots)
    if dated and not known & {slot.weekday for slot in weekly}:
        return dated
    return dated + [slot for slot in weekly if slot.weekday not in known]


def _weekdays(read: TimetableText) -> set[int]:
    return {slot.weekday for slot in read.slots}


def _with_hours(slot: SlotText, start_min: int | None, end_min: int | None) -> SlotText:
    if slot.start_min is not None or slot.end_min is not None:
        return slot
    return replace(slot, start_min=start_min, end_min=end_min)


def _start_words(row: Row) -> str:
    return said(row.text("開催開始時間", "開始時間"))


def _end_words(row: Row) -> str:
    return said(row.text("開催終了時間", "終了時間"))


def _hour_notes(row: Row, start_min: int | None, end_min: int | None, have_days: bool) -> list[str]:
    """The hours in words where no slot can hold them."""
    notes = []
    for label, words, minutes in (("開始", _start_words(row), start_min), ("終了", _end_words(row), end_min)):
        if words and minutes is None:
            notes.append(f"{label} {unicodedata.normalize('NFKC', words)}")
        elif minutes is not None and not have_days:
            notes.append(f"{label} {format_time(minutes)}")
    return notes
