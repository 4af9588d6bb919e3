"""A small question with a plan that keeps every rule, and the ways to change one thing about either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from service.followup.planner.instance import Block, Instance, Promise, Shift, Staff
from service.followup.planner.plan import Costs, Left, Plan, Reason, Visit
from service.followup.planner.verify import costs_of
from tests.planner.questions import open_days, plain_task
from tests.planner.test_promises import with_task

Change = Callable[[Instance, Plan], tuple[Instance, Plan]]
OPEN = Shift(510, 1035)
HOURS = (((540, 720),),) * 5
AT_HOME, TO_ANYWHERE, BETWEEN = 0, 20, 10
"""Minutes of way: none, from the office, from place to place."""


def question() -> Instance:
    """Four members, one away on Monday; a visit with hours, a plain one, a call, two together, a promise, one left."""
    days = open_days(5)
    tasks = (
        plain_task("hours", days, minutes=60, early_on=days[1], backups=(1,), windows=HOURS, closed=frozenset({3})),
        plain_task("plain", days, location=2, backups=(1,)),
        plain_task("call", days, location=None, minutes=15),
        plain_task("pair", days, location=3, minutes=45, backups=(2,), needs_two=True, second=1),
        plain_task("promised", days, location=1, backups=(1,), pin=Promise(1, 2, 600)),
        plain_task("left", days, location=2),
    )
    travel = np.full((4, 4), BETWEEN, dtype=np.int32)
    travel[0], travel[:, 0] = TO_ANYWHERE, TO_ANYWHERE
    np.fill_diagonal(travel, AT_HOME)
    members = [Staff(f"s{at}", {day: OPEN for day in range(5) if (at, day) != (0, 0)}) for at in range(4)]
    return Instance(days, tuple(members), tasks, travel)


VISITS = (
    Visit(0, 0, 1, 540, 0),
    Visit(1, 0, 1, 615, 1),
    Visit(2, 0, 1, 680, 2),
    Visit(3, 0, 4, 600, 0),
    Visit(3, 1, 4, 600, 0),
    Visit(4, 1, 2, 600, 0),
)
LEFT = (Left(5, Reason.FULL, ()),)


def told(asked: Instance, visits: tuple[Visit, ...] = VISITS, left: tuple[Left, ...] = LEFT, **more: Any) -> Plan:
    """A plan with its terms added up; without notes."""
    plan = Plan(visits, left, Costs())
    known = all(visit.task < len(asked.tasks) and 0 <= visit.day < 5 and visit.staff < 4 for visit in visits)
    known = known and all(each.task < len(asked.tasks) for each in left)
    return replace(plan, **{"costs": costs_of(asked, plan) if known else Costs(), **more})


def visit(at: int, **facts: Any) -> Change:
    """One visit otherwise."""
    return lambda asked, plan: (
        asked,
        told(asked, (*plan.visits[:at], replace(plan.visits[at], **facts), *plan.visits[at + 1 :])),
    )


def without(at: int, *left: int) -> Change:
    """One visit less, and tasks left."""
    return lambda asked, plan: (
        asked,
        told(asked, (*plan.visits[:at], *plan.visits[at + 1 :]), (*LEFT, *(Left(task, Reason.FULL, ()) for task in left))),
    )


def more(*visits: Visit) -> Change:
    """More visits."""
    return lambda asked, plan: (asked, told(asked, (*plan.visits, *visits)))


def also_left(*tasks: int) -> Change:
    """More tasks left."""
    return lambda asked, plan: (asked, told(asked, left=(*LEFT, *(Left(task, Reason.FULL, ()) for task in tasks))))


def limit(**facts: Any) -> Change:
    """Other limits."""
    return lambda asked, plan: (replace(asked, limits=replace(asked.limits, **facts)), plan)


def task(at: int, **facts: Any) -> Change:
    """Other facts about one task."""

    def change(asked: Instance, plan: Plan) -> tuple[Instance, Plan]:
        other = with_task(asked, at, **facts)
        return other, told(other, plan.visits)

    return change


def shift(staff: int, day: int, *blocks: Block) -> Change:
    """Hours of a day given away; none at all is leave."""

    def change(asked: Instance, plan: Plan) -> tuple[Instance, Plan]:
        shifts = {at: one for at, one in asked.staff[staff].shifts.items() if at != day}
        if blocks:
            shifts[day] = replace(OPEN, blocks=blocks)
        members = list(asked.staff)
        members[staff] = replace(members[staff], shifts=shifts)
        other = replace(asked, staff=tuple(members))
        return other, told(other, plan.visits)

    return change


def tells(**facts: Any) -> Change:
    """Something else said beside the visits."""
    return lambda asked, plan: (asked, replace(plan, **facts))


def dearer(term: str) -> Change:
    """One of the five terms a minute too high."""
    return lambda asked, plan: (asked, replace(plan, costs=replace(plan.costs, **{term: getattr(plan.costs, term) + 1})))


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(asked: Instance, plan: Plan) -> tuple[Instance, Plan]:
        for each in changes:
            asked, plan = each(asked, plan)
        return asked, plan

    return change
