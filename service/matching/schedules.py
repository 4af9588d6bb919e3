"""Weekly hours of all openings against one person's windows: computed once per different slot, then gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.matching.facts import Slot

DAY_MIN: Final = 24 * 60
Windows = Sequence[tuple[int, int, int]]
# An answer is one byte: bit d = weekday d can be used, the top bit = at least one slot certainly can.
CERTAIN: Final = 0x80
DAYS: Final = 0x7F
NOT_SAID: Final = -1
Shape = tuple[int, int, int, int, int]
NO_SLOT: Final[Shape] = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Schedules:
    """Different slots (weekday, start, end, shortest stay), different weeks made of them, and each opening's week.

    `shapes` is int32[5, S]: weekday, start, end, shortest stay (−1 = not said), 1 where the hours are only partly
    said. `members` lists the slots of the weeks one after the other, `starts` where each week begins.
    """

    shapes: NDArray[np.int32]
    members: NDArray[np.intp]
    starts: NDArray[np.intp]
    week_of: NDArray[np.intp]
    unknown: NDArray[np.bool_]

    def answers(self, windows: Windows | None) -> NDArray[np.uint8]:
        """One byte per opening, see CERTAIN and DAYS; None = any time suits. 0 where hours are unknown."""
        if len(self.week_of) == 0:
            return np.zeros(0, np.uint8)
        by_shape = answer_shapes(self.shapes, windows)
        by_week = np.bitwise_or.reduceat(by_shape[self.members], self.starts)
        return by_week[self.week_of]


def build_schedules(timetables: Sequence[tuple[tuple[Slot, ...] | None, int | None]]) -> Schedules:
    """Schedules of openings given as (slots, shortest stay in minutes or None); slots None = hours unknown."""
    # No slot at all is a slot without length: a week needs at least one member.
    weeks: dict[tuple[Shape, ...], int] = {}
    week_of = [
        weeks.setdefault(tuple(sorted({_shape(slot, stay) for slot in slots or ()})) or (NO_SLOT,), len(weeks))
        for slots, stay in timetables
    ]
    shapes = sorted({shape for week in weeks for shape in week})
    place_of = {shape: place for place, shape in enumerate(shapes)}
    lengths = [len(week) for week in weeks]
    return Schedules(
        np.array(list(zip(*shapes, strict=True)) or np.empty((5, 0)), np.int32),
        np.array([place_of[shape] for week in weeks for shape in week], np.intp),
        np.cumsum([0, *lengths[:-1]], dtype=np.intp),
        np.array(week_of, np.intp),
        np.array([slots is None for slots, _ in timetables], np.bool_),
    )


def _shape(slot: Slot, stay: int | None) -> Shape:
    """A slot without hours might lie anywhere in its day, one without an end anywhere after its start."""
    partly = slot.start_min is None or slot.end_min is None
    start = 0 if slot.start_min is None else slot.start_min
    end = DAY_MIN if slot.end_min is None else slot.end_min
    return slot.weekday, start, end, NOT_SAID if stay is None else int(stay), int(partly)


def answer_shapes(shapes: NDArray[np.int32], windows: Windows | None) -> NDArray[np.uint8]:
    """One answer byte per slot shape.

    With a known stay the slot is usable if one unbroken overlap is as long as the stay. With an unknown stay it is
    certain when the whole slot lies in a window and only possible when part of it does. With hours partly said it
    is possible when a window reaches into what is left open.
    """
    day, start, end, stay, partly = shapes
    bits = np.left_shift(1, day).astype(np.uint8)
    if windows is None:
        return np.where(end > start, bits | CERTAIN, 0).astype(np.uint8)
    overlap = np.zeros(len(day), np.int32)
    for (opens, closes), weekdays in _by_hours(join_windows(windows)).items():
        shared = np.minimum(end, closes) - np.maximum(start, opens)
        np.maximum(overlap, shared * weekdays[day], out=overlap)
    is_possible = (overlap > 0) & ((overlap >= stay) | (partly == 1))
    is_certain = is_possible & (partly == 0) & ((stay != NOT_SAID) | (overlap == end - start))
    return np.where(is_possible, bits, 0).astype(np.uint8) | np.where(is_certain, CERTAIN, 0).astype(np.uint8)


def join_windows(windows: Windows) -> list[tuple[int, int, int]]:
    """Windows of one day that touch or overlap are one window: 9–12 and 12–15 hold a stay from 11 to 13."""
    joined: list[tuple[int, int, int]] = []
    for day, start, end in sorted(windows):
        if joined and joined[-1][0] == day and start <= joined[-1][2]:
            joined[-1] = (day, joined[-1][1], max(end, joined[-1][2]))
        else:
            joined.append((day, start, end))
    return joined


def _by_hours(windows: Windows) -> dict[tuple[int, int], NDArray[np.int32]]:
    """Hours → 1 for each weekday that has them: one pass over the shapes for 月〜金 12–17, not five."""
    hours: dict[tuple[int, int], NDArray[np.int32]] = {}
    for weekday, opens, closes in windows:
        hours.setdefault((opens, closes), np.zeros(7, np.int32))[weekday] = 1
    return hours


def cut_windows(windows: Windows | None, opens: int, closes: int) -> list[tuple[int, int, int]]:
    """The part of the windows between two times of day; None = the whole week."""
    whole: Windows = [(day, 0, DAY_MIN) for day in range(7)] if windows is None else windows
    cut = [(day, max(start, opens), min(end, closes)) for day, start, end in whole]
    return [(day, start, end) for day, start, end in cut if start < end]
