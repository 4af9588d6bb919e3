"""How far an aim could go by itself: protects a bound on a page from being passed by a plan, and from saying nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.instances import make
from service.matching.engine.model import build_model
from service.matching.engine.model.columns import columns_of
from service.matching.engine.model.objective import most_of
from service.matching.engine.problem import Problem
from service.matching.engine.search.ceilings import ceiling, seconds_for
from service.matching.engine.search.exact import solve_in_order
from service.matching.engine.search.greedy import greedy
from service.matching.engine.settings import IN_ORDER, Level, Settings, Term
from tests.engine.cases import CASES, Case
from tests.engine.towns import BINDING, legal_plans, level_values, made_up, pins, slot, town

NEAR = 1e-6
PRIORITY = IN_ORDER[1]
BY_FLOW = (Term.PLACED, Term.PRIORITY, Term.POINTS)
seeds = st.integers(0, 2**32)
switches = st.sets(st.sampled_from(BINDING), min_size=4).map(frozenset)
many = settings(max_examples=150, deadline=None, derandomize=True, database=None)
each_aim = pytest.mark.parametrize("level", IN_ORDER, ids=lambda level: str(next(iter(level.weights))))


def bound_of(problem: Problem, term: Term, **asked: Any) -> float:
    """The ceiling of one term."""
    settings = Settings(**asked)
    return ceiling(problem, settings, columns_of(problem, settings), Level("", {term: 1}))


def holds(problem: Problem, level: Level, *, include_ask: bool = False) -> bool | None:
    """Whether no plan passes the ceiling, tried plan by plan; True where it says more than the free bound, None without plans."""
    asked = Settings(levels=(level,), include_ask=include_ask)
    best = max((level_values(problem, asked, plan)[0] for plan in legal_plans(problem, asked)), default=None)
    bound, free = ceiling(problem, asked, columns_of(problem, asked), level), most_of(problem, asked, level)
    assert bound <= free + NEAR
    assert best is None or bound >= best - NEAR
    return None if best is None else bound < free - NEAR


@each_aim
@many
@given(seed=seeds, on=switches, with_asks=st.booleans())
def test_no_plan_passes_a_ceiling(level: Level, seed: int, on: frozenset[str], with_asks: bool) -> None:
    assume(holds(made_up(seed, on), level, include_ask=with_asks) is not None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.named))
def test_no_plan_passes_a_ceiling_whatever_rule_binds(case: Case) -> None:
    for level in IN_ORDER:
        assert holds(case.problem, level) is not None


@pytest.mark.parametrize("level", IN_ORDER[:3], ids=lambda level: level.name)
def test_ceilings_say_more_than_that_nobody_is_in_anybodys_way(level: Level) -> None:
    said = [holds(made_up(seed), level) for seed in range(40)]
    assert said.count(True) > len(said) / 4


@pytest.mark.parametrize("level", IN_ORDER[:3], ids=lambda level: level.name)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_ceiling_lies_between_what_cp_sat_proves_and_the_free_bound(level: Level, seed: int) -> None:
    problem, asked = with_more_rules(make(60, 40, seed), seed), Settings(levels=(level,), include_ask=seed == 2)
    model = build_model(problem, asked)
    found = solve_in_order(model, model.values(greedy(problem, asked)), seconds=30, told=lambda *_: None)
    assert found.is_proven
    bound = ceiling(problem, asked, model.variables.columns, level)
    assert found.attained[0].value - NEAR <= bound < most_of(problem, asked, level)
    assert bound <= found.attained[0].value * 1.25


def with_more_rules(problem: Problem, seed: int) -> Problem:
    """The same where some openings have few free places, some pairs must be asked about, one is forced, some forbidden."""
    dice = np.random.default_rng(seed)
    free = np.where(dice.random(len(problem.openings)) < 0.4, dice.integers(1, 3, len(problem.openings)), -1)
    plan = greedy(problem, Settings())
    joined = list(zip(plan.person.tolist(), plan.opening(problem).tolist(), strict=True))
    free[plan.opening(problem)[0]] = -1
    rules = replace(problem.rules, forced=(joined[0],), forbidden=frozenset(joined[3:8]))
    asks = dice.random(len(problem.pairs)) < 0.2
    asks[problem.pair_of[joined[0]]] = False
    return replace(
        problem,
        openings=replace(problem.openings, free=free.astype(np.int32)),
        pairs=replace(problem.pairs, asks=asks),
        rules=rules,
    )


def crowd(demand: int, **slot_limits: int) -> dict[str, Any]:
    """Three people with the same load who may go to one opening."""
    people = {name: {"demand": demand, "waiting_days": days} for name, days in (("P", 5), ("Q", 70), ("R", 40))}
    openings: dict[str, Any] = {"A": {"slots": [slot("月", "9:00", "11:00", **slot_limits)]}}
    return {"people": people, "openings": openings, "pairs": [(name, "A", {"score": 6}) for name in people]}


def test_one_place_is_for_one_person_and_best_for_who_waits_longest() -> None:
    problem = town(**crowd(2, places=1))
    assert bound_of(problem, Term.PLACED) == 1
    assert bound_of(problem, Term.PRIORITY) == 70 + 30
    assert bound_of(problem, Term.POINTS) == 6


def test_one_place_is_for_two_people_every_other_week() -> None:
    problem = town(**crowd(1, places=1))
    assert bound_of(problem, Term.PLACED) == 2
    assert bound_of(problem, Term.PRIORITY) == 70 + 40 + 2 * 30
    assert bound_of(problem, Term.POINTS) == 6


def test_half_a_place_left_is_of_no_use_every_week() -> None:
    asked = crowd(2, places=2)
    asked["people"]["K"] = {"demand": 1}
    problem = town(**asked, kept=[{"person": "K", "opening": "A", "slot": 0, "half": 1}])
    assert bound_of(problem, Term.PLACED) == 1 + 1
    assert bound_of(problem, Term.POINTS) == 6


def test_free_places_count_people_and_not_sessions() -> None:
    asked = crowd(4)
    asked["openings"]["A"] = {"free": 1, "slots": [slot("月"), slot("水")]}
    problem = town(**asked)
    assert bound_of(problem, Term.PLACED) == 1
    assert bound_of(problem, Term.POINTS) == 12


def test_somebody_who_is_there_already_needs_no_free_place() -> None:
    asked = crowd(4)
    asked["openings"]["A"] = {"free": 0, "slots": [slot("月"), slot("水")]}
    problem = town(**asked, kept=[{"person": "P", "opening": "A", "slot": 0}])
    assert bound_of(problem, Term.PLACED) == 1
    assert bound_of(problem, Term.POINTS) == 6


def test_nobody_gains_by_more_openings_than_suit_them() -> None:
    openings = {name: {"slots": [slot(day)]} for name, day in (("A", "月"), ("B", "火"), ("C", "水"))}
    pairs = [("P", name, {"score": points}) for name, points in (("A", 2), ("B", 5), ("C", 1))]
    for most, points in ((1, 5), (2, 7), (None, 8)):
        problem = town({"P": {"demand": 6, "most_hosts": most}}, openings, pairs)
        assert bound_of(problem, Term.POINTS) == points


def test_hosts_and_coordinators_begin_with_no_more_than_they_can() -> None:
    people = {name: {"coordinator": "C"} for name in "PQR"}
    openings = {"A": {"host": "H"}, "B": {"host": "I"}}
    pairs = [("P", "A"), ("Q", "A"), ("R", "B")]
    by_host = town(people, openings, pairs, hosts=[{"id": "H", "new_starts": 1}, {"id": "I"}])
    by_coordinator = town(people, openings, pairs, coordinators=[{"id": "C", "new_pairs": 1}])
    assert bound_of(by_host, Term.PLACED) == 2
    assert bound_of(by_coordinator, Term.PLACED) == 1


def test_what_is_forbidden_or_to_be_asked_about_does_not_count() -> None:
    pairs = [("P", "A"), ("Q", "A", {"asks": True}), ("R", "A")]
    problem = town({"P": {}, "Q": {}, "R": {}}, {"A": {}}, pairs, forbidden=pins(("R", "A")))
    assert bound_of(problem, Term.PLACED) == 1
    assert bound_of(problem, Term.PLACED, include_ask=True) == 2


def test_high_support_has_its_own_room() -> None:
    asked = crowd(2, places=3, high_support=1)
    for name in "PQ":
        asked["people"][name]["high_support"] = True
    assert bound_of(town(**asked), Term.PLACED) == 2


def test_an_aim_of_several_terms_goes_as_far_as_its_terms_together() -> None:
    problem = town(**crowd(2, places=1))
    settings = Settings()
    several = Level("", {Term.PLACED: 100, Term.POINTS: 2, Term.TRAVEL: 1})
    assert ceiling(problem, settings, columns_of(problem, settings), several) == 100 * 1 + 2 * 6


def test_where_nobody_can_go_anywhere_only_kept_places_count() -> None:
    problem = town({"P": {}, "Q": {}}, {"A": {}}, [], kept=[{"person": "P", "opening": "A"}])
    assert [bound_of(problem, term) for term in BY_FLOW] == [1, 0, 0]


def test_only_what_needs_a_flow_takes_time() -> None:
    takes = [seconds_for(level, 1_000_000) > 0 for level in IN_ORDER]
    assert takes == [True, True, True, False, False, False]
    assert seconds_for(PRIORITY, 1_000_000) > 20 * seconds_for(PRIORITY, 168_000) > 0.5


def test_nobody_is_in_two_places_at_the_same_moment() -> None:
    openings = {"A": {"slots": [slot("月")]}, "B": {"slots": [slot("月", "9:00", "10:00")]}, "C": {"slots": [slot("火")]}}
    problem = town(
        {"P": {"demand": 6}},
        openings,
        [("P", name, {"score": points}) for name, points in zip("ABC", (4, 7, 1), strict=True)],
    )
    assert bound_of(problem, Term.POINTS) == 8
