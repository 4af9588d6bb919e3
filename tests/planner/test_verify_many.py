"""Many towns of every size, planned, planned anew after a bad week and put together by the master: no rule is broken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.followup.planner.instance import Instance, Promise
from service.followup.planner.plan import Plan
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from service.followup.planner.verify import check
from tests.planner.crowded import crowded
from tests.planner.questions import town
from tests.planner.test_promises import promise_all

SIZES = (20, 50, 100, 200)
FEW, MANY, LONG = range(2), range(200), range(25)
CONFIRMED = 4
"""Days whose visits are promised before the week goes wrong."""


def both(seed: int, size: int) -> tuple[Instance, Instance]:
    """A town and one that asks more than can be had, with more staff the more there is to do."""
    staff = max(1, size // 20) + seed % 2
    return town(seed, tasks=size, staff=staff), crowded(seed, tasks=size, staff=staff, days=10)


def after_a_bad_week(asked: Instance, plan: Plan, ill: int) -> Instance:
    """The first days promised, the rest in force, and one member away on the second and third day."""
    tasks = list(promise_all(asked, plan, CONFIRMED).tasks)
    for visit in plan.visits:
        if visit.day >= CONFIRMED and tasks[visit.task].pin is None:
            tasks[visit.task] = replace(tasks[visit.task], current=Promise(visit.staff, visit.day, visit.start_min))
    members = list(asked.staff)
    members[ill] = replace(members[ill], shifts={day: one for day, one in members[ill].shifts.items() if day not in (1, 2)})
    return replace(asked, tasks=tuple(tasks), staff=tuple(members))


@pytest.mark.parametrize("seeds", [FEW, pytest.param(MANY, marks=pytest.mark.deep)], ids=["few", "many"])
@pytest.mark.parametrize("size", SIZES)
def test_no_plan_breaks_a_rule(size: int, seeds: range) -> None:
    for seed in seeds:
        for asked in both(seed, size):
            assert check(asked, solve(asked, seed=seed, stop=Iterations(300))) == [], seed


@pytest.mark.parametrize("seeds", [FEW, pytest.param(MANY, marks=pytest.mark.deep)], ids=["few", "many"])
@pytest.mark.parametrize("size", SIZES)
def test_no_plan_made_anew_after_a_bad_week_breaks_a_rule(size: int, seeds: range) -> None:
    for seed in seeds:
        for asked in both(seed, size):
            plan = solve(asked, seed=seed, stop=Iterations(150))
            after = after_a_bad_week(asked, plan, seed % len(asked.staff))
            assert check(after, solve(after, seed=seed, stop=Iterations(150), warm=plan)) == [], seed


@pytest.mark.deep
@pytest.mark.parametrize("size", SIZES)
def test_no_plan_put_together_and_bounded_breaks_a_rule(size: int) -> None:
    for seed in LONG:
        for asked in both(seed, size):
            plan = solve(asked, seed=seed, stop=Iterations(2100), prove=size <= SIZES[1])
            assert check(asked, plan) == [], seed
