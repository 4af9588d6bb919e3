"""Bounds, cuts and prices prove something about every plan: protects a gap shown on a page from being made up."""

from __future__ import annotations

import time
from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from benchmarks.instances import make
from service.matching.engine.model import LinearModel, build_model
from service.matching.engine.problem import Floats
from service.matching.engine.search.bidding import Bidders
from service.matching.engine.search.cuts import broken_cuts, openers
from service.matching.engine.search.index import Index
from service.matching.engine.search.lifted import together
from service.matching.engine.search.pricing import Growing
from service.matching.engine.search.program import Program
from service.matching.engine.search.regions import Region
from service.matching.engine.search.relaxation import relax_tightly
from service.matching.engine.settings import IN_ORDER, WEIGHED, Settings
from tests.engine.towns import BINDING, legal_plans, made_up

NEAR = 1e-6
seeds = st.integers(0, 2**32)
forty = settings(max_examples=40, deadline=None, derandomize=True, database=None)


@cache
def town(seed: int, people: int = 60, openings: int = 40) -> tuple[LinearModel, Index, Floats]:
    """A model with its best plan, found by HiGHS on the whole of it."""
    model = build_model(make(people, openings, seed), Settings(levels=WEIGHED))
    index = Index.build(model)
    best, _ = index.program.solve()
    assert best is not None
    return model, index, best


def plans_of(seed: int, levels: tuple[object, ...] = WEIGHED) -> tuple[LinearModel, list[Floats]]:
    """A made-up town with every rule, and the values of every plan it allows."""
    asked = Settings(levels=levels)  # type: ignore[arg-type]
    problem = made_up(seed, frozenset(BINDING) - {"forced"})
    model = build_model(problem, asked)
    return model, [model.values(plan) for plan in legal_plans(problem, asked)]


@forty
@given(seeds, st.integers(0, 5))
def test_no_plan_is_worth_more_than_any_prices_prove(seed: int, level: int) -> None:
    model, plans = plans_of(seed, IN_ORDER[level : level + 1])
    assume(plans)
    index, dice = Index.build(model), np.random.default_rng(seed)
    best = max(float(model.aims[0] @ values) for values in plans)
    bidders = Bidders.build(index)
    scale = np.abs(model.aims[0]).max(initial=1.0)
    for share in (0.0, 0.3, 1.0, 3.0):
        prices = dice.random(len(model.most)) * share * scale
        assert bidders.bid(prices).bound >= best - NEAR


@forty
@given(seeds)
def test_no_plan_breaks_a_cut(seed: int) -> None:
    model, plans = plans_of(seed)
    dice = np.random.default_rng(seed)
    for _ in range(5):
        cuts = broken_cuts(model.rows, model.most, openers(model), dice.random(len(model.upper)))
        for values in plans if cuts is not None else ():
            assert (cuts.rows @ values <= cuts.most + NEAR).all()


@pytest.mark.parametrize(("room", "shares"), [(2, (0.5, 1.0, 1.0)), (3, (1.0, 1.0, 0.4))])
def test_a_fortnightly_session_costs_a_weekly_place_where_room_is_whole(room: int, shares: tuple[float, ...]) -> None:
    rows = sparse.csr_array(np.array([[2.0, 1.0, 1.0]]))
    values, nobody = np.array(shares), np.full(3, -1, np.int32)
    cuts = broken_cuts(rows, np.array([float(room)]), nobody, values)
    assert cuts is not None
    assert cuts.rows @ values > cuts.most
    for whole in np.ndindex(2, 2, 2):
        if rows @ np.array(whole) <= room:
            assert (cuts.rows @ np.array(whole) <= cuts.most).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cuts_bring_the_bound_down_and_never_below_the_best_plan(seed: int) -> None:
    model, index, best = town(seed, 200, 120)
    plain = index.program.relax()
    tight = relax_tightly(index.program, openers(model), time.monotonic() + 60)
    assert plain is not None
    assert tight is not None
    assert float(index.program.worth @ best) - NEAR <= tight.relaxed.bound < plain.bound


@pytest.mark.parametrize("seed", [4, 5])
def test_prices_of_a_few_columns_prove_nearly_what_all_columns_do(seed: int) -> None:
    model, index, best = town(seed, 200, 120)
    people, nobody = np.unique(model.variables.columns.person), np.zeros(len(index.program))
    region = Region.of(index, people, nobody, index.program.rows @ nobody)
    growing, bidders = Growing(index, region, nobody), Bidders.build(index)
    bounds = []
    for _ in range(4):
        shares = growing.round(time.monotonic() + 60, nobody)
        assert shares is not None
        prices = np.zeros(len(model.most))
        prices[region.rows] = shares.prices
        lifted = together([] if shares.cuts is None else [shares.cuts], len(index.program))
        bounds.append(bidders.bid(prices, lifted).bound)
    value = float(index.program.worth @ best)
    assert min(bounds) >= value - NEAR
    assert bounds[-1] < bounds[0]
    assert bounds[-1] - value < 0.005 * value


@pytest.mark.parametrize("seed", range(6))
def test_prices_of_a_part_of_the_people_bound_the_plans_of_all(seed: int) -> None:
    model, index, best = town(seed)
    people = np.unique(model.variables.columns.person)
    mine = people[np.random.default_rng(seed).random(len(people)) < 0.5]
    region = Region.of(index, mine, best, index.program.rows @ best)
    growing = Growing(index, region, best)
    prices, lifted = np.zeros(len(model.most)), []
    for _ in range(3):
        shares = growing.round(time.monotonic() + 60, best)
        assert shares is not None
        prices[region.rows] = shares.prices
        lifted = [] if shares.cuts is None else [shares.cuts]
    cuts = together(lifted, len(index.program))
    assert Bidders.build(index).bid(prices, cuts).bound >= float(index.program.worth @ best) - NEAR
    if cuts is not None:
        assert (cuts.rows @ best <= cuts.most + NEAR).all()


def test_rows_that_cannot_bind_are_left_out_and_the_others_say_the_same() -> None:
    _, index, best = town(1)
    free = np.arange(0, len(index.program), 2)
    rows = index.program.rows
    part = index.program.take(free, best, rows @ best)
    assert 0 < len(part.most) < rows.shape[0]
    assert part.allows(best[free])
    everybody = Program(
        part.worth, rows[:, free], index.program.most - rows @ best + rows[:, free] @ best[free], part.lower, part.upper,
        part.whole,
    )  # fmt: skip
    found, bound = part.solve()
    same, its_bound = everybody.solve()
    assert found is not None
    assert same is not None
    assert part.worth @ found == pytest.approx(part.worth @ same)
    assert bound == pytest.approx(its_bound)
