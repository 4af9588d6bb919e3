"""Exact sums, large runs and small changes: protects plans from breaking rules, and proofs from being wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.instances import make
from service.matching.engine import verify
from service.matching.engine.model import LinearModel, build_model
from service.matching.engine.problem import Floats, Problem
from service.matching.engine.search import large
from service.matching.engine.search.block import neighbourhood, reoptimise, solve_block
from service.matching.engine.search.greedy import greedy
from service.matching.engine.search.index import Groups, Index
from service.matching.engine.search.large import improve
from service.matching.engine.search.regions import positions, split
from service.matching.engine.search.relaxation import whole_step
from service.matching.engine.search.weighted import solve_exactly
from service.matching.engine.settings import IN_ORDER, WEIGHED, Settings
from service.matching.engine.solution import Cancelled, Step
from tests.engine.towns import BINDING, legal_plans, made_up

ASKED = Settings(levels=WEIGHED)
NEAR = 1e-6
seeds = st.integers(0, 2**32)
forty = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def nobody_watches(_: Step) -> None:
    """For runs whose steps do not matter."""


def posed(people: int, openings: int, seed: int) -> tuple[Problem, LinearModel, Floats]:
    """A problem, its model and the greedy plan's values."""
    problem = make(people, openings, seed)
    model = build_model(problem, ASKED)
    return problem, model, model.values(greedy(problem, ASKED))


@forty
@given(seeds, st.integers(0, 6))
def test_a_sum_is_solved_as_by_trying_every_plan(seed: int, level: int) -> None:
    asked = Settings(levels=(*IN_ORDER, *WEIGHED)[level : level + 1])
    problem = made_up(seed)
    plans = list(legal_plans(problem, asked))
    model = build_model(problem, asked)
    found = solve_exactly(model, None, seconds=20, watch=nobody_watches) if model.columns else None
    assume(plans and model.columns)
    assert found is not None
    assert found.is_proven
    assert verify.check(problem, asked, model.plan(found.values)) == ()
    assert found.value == pytest.approx(max(float(model.aims[0] @ model.values(plan)) for plan in plans))


@pytest.mark.parametrize(("people", "openings", "seed"), [(50, 40, 1), (50, 40, 2), (200, 120, 3), (300, 180, 4)])
def test_the_exact_sum_is_what_highs_finds_on_the_whole_model(people: int, openings: int, seed: int) -> None:
    problem, model, start = posed(people, openings, seed)
    found = solve_exactly(model, start, seconds=60, watch=nobody_watches)
    whole, _ = Index.build(model).program.solve()
    assert found is not None
    assert whole is not None
    assert found.is_proven
    assert found.value == found.bound == pytest.approx(float(model.aims[0] @ whole))
    assert verify.check(problem, ASKED, model.plan(found.values)) == ()


def test_without_time_the_start_stands_and_the_bound_holds() -> None:
    _, model, start = posed(300, 180, 4)
    found = solve_exactly(model, start, seconds=0.0, watch=nobody_watches)
    assert found is not None
    assert found.value >= float(model.aims[0] @ start)
    assert found.bound >= found.value


@forty
@given(seeds)
def test_a_large_run_keeps_every_rule_and_its_bound_holds(seed: int) -> None:
    problem = made_up(seed, frozenset(BINDING) - {"forced"})
    model = build_model(problem, ASKED)
    plans = list(legal_plans(problem, ASKED))
    assume(plans and model.columns)
    start, best = model.values(plans[0]), max(float(model.aims[0] @ model.values(plan)) for plan in plans)
    found = improve(model, start, seconds=20, seed=seed % 7, watch=nobody_watches)
    assert verify.check(problem, ASKED, model.plan(found.values)) == ()
    assert float(model.aims[0] @ start) - NEAR <= found.value <= best + NEAR
    assert found.bound >= best - NEAR


def test_regions_together_come_close_to_the_best_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "REGION", 200)
    monkeypatch.setattr(large, "BLOCKS", (100, 150))
    problem, model, start = posed(500, 300, 3)
    steps: list[Step] = []
    found = improve(model, start, seconds=60, seed=0, watch=steps.append)
    best = solve_exactly(model, start, seconds=60, watch=nobody_watches)
    assert best is not None
    assert verify.check(problem, ASKED, model.plan(found.values)) == ()
    assert found.bound >= best.value - NEAR
    assert best.value * 0.995 <= found.value <= best.value + NEAR
    values = [step.value for step in steps]
    assert values == sorted(values)
    assert values[-1] == pytest.approx(found.value + model.constant[0])
    assert found.gap < 0.02


