"""What is done about one person: never by two of us at one hour, however overdue, promised or telephoned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from service.followup.planner.instance import Instance, Promise
from service.followup.planner.plan import Plan
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from service.followup.planner.verify import check
from tests.planner.crowded import crowded
from tests.planner.questions import MONDAY, plain, town
from tests.planner.test_promises import with_task

SEEDS = range(12)
PER_PERSON = 5


def shared(asked: Instance) -> Instance:
    """The same question with so many things to do about each person."""
    return replace(asked, tasks=tuple(replace(task, person=at // PER_PERSON % 4) for at, task in enumerate(asked.tasks)))


def two_overdue(**facts: object) -> Instance:
    """Two overdue visits to one person, each another coordinator's: both are wanted today."""
    asked = plain(tasks=2, staff=2, days=5)
    for at in (0, 1):
        asked = with_task(asked, at, person=0, primary=at, early_on=MONDAY, due_on=MONDAY, late_on=MONDAY, **facts)
    return asked


def met_on_one_day(asked: Instance, plan: Plan) -> Iterator[tuple[int, int]]:
    """Pairs of visits to one person on one day made by people who have nobody in common; two promises aside."""
    going: dict[int, tuple[int, set[int]]] = {}
    for visit in plan.visits:
        going.setdefault(visit.task, (visit.day, set()))[1].add(visit.staff)
    for one, (day, staff) in going.items():
        for other, (other_day, others) in going.items():
            is_same = asked.tasks[one].person == asked.tasks[other].person
            may_move = asked.tasks[one].pin is None or asked.tasks[other].pin is None
            if one < other and is_same and may_move and day == other_day and not staff & others:
                yield one, other


@pytest.mark.parametrize("location", [1, None], ids=["visits", "calls"])
def test_two_overdue_things_about_one_person_are_not_done_by_two_on_one_day(location: int | None) -> None:
    asked = two_overdue(location=location)
    plan = solve(asked, seed=1, stop=Iterations(200))
    assert len(plan.visits) == 2
    assert len({visit.staff for visit in plan.visits}) == 1 or len({visit.day for visit in plan.visits}) == 2
    assert check(asked, plan) == []


def test_what_one_can_do_on_one_day_is_done_one_after_the_other() -> None:
    asked = with_task(two_overdue(), 1, primary=0)
    plan = solve(asked, seed=1, stop=Iterations(50))
    assert [visit.day for visit in plan.visits] == [0, 0]
    assert len({visit.start_min for visit in plan.visits}) == 2


def test_a_promise_of_a_colleague_keeps_the_day_from_others() -> None:
    asked = with_task(two_overdue(), 0, pin=Promise(0, 0, 600))
    plan = solve(asked, seed=1, stop=Iterations(50))
    assert [(visit.task, visit.day) for visit in plan.visits] == [(0, 0), (1, 1)]


def test_a_visit_of_two_waits_for_a_day_without_a_colleagues_promise() -> None:
    asked = plain(tasks=2, staff=3, days=5)
    asked = with_task(asked, 0, person=0, primary=2, pin=Promise(2, 2, 600))
    asked = with_task(asked, 1, person=0, primary=0, backups=(1,), needs_two=True)
    plan = solve(asked, seed=1, stop=Iterations(50))
    assert {visit.day for visit in plan.visits if visit.task == 1} <= {1, 3}
    assert len(plan.visits) == 3


def test_two_promises_to_one_person_stay_with_those_who_gave_them() -> None:
    asked = with_task(with_task(two_overdue(), 0, pin=Promise(0, 0, 600)), 1, pin=Promise(1, 0, 610))
    plan = solve(asked, seed=1, stop=Iterations(50))
    assert sorted((visit.task, visit.start_min) for visit in plan.visits) == [(0, 600), (1, 610)]
    assert check(asked, plan) == []


@pytest.mark.parametrize("rounds", [0, 300, 2100])
@pytest.mark.parametrize("make", [town, crowded])
def test_in_no_town_two_go_to_one_person_on_one_day(make: Callable[..., Instance], rounds: int) -> None:
    for seed in SEEDS if rounds < 2000 else SEEDS[:3]:
        asked = shared(make(seed, tasks=40, staff=3))
        plan = solve(asked, seed=seed, stop=Iterations(rounds))
        assert list(met_on_one_day(asked, plan)) == [], seed
        assert check(asked, plan) == [], seed


def test_the_number_of_a_person_is_kept_with_the_question() -> None:
    asked = two_overdue()
    assert Instance.of_json(asked.to_json()).tasks == asked.tasks
