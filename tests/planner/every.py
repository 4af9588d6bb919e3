"""Every plan of a small question, one after the other: what the best one costs, found without any search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise, permutations, product

from service.followup.planner.instance import Instance, Shift, Task

Place = tuple[int, int] | None
"""Staff and day, or left out."""


def least_cost(question: Instance) -> float:
    """The cost of the best of all plans; for visits without promises, blocks without a place and calls aside."""
    cells = [(staff, day) for staff, one in enumerate(question.staff) for day in one.shifts]
    best = float("inf")
    options = [[None, *(cell for cell in cells if _may(question, task, cell))] for task in question.tasks]
    for places in product(*options):
        price = sum(_price(question, task, place) for task, place in zip(question.tasks, places, strict=True))
        if price < best:
            best = min(best, price + sum(_way(question, cell, places) for cell in set(places) if cell is not None))
    return best


def can_stand(question: Instance, cell: tuple[int, int], at: tuple[int, ...]) -> bool:
    """Whether these tasks fit one day of one member in any order at all."""
    return shortest(question, cell, at) < float("inf")


def shortest(question: Instance, cell: tuple[int, int], at: tuple[int, ...]) -> float:
    """The least minutes of way over all orders of a day."""
    return min((_walk(question, cell, order) for order in permutations(at)), default=0.0)


def _way(question: Instance, cell: tuple[int, int], places: tuple[Place, ...]) -> float:
    here = tuple(at for at, place in enumerate(places) if place == cell)
    return question.weights.travel * shortest(question, cell, here)


def _may(question: Instance, task: Task, cell: tuple[int, int]) -> bool:
    staff, day = cell
    return staff in (task.primary, *task.backups) and question.days[day] >= task.early_on and day not in task.closed


def _price(question: Instance, task: Task, place: Place) -> float:
    weights = question.weights
    if place is None:
        return weights.unplanned * (1 + task.priority) + weights.unplanned_base
    staff, day = place
    price = weights.off_due * abs(day - bisect_left(question.days, task.due_on))
    if question.days[day] > task.late_on:
        price += weights.late_once * task.priority + weights.late_day * (day - bisect_right(question.days, task.late_on) + 1)
    if task.current is not None and (task.current.staff, task.current.day) != place:
        near = task.current.day < question.limits.near_days
        price += weights.move * (weights.move_near if near else weights.move_far)
    return price + (0.0 if staff == task.primary else weights.backup)


def _walk(question: Instance, cell: tuple[int, int], order: tuple[int, ...]) -> float:
    """Minute by minute over every place lunch may take; infinity where none works."""
    limits, shift = question.limits, question.staff[cell[0]].shifts[cell[1]]
    stops = [question.staff[cell[0]].home, *(question.tasks[at].location or 0 for at in order), question.staff[cell[0]].home]
    way = sum(int(question.travel[a, b]) for a, b in pairwise(stops))
    if len(order) > limits.most_visits or way > limits.most_travel_min:
        return float("inf")
    ways = [int(question.travel[a, b]) for a, b in pairwise(stops)]
    return (
        way
        if any(_ends(question, cell, order, ways, shift, lunch) for lunch in _lunches(question, order, shift))
        else float("inf")
    )


def _lunches(question: Instance, order: tuple[int, ...], shift: Shift) -> Iterator[tuple[int, bool]]:
    limits = question.limits
    if max(shift.start_min, limits.lunch_from) + limits.lunch_min > min(shift.end_min, limits.lunch_to):
        yield -1, True
        return
    for at in range(len(order) + 1):
        yield from ((at, True), (at, False))


def _ends(
    question: Instance, cell: tuple[int, int], order: tuple[int, ...], ways: list[int], shift: Shift, lunch: tuple[int, bool]
) -> bool:
    now = shift.start_min
    for at, way in enumerate(ways):
        if lunch == (at, True):
            now = _eaten(question, now)
        now += way
        if lunch == (at, False):
            now = _eaten(question, now)
        if at < len(order):
            now = _done(question, question.tasks[order[at]], cell[1], now)
    return now <= shift.end_min


def _eaten(question: Instance, now: int) -> int:
    limits = question.limits
    start = max(now, limits.lunch_from)
    return start + limits.lunch_min if start + limits.lunch_min <= limits.lunch_to else 10**6


def _done(question: Instance, task: Task, day: int, now: int) -> int:
    if not task.windows:
        return now + task.minutes
    weekday = question.days[day].weekday()
    spans = task.windows[weekday] if weekday < len(task.windows) else ()
    return min((max(now, a) + task.minutes for a, b in spans if max(now, a) + task.minutes <= b), default=10**6)
