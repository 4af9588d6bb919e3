"""The reason told for what is left: the check lets pass the true ones and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.followup.planner.instance import Block, Instance, Shift
from service.followup.planner.plan import Plan, Reason
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from service.followup.planner.verify import Rule, check
from tests.planner.planted import LEFT, Change, both, limit, question, shift, task, told
from tests.planner.questions import open_days

DAYS = open_days(5)
BEHIND = DAYS[-1] + timedelta(days=7)
ALL = frozenset(range(5))
ON_MONDAY = {"early_on": DAYS[0], "due_on": DAYS[0], "late_on": DAYS[0]}
ON_TUESDAY = {"early_on": DAYS[1], "due_on": DAYS[1], "late_on": DAYS[1]}
PAIR = {"location": 3, "needs_two": True, "backups": (1,)}


def left(**facts: Any) -> Change:
    """Other facts about the task left."""
    return task(5, **facts)


def works(staff: int, start_min: int, end_min: int) -> Change:
    """Other hours on Tuesday, without lunch."""

    def change(asked: Instance, plan: Plan) -> tuple[Instance, Plan]:
        members = list(asked.staff)
        members[staff] = replace(members[staff], shifts={**members[staff].shifts, 1: Shift(start_min, end_min)})
        return replace(asked, staff=tuple(members), limits=replace(asked.limits, lunch_min=0)), plan

    return change


TRUE: dict[str, tuple[set[Reason], Change]] = {
    "room on any empty day": ({Reason.FULL}, left()),
    "every day closed": ({Reason.CLOSED}, left(closed=ALL)),
    "one day not closed": ({Reason.FULL}, left(closed=ALL - {4})),
    "every day of its window closed": ({Reason.CLOSED}, left(closed=frozenset({1, 2}), early_on=DAYS[1], late_on=DAYS[2])),
    "every day closed, and more to come": ({Reason.CLOSED, Reason.BEYOND}, left(closed=ALL, late_on=BEHIND)),
    "all behind the horizon": ({Reason.CLOSED, Reason.BEYOND}, left(early_on=BEHIND, late_on=BEHIND)),
    "days now, and more to come": ({Reason.FULL}, left(late_on=BEHIND)),
    "no hours at all": ({Reason.NO_COMMON_DAY}, left(windows=((),) * 5)),
    "no weekday known": ({Reason.NO_COMMON_DAY}, left(windows=((),))),
    "hours too short": ({Reason.NO_COMMON_DAY}, left(windows=(((600, 629),),) * 5)),
    "hours too short while who goes is away": ({Reason.NO_COMMON_DAY}, left(**ON_MONDAY, windows=(((600, 629),),) * 5)),
    "hours just long enough": ({Reason.FULL}, left(windows=(((600, 630),),) * 5)),
    "no hours yet, and more to come": ({Reason.NO_COMMON_DAY, Reason.BEYOND}, left(windows=((),) * 5, late_on=BEHIND)),
    "hours before anybody works": ({Reason.NO_COMMON_DAY}, left(windows=(((400, 539),),) * 5)),
    "hours as somebody begins, from home": ({Reason.TOO_FAR}, left(windows=(((510, 540),),) * 5)),
    "hours as soon as one can be there": ({Reason.FULL}, left(windows=(((530, 560),),) * 5)),
    "longer than a day": ({Reason.NO_COMMON_DAY}, left(minutes=526)),
    "as long as a day, the ways apart": ({Reason.TOO_FAR}, left(minutes=525)),
    "too long with lunch": ({Reason.TOO_FAR}, left(minutes=281)),
    "just not too long with lunch": ({Reason.FULL}, left(minutes=280)),
    "long, and no lunch": ({Reason.FULL}, both(limit(lunch_min=0), left(minutes=485))),
    "too many minutes of way": ({Reason.TOO_FAR}, limit(most_travel_min=39)),
    "only while who goes is away": ({Reason.ON_LEAVE}, left(**ON_MONDAY)),
    "only while who goes is away, but for a backup": ({Reason.FULL}, left(**ON_MONDAY, backups=(1,))),
    "a call only while who goes is away": ({Reason.ON_LEAVE}, left(**ON_MONDAY, location=None)),
    "a call that is long": ({Reason.FULL}, left(location=None, minutes=500)),
    "nobody to go along": ({Reason.ON_LEAVE}, left(needs_two=True)),
    "two, of whom one is away": ({Reason.ON_LEAVE}, left(**PAIR | ON_MONDAY)),
    "two, and neither away": ({Reason.FULL}, left(**PAIR)),
    "two, of whom the named one is away": ({Reason.ON_LEAVE}, left(**PAIR | ON_MONDAY | {"primary": 1, "backups": (2,), "second": 0})),
    "two who are never there together": ({Reason.FULL}, both(left(**PAIR), shift(1, 3, Block(510, 1035)))),
    "two whose hours meet for too short": ({Reason.NO_COMMON_DAY}, both(works(0, 510, 719), works(1, 690, 1035), left(**PAIR | ON_TUESDAY))),
    "two whose hours meet just long enough": ({Reason.FULL}, both(works(0, 510, 760), works(1, 690, 1035), left(**PAIR | ON_TUESDAY))),
    "two, too far for one of them": ({Reason.TOO_FAR}, both(works(0, 690, 750), left(**PAIR | ON_TUESDAY))),
    "its window past": ({Reason.FULL}, left(early_on=DAYS[0] - timedelta(days=9), late_on=DAYS[0] - timedelta(days=2))),
}  # fmt: skip


OWN = tuple(reason for reason in Reason if reason is not Reason.REFUSED)
"""What a planner may say; that something was refused is said by whoever has checked its plan."""


@pytest.mark.parametrize("named", TRUE)
def test_only_a_true_reason_passes(named: str) -> None:
    true, change = TRUE[named]
    asked, plan = change(question(), told(question()))
    for reason in OWN:
        plan = told(asked, plan.visits, (replace(LEFT[0], reason=reason),))
        assert (Rule.REASON in [each.rule for each in check(asked, plan)]) == (reason not in true), reason


@pytest.mark.parametrize("named", TRUE)
def test_the_planner_tells_a_true_reason_or_finds_a_day(named: str) -> None:
    _, change = TRUE[named]
    asked, _ = change(question(), told(question()))
    plan = solve(asked, seed=0, stop=Iterations(20))
    assert check(asked, plan) == []
    assert {each.reason for each in plan.left} <= set(OWN)


def test_a_promise_left_has_no_reason_that_would_do() -> None:
    """It is blamed as a broken promise, whatever is told."""
    for reason in Reason:
        rows = tuple(each for each in told(question()).visits if each.task != 4)
        plan = told(question(), rows, (*LEFT, replace(LEFT[0], task=4, reason=reason)))
        assert [each.rule for each in check(question(), plan)] == [Rule.PROMISE]
