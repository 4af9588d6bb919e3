"""The rules of one day: hours, ways, lunch and limits. A day that promises and given hours alone break is not blamed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

from service.followup.planner.verify.day import Day
from service.followup.planner.verify.reading import Cell, Reading
from service.followup.planner.verify.violation import Rule


def overlap(day: Day) -> bool:
    """Two things at once."""
    return any(later.start_min < former.end_min for former, later in pairwise(day.stops))


def shift(day: Day) -> bool:
    """Something before the shift begins or after it ends."""
    return any(stop.start_min < day.shift.start_min or stop.end_min > day.shift.end_min for stop in day.stops)


def visits(day: Day) -> bool:
    """More travelled visits than a day may hold."""
    return day.visits > day.instance.limits.most_visits


def travel(day: Day) -> bool:
    """More minutes of way than a day may hold."""
    return day.travel_min > day.instance.limits.most_travel_min


def way(day: Day) -> bool:
    """A way with no idle stretch to make it in."""
    return not all(each.fits for each in day.ways if each.minutes)


LIVED: Final[Mapping[Rule, Callable[[Day], bool]]] = {
    Rule.OVERLAP: overlap,
    Rule.SHIFT: shift,
    Rule.VISITS: visits,
    Rule.TRAVEL: travel,
    Rule.WAY: way,
}
"""What makes a day impossible to live, whoever has planned it."""


def broken_on(reading: Reading, cell: Cell) -> list[Rule]:
    """The rules one day with visits does not keep."""
    day, before = reading.day(cell), reading.before(cell)
    if day is None or before is None:
        return [Rule.LEAVE]
    order = [Rule.POSITION] if position(reading, cell) else []
    if not can_be_lived(before):
        return [*([Rule.OVERFULL] if overfull(reading, cell) else []), *order]
    broken = [rule for rule, is_broken in LIVED.items() if is_broken(day)]
    return [*broken, *([Rule.LUNCH] if lunch(before, day) else []), *order]


def can_be_lived(day: Day) -> bool:
    """Whether every rule but lunch holds of a day."""
    return not any(is_broken(day) for is_broken in LIVED.values())


def lunch(before: Day, day: Day) -> bool:
    """Lunch had room before the plan and has none now."""
    return before.can_eat() and not day.can_eat()


def overfull(reading: Reading, cell: Cell) -> bool:
    """More than its own promises on a day they already fill."""
    own = set(reading.promised.get(cell, ()))
    return any(visit.task not in own for visit in reading.cells[cell])


def position(reading: Reading, cell: Cell) -> bool:
    """Places in the day that are not 0, 1, 2 … in order of time, telephone and letters behind the travelled."""
    rows = sorted(reading.cells[cell], key=lambda visit: visit.position)
    times = [(reading.instance.tasks[visit.task].location is None, visit.start_min) for visit in rows]
    return [visit.position for visit in rows] != list(range(len(rows))) or times != sorted(times)


def takes_one_more(reading: Reading, cell: Cell, task: int) -> bool:
    """Whether somebody could go along to a promised visit, beside all that is promised that day."""
    before, after = reading.before(cell), reading.fixed(cell, task)
    if before is None or after is None or not can_be_lived(before):
        return False
    return can_be_lived(after) and not lunch(before, after)
