"""A hundred towns with everything in the way: no rule is broken, whatever the order the tasks are told in."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from service.followup.planner.verify import check
from tests.planner.questions import town


@pytest.mark.parametrize("seed", range(100))
def test_no_plan_of_a_hundred_towns_breaks_a_rule(seed: int) -> None:
    question = town(seed, tasks=20 + seed % 30, staff=1 + seed % 4)
    assert check(question, solve(question, seed=seed, stop=Iterations(60))) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_master_in_between_breaks_no_rule(seed: int) -> None:
    question = town(200 + seed, tasks=45, staff=3)
    assert check(question, solve(question, seed=seed, stop=Iterations(2100))) == []


@pytest.mark.parametrize("seed", range(10))
def test_another_order_of_the_tasks_breaks_no_rule_either(seed: int) -> None:
    question = town(seed, tasks=30)
    tasks = list(question.tasks)
    Random(seed).shuffle(tasks)
    turned = replace(question, tasks=tuple(tasks))
    plan = solve(turned, seed=seed, stop=Iterations(200))
    assert check(turned, plan) == []
    assert plan.costs.total <= 1.1 * solve(question, seed=seed, stop=Iterations(200)).costs.total
