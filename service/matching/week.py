"""The small week beside each card: the person's time against the hours of a place."""

from collections.abc import Iterable, Sequence

from service.kernel.timetable import format_time
from service.kernel.vocab import WEEKDAYS
from service.matching.facts import OpeningFacts

WeekRows = tuple[tuple[str, tuple[str, ...]], ...]


def shown_days(windows: Sequence[Sequence[int]], openings: Iterable[OpeningFacts]) -> tuple[int, ...]:
    """月 to 金, and 土 or 日 where somebody has time then; the same for every card of a page."""
    weekend = {window[0] for window in windows} | {slot.weekday for o in openings for slot in o.slots or ()}
    return (*range(5), *(day for day in (5, 6) if day in weekend))


def day_labels(days: Sequence[int]) -> tuple[str, ...]:
    """The heads of the columns."""
    return tuple(WEEKDAYS[day] for day in days)


def week_rows(opening: OpeningFacts, windows: Sequence[Sequence[int]], usable: int, days: Sequence[int]) -> WeekRows:
    """A row per hours of the place; a cell says both, host alone, person alone, or nothing.

    `usable` has bit d set for each weekday on which the overlap is long enough.
    """
    hours: dict[tuple[int | None, int | None], set[int]] = {}
    for slot in opening.slots or ():
        hours.setdefault((slot.start_min, slot.end_min), set()).add(slot.weekday)
    ordered = sorted(hours, key=lambda span: (span[0] is None, span[0] or 0))
    return tuple((_label(span), tuple(_cell(day, span, hours[span], windows, usable) for day in days)) for span in ordered)


def _label(span: tuple[int | None, int | None]) -> str:
    start, end = span
    return "時間 未確認" if start is None else f"{_short(start)}–{'' if end is None else _short(end)}"


def _short(minutes: int) -> str:
    return format_time(minutes).removesuffix(":00")


def _cell(
    day: int, span: tuple[int | None, int | None], host_days: set[int], windows: Sequence[Sequence[int]], usable: int
) -> str:
    start, end = span[0] or 0, 24 * 60 if span[1] is None else span[1]
    free = any(w[0] == day and w[1] < end and w[2] > start for w in windows)
    if day not in host_days:
        return "person" if free else ""
    fits = usable >> day & 1 and (free or not windows)
    return "both" if fits else "host"
