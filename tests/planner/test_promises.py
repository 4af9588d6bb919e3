"""What is promised stays, what is planned moves only where it pays, and days too full from the start are said to be so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.followup.planner.instance import Block, Instance, Promise, Shift, Staff, Task
from service.followup.planner.plan import Plan, Visit
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from tests.planner.questions import plain, town


def of(plan: Plan, task: int) -> Visit:
    """The one visit of a task."""
    (visit,) = (each for each in plan.visits if each.task == task)
    return visit


def with_task(question: Instance, at: int, **facts: Any) -> Instance:
    """The question with other facts about one task."""
    tasks: list[Task] = list(question.tasks)
    tasks[at] = replace(tasks[at], **facts)
    return replace(question, tasks=tuple(tasks))


def promise_all(question: Instance, plan: Plan, upto: int) -> Instance:
    """Everything a plan has before a day, promised."""
    tasks = list(question.tasks)
    for visit in plan.visits:
        if visit.day < upto and not tasks[visit.task].needs_two:
            tasks[visit.task] = replace(tasks[visit.task], pin=Promise(visit.staff, visit.day, visit.start_min))
    return replace(question, tasks=tuple(tasks))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_promised_never_moves(seed: int) -> None:
    question = town(seed, tasks=40)
    before = solve(question, seed=0, stop=Iterations(100))
    promised = promise_all(question, before, 5)
    pins = {at: task.pin for at, task in enumerate(promised.tasks) if task.pin}
    assert len(pins) > 5
    plan = solve(promised, seed=1, stop=Iterations(400))
    assert plan.notes["overfull"] == before.notes["overfull"], "what the planner itself has planned fits when it is promised"
    for task, pin in pins.items():
        assert pin in [Promise(each.staff, each.day, each.start_min) for each in plan.visits if each.task == task]


def test_a_promise_holds_outside_hours_on_closed_days_and_by_anybody() -> None:
    question = with_task(plain(staff=2), 0, pin=Promise(1, 3, 600), windows=(((900, 960),),), closed=frozenset({3}))
    visit = of(solve(question, seed=0, stop=Iterations(50)), 0)
    assert (visit.staff, visit.day, visit.start_min) == (1, 3, 600)


def test_a_promise_of_somebody_away_becomes_a_wish_and_is_told() -> None:
    question = with_task(plain(staff=2), 0, pin=Promise(0, 2, 600), backups=(1,))
    away = replace(question.staff[0], shifts={day: shift for day, shift in question.staff[0].shifts.items() if day != 2})
    plan = solve(replace(question, staff=(away, question.staff[1])), seed=0, stop=Iterations(50))
    assert plan.notes["dropped_pins"] == [0]
    assert plan.costs.moves == 60.0
    assert not plan.left


def test_days_too_full_from_the_start_keep_their_promises_and_get_no_more() -> None:
    question = plain(tasks=4, days=1)
    tasks = tuple(replace(task, pin=Promise(0, 0, 600)) for task in question.tasks[:2]) + question.tasks[2:]
    plan = solve(replace(question, tasks=tasks), seed=0, stop=Iterations(50))
    assert [(each.task, each.start_min, each.position) for each in plan.visits] == [(0, 600, 0), (1, 600, 1)]
    assert plan.notes["overfull"] == [[0, 0]]
    assert [left.task for left in plan.left] == [2, 3]


def test_more_promises_than_a_day_may_hold_are_all_kept() -> None:
    question = plain(tasks=7, days=1)
    tasks = tuple(replace(task, pin=Promise(0, 0, 540 + 75 * at), location=1) for at, task in enumerate(question.tasks))
    plan = solve(replace(question, tasks=tasks), seed=0, stop=Iterations(5))
    assert len(plan.visits) == 7
    assert plan.notes["overfull"] == [[0, 0]]


def test_a_planned_visit_stays_unless_moving_saves_more_than_its_price() -> None:
    question = plain(tasks=2)
    asked = with_task(with_task(question, 0, due_on=question.days[4]), 1, due_on=question.days[4], location=1)
    held = with_task(asked, 0, current=Promise(0, 1, 600))
    assert of(solve(asked, seed=0, stop=Iterations(200)), 0).day == 4
    stays = solve(held, seed=0, stop=Iterations(200))
    assert (of(stays, 0).day, stays.costs.moves) == (1, 0.0)
    cheap = replace(held, weights=replace(held.weights, move=1.0))
    moved = solve(cheap, seed=0, stop=Iterations(200))
    assert (of(moved, 0).day, moved.costs.moves) == (4, 2.0)


def test_a_move_weighs_more_when_it_is_soon() -> None:
    question = with_task(plain(days=15), 0, current=Promise(0, 1, 600), closed=frozenset(range(14)))
    later = with_task(question, 0, current=Promise(0, 12, 600))
    assert solve(question, seed=0, stop=Iterations(50)).costs.moves == 60.0
    assert solve(later, seed=0, stop=Iterations(50)).costs.moves == 15.0


def test_a_plan_in_force_is_kept_as_it_is_where_nothing_changed() -> None:
    question = replace(town(7, tasks=40), weights=replace(town(7).weights, move=300.0))
    plan = solve(question, seed=0, stop=Iterations(600))
    tasks = list(question.tasks)
    for visit in plan.visits:
        tasks[visit.task] = replace(tasks[visit.task], current=Promise(visit.staff, visit.day, visit.start_min))
    again = solve(replace(question, tasks=tuple(tasks)), seed=1, stop=Iterations(0))
    places = [{(each.task, each.day, each.staff, each.position) for each in one.visits} for one in (plan, again)]
    assert places[0] == places[1]
    assert again.costs.moves == 0.0


def test_a_promised_call_takes_its_own_minutes() -> None:
    question = with_task(plain(tasks=1, days=1), 0, location=None, pin=Promise(0, 0, 700), minutes=20)
    visit = of(solve(question, seed=0, stop=Iterations(5)), 0)
    assert (visit.start_min, visit.position) == (700, 0)


def test_calls_fill_idle_minutes_only() -> None:
    question = plain(tasks=3, days=1)
    calls = tuple(replace(task, location=None, minutes=25) for task in question.tasks)
    shift = Shift(510, 630, (Block(520, 560),))
    plan = solve(replace(question, tasks=calls, staff=(Staff("s0", {0: shift}),)), seed=0, stop=Iterations(50))
    assert [each.start_min for each in plan.visits] == [560, 585]
    assert len(plan.left) == 1