def test_the_same_seed_gives_the_same_plan() -> None:
    _, model, start = posed(200, 120, 3)
    one, other = (improve(model, start, seconds=60, seed=1, watch=nobody_watches) for _ in range(2))
    assert np.array_equal(one.values, other.values)
    assert one.bound == other.bound


def test_a_large_run_ends_when_somebody_asks_it_to() -> None:
    _, model, start = posed(200, 120, 3)

    def stop(_: Step) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        improve(model, start, seconds=60, seed=1, watch=stop)


@pytest.mark.parametrize("seed", range(4))
def test_a_wish_moves_only_the_neighbourhood_and_keeps_every_rule(seed: int) -> None:
    problem, model, start = posed(200, 120, seed)
    index = Index.build(model)
    person, opening = _wish(index, start, seed)
    columns = index.columns_of(person, opening)
    around = neighbourhood(index, start, person, columns)
    with_it = solve_block(index, start, around, forced=columns)
    without = solve_block(index, start, around, forbidden=columns)
    assert without is not None
    assert around[0] == person
    assert len(around) <= 40
    assert not without.values[columns].any()
    for found in (with_it, without):
        if found is not None:
            moved = index.owner[np.flatnonzero(found.values != start)]
            assert set(moved.tolist()) <= set(around.tolist())
            assert {each.rule for each in verify.check(problem, ASKED, model.plan(found.values))} == set()
    assert with_it is None or with_it.values[columns].sum() >= 1


def test_the_neighbourhood_of_everybody_costs_a_wish_what_the_whole_problem_says() -> None:
    _, model, start = posed(50, 40, 1)
    index = Index.build(model)
    person, opening = _wish(index, start, 1)
    columns = index.columns_of(person, opening)
    found = solve_block(index, start, np.arange(50), forced=columns)
    wish = np.zeros(len(index.program))
    wish[columns] = -1.0
    whole, _ = index.program.with_rows(wish[None, :], np.array([-1.0])).solve()
    assert (found is None) == (whole is None)
    assert found is None or found.value == pytest.approx(float(model.aims[0] @ whole))


def test_less_room_in_a_slot_is_answered_by_those_around_it() -> None:
    _, model, start = posed(200, 120, 3)
    index = Index.build(model)
    rows = index.program.rows.tocsr()
    full = np.flatnonzero((rows @ start == model.most) & (model.most >= 2) & (np.diff(rows.indptr) > 3) & (model.rule == 4))
    most = model.most.copy()
    most[full[0]] = 0
    columns = rows.indices[rows.indptr[full[0]] : rows.indptr[full[0] + 1]]
    holders = index.owner[columns[start[columns] > 0.5]]
    found = reoptimise(index.with_most(most), start, holders, columns)
    assert found is not None
    assert not found.values[columns].any()
    assert replace(index.program, most=most).allows(found.values)


def test_what_cannot_be_is_said_so() -> None:
    _, model, start = posed(50, 40, 1)
    index = Index.build(model)
    columns = index.by_person.of([int(index.owner[0])])[:1]
    assert solve_block(index, start, [int(index.owner[0])], forced=columns, forbidden=columns) is None


def test_blocks_hold_everybody_once_and_none_is_too_large() -> None:
    _, model, _ = posed(300, 180, 1)
    people = np.unique(model.variables.columns.person)
    for cut in (0.5, 0.36, 0.62):
        blocks = split(positions(Index.build(model)), people, 40, cut)
        assert max(len(block) for block in blocks) <= 40
        assert sorted(np.concatenate(blocks).tolist()) == people.tolist()


def test_groups_list_members_in_order_and_leave_out_those_of_nobody() -> None:
    groups = Groups.by(np.array([1, -1, 0, 1], np.int32), 3)
    assert groups.of([1]).tolist() == [0, 3]
    assert groups.of([2, 0]).tolist() == [2]


@pytest.mark.parametrize(("worth", "step"), [((2.0, 5.0), 1.0), ((0.5, 3.0), 0.5), ((0.25, 1.0), 0.25), ((0.1, 1.0), 0.0)])
def test_plans_differ_at_least_by_the_step_of_their_worth(worth: tuple[float, ...], step: float) -> None:
    assert whole_step(np.array(worth)) == step


def _wish(index: Index, values: Floats, seed: int) -> tuple[int, int]:
    """Somebody and an opening they could go to and do not."""
    columns = index.model.variables.columns
    at = np.random.default_rng(seed).permutation(len(columns))
    taken = values > 0.5
    for j in at.tolist():
        person, opening = int(columns.person[j]), int(columns.opening[j])
        if not taken[index.columns_of(person, opening)].any():
            return person, opening
    raise AssertionError("everybody goes everywhere")
