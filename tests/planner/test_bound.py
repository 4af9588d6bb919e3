"""The proven bound is below every plan, and near the best one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from service.followup.planner.bounding import lower_bound
from service.followup.planner.instance import Promise
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from tests.planner.every import least_cost
from tests.planner.questions import plain, town
from tests.planner.test_best import small
from tests.planner.test_promises import with_task


def test_no_plan_of_a_small_question_is_below_the_bound_and_the_best_is_near_it() -> None:
    bounds, bests = [], []
    for seed in range(30):
        question = small(seed)
        plan = solve(question, seed=0, stop=Iterations(5))
        bounds.append(lower_bound(question, plan))
        bests.append(least_cost(question))
        assert bounds[-1] <= bests[-1]
    assert sum(bounds) > 0.97 * sum(bests)


@pytest.mark.parametrize("seed", range(6))
def test_a_town_with_promises_pairs_and_calls_is_above_its_bound(seed: int) -> None:
    question = town(seed, tasks=40, staff=3)
    plan = solve(question, seed=0, stop=Iterations(2500), prove=True)
    assert plan.bound is not None
    assert 0.5 * plan.costs.total < plan.bound <= plan.costs.total


def test_a_single_visit_is_bounded_by_exactly_what_it_costs() -> None:
    plan = solve(plain(), seed=0, stop=Iterations(5), prove=True)
    assert plan.bound == pytest.approx(plan.costs.total, abs=0.1)


def test_a_detour_shorter_than_the_straight_way_does_not_break_the_bound() -> None:
    ways = np.array([[0, 0, 60, 0], [0, 0, 0, 0], [60, 0, 0, 60], [0, 0, 60, 0]], dtype=np.int32)
    question = replace(plain(tasks=3, days=2), travel=ways)
    asked = with_task(question, 1, pin=Promise(0, 1, 700))
    plan = solve(asked, seed=0, stop=Iterations(100), prove=True)
    assert plan.bound is not None
    assert plan.bound <= plan.costs.total


def test_without_being_asked_nothing_is_proven() -> None:
    assert solve(plain(), seed=0, stop=Iterations(5)).bound is None


@pytest.mark.parametrize("seed", range(6))
def test_little_looking_makes_the_bound_lower_and_never_false(seed: int) -> None:
    question = town(seed, tasks=60, staff=2)
    plan = solve(question, seed=0, stop=Iterations(600))
    hasty = [lower_bound(question, plan, rounds, 3) for rounds in (1, 2, 10)]
    assert max(hasty) <= lower_bound(question, plan) <= plan.costs.total
    assert hasty == sorted(hasty)
    assert hasty[0] < plan.costs.total * 0.95
