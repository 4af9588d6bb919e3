"""Every reason for leaving something out is true, tried over all days, members and orders; and so is every remedy."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from service.followup.planner.instance import Block, Instance, Limits, Shift, Staff
from service.followup.planner.plan import Left, Plan, Reason, Remedy
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from tests.planner.every import can_stand
from tests.planner.questions import open_days, plain, plain_task, square
from tests.planner.test_promises import with_task

FAR = 85


def scarce(seed: int) -> Instance:
    """Eight visits for two members who are often away, on four days, some very far, some at places that are often closed."""
    random = Random(seed)
    days = open_days(4)
    staff = tuple(
        Staff(f"s{who}", {day: Shift(510, random.choice((720, 1035))) for day in range(4) if random.random() < 0.6})
        for who in range(2)
    )
    travel = square(9, random)
    travel[0, 1:3] = travel[1:3, 0] = FAR + 2 * (seed % 2)
    return Instance(days, staff, tuple(_visit(random, at) for at in range(8)), travel, Limits(2))


def _visit(random: Random, at: int) -> Any:
    days = open_days(4)
    first = random.randrange(4)
    last = random.randrange(first, 4)
    closed = frozenset(day for day in range(4) if random.random() < 0.4)
    hours = tuple(((540, 600), (840, 960)) if random.random() < 0.6 else () for _ in range(5))
    late = days[last] + timedelta(days=30) if last == 3 and random.random() < 0.3 else days[last]
    return plain_task(
        f"t{at}", days, location=at + 1, primary=at % 2, backups=(1 - at % 2,) if random.random() < 0.3 else (), minutes=60,
        early_on=days[first], due_on=days[last], late_on=late, closed=closed, windows=hours, priority=0,
    )  # fmt: skip


def window_of(question: Instance, at: int) -> list[int]:
    """The days of a task's window that lie in the horizon."""
    task = question.tasks[at]
    return [day for day, on in enumerate(question.days) if task.early_on <= on <= task.late_on]


def true_reason(question: Instance, plan: Plan, left: Left) -> Reason:
    """The reason by looking at every day, every member and every order."""
    task, days = question.tasks[left.task], window_of(question, left.task)
    open_days = [day for day in days if day not in task.closed]
    common = [day for day in open_days if not task.windows or task.windows[question.days[day].weekday()]]
    if not common:
        if task.late_on > question.days[-1]:
            return Reason.BEYOND
        return Reason.NO_COMMON_DAY if open_days else Reason.CLOSED
    cells = [(who, day) for who in (task.primary, *task.backups) for day in common if day in question.staff[who].shifts]
    if not cells:
        return Reason.ON_LEAVE
    meet = [cell for cell in cells if _hours_meet(question, left.task, cell)]
    if not meet:
        return Reason.NO_COMMON_DAY
    alone = [cell for cell in meet if can_stand(question, cell, (left.task,))]
    if not alone:
        return Reason.TOO_FAR
    assert not any(can_stand(question, cell, (*_there(plan, cell), left.task)) for cell in alone)
    return Reason.FULL


def _hours_meet(question: Instance, at: int, cell: tuple[int, int]) -> bool:
    shift, task = question.staff[cell[0]].shifts[cell[1]], question.tasks[at]
    hours = task.windows[question.days[cell[1]].weekday()] if task.windows else ((0, 1440),)
    return any(min(shift.end_min, end) - max(shift.start_min, start) >= task.minutes for start, end in hours)


def _there(plan: Plan, cell: tuple[int, int]) -> tuple[int, ...]:
    return tuple(each.task for each in plan.visits if (each.staff, each.day) == cell)


def test_every_reason_is_what_trying_everything_finds() -> None:
    seen: Counter[Reason] = Counter()
    for seed in range(60):
        question = scarce(seed)
        plan = solve(question, seed=0, stop=Iterations(150))
        for left in plan.left:
            assert left.reason is true_reason(question, plan, left), (seed, left)
            seen[left.reason] += 1
    assert set(seen) == set(Reason) - {Reason.REFUSED}


def test_every_remedy_of_a_full_week_would_help() -> None:
    """What a remedy says is tried by changing the question that far, everything else promised as it is."""
    seen: Counter[Remedy] = Counter()
    for seed in range(25):
        question = scarce(seed)
        plan = solve(question, seed=0, stop=Iterations(100))
        for left in plan.left:
            for remedy in left.remedies:
                helped = solve(_with(question, left.task, remedy), seed=0, stop=Iterations(0), warm=plan)
                assert left.task in [each.task for each in helped.visits], (seed, left)
                seen[remedy] += 1
    assert set(seen) == set(Remedy)


def _with(question: Instance, at: int, remedy: Remedy) -> Instance:
    """The question with one thing allowed."""
    everybody = tuple(range(len(question.staff)))
    if remedy is Remedy.WIDEN:
        week, task = timedelta(days=7), question.tasks[at]
        return with_task(question, at, early_on=task.early_on - week, late_on=task.late_on + week)
    if remedy is Remedy.OTHER_STAFF:
        return with_task(question, at, backups=everybody)
    if remedy is Remedy.BY_PHONE:
        return with_task(question, at, location=None, windows=())
    return with_task(question, at, windows=(), closed=frozenset())


def test_a_window_behind_the_horizon_is_beyond() -> None:
    question = plain()
    later = question.days[-1] + timedelta(days=10)
    plan = solve(with_task(question, 0, early_on=later, due_on=later, late_on=later), seed=0, stop=Iterations(5))
    assert [left.reason for left in plan.left] == [Reason.BEYOND]


def test_a_meeting_all_day_is_full() -> None:
    question = plain(days=1)
    busy = replace(question.staff[0], shifts={0: Shift(510, 1035, (Block(510, 1035),))})
    plan = solve(replace(question, staff=(busy,)), seed=0, stop=Iterations(5))
    assert [left.reason for left in plan.left] == [Reason.FULL]


def test_what_is_overdue_looks_at_every_day_left() -> None:
    question = plain(days=3)
    before = question.days[0] - timedelta(days=20)
    asked = with_task(question, 0, early_on=before, due_on=before, late_on=before)
    plan = solve(asked, seed=0, stop=Iterations(5))
    assert [each.day for each in plan.visits] == [0]
    nobody = solve(replace(asked, staff=(Staff("s0", {}),)), seed=0, stop=Iterations(5))
    assert [left.reason for left in nobody.left] == [Reason.ON_LEAVE]


@pytest.mark.parametrize("far", [86, 400])
def test_what_cannot_be_reached_and_left_in_a_day_is_too_far(far: int) -> None:
    question = replace(plain(), travel=np.array([[0, far], [far, 0]], dtype=np.int32))
    plan = solve(question, seed=0, stop=Iterations(5))
    assert [left.reason for left in plan.left] == [Reason.TOO_FAR]
    assert Remedy.BY_PHONE in plan.left[0].remedies


def test_a_member_whose_day_is_full_of_calls_is_no_remedy() -> None:
    question = plain(tasks=2, days=1, staff=2)
    call = replace(question.tasks[1], location=None, minutes=90, primary=1)
    staff = (replace(question.staff[0], shifts={}), replace(question.staff[1], shifts={0: Shift(510, 610)}))
    plan = solve(replace(question, tasks=(question.tasks[0], call), staff=staff), seed=0, stop=Iterations(5))
    assert plan.left == (Left(0, Reason.ON_LEAVE, ()),)
    free = solve(replace(question, tasks=question.tasks[:1], staff=staff), seed=0, stop=Iterations(5))
    assert free.left == (Left(0, Reason.ON_LEAVE, (Remedy.OTHER_STAFF,)),)
