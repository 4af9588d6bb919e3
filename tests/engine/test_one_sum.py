"""Runs too large for one aim after the other: protects the town's order of aims, and that every value told is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from benchmarks.instances import make
from service.matching.engine import solve as solving
from service.matching.engine import verify
from service.matching.engine.model import build_model
from service.matching.engine.model.objective import most_of, priorities
from service.matching.engine.pins.conflict import Contradiction
from service.matching.engine.problem import Problem
from service.matching.engine.search.one_sum import FINEST, LARGEST, MOVED, NAME, RANGE, WITHOUT_EVENNESS, one_sum
from service.matching.engine.settings import IN_ORDER, WEIGHED, Level, Settings, Term
from service.matching.engine.solution import Solution, Step
from service.matching.engine.solve import solve
from tests.engine.towns import BINDING, best_by_trying, made_up, said, slot, town

NEAR = 1e-6
PLACED, PRIORITY, POINTS, EVENNESS, KEPT, TRAVEL = IN_ORDER


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is too large for one aim after the other."""
    monkeypatch.setattr(solving, "MOST_IN_ORDER", -1)


@pytest.fixture
def sparse(monkeypatch: pytest.MonkeyPatch, large: None) -> None:
    """And goes through the pipeline of the largest ones."""
    monkeypatch.setattr(solving, "MOST_FOR_PROOF", 0)


def weighed(problem: Problem, levels: Sequence[Level] = IN_ORDER) -> Level:
    """The sum of a problem's aims."""
    return one_sum(build_model(problem, Settings(levels=tuple(levels))))


def told_and_counted(problem: Problem, asked: Settings, found: Solution) -> None:
    """Every aim is told in the order asked for, as the validator counts it, below its bound; the sum comes last."""
    assert verify.check(problem, asked, found.plan) == ()
    terms = verify.attained(problem, asked, found.plan)
    *aims, whole = found.attained
    assert [aim.name for aim in aims] == [level.name for level in asked.levels]
    for aim, level in zip(aims, asked.levels, strict=True):
        assert aim.value == pytest.approx(sum(weight * terms[term] for term, weight in level.weights.items()))
        assert aim.value - NEAR <= aim.bound <= most_of(problem, asked, level) + NEAR
    assert whole.name in (NAME, WITHOUT_EVENNESS)
    assert whole.value - NEAR <= whole.bound


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("seed", range(40))
def test_the_sum_puts_people_then_waiting_first(seed: int) -> None:
    problem, asked = made_up(seed), Settings()
    best = best_by_trying(problem, asked)
    if best is None:
        with pytest.raises(Contradiction):
            solve(problem, asked)
        return
    found = solve(problem, asked)
    told_and_counted(problem, asked, found)
    values = [aim.value for aim in found.attained]
    assert values[:2] == pytest.approx(best[:2])
    assert values[2] >= best[2] - max(1.0, abs(best[2])) / 100


@pytest.mark.usefixtures("sparse")
def test_the_largest_runs_tell_what_their_plan_attains() -> None:
    problem, asked = make(300, 180, 4), Settings(seconds=20)
    steps: list[Step] = []
    found = solve(problem, asked, watch=steps.append)
    assert found.engine == "列生成"
    told_and_counted(problem, asked, found)
    whole = found.attained[-1]
    assert whole.gap < 0.01
    assert found.attained[0].gap < 0.03
    assert found.attained[1].gap < 0.05
    assert {level.name for level in asked.levels} <= {step.name for step in steps}


@pytest.mark.usefixtures("sparse")
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("with_asks", [False, True])
def test_the_largest_runs_keep_every_rule_and_tell_what_is_counted(seed: int, with_asks: bool) -> None:
    problem, asked = made_up(seed, frozenset(BINDING) - {"forced"}), Settings(include_ask=with_asks, seconds=5)
    told_and_counted(problem, asked, solve(problem, asked))


@pytest.mark.usefixtures("large")
def test_the_last_place_goes_to_who_waits_longest() -> None:
    people = {"P": {"waiting_days": 30}, "Q": {"waiting_days": 31}}
    problem = town(people, {"A": {"free": 1}}, [("P", "A", {"score": 1000, "minutes": 1}), ("Q", "A", {"minutes": 50})])
    assert said(solve(problem, Settings()).plan, problem) == {("Q", "A")}
    points_first = (PLACED, POINTS, PRIORITY, EVENNESS, KEPT, TRAVEL)
    assert said(solve(problem, Settings(levels=points_first)).plan, problem) == {("P", "A")}


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(("levels", "goes"), [((PLACED, KEPT, TRAVEL), "A"), ((PLACED, TRAVEL, KEPT), "B")])
def test_what_stays_and_how_far_it_is_count_in_the_order_asked_for(levels: tuple[Level, ...], goes: str) -> None:
    pairs = [("P", "A", {"minutes": 40}), ("P", "B", {"minutes": 5})]
    problem = town({"P": {}}, {"A": {}, "B": {}}, pairs, held=[{"person": "P", "opening": "A"}])
    assert said(solve(problem, Settings(levels=levels)).plan, problem) == {("P", goes)}


