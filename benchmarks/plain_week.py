"""Weekly hours in plain Python: which days of one opening one person can use."""

from __future__ import annotations

from collections.abc import Sequence

from service.matching.facts import Slot

Windows = Sequence[tuple[int, int, int]]
LATEST_MIN = 36 * 60


def look_at_week(
    slots: Sequence[Slot], stay: int | None, windows: Windows | None, opens: int = 0, closes: int = LATEST_MIN
) -> tuple[set[int], bool, bool]:
    """Usable weekdays, whether one slot surely and whether one possibly can be used, between two times of day."""
    days: set[int] = set()
    week = [(day, 0, 24 * 60) for day in range(7)] if windows is None else windows
    sure = maybe = False
    for slot in slots:
        start, end = slot.start_min or 0, 24 * 60 if slot.end_min is None else slot.end_min
        is_open_ended = slot.start_min is None or slot.end_min is None
        if windows is None and (opens, closes) == (0, LATEST_MIN):
            days.add(slot.weekday)
            sure = True
            continue
        shared = longest_shared([w for w in week if w[0] == slot.weekday], start, end, opens, closes)
        if shared <= 0 or (stay is not None and shared < stay and not is_open_ended):
            continue
        days.add(slot.weekday)
        maybe = True
        if not is_open_ended and (stay is not None or shared == end - start):
            sure = True
    return days, sure, maybe


def longest_shared(windows: Windows, start: int, end: int, opens: int, closes: int) -> int:
    """Minutes of the longest unbroken stretch of one day's windows and a slot."""
    best, reach, begin = 0, -1, 0
    for opened, closed in sorted((max(s, opens), min(e, closes)) for _, s, e in windows):
        if opened >= closed:
            continue
        if opened > reach:
            begin, reach = opened, closed
        reach = max(reach, closed)
        best = max(best, min(reach, end) - max(begin, start))
    return best
