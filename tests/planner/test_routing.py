"""A question of routes alone, as the literature asks it, is one the planner can be asked: no lunch, no limits, long days."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, cos, pi, sin
from random import Random

import numpy as np

from service.followup.planner.instance import Instance, Limits, Shift, Staff, Weights
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from tests.planner.questions import open_days, plain_task

STOPS = 14


def ring(cars: int) -> Instance:
    """Customers on a ring around a depot far below them; some far apart in time, in days of three thousand minutes."""
    spots = [(0.0, -200.0)] + [(80 * cos(2 * pi * at / STOPS), 80 * sin(2 * pi * at / STOPS)) for at in range(STOPS)]
    ways = np.array([[ceil(((a - c) ** 2 + (b - d) ** 2) ** 0.5) for c, d in spots] for a, b in spots], dtype=np.int32)
    days = open_days(1)
    staff = tuple(Staff(f"car{at}", {0: Shift(0, 3000)}) for at in range(cars))
    numbers = list(range(STOPS))
    Random(0).shuffle(numbers)
    tasks = tuple(
        plain_task(f"t{at}", days, location=at + 1, minutes=10, backups=tuple(range(cars)), due_on=days[0]) for at in numbers
    )
    return Instance(days, staff, tasks, ways, Limits(1000, 100_000, 0), Weights(backup=0.0))


def test_one_round_through_all_customers_is_the_ring() -> None:
    question = ring(3)
    plan = solve(question, seed=0, stop=Iterations(800))
    side = int(question.travel[1, 2])
    ends = min(int(question.travel[0, at + 1] + question.travel[0, (at + 1) % STOPS + 1]) for at in range(STOPS))
    assert not plan.left
    assert plan.costs.total == side * (STOPS - 1) + ends
    assert len({visit.staff for visit in plan.visits}) == 1


def test_hours_behind_midnight_are_kept() -> None:
    question = ring(2)
    late = tuple(replace(task, windows=(((2500, 2600),),) * 5) if at < 3 else task for at, task in enumerate(question.tasks))
    plan = solve(replace(question, tasks=late), seed=0, stop=Iterations(300), prove=True)
    assert not plan.left
    assert all(2500 <= visit.start_min <= 2590 for visit in plan.visits if visit.task < 3)
    assert plan.bound is not None
    assert plan.bound <= plan.costs.total
