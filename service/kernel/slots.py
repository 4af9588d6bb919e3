"""Hours on a weekday: the data, the times of a day, and how they are written back."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.kernel.dates import WEEKDAYS

LAST_WEEK = -1
DAY_MIN = 24 * 60
EXAMPLE = "「月水金 13:00-16:00; 第2・第4土 9:00-11:00」のように入力してください。"

_TIME = re.compile(r"(午前|午後)?(\d{1,3})(?::(\d{1,2})(?::(\d{2}))?|時(?:(\d{1,2})分?|(半))?)")


class SlotProblem(ValueError):
    """Hours that cannot be read, with what happened and what to do about it."""

    code = "slots"

    def __init__(self, message: str, remedy: str = EXAMPLE) -> None:
        super().__init__(f"{message}{remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, order=True)
class SlotText:
    """Hours on one weekday (0=月 … 6=日), in minutes from midnight; None = not said.

    `nth` are the weeks of the month (1–5, -1 = 最終); empty = every week, or not said which.
    """

    weekday: int
    start_min: int | None = None
    end_min: int | None = None
    nth: tuple[int, ...] = ()


def parse_time(text: str) -> int | None:
    """Minutes from midnight, 24:00 = 1440; None when the text is not written as a time of day (日没, 10時ごろ).

    Raises SlotProblem for what looks like a time and cannot be one (25:00, 9:75).
    """
    found = _TIME.fullmatch("".join(unicodedata.normalize("NFKC", text[:20]).split()))
    if not found or len(text) > 20:
        return None
    half, hours, minutes = found[1], int(found[2]), int(found[3] or found[5] or (30 if found[6] else 0))
    is_possible = minutes < 60 and (hours <= 12 if half else hours * 60 + minutes <= DAY_MIN)
    if not is_possible or int(found[4] or 0) >= 60:
        raise SlotProblem(f"「{text.strip()}」という時刻はありません。", "0:00から24:00までの時刻にしてください。")
    return (hours + (12 if half == "午後" and hours < 12 else 0)) * 60 + minutes


def check_hours(start_min: int | None, end_min: int | None) -> None:
    """Raises SlotProblem unless a day can start and end so; an unsaid end is fine."""
    if start_min is not None and start_min >= DAY_MIN:
        raise SlotProblem("始まりの時刻が24:00になっています。", "始まりを23:59までの時刻にしてください。")
    if start_min is not None and end_min is not None and end_min <= start_min:
        raise SlotProblem(
            f"終わりの時刻（{format_time(end_min)}）が始まり（{format_time(start_min)}）より後ではありません。",
            "時刻を直してください。日をまたぐときは、24:00までと翌日に分けてください。",
        )


def format_slots(slots: Iterable[SlotText]) -> str:
    """The slots as 月水金 13:00–16:00; 第2・第4土 9:00–11:00, which `parse_slots` reads back."""
    hours: dict[tuple[int | None, int | None], list[SlotText]] = {}
    for slot in slots:
        hours.setdefault((slot.start_min, slot.end_min), []).append(slot)
    return "; ".join(f"{_say_days(group)}{_say_hours(*times)}" for times, group in hours.items())


def format_time(minutes: int) -> str:
    """785 as 13:05."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def weekday_label(weekday: int, nth: tuple[int, ...] = ()) -> str:
    """土曜日, or 第2・第4土曜日."""
    return f"{say_weeks(nth)}{WEEKDAYS[weekday]}曜日"


def merge_slots(slots: Iterable[SlotText]) -> tuple[SlotText, ...]:
    """One slot per weekday and hours, its weeks joined; every week takes in single weeks."""
    weeks: dict[SlotText, tuple[int, ...]] = {}
    for slot in slots:
        key = replace(slot, nth=())
        known = weeks.get(key)
        is_weekly = not slot.nth or known == ()
        weeks[key] = () if is_weekly else tuple(sorted({*slot.nth, *(known or ())}, key=week_order))
    return tuple(replace(key, nth=nth) for key, nth in weeks.items())


def week_order(week: int) -> int:
    return 6 if week == LAST_WEEK else week


def say_weeks(nth: tuple[int, ...]) -> str:
    return "・".join("最終" if week == LAST_WEEK else f"第{week}" for week in nth)


def _say_days(slots: list[SlotText]) -> str:
    weekly = "".join(WEEKDAYS[slot.weekday] for slot in slots if not slot.nth)
    monthly = [f"{say_weeks(slot.nth)}{WEEKDAYS[slot.weekday]}" for slot in slots if slot.nth]
    return "・".join([weekly, *monthly] if weekly else monthly)


def _say_hours(start_min: int | None, end_min: int | None) -> str:
    if start_min is None and end_min is None:
        return ""
    start = "" if start_min is None else format_time(start_min)
    end = "" if end_min is None else format_time(end_min)
    return f" {start}–{end}"
