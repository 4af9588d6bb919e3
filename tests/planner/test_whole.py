"""A hundred towns with everything in the way: no rule is broken, whatever the order the tasks are told in."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from service.followup.planner.instance import Promise
from service.followup.planner.plan import Visit
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from service.followup.planner.verify import faults
from tests.planner.questions import town


@pytest.mark.parametrize("seed", range(100))
def test_no_plan_of_a_hundred_towns_breaks_a_rule(seed: int) -> None:
    question = town(seed, tasks=20 + seed % 30, staff=1 + seed % 4)
    assert faults(question, solve(question, seed=seed, stop=Iterations(60))) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_master_in_between_breaks_no_rule(seed: int) -> None:
    question = town(200 + seed, tasks=45, staff=3)
    assert faults(question, solve(question, seed=seed, stop=Iterations(2100))) == []


@pytest.mark.parametrize("seed", range(10))
def test_another_order_of_the_tasks_breaks_no_rule_either(seed: int) -> None:
    question = town(seed, tasks=30)
    tasks = list(question.tasks)
    Random(seed).shuffle(tasks)
    turned = replace(question, tasks=tuple(tasks))
    plan = solve(turned, seed=seed, stop=Iterations(200))
    assert faults(turned, plan) == []
    assert plan.costs.total <= 1.1 * solve(question, seed=seed, stop=Iterations(200)).costs.total


def test_the_look_at_a_plan_sees_what_is_broken() -> None:
    """Each visit of a plan moved to another minute, day or member is seen, or harmless."""
    question = replace(town(3, tasks=40), tasks=tuple(replace(task, current=None) for task in town(3, tasks=40).tasks))
    plan = solve(question, seed=0, stop=Iterations(100))
    assert faults(question, plan) == []
    for at, visit in enumerate(plan.visits):
        for wrong in (replace(visit, day=(visit.day + 1) % 10), replace(visit, start_min=450), replace(visit, task=0)):
            if wrong != visit:
                visits: tuple[Visit, ...] = (*plan.visits[:at], wrong, *plan.visits[at + 1 :])
                assert faults(question, replace(plan, visits=visits)), wrong


def test_the_look_at_a_plan_sees_a_broken_promise() -> None:
    question = town(4)
    plan = solve(question, seed=0, stop=Iterations(20))
    visit = plan.visits[0]
    tasks = list(question.tasks)
    tasks[visit.task] = replace(tasks[visit.task], pin=Promise(visit.staff, visit.day, visit.start_min + 5))
    assert ("task", visit.task, "a promise is broken") in faults(replace(question, tasks=tuple(tasks)), plan)
