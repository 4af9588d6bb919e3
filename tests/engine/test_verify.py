"""The validator on its own: single lines that cannot be, what kept placements may exceed, what a plan is worth."""

from __future__ import annotations

import ast
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.matching.engine import verify
from service.matching.engine.problem import Problem
from service.matching.engine.rule import SAID, Rule
from service.matching.engine.settings import Settings, Term
from service.matching.engine.solution import Plan
from tests.engine.cases import CASES
from tests.engine.towns import pins, plan_of, slot, town

ASKED = Settings()
A = {"slots": [slot("月", places=1), slot("火", places=1)]}


def rules_broken(problem: Problem, *lines: Any, asked: Settings = ASKED) -> set[Rule]:
    return {broken.rule for broken in verify.check(problem, asked, plan_of(problem, *lines))}


def test_the_validator_knows_no_model_and_no_solver() -> None:
    folder = Path(str(verify.__file__)).parent
    known = {
        node.module or ""
        for file in folder.glob("verify*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    inside = {name.removeprefix("service.matching.engine.") for name in known if name.startswith("service.matching.engine")}
    assert inside <= {"service.matching.engine", "problem", "rule", "settings", "solution", "verify_lines"}
    assert not {name.split(".")[0] for name in known} & {"ortools", "scipy", "highspy"}


def test_somebody_at_a_session_that_suits_them_not_is_caught() -> None:
    problem = town({"P": {}, "Q": {}}, {"A": A}, [("P", "A", {"slots": [0]})])
    assert rules_broken(problem, ("P", "A", 1)) == {Rule.LINE}
    assert rules_broken(problem, ("Q", "A", 0)) == {Rule.LINE}
    assert rules_broken(problem, ("P", "A", 0)) == set()


@pytest.mark.parametrize(("person", "place", "half"), [(7, 0, 2), (-1, 0, 2), (0, 9, 2), (0, -1, 2), (0, 0, 3), (0, 0, 0)])
def test_a_line_of_nobody_nowhere_or_never_is_caught(person: int, place: int, half: int) -> None:
    problem = town({"P": {}}, {"A": A}, [("P", "A")])
    plan = Plan(*(np.array([value], np.int32) for value in (person, place, half)))
    assert {broken.rule for broken in verify.check(problem, ASKED, plan)} == {Rule.LINE}


def test_a_pair_that_has_to_be_asked_first_is_caught_unless_asked_for() -> None:
    problem = town({"P": {}}, {"A": A}, [("P", "A", {"asks": True})])
    assert rules_broken(problem, ("P", "A", 0)) == {Rule.ASK}
    assert rules_broken(problem, ("P", "A", 0), asked=Settings(include_ask=True)) == set()


def test_a_forbidden_pair_is_caught() -> None:
    problem = town({"P": {}}, {"A": A}, [("P", "A")], forbidden=pins(("P", "A")))
    assert rules_broken(problem, ("P", "A", 1)) == {Rule.FORBIDDEN}


def test_a_session_proposed_to_somebody_who_goes_there_already_is_caught() -> None:
    problem = town({"P": {"demand": 4}}, {"A": {}}, [("P", "A")], kept=pins(("P", "A")))
    assert rules_broken(problem, ("P", "A", 0)) == {Rule.TWICE}


def test_every_kind_of_rule_is_caught_somewhere_and_has_words() -> None:
    assert {case.named for case in CASES} | {Rule.LINE, Rule.ASK, Rule.FORBIDDEN} == set(Rule) == set(SAID)


def test_kept_placements_may_exceed_a_limit_but_a_plan_may_not_add_to_it() -> None:
    problem = town({"P": {}, "Q": {}, "R": {}}, {"A": A}, [("R", "A")], kept=[
        {"person": "P", "opening": "A", "slot": 0}, {"person": "Q", "opening": "A", "slot": 0}])  # fmt: skip
    assert rules_broken(problem) == set()
    assert rules_broken(problem, ("R", "A", 0)) == {Rule.PLACES}
    assert rules_broken(problem, ("R", "A", 1)) == set()


def test_free_places_are_for_others_than_those_who_are_there_already() -> None:
    problem = town(
        {"P": {"demand": 4}, "Q": {}},
        {"A": {"free": 1, "slots": [slot("月"), slot("火")]}},
        [("P", "A", {"new": False}), ("Q", "A")],
        kept=[{"person": "P", "opening": "A", "slot": 0}],
    )
    assert rules_broken(problem, ("P", "A", 1), ("Q", "A", 0)) == set()


def test_the_way_between_two_places_counts_to_the_minute() -> None:
    """Two places 0.05 degrees of latitude apart are 5.55 km: with 10 min and 6 min a km, 44 minutes."""
    apart = {"lat": 35.0, "lon": 139.5}, {"lat": 35.05, "lon": 139.5}
    late = [slot("月", "11:43", "12:30"), slot("月", "11:44", "12:30")]
    problem = town(
        {"P": {"demand": 4}},
        {
            "A": {"slots": [slot("月")]} | apart[0],
            "B": {"slots": late} | apart[1],
            "C": {"slots": [slot("月", "11:10", "12:00")]},
        },
        [("P", "A"), ("P", "B"), ("P", "C")],
        gap={"minutes": 10, "per_km": 6},
    )
    assert rules_broken(problem, ("P", "A", 0), ("P", "B", 0)) == {Rule.TIMES}
    assert rules_broken(problem, ("P", "A", 0), ("P", "B", 1)) == set()
    assert rules_broken(problem, ("P", "A", 0), ("P", "C", 0)) == set(), (
        "where a place is unknown, the set minutes alone count"
    )


def test_two_kept_apart_without_a_weekday_may_not_share_an_opening() -> None:
    openings = {"A": {"host": "H"}, "B": {"host": "H"}}
    pairs = [(person, opening) for person in "PQ" for opening in "AB"]
    problem = town({"P": {}, "Q": {}}, openings, pairs, apart=[{"person": "P", "other": "Q"}])
    assert rules_broken(problem, ("P", "A", 0), ("Q", "A", 0)) == {Rule.APART}
    assert rules_broken(problem, ("P", "A", 0), ("Q", "B", 0)) == set()


def test_a_household_member_with_a_kept_place_binds_the_others() -> None:
    problem = town(
        {"P": {"household": "S"}, "Q": {"household": "S"}},
        {"A": {}},
        [("Q", "A")],
        households=[{"id": "S", "rule": "together"}],
        kept=pins(("P", "A")),
    )
    assert rules_broken(problem) == {Rule.HOUSEHOLD_TOGETHER}
    assert rules_broken(problem, ("Q", "A", 0)) == set()


def test_everything_a_broken_plan_breaks_is_said_at_once() -> None:
    problem = town(
        {"P": {"most_hosts": 1}},
        {"A": {"slots": [slot("月", places=0)]}, "B": {"slots": [slot("月")]}},
        [("P", "A"), ("P", "B")],
    )
    assert rules_broken(problem, ("P", "A", 0), ("P", "B", 0)) == {Rule.PLACES, Rule.DEMAND, Rule.MOST_HOSTS, Rule.TIMES}


def test_an_empty_plan_is_worth_what_is_kept() -> None:
    problem = town({"P": {}, "Q": {}}, {"A": {}}, [("Q", "A")], kept=pins(("P", "A")))
    terms = verify.attained(problem, ASKED, Plan.empty())
    assert terms == {Term.PLACED: 1} | {term: 0 for term in Term if term is not Term.PLACED}


def test_a_plan_for_a_prefecture_is_checked_in_no_time() -> None:
    """Thirty thousand people with kept and planned lines: the check is a matter of sorting, not of loops."""
    count = 30_000
    people = {f"P{n}": {} for n in range(count)}
    problem = town(people, {"A": {}}, [(name, "A") for name in people], apart=[{"person": "P0", "other": "P1"}])
    plan = Plan(np.arange(count, dtype=np.int32), np.zeros(count, np.int32), np.full(count, 2, np.int32))
    began = time.process_time()
    assert [broken.rule for broken in verify.check(problem, ASKED, plan)] == [Rule.APART]
    assert time.process_time() - began < 2
