"""What holds of every run, whoever is in it: properties that need no second solver to be checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from service.matching.engine import verify
from service.matching.engine.pins.conflict import conflicts
from service.matching.engine.problem import NO_LIMIT, Problem, Rules
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan
from service.matching.engine.solve import solve
from service.matching.engine.stored.file import read, write
from tests.engine.towns import BINDING, level_values, made_up, plan_of, town

ASKED = Settings()
towns = st.integers(0, 2**32).map(lambda seed: made_up(seed, frozenset(BINDING) - {"forced", "together"}))
few = settings(max_examples=25, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))


def best(problem: Problem) -> tuple[float, ...]:
    """The values of the engine's plan, after the plan has been checked."""
    plan = solve(problem, ASKED).plan
    assert verify.check(problem, ASKED, plan) == ()
    return level_values(problem, ASKED, plan)


@few
@given(towns, st.randoms(use_true_random=False))
def test_one_more_place_never_lowers_what_is_attained(problem: Problem, dice: Any) -> None:
    slots, openings = problem.slots, problem.openings
    place = dice.randrange(len(slots))
    more = np.where((np.arange(len(slots)) == place) & (slots.places >= 0), slots.places + 1, slots.places).astype(np.int32)
    free = openings.free.copy()
    free[slots.opening[place]] += free[slots.opening[place]] >= 0
    roomier = replace(problem, slots=replace(slots, places=more), openings=replace(openings, free=free))
    assert best(roomier) >= best(problem)


@few
@given(towns)
def test_a_limit_lifted_never_lowers_what_is_attained(problem: Problem) -> None:
    rules = Rules(forbidden=problem.rules.forbidden)
    hosts = replace(problem.hosts, new_starts=np.full(len(problem.hosts), NO_LIMIT, np.int32))
    assert best(replace(problem, hosts=hosts, rules=rules)) >= best(problem)


@few
@given(towns, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_change_what_is_attained(problem: Problem, dice: Any) -> None:
    file = write(problem)
    for table in ("people", "openings", "pairs", "hosts", "coordinators", "held"):
        dice.shuffle(file.get(table, []))
    assert best(read(file)) == pytest.approx(best(problem), abs=1e-6)


@few
@given(towns)
def test_a_forbidden_pair_is_never_proposed(problem: Problem) -> None:
    plan = solve(problem, ASKED).plan
    proposed = set(zip(plan.person.tolist(), plan.opening(problem).tolist(), strict=True))
    assume(proposed)
    barred = replace(problem, rules=replace(problem.rules, forbidden=problem.rules.forbidden | proposed))
    again = solve(barred, ASKED).plan
    assert not proposed & set(zip(again.person.tolist(), again.opening(barred).tolist(), strict=True))


@few
@given(towns)
def test_a_proposed_pair_can_be_forced_and_nothing_is_lost(problem: Problem) -> None:
    plan = solve(problem, ASKED).plan
    proposed = tuple(dict.fromkeys(zip(plan.person.tolist(), plan.opening(problem).tolist(), strict=True)))
    forced = replace(problem, rules=replace(problem.rules, forced=proposed))
    assert conflicts(forced, ASKED) == ()
    assert best(forced) == pytest.approx(best(problem), abs=1e-6)


@few
@given(towns)
def test_the_same_seed_gives_the_same_plan(problem: Problem) -> None:
    one, other = (solve(problem, ASKED).plan for _ in range(2))
    assert all(np.array_equal(getattr(one, field), getattr(other, field)) for field in ("person", "slot", "half"))


@few
@given(towns)
def test_nobody_placed_is_a_legal_plan_and_a_plan_to_begin_from_only_helps(problem: Problem) -> None:
    assert verify.check(problem, ASKED, Plan.empty()) == () or problem.rules.households_apart
    found = solve(problem, ASKED)
    again = solve(problem, ASKED, start=found.plan)
    assert level_values(problem, ASKED, again.plan) == pytest.approx(level_values(problem, ASKED, found.plan), abs=1e-6)


@pytest.mark.parametrize(
    ("people", "openings", "pairs"),
    [({}, {}, []), ({"P": {}}, {}, []), ({}, {"A": {}}, []), ({"P": {}}, {"A": {"slots": []}}, [("P", "A")])],
    ids=["nothing", "people alone", "openings alone", "an opening without a session"],
)
def test_an_empty_run_is_solved_to_nothing(people: Any, openings: Any, pairs: Any) -> None:
    found = solve(town(people, openings, pairs), ASKED)
    assert len(found.plan) == 0
    assert found.is_proven


def test_zero_places_place_nobody_and_are_no_contradiction() -> None:
    full = town({"P": {}}, {"A": {"slots": [{"places": 0}]}, "B": {"free": 0}}, [("P", "A"), ("P", "B")])
    assert len(solve(full, ASKED).plan) == 0


def test_the_most_people_go_before_the_best_points() -> None:
    """P alone could have the better place; both are placed only if P takes the other one."""
    problem = town(
        {"P": {}, "Q": {}}, {"A": {"free": 1}, "B": {"free": 1}}, [("P", "A", {"score": 9}), ("P", "B"), ("Q", "A")]
    )
    plan, wanted = solve(problem, ASKED).plan, plan_of(problem, ("P", "B", 0), ("Q", "A", 0))
    assert sorted(zip(plan.person.tolist(), plan.slot.tolist(), strict=True)) == sorted(
        zip(wanted.person.tolist(), wanted.slot.tolist(), strict=True)
    )
