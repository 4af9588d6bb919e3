"""Visits of two: both there at the same minute, or it is said why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.followup.planner.instance import Block, Promise, Shift
from service.followup.planner.plan import Reason
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from tests.planner.questions import plain, town
from tests.planner.test_promises import with_task


@pytest.mark.parametrize("seed", range(20))
def test_two_go_at_the_same_minute_or_nobody_goes(seed: int) -> None:
    question = town(seed, tasks=40, staff=3)
    plan = solve(question, seed=0, stop=Iterations(200))
    pairs = [at for at, task in enumerate(question.tasks) if task.needs_two and at not in plan.notes["alone"]]
    for task in pairs:
        visits = [each for each in plan.visits if each.task == task]
        assert len({(each.day, each.start_min) for each in visits}) == (1 if visits else 0)
        assert len({each.staff for each in visits}) == len(visits)
        assert len(visits) == 2 or task in [left.task for left in plan.left]


def test_the_two_meet_where_both_have_time() -> None:
    question = with_task(plain(staff=2, days=2), 0, needs_two=True, backups=(1,), windows=(((540, 1000),),) * 5)
    busy = replace(
        question.staff[0], shifts={0: Shift(510, 1035, (Block(510, 800),)), 1: Shift(510, 1035, (Block(510, 1035),))}
    )
    other = replace(question.staff[1], shifts={0: Shift(510, 1035, (Block(900, 1035),)), 1: Shift(510, 1035)})
    plan = solve(replace(question, staff=(busy, other)), seed=0, stop=Iterations(20))
    assert [(each.staff, each.day) for each in plan.visits] == [(0, 0), (1, 0)]
    assert all(810 <= each.start_min <= 870 for each in plan.visits)
    assert plan.costs.continuity == 0.0


def test_the_named_second_goes_along() -> None:
    question = with_task(plain(staff=3), 0, needs_two=True, backups=(1,), second=2)
    plan = solve(question, seed=0, stop=Iterations(20))
    assert {each.staff for each in plan.visits} == {0, 2}


def test_nobody_to_go_along_is_a_reason() -> None:
    plan = solve(with_task(plain(), 0, needs_two=True), seed=0, stop=Iterations(20))
    assert [left.reason for left in plan.left] == [Reason.ON_LEAVE]


def test_a_promised_visit_of_two_is_kept_and_its_second_found() -> None:
    question = with_task(plain(staff=2), 0, needs_two=True, backups=(1,), pin=Promise(0, 2, 615))
    plan = solve(question, seed=0, stop=Iterations(20))
    assert [(each.staff, each.day, each.start_min) for each in plan.visits] == [(0, 2, 615), (1, 2, 615)]


def test_where_the_one_named_to_go_along_has_promised_another_goes_along() -> None:
    question = with_task(plain(staff=3), 0, needs_two=True, backups=(1,), second=2, pin=Promise(2, 2, 615))
    plan = solve(question, seed=0, stop=Iterations(20))
    assert [(each.staff, each.start_min) for each in plan.visits] == [(0, 615), (2, 615)]
    assert plan.notes["alone"] == []


def test_a_promised_visit_of_two_without_a_second_is_kept_and_told() -> None:
    question = with_task(plain(staff=2), 0, needs_two=True, backups=(1,), pin=Promise(0, 2, 615))
    away = replace(question.staff[1], shifts={})
    plan = solve(replace(question, staff=(question.staff[0], away)), seed=0, stop=Iterations(20))
    assert [(each.staff, each.start_min) for each in plan.visits] == [(0, 615)]
    assert plan.notes["alone"] == [0]


def test_a_call_never_needs_two() -> None:
    plan = solve(with_task(plain(), 0, needs_two=True, location=None), seed=0, stop=Iterations(20))
    assert len(plan.visits) == 1


def test_a_planned_visit_of_two_keeps_its_hour_where_nothing_is_won_by_another() -> None:
    question = with_task(plain(staff=2), 0, needs_two=True, backups=(1,), current=Promise(0, 3, 823))
    plan = solve(question, seed=0, stop=Iterations(20))
    assert [(each.staff, each.day, each.start_min) for each in plan.visits] == [(0, 3, 823), (1, 3, 823)]
