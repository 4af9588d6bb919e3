"""Plans of made-up towns, one thing changed at random: the check finds it, or the day can be lived minute by minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Final

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from service.followup.planner.instance import Instance
from service.followup.planner.plan import Left, Plan, Reason, Visit
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations
from service.followup.planner.verify import Rule, Violation, check, costs_of
from tests.planner.crowded import crowded
from tests.planner.minutes import Life
from tests.planner.questions import town

few = settings(max_examples=60, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))
Change = Callable[[Random, Instance, list[Visit]], list[Visit]]


def later(random: Random, asked: Instance, visits: list[Visit]) -> list[Visit]:
    """One visit some minutes earlier or later."""
    return _one(random, visits, lambda one: replace(one, start_min=one.start_min + random.choice((-60, -5, -1, 1, 5, 60))))


def another_day(random: Random, asked: Instance, visits: list[Visit]) -> list[Visit]:
    """One visit on another day at the same minute."""
    return _one(random, visits, lambda one: replace(one, day=random.randrange(len(asked.days))))


def another_member(random: Random, asked: Instance, visits: list[Visit]) -> list[Visit]:
    """One visit by somebody else."""
    return _one(random, visits, lambda one: replace(one, staff=random.randrange(len(asked.staff))))


def exchanged(random: Random, asked: Instance, visits: list[Visit]) -> list[Visit]:
    """Two tasks in each other's place."""
    one, other = random.choice(visits), random.choice(visits)
    names = {one.task: other.task, other.task: one.task}
    return [replace(each, task=names.get(each.task, each.task)) for each in visits]


def together(random: Random, asked: Instance, visits: list[Visit]) -> list[Visit]:
    """All who go to one task, some minutes or a day later."""
    task, by, on = random.choice(visits).task, random.choice((-15, 5, 30)), random.choice((0, 0, 1))
    days = len(asked.days)
    return [
        replace(each, start_min=each.start_min + by, day=(each.day + on) % days) if each.task == task else each
        for each in visits
    ]


def gone(random: Random, asked: Instance, visits: list[Visit]) -> list[Visit]:
    """One visit less."""
    at = random.randrange(len(visits))
    return visits[:at] + visits[at + 1 :]


def doubled(random: Random, asked: Instance, visits: list[Visit]) -> list[Visit]:
    """One visit more, by somebody at some time."""
    one = random.choice(visits)
    return [*visits, replace(one, staff=random.randrange(len(asked.staff)), day=random.choice((one.day, 0)))]


def emptied(random: Random, asked: Instance, visits: list[Visit]) -> list[Visit]:
    """One task without any visit, and left."""
    task = random.choice(visits).task
    return [each for each in visits if each.task != task]


HARMLESS: Final[dict[Change, str | None]] = {
    later: "the day has room at that minute too",
    another_day: "it may be on that day too, and the day has room",
    another_member: "they may go too, and their day has room",
    exchanged: "both may be where the other was",
    together: "all of them have room then too",
    gone: None,
    doubled: None,
    emptied: "what nobody has promised may be left, at its price",
}
"""Each change, and why the check may be silent about it: the plan made by it is as good a plan. None: never."""


def _one(random: Random, visits: list[Visit], change: Callable[[Visit], Visit]) -> list[Visit]:
    at = random.randrange(len(visits))
    return [*visits[:at], change(visits[at]), *visits[at + 1 :]]


@lru_cache(maxsize=64)
def planned(seed: int) -> tuple[Instance, Plan]:
    """A town and its plan; every second one asks more than can be had."""
    asked = crowded(seed, tasks=14, staff=1 + seed % 4) if seed % 2 else town(seed, tasks=20, staff=1 + seed % 4)
    return asked, solve(asked, seed=seed, stop=Iterations(40))


def found_in(asked: Instance, plan: Plan) -> list[Violation]:
    """What breaks a rule of the visits; for what a change leaves out no reason was looked for."""
    return [each for each in check(asked, plan) if each.rule is not Rule.REASON]


def changed(asked: Instance, plan: Plan, change: Change, random: Random) -> Plan:
    """The plan with one change; its places in the day, its terms and what it leaves told anew, so that only rules decide."""
    visits = change(random, asked, list(plan.visits))
    left = plan.left
    if change is emptied:
        going = {each.task for each in visits}
        left += tuple(Left(task, Reason.FULL, ()) for task in {each.task for each in plan.visits} - going)
    plan = Plan(_in_order(asked, visits), left, plan.costs)
    return replace(plan, costs=costs_of(asked, plan))


def _in_order(asked: Instance, visits: list[Visit]) -> tuple[Visit, ...]:
    rows = sorted(visits, key=lambda each: (each.staff, each.day, asked.tasks[each.task].location is None, each.start_min))
    count: Counter[tuple[int, int]] = Counter()
    placed = []
    for each in rows:
        placed.append(replace(each, position=count[each.staff, each.day]))
        count[each.staff, each.day] += 1
    return tuple(placed)


@few
@given(st.integers(0, 2**20), st.integers(1, 60), st.integers(1, 5), st.integers(0, 120))
def test_plans_of_made_up_towns_break_no_rule(seed: int, tasks: int, staff: int, rounds: int) -> None:
    for asked in (town(seed, tasks=tasks, staff=staff), crowded(seed, tasks=tasks, staff=staff)):
        plan = solve(asked, seed=seed, stop=Iterations(rounds))
        assert check(asked, plan) == []


@pytest.mark.parametrize("seed", range(30))
def test_plans_of_made_up_towns_can_be_lived_minute_by_minute(seed: int) -> None:
    asked, plan = planned(seed)
    assert Life(asked, plan).reason() is None


@settings(few, max_examples=400)
@given(st.integers(0, 50), st.sampled_from(list(HARMLESS)), st.randoms(use_true_random=False))
def test_a_change_is_found_or_harmless(seed: int, change: Change, random: Random) -> None:
    asked, plan = planned(seed)
    if not plan.visits:
        return
    other = changed(asked, plan, change, random)
    reason, found = Life(asked, other).reason(), found_in(asked, other)
    note(f"{change.__name__}: {reason}")
    if other.visits == plan.visits:
        assert not found
    elif reason is None:
        assert not found, HARMLESS[change]
        assert HARMLESS[change]
    else:
        assert found


@pytest.mark.parametrize("change", HARMLESS)
def test_every_change_is_found_somewhere_and_harmless_where_it_may_be(change: Change) -> None:
    seen: Counter[bool] = Counter()
    for seed in range(40):
        asked, plan = planned(seed)
        other = changed(asked, plan, change, Random(seed))
        if other.visits != plan.visits:
            seen[bool(found_in(asked, other))] += 1
    assert seen[True]
    assert bool(seen[False]) == (HARMLESS[change] is not None)
