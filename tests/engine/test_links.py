"""Unknowns that stand for something said with columns (a pair is open, a person placed, a host loaded) say it truly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from service.matching.engine import verify
from service.matching.engine.model import RULES, LinearModel, build_model, constraints, objective
from service.matching.engine.problem import Floats, Problem
from service.matching.engine.settings import Level, Settings, Term
from service.matching.engine.solution import Plan
from tests.engine.towns import legal_plans, plan_of, slot, town

ASKED = Settings()
TOWN = town(
    {"P": {"demand": 4}, "Q": {"demand": 2}},
    {"A": {"host": "H", "slots": [slot("月"), slot("水")]}, "B": {"host": "H", "slots": [slot("火")]}},
    [("P", "A"), ("P", "B"), ("Q", "A")],
)
MODEL = build_model(TOWN, ASKED)
V = MODEL.variables
P_AT_A = V.open_of[TOWN.pair_of[0, 0]]


def exceeds(rule: object, values: Floats, model: LinearModel = MODEL) -> bool:
    """Whether these values are stopped by rows of one rule."""
    mine = model.rule == [each.__name__ for each in RULES].index(rule.__name__)  # type: ignore[attr-defined]
    return bool((model.rows[np.flatnonzero(mine)] @ values > model.most[mine] + 1e-9).any())


def changed(values: Floats, variable: int, value: float) -> Floats:
    """The same values but one."""
    other = values.copy()
    other[variable] = value
    return other


def plans(problem: Problem = TOWN) -> Iterator[tuple[Plan, Floats]]:
    """Every legal plan with its values."""
    for plan in legal_plans(problem, ASKED):
        yield plan, build_model(problem, ASKED).values(plan)


# A pair is open exactly when it has a session


def test_a_pair_with_a_session_cannot_be_called_closed() -> None:
    values = MODEL.values(plan_of(TOWN, ("P", "A", 1)))
    assert exceeds(constraints.open_pairs, changed(values, P_AT_A, 0))


def test_a_pair_with_one_or_two_sessions_is_open_once() -> None:
    for lines in ([("P", "A", 0)], [("P", "A", 0), ("P", "A", 1)]):
        values = MODEL.values(plan_of(TOWN, *lines))
        assert values[P_AT_A] == 1
        assert not exceeds(constraints.open_pairs, values)


def test_a_pair_is_open_in_the_model_exactly_where_the_plan_has_a_line() -> None:
    for plan, values in plans():
        has_line = (0, 0) in set(zip(plan.person.tolist(), plan.opening(TOWN).tolist(), strict=True))
        allowed = {value for value in (0.0, 1.0) if not exceeds(constraints.open_pairs, changed(values, P_AT_A, value))}
        assert allowed == {float(has_line)}


# Only somebody with an open pair counts as placed


def test_nobody_counts_as_placed_without_a_place() -> None:
    values = MODEL.values(plan_of(TOWN, ("P", "A", 0)))
    assert exceeds(constraints.placed_people, changed(values, V.placed_of[1], 1))


def test_somebody_with_two_places_counts_as_placed() -> None:
    values = MODEL.values(plan_of(TOWN, ("P", "A", 0), ("P", "B", 0)))
    assert values[V.placed_of[0]] == 1
    assert not exceeds(constraints.placed_people, values)


def test_the_model_can_call_placed_whom_the_validator_counts_and_nobody_else() -> None:
    for plan, values in plans():
        most = sum(
            not exceeds(constraints.placed_people, changed(values, V.placed_of[who], 1)) for who in range(len(TOWN.people))
        )
        assert most == verify.attained(TOWN, ASKED, plan)[Term.PLACED]


# Somebody with several sessions at one host is one person there


def test_a_host_cannot_overlook_somebody_who_comes_twice() -> None:
    values = MODEL.values(plan_of(TOWN, ("P", "A", 0), ("P", "B", 0)))
    assert exceeds(objective.count_at_hosts, changed(values, V.first_at_host, 0))


def test_somebody_who_comes_twice_is_one_person_at_the_host() -> None:
    values = MODEL.values(plan_of(TOWN, ("P", "A", 0), ("P", "B", 0)))
    assert values[V.first_at_host : V.first_load].tolist() == [1]
    assert not exceeds(objective.count_at_hosts, values)


def test_the_host_counts_somebody_exactly_where_the_plan_has_a_line() -> None:
    for plan, values in plans():
        may_be_absent = not exceeds(objective.count_at_hosts, changed(values, V.first_at_host, 0))
        assert may_be_absent == (0 not in plan.person)


# A host's load is made of its people, one step each


def test_a_host_cannot_count_fewer_people_than_it_has() -> None:
    values = MODEL.values(plan_of(TOWN, ("P", "A", 0), ("Q", "A", 0)))
    assert exceeds(objective.count_load, changed(values, V.first_load + 1, 0))


def test_a_host_counts_each_of_its_people_one_step() -> None:
    values = MODEL.values(plan_of(TOWN, ("P", "A", 0), ("P", "B", 0)))
    assert values[V.first_load :].tolist() == [1, 0]
    assert not exceeds(objective.count_load, values)


def test_the_steps_of_a_host_are_as_many_as_the_people_at_it() -> None:
    for plan, values in plans():
        assert values[V.first_load :].sum() == len(set(plan.person.tolist()))
        assert not exceeds(objective.count_load, values)


def test_a_kept_placement_opens_its_pair_and_counts_its_person_whatever_the_run_says() -> None:
    kept = town(
        {"P": {"demand": 4}, "Q": {}},
        {"A": {"host": "H", "slots": [slot("月"), slot("水")]}},
        [("P", "A", {"new": False}), ("Q", "A")],
        kept=[{"person": "P", "opening": "A", "slot": 0}],
    )
    model = build_model(kept, Settings(levels=(Level("", {Term.EVENNESS: 1}), Level("", {Term.PLACED: 1}))))
    for plan, _ in plans(kept):
        terms = verify.attained(kept, ASKED, plan)
        assert (model.aims @ model.values(plan) + model.constant).tolist() == [terms[Term.EVENNESS], terms[Term.PLACED]]
