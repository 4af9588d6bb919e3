"""Weekly hours in plain Python: which days of one opening one person can use."""

from __future__ import annotations

from collections.abc import Sequence

from service.matching.facts import Slot

Windows = Sequence[tuple[int, int, int]]
LATEST_MIN = 36 * 60


def look_at_week(self, opens: int, closes: int) -> tuple[set[int], bool, bool]:
    """Usable weekdays, whether one slot surely and whether one possibly can be used, between two times of day."""
    days: set[int] = set()
    sure = maybe = False
    stay = self.host("session")
    for slot in self.opening.slots or ():
        start, end = slot.start_min or 0, 24 * 60 if slot.end_min is None else slot.end_min
        is_open_ended = slot.start_min is None or slot.end_min is None
        if self.windows is None and (opens, closes) == (0, 36 * 60):
            days.add(slot.weekday)
            sure = True
            continue
        shared = self.longest_shared(slot.weekday, start, end, opens, closes)
        if shared <= 0 or (stay is not None and shared < stay and not is_open_ended):
            continue
        days.add(slot.weekday)
        maybe = True
        if not is_open_ended and (stay is not None or shared == end - start):
            sure = True
    return days, sure, maybe

def longest_shared(self, weekday: int, start: int, end: int, opens: int, closes: int) -> int:
    """Minutes of the longest unbroken stretch, counted minute by minute over the day."""
    windows = [(day, 0, 24 * 60) for day in range(7)] if self.windows is None else self.windows
    stretches = sorted((max(s, opens), min(e, closes)) for day, s, e in windows if day == weekday)
    best, reach, begin = 0, -1, 0
    for s, e in stretches:
        if s >= e:
            continue
        if s > reach:
            begin, reach = s, e
        reach = max(reach, e)
        best = max(best, min(reach, end) - max(begin, start))
    return best
