"""The planner against every plan there is, and against itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from service.followup.planner.instance import Instance, Limits, Promise, Shift, Staff, Task
from service.followup.planner.plan import Reason
from service.followup.planner.search import Progress
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations, Seconds
from tests.planner.every import least_cost
from tests.planner.questions import open_days, plain, plain_task, square, town

SEEDS = range(30)


def small(seed: int) -> Instance:
    """Up to five visits, two members, two days, too little time for all of it."""
    random = Random(seed)
    days = open_days(2)
    staff = tuple(
        Staff(f"s{who}", {day: Shift(510, random.choice((700, 800, 1035))) for day in range(2) if random.random() < 0.9})
        for who in range(2)
    )
    return Instance(
        days, staff, tuple(_visit(random, at, days) for at in range(random.randint(2, 5))), square(6, random), Limits(3)
    )


def _visit(random: Random, at: int, days: tuple[object, ...]) -> Task:
    horizon = open_days(2)
    due = random.randrange(2)
    hours = random.choice(((), (((540, 720),),) * 5, ((), ((600, 1000),))))
    current = Promise(random.randrange(2), random.randrange(2), 600) if random.random() < 0.4 else None
    primary = random.randrange(2)
    facts = {"minutes": random.choice((30, 60, 90)), "priority": random.randint(0, 3), "early_on": horizon[random.randrange(due + 1)],
             "due_on": horizon[due], "late_on": horizon[due], "primary": primary, "location": at + 1, "windows": hours,
             "backups": (1 - primary,) if random.random() < 0.7 else (), "current": current}  # fmt: skip
    return plain_task(f"t{at}", horizon, **facts)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_plan_costs_what_the_best_of_all_plans_costs(seed: int) -> None:
    question = small(seed)
    assert solve(question, seed=1, stop=Iterations(400)).costs.total == pytest.approx(least_cost(question))


@pytest.mark.parametrize("seed", range(4))
def test_the_same_seed_and_rounds_give_the_same_plan(seed: int) -> None:
    first, again = (solve(town(seed), seed=seed, stop=Iterations(2500)) for _ in range(2))
    assert first.fingerprint == again.fingerprint
    assert first.notes["rounds"] == 2500


@pytest.mark.parametrize("seed", range(8))
def test_more_rounds_never_cost_more(seed: int) -> None:
    question = town(seed, tasks=40)
    totals = [solve(question, seed=3, stop=Iterations(rounds)).costs.total for rounds in (0, 50, 400, 1900, 2300)]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] < totals[0]


def test_a_search_finds_what_a_first_plan_does_not() -> None:
    totals = [
        (solve(town(seed), seed=0, stop=Iterations(0)), solve(town(seed), seed=0, stop=Iterations(500))) for seed in range(6)
    ]
    assert sum(found.costs.total for _, found in totals) < 0.97 * sum(first.costs.total for first, _ in totals)


def test_whoever_watches_hears_and_may_end_it() -> None:
    heard: list[Progress] = []

    def watch(progress: Progress) -> bool:
        heard.append(progress)
        return len(heard) == 3

    plan = solve(town(1), seed=0, stop=Iterations(100_000), watch=watch)
    assert [each.rounds for each in heard] == [200, 400, 600]
    assert plan.notes["rounds"] == 600
    assert heard[-1].left == len(plan.left)


def test_seconds_end_by_the_clock_that_was_given() -> None:
    ticks = iter(range(1_000_000))
    plan = solve(town(2), seed=0, stop=Seconds(500.0, lambda: float(next(ticks))))
    assert 0 < plan.notes["rounds"] <= 500


def test_no_seconds_still_give_a_whole_plan() -> None:
    question = town(3)
    plan = solve(question, seed=0, stop=Seconds(0.0))
    assert {visit.task for visit in plan.visits} | {left.task for left in plan.left} == set(range(len(question.tasks)))
    assert plan.visits


def test_a_plan_to_begin_with_is_kept_where_nothing_is_searched() -> None:
    question = town(4)
    known = solve(question, seed=0, stop=Iterations(1500))
    again = solve(question, seed=0, stop=Iterations(0), warm=known)
    free = {at for at, task in enumerate(question.tasks) if task.pin is None and task.current is None and not task.needs_two}
    held = {(visit.task, visit.staff, visit.day) for visit in known.visits if visit.task in free}
    assert held <= {(visit.task, visit.staff, visit.day) for visit in again.visits}


def test_nothing_to_do_is_an_empty_plan() -> None:
    plan = solve(replace(town(5), tasks=()), seed=0, stop=Iterations(10))
    assert (plan.visits, plan.left) == ((), ())


def test_without_a_day_everything_is_beyond() -> None:
    question = plain()
    plan = solve(replace(question, days=(), staff=(Staff("s0", {}),)), seed=0, stop=Iterations(10))
    assert [left.reason for left in plan.left] == [Reason.BEYOND]


def test_the_first_plan_puts_what_has_fewest_days_first() -> None:
    question = plain(tasks=2, days=2, limits=Limits(1))
    tasks = (replace(question.tasks[0], due_on=question.days[0]), replace(question.tasks[1], due_on=question.days[0]))
    only = replace(tasks[1], closed=frozenset({1}))
    plan = solve(replace(question, tasks=(tasks[0], only)), seed=0, stop=Iterations(0))
    assert {(each.task, each.day) for each in plan.visits} == {(0, 1), (1, 0)}


def test_calls_left_out_find_room_where_a_visit_is_worth_less() -> None:
    question = plain(tasks=5, days=1, limits=Limits(lunch_min=0))
    visit = replace(question.tasks[0], minutes=200, priority=0)
    calls = tuple(replace(task, location=None, minutes=60, priority=3) for task in question.tasks[1:])
    short = replace(question, tasks=(visit, *calls), staff=(Staff("s0", {0: Shift(510, 770)}),))
    assert [left.task for left in solve(short, seed=0, stop=Iterations(0)).left] != [0]
    assert [left.task for left in solve(short, seed=0, stop=Iterations(300)).left] == [0]


def test_days_are_put_together_again_and_again_each_time_later() -> None:
    pace = Iterations(10_000).begin()
    assert [rounds for rounds in range(0, 10_000, 500) if pace.wants_master(rounds)] == [2000, 4000, 8000]
