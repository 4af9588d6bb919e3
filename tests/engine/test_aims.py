"""Every aim counts what it should, leaves the rest alone, and comes to what the validator counts."""

from __future__ import annotations

import numpy as np
import pytest

from service.matching.engine import verify
from service.matching.engine.model import build_model, objective
from service.matching.engine.problem import Problem
from service.matching.engine.settings import Level, Settings, Term
from tests.engine.cases import Line
from tests.engine.towns import legal_plans, plan_of, slot, town

TOWN = town(
    {"P": {"demand": 3, "waiting_days": 40}, "Q": {"waiting_days": 12}, "R": {"demand": 4, "waiting_days": 90}},
    {
        "A": {"host": "H", "slots": [slot("月"), slot("水")]},
        "B": {"host": "H", "slots": [slot("火")]},
        "C": {"host": "I", "slots": [slot("木")]},
    },
    [
        ("P", "A", {"score": 6.5, "minutes": 20}),
        ("P", "B", {"score": 3}),
        ("P", "C", {"score": -1, "minutes": 5, "asks": True}),
        ("Q", "A", {"score": 2, "minutes": 30}),
        ("R", "B", {"score": 1, "minutes": 10, "new": False}),
        ("R", "C", {"minutes": 15}),
    ],
    kept=[{"person": "R", "opening": "C", "slot": 0}],
    held=[{"person": "P", "opening": "A", "slot": 1}, {"person": "Q", "opening": "A", "slot": 0}],
)
AIMS: dict[Term, tuple[tuple[tuple[Line, ...], float], tuple[tuple[Line, ...], float]]] = {
    # R has a kept place: placed without the plan, and no credit for one more.
    Term.PLACED: (((("P", "A", 0), ("Q", "A", 0)), 3), ((("R", "B", 0),), 1)),
    # P: 40 days + 30 / two openings that need no asking; Q: 12 + 30; R is placed already.
    Term.PRIORITY: (((("P", "A", 0), ("Q", "A", 0)), 97), ((("R", "B", 0),), 0)),
    # Half the points every other week; the kept placement's points are not the plan's.
    Term.POINTS: (((("P", "A", 0), ("P", "B", 0, 1)), 8), ((), 0)),
    # P, Q and R at H are three twos; somebody who comes twice is one person.
    Term.EVENNESS: (((("P", "A", 0), ("Q", "A", 0), ("R", "B", 0)), -3), ((("P", "A", 0), ("P", "B", 0, 1)), 0)),
    # The same session counts, whatever its frequency; another session of the same place does not.
    Term.KEPT: (((("P", "A", 1, 1), ("Q", "A", 0)), 2), ((("P", "A", 0), ("Q", "A", 1)), 0)),
    # Half the minutes every other week; minutes nobody knows are not counted.
    Term.TRAVEL: (((("P", "A", 0, 1), ("Q", "A", 0)), -40), ((("P", "B", 0),), 0)),
}
each_aim = pytest.mark.parametrize("term", AIMS, ids=str)


def counted(problem: Problem, term: Term, lines: tuple[Line, ...]) -> float:
    """What the model counts of a plan."""
    model = build_model(problem, Settings(levels=(Level("", {term: 1}),)))
    return float(model.aims[0] @ model.values(plan_of(problem, *lines)) + model.constant[0])


@each_aim
def test_the_aim_counts_what_it_is_about(term: Term) -> None:
    lines, value = AIMS[term][0]
    assert counted(TOWN, term, lines) == value


@each_aim
def test_the_aim_leaves_alone_what_it_is_not_about(term: Term) -> None:
    lines, value = AIMS[term][1]
    assert counted(TOWN, term, lines) == value


@each_aim
def test_the_aim_and_the_validator_count_the_same_of_every_plan(term: Term) -> None:
    for include_ask in (False, True):
        asked = Settings(levels=(Level("", {term: 1}),), include_ask=include_ask)
        model, seen = build_model(TOWN, asked), set()
        for plan in legal_plans(TOWN, asked):
            value = float(model.aims[0] @ model.values(plan) + model.constant[0])
            assert value == pytest.approx(verify.attained(TOWN, asked, plan)[term], abs=1e-9)
            seen.add(value)
        assert len(seen) > 1, "a term that never changes proves nothing"


def test_every_term_has_its_aim_and_its_case() -> None:
    assert set(objective.TERMS) == set(Term) == set(AIMS)


def test_a_level_is_the_weighted_sum_of_its_terms() -> None:
    asked = Settings(levels=(Level("", {Term.PLACED: 100, Term.TRAVEL: 2}),))
    model = build_model(TOWN, asked)
    values = model.values(plan_of(TOWN, ("Q", "A", 0)))
    assert np.isclose(model.aims[0] @ values + model.constant[0], 100 * 2 - 2 * 30)
