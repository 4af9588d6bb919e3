"""The engine finds what trying every plan finds: protects the model from rules it forgets and rules it makes up."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from service.matching.engine import verify
from service.matching.engine.pins.conflict import Contradiction, conflicts
from service.matching.engine.search.greedy import Order, greedy
from service.matching.engine.settings import IN_ORDER, WEIGHED, Settings
from service.matching.engine.solve import solve
from tests.engine.towns import BINDING, best_by_trying, level_values, made_up

seeds = st.integers(0, 2**32)
switches = st.sets(st.sampled_from(BINDING), min_size=4).map(frozenset)
# The towns come from a seed, so a failing one cannot be made simpler: no time is lost on trying.
sixty = settings(max_examples=60, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))


@sixty
@given(seeds, switches, st.booleans())
def test_aims_in_order_attain_what_the_best_of_all_plans_attains(seed: int, on: frozenset[str], with_asks: bool) -> None:
    attains_the_best(seed, on, Settings(levels=IN_ORDER, include_ask=with_asks))


@sixty
@given(seeds, switches, st.booleans())
def test_the_weighted_sum_attains_what_the_best_of_all_plans_attains(seed: int, on: frozenset[str], with_asks: bool) -> None:
    attains_the_best(seed, on, Settings(levels=WEIGHED, include_ask=with_asks))


def attains_the_best(seed: int, on: frozenset[str], asked: Settings) -> None:
    """The engine's plan is legal, proven and as good as any; where none is legal, the contradiction is named."""
    problem = made_up(seed, on)
    best = best_by_trying(problem, asked)
    if best is None:
        with pytest.raises(Contradiction) as refusal:
            solve(problem, asked)
        assert refusal.value.conflicts == conflicts(problem, asked) != ()
        return
    found = solve(problem, asked)
    assert verify.check(problem, asked, found.plan) == ()
    assert level_values(problem, asked, found.plan) == pytest.approx(best, abs=1e-6)
    assert [each.value for each in found.attained] == pytest.approx(best, abs=1e-6)
    assert [each.bound for each in found.attained] == pytest.approx(best, abs=1e-3)
    assert found.is_proven


@sixty
@given(seeds, switches, st.sampled_from(("scarce", "fit")))
def test_a_greedy_plan_keeps_every_rule_where_any_plan_can(seed: int, on: frozenset[str], by: Order) -> None:
    problem, asked = made_up(seed, on), Settings()
    assert not verify.check(problem, asked, greedy(problem, asked, by=by)) or conflicts(problem, asked)


def test_the_made_up_towns_are_not_all_alike() -> None:
    """What the tests above compare is worth comparing: contradictions, empty plans and full ones all occur."""
    values = [best_by_trying(made_up(seed), Settings()) for seed in range(30)]
    placed = {None if value is None else value[0] for value in values}
    assert {None, 0.0, 1.0, 2.0} <= placed
