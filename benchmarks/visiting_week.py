"""Planning again: after one bad week, and every morning of a whole horizon while things come, fall away and move.

What moved is told in two: forced (the day it had cannot be had any more) and free (the search chose another).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any, Final

from benchmarks.visiting import town
from benchmarks.visiting_figures import looked_at
from service.followup.planner.choices import Choices
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance, Promise
from service.followup.planner.plan import Plan
from service.followup.planner.solve import solve
from service.followup.planner.stop import Seconds

CONFIRMED_DAYS: Final = 5
FIRST_ANSWER: Final = 0.4
"""Seconds a page waits for a plan."""
Moved = tuple[int, int, int]
"""How many had a day in the plan in force, how many of them were forced from it, how many moved freely."""


def moves(question: Instance, plan: Plan) -> Moved:
    """What moved (another member or day, or no day any more) of what the plan in force had and nobody had promised."""
    choices = Choices(Ground(question))
    stands = {visit.task: (visit.staff, visit.day) for visit in plan.visits}
    held = {at: task.current for at, task in enumerate(question.tasks) if task.current}
    away = {at: each for at, each in held.items() if stands.get(at) != (each.staff, each.day)}
    forced = sum(not has_still(choices, at, each) for at, each in away.items())
    return len(held), forced, len(away) - forced


def has_still(choices: Choices, task: int, held: Promise) -> bool:
    """Whether the day it has is still one of its days: not shut, not leave, not before a date somebody asked for."""
    prices = choices.ground.prices
    cell = choices.ground.cell(held.staff, held.day)
    late = choices.widen(task) if held.day >= prices.late[task] else ()
    return any(each == cell for _, each in (*choices.within[task], *late))


def pins_broken(question: Instance, plan: Plan) -> int:
    """Promises whose giver is at work that stand elsewhere or at another minute."""
    stands = {visit.task: Promise(visit.staff, visit.day, visit.start_min) for visit in plan.visits}
    kept = {at: task.pin for at, task in enumerate(question.tasks) if task.pin}
    return sum(stands.get(at) != pin for at, pin in kept.items() if pin.day in question.staff[pin.staff].shifts)


def without_plan(question: Instance) -> Instance:
    """The same question with promises kept and the plan in force forgotten."""
    return replace(question, tasks=tuple(replace(task, current=None) for task in question.tasks))


def bad_week(size: str, seed: int, before: Plan) -> Instance:
    """The confirmed week stays, 5 % is new, one is ill for two days, one place in fifteen is shut for the week after."""
    instance, random = town(size, seed), Random(seed + 1)
    stands = {visit.task: Promise(visit.staff, visit.day, visit.start_min) for visit in before.visits}
    ill = random.randrange(len(instance.staff))
    shut = set(random.sample(range(1, len(instance.travel)), len(instance.travel) // 15 + 1))
    week = frozenset(range(CONFIRMED_DAYS, 2 * CONFIRMED_DAYS))
    tasks = []
    for at, task in enumerate(instance.tasks):
        held = stands.get(at)
        stays = held is not None and held.day < CONFIRMED_DAYS and not (held.staff == ill and held.day < 2)
        promised, is_new = held if stays else None, random.random() < 0.05
        now = None if promised or is_new else held
        tasks.append(replace(task, pin=promised, current=now, closed=week if task.location in shut else frozenset()))
    members = tuple(
        replace(member, shifts={day: shift for day, shift in member.shifts.items() if at != ill or day >= 2})
        for at, member in enumerate(instance.staff)
    )
    return replace(instance, tasks=tuple(tasks), staff=members)


def replan(size: str, seed: int, seconds: float, clock: Callable[[], float] = time.process_time) -> dict[str, Any]:
    """One bad week planned again, against planning it from scratch in the same time."""
    before = solve(town(size, seed), seed=seed, stop=Seconds(seconds, clock))
    after = bad_week(size, seed, before)
    began = clock()
    looked_at(after, solve(after, seed=seed, stop=Seconds(FIRST_ANSWER, clock)))
    took = clock() - began
    better = looked_at(after, solve(after, seed=seed, stop=Seconds(seconds, clock)))
    free = without_plan(after)
    scratch = looked_at(free, solve(free, seed=seed, stop=Seconds(seconds, clock)))
    all_moved = percent(moves(after, better))
    return {
        "size": size, "seed": seed, "first_answer_seconds": round(took, 2),
        "pins": sum(task.pin is not None for task in after.tasks), "pins_broken": pins_broken(after, better), **all_moved,
        "scratch_moved_percent": sum(percent(moves(after, scratch)).values()),
        "cost_to_scratch": round((better.costs.total - better.costs.moves) / scratch.costs.total, 3),
    }  # fmt: skip


def percent(moved: Moved) -> Mapping[str, float]:
    """Moves in percent of what had a day and was not promised."""
    held, forced, free = moved
    return {
        "moved_forced_percent": round(100 * forced / max(1, held), 2),
        "moved_free_percent": round(100 * free / max(1, held), 2),
    }
