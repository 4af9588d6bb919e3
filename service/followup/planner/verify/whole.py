"""The rules of the whole plan: its five terms counted anew, what it tells beside itself, and its bound."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from service.followup.planner.instance import Instance
from service.followup.planner.plan import Costs, Plan
from service.followup.planner.verify.days import can_be_lived
from service.followup.planner.verify.reading import Reading
from service.followup.planner.verify.violation import Rule

NEAR: Final = 1e-6
"""Two sums that differ by less, in minutes per minute, are the same."""


def costs(reading: Reading) -> Iterator[str]:
    """Terms that are not what the visits alone add up to."""
    counted, told = costs_of(reading.instance, reading.plan), reading.plan.costs
    yield from (each.name for each in fields(Costs) if not _near(getattr(counted, each.name), getattr(told, each.name)))


def told(reading: Reading) -> Iterator[str]:
    """Notes that do not say what is so; a plan without notes tells nothing wrong."""
    notes, facts = reading.plan.notes, _facts(reading)
    yield from (name for name, fact in facts.items() if name in notes and sorted(map(_plain, notes[name])) != fact)


def bound(reading: Reading) -> Iterator[str]:
    """A bound said to be proven that the plan itself goes below."""
    low, total = reading.plan.bound, reading.plan.costs.total
    if low is not None and low > total and not _near(low, total):
        yield "bound"


PLAN_RULES: Final[Mapping[Rule, Callable[[Reading], Iterator[str]]]] = {
    Rule.COSTS: costs,
    Rule.TOLD: told,
    Rule.BOUND: bound,
}


def costs_of(instance: Instance, plan: Plan) -> Costs:
    """The five terms counted from the visits alone."""
    reading, weights = Reading(instance, plan), instance.weights
    days = [reading.day((who, day)) for who, staff in enumerate(instance.staff) for day in staff.shifts]
    planned = [at for at, visits in enumerate(reading.visits) if visits]
    return Costs(
        weights.travel * sum(day.travel_min for day in days if day is not None),
        sum(_continuity(reading, at) for at in planned),
        sum(_timeliness(reading, at) for at in planned),
        sum(weights.unplanned * (1 + instance.tasks[each.task].priority) + weights.unplanned_base for each in plan.left),
        sum(_move(reading, at) for at in planned),
    )


def _continuity(reading: Reading, at: int) -> float:
    going = {visit.staff for visit in reading.visits[at]}
    return 0.0 if reading.instance.tasks[at].primary in going else reading.instance.weights.backup


def _timeliness(reading: Reading, at: int) -> float:
    """Open days between the day and the due one; once it is too late, that it is and by how many open days."""
    instance, task, day = reading.instance, reading.instance.tasks[at], reading.visits[at][0].day
    cost = instance.weights.off_due * abs(day - bisect_left(instance.days, task.due_on))
    if instance.days[day] <= task.late_on:
        return cost
    over = day - bisect_right(instance.days, task.late_on) + 1
    return cost + instance.weights.late_once * task.priority + instance.weights.late_day * over


def _move(reading: Reading, at: int) -> float:
    """Another day or other people than the plan in force has, or than a promise that fell had."""
    task, weights = reading.instance.tasks[at], reading.instance.weights
    had = task.current or (task.pin if reading.promises[at] is None else None)
    if had is None or any((visit.staff, visit.day) == (had.staff, had.day) for visit in reading.visits[at]):
        return 0.0
    return weights.move * (weights.move_near if had.day < reading.instance.limits.near_days else weights.move_far)


def _facts(reading: Reading) -> dict[str, list[Any]]:
    """What there is to tell: promises that fell, days too full from the start, promised visits of two made by one."""
    cells = [(who, day) for who, staff in enumerate(reading.instance.staff) for day in sorted(staff.shifts)]
    days = [(cell, reading.before(cell)) for cell in cells]
    pins = [(at, task.pin, reading.promises[at]) for at, task in enumerate(reading.instance.tasks)]
    return {
        "dropped_pins": [at for at, pin, kept in pins if pin is not None and kept is None],
        "overfull": sorted(cell for cell, day in days if day is not None and not can_be_lived(day)),
        "alone": [at for at, _, kept in pins if kept and reading.two_go(at) and len(reading.visits[at]) == 1],
    }


def _plain(row: Any) -> Any:
    return tuple(row) if isinstance(row, list) else row


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= NEAR * max(1.0, abs(one), abs(other))