@pytest.mark.usefixtures("large")
def test_evenness_is_told_though_it_is_not_in_the_sum() -> None:
    people = {name: {"waiting_days": 9} for name in "PQR"}
    pairs = [(name, "A", {"score": 5}) for name in people] + [(name, "B", {"score": 4}) for name in people]
    problem, asked = town(people, {"A": {}, "B": {}}, pairs), Settings()
    found = solve(problem, asked)
    told_and_counted(problem, asked, found)
    assert found.attained[3].value == -3
    assert found.attained[3].bound == 0
    assert found.attained[-1].name == WITHOUT_EVENNESS
    assert not found.is_proven


@pytest.mark.usefixtures("large")
def test_what_can_go_no_further_by_itself_is_proven() -> None:
    people = {"P": {"demand": 1}, "Q": {"demand": 1}, "R": {"demand": 1}}
    problem = town(people, {"A": {"slots": [slot("月", places=1)]}}, [(name, "A", {"score": 3}) for name in people])
    found = solve(problem, Settings(levels=(PLACED, POINTS)))
    assert [aim.value for aim in found.attained[:2]] == [2, 3]
    assert found.is_proven


@pytest.mark.usefixtures("large")
def test_without_time_the_bound_that_costs_nothing_stands() -> None:
    problem = make(50, 40, 1)
    hurried, patient = (solve(problem, Settings(seconds=seconds)) for seconds in (1e-6, 20))
    free = [most_of(problem, Settings(), level) for level in IN_ORDER]
    assert [aim.bound for aim in hurried.attained[:-1]] == pytest.approx(free)
    assert any(aim.bound < most - NEAR for aim, most in zip(patient.attained, free, strict=False))


def test_a_step_of_an_aim_outweighs_a_few_places_in_all_later_ones() -> None:
    problem = make(60, 40, 1)
    weights = weighed(problem, (PLACED, PRIORITY, POINTS, KEPT)).weights
    placeable = build_model(problem, Settings()).variables.placed_of >= 0
    days = priorities(problem, Settings())[placeable].max()
    points = problem.pairs.points.max() * 3
    assert weights[Term.PLACED] >= MOVED * weights[Term.PRIORITY] * days * (1 - NEAR)
    assert weights[Term.PRIORITY] >= MOVED * (weights[Term.POINTS] * points * 0.5 + weights[Term.KEPT])
    assert weights[Term.POINTS] * points / 1_000 >= weights[Term.KEPT]


def test_the_weights_follow_the_order_asked_for() -> None:
    problem = make(60, 40, 1)
    before, after = (weighed(problem, levels).weights for levels in (IN_ORDER, (PLACED, POINTS, PRIORITY, KEPT, TRAVEL)))
    assert before[Term.PRIORITY] / before[Term.POINTS] > 1_000 * after[Term.PRIORITY] / after[Term.POINTS]


def test_a_levels_own_weights_stay_as_they_are() -> None:
    weights = weighed(make(60, 40, 1), (WEIGHED[0], TRAVEL)).weights
    assert weights[Term.PLACED] / weights[Term.POINTS] == pytest.approx(20_000)
    assert weights[Term.KEPT] / weights[Term.POINTS] == pytest.approx(150)
    assert 0 < weights[Term.TRAVEL] < weights[Term.POINTS]


@pytest.mark.parametrize("most", [10, 1_000, 1_000_000])
def test_the_weights_stay_within_what_doubles_carry(most: int) -> None:
    people: dict[str, Any] = {name: {"demand": 5, "waiting_days": most} for name in "PQ"}
    pairs = [(name, "A", {"score": most / 7, "minutes": most}) for name in people]
    problem = town(people, {"A": {}}, pairs)
    weights = weighed(problem).weights
    steps = [weights[Term.PLACED], weights[Term.PRIORITY], weights[Term.KEPT], weights[Term.TRAVEL]]
    assert steps == sorted(steps, reverse=True)
    assert max(steps) <= LARGEST * (1 + NEAR)
    assert weights[Term.PLACED] / weights[Term.TRAVEL] <= RANGE * max(1.0, 3 * most / FINEST) * (1 + NEAR)
    assert weights[Term.PLACED] >= MOVED * weights[Term.PRIORITY] * most * (1 - NEAR)
    assert np.isfinite(list(weights.values())).all()


def test_a_sum_is_named_after_what_is_in_it() -> None:
    problem = make(60, 40, 1)
    assert weighed(problem).name == WITHOUT_EVENNESS
    assert weighed(problem, (PLACED, TRAVEL)).name == NAME
    assert Term.EVENNESS not in weighed(problem).weights


@pytest.mark.usefixtures("sparse")
def test_evenness_alone_asks_for_nothing_and_refuses_nothing() -> None:
    problem, asked = make(50, 40, 1), Settings(levels=(EVENNESS, EVENNESS), seconds=5)
    told_and_counted(problem, asked, solve(problem, asked))


def test_one_sum_asked_for_is_solved_as_asked_for() -> None:
    found = solve(make(50, 40, 1), Settings(levels=WEIGHED))
    assert [aim.name for aim in found.attained] == [WEIGHED[0].name]
