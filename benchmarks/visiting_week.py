"""Planning again after one bad week; and what moved in it, which planning every morning or every Monday tells alike.

What moved is told in three: of what was only planned, forced (the day it had cannot be had any more) and free (the search
chose another); and promises that fell, because who gave them is away or the place is shut. A promise is not a tentative day.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from random import Random
from typing import Any, Final, NamedTuple

from benchmarks.visiting import town
from benchmarks.visiting_figures import looked_at, unavoidable
from service.followup.planner.choices import Choices
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance, Promise, Task
from service.followup.planner.plan import Plan
from service.followup.planner.solve import solve
from service.followup.planner.stop import Seconds

CONFIRMED_DAYS: Final = 5
FIRST_ANSWER: Final = 0.4
"""Seconds a page waits for a plan."""
NOT_MET: Final = 0.05
"""Share of a week's visits where nobody was met, which are tried again the week after."""
AGAIN_BY: Final = (2, 5)
"""Open days after which such a visit is due, and late."""


class Moved(NamedTuple):
    """How many had a tentative day, how many were forced from it, how many moved freely, how many promises fell."""

    held: int
    forced: int
    free: int
    fell: int


def moves(question: Instance, plan: Plan, fell: Collection[int] = ()) -> Moved:
    """What moved (another member or day, or no day any more) of what the plan in force had; `fell` had been promised."""
    choices = Choices(Ground(question))
    stands = {visit.task: (visit.staff, visit.day) for visit in plan.visits}
    held = {at: task.current for at, task in enumerate(question.tasks) if task.current and at not in fell}
    away = {at: each for at, each in held.items() if stands.get(at) != (each.staff, each.day)}
    forced = sum(not has_still(choices, at, each) for at, each in away.items())
    return Moved(len(held), forced, len(away) - forced, len(fell))


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
    """The confirmed week stays but for who is ill for two days, 5 % is new, one place in fifteen is shut the week after.

    Of the confirmed week, 5 % are visits at which nobody was met the week before.
    """
    instance, random, unmet = town(size, seed), Random(seed + 1), Random(seed + 3)
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
        closed = week if task.location in shut else frozenset[int]()
        if promised and task.location is not None and unmet.random() < NOT_MET:
            tasks.append(tried_again(instance, replace(task, closed=closed)))
        else:
            tasks.append(replace(task, pin=promised, current=now, closed=closed))
    members = tuple(
        replace(member, shifts={day: shift for day, shift in member.shifts.items() if at != ill or day >= 2})
        for at, member in enumerate(instance.staff)
    )
    return replace(instance, tasks=tuple(tasks), staff=members)


def tried_again(instance: Instance, task: Task) -> Task:
    """A visit at which nobody was met: from now on, soon, and more pressing."""
    due, late = (instance.days[after] for after in AGAIN_BY)
    return replace(task, early_on=instance.days[0], due_on=due, late_on=late, priority=min(3, task.priority + 1))


def fallen(question: Instance) -> set[int]:
    """What had been promised in the bad week and cannot be kept: it stood in the confirmed days and is no promise any more."""
    return {at for at, task in enumerate(question.tasks) if task.current and task.current.day < CONFIRMED_DAYS}


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
    floor = unavoidable(after, scratch)
    return {
        "size": size, "seed": seed, "first_answer_seconds": round(took, 2),
        "pins": sum(task.pin is not None for task in after.tasks), "pins_broken": pins_broken(after, better),
        **percent([moves(after, better, fallen(after))]),
        "scratch_moved_percent": percent([moves(after, scratch, fallen(after))])["moved_percent"],
        "cost_to_scratch": round((better.costs.total - better.costs.moves - floor) / (scratch.costs.total - floor), 3),
    }  # fmt: skip


def percent(replans: Sequence[Moved]) -> dict[str, float]:
    """Moves of all replans in percent of what had a tentative day at each; then the same with promises that fell."""
    held, forced, free, fell = (sum(column) for column in zip(*replans, strict=True))
    tentative, every = max(1, held), max(1, held + fell)
    return {
        "moved_percent": round(100 * (forced + free) / tentative, 2),
        "forced_percent": round(100 * forced / tentative, 2),
        "moved_with_promises_percent": round(100 * (forced + free + fell) / every, 2),
        "forced_with_promises_percent": round(100 * (forced + fell) / every, 2),
    }
