"""Contradictory pins are named with the smallest set that contradicts itself and the rules that make it so."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from service.matching.engine import verify
from service.matching.engine.pins.conflict import Conflict, Contradiction, conflicts
from service.matching.engine.problem import Problem
from service.matching.engine.rule import Rule
from service.matching.engine.search.greedy import greedy
from service.matching.engine.settings import Settings
from service.matching.engine.solve import solve
from tests.engine.towns import legal_plans, made_up, pins, plan_of, slot, town

ASKED = Settings()
MONDAY, TUESDAY = {"slots": [slot("月")]}, {"slots": [slot("火")]}


def only(problem: Problem, asked: Settings = ASKED) -> tuple[set[tuple[str, str]], set[tuple[str, str]], set[Rule]]:
    """The one conflict there is, in names."""
    (conflict,) = conflicts(problem, asked)
    forced, kept = (
        {(problem.people.ids[p], problem.openings.ids[o]) for p, o in each} for each in (conflict.forced, conflict.kept)
    )
    return forced, kept, set(conflict.rules)


def forced_town(people: dict[str, Any], openings: dict[str, Any], *pairs: tuple[str, str], **more: Any) -> Problem:
    """Everybody may go everywhere, and these pairs are forced."""
    every = [(person, opening) for person in people for opening in openings]
    return town(people, openings, every, forced=pins(*pairs), **more)


def test_two_forced_into_one_free_place_are_named_and_the_third_is_not() -> None:
    problem = forced_town({"P": {}, "Q": {}, "R": {}}, {"A": {"free": 1}, "B": {}}, ("P", "A"), ("R", "B"), ("Q", "A"))
    assert only(problem) == ({("P", "A"), ("Q", "A")}, set(), {Rule.FREE})


def test_somebody_forced_to_two_places_with_a_load_for_one_is_named() -> None:
    problem = forced_town({"P": {}}, {"A": MONDAY, "B": TUESDAY, "C": {}}, ("P", "A"), ("P", "B"))
    assert only(problem) == ({("P", "A"), ("P", "B")}, set(), {Rule.DEMAND})


CLASHES: dict[str, tuple[Problem, Rule]] = {
    "times": (forced_town({"P": {"demand": 4}}, {"A": MONDAY, "B": MONDAY}, ("P", "A"), ("P", "B")), Rule.TIMES),
    "places": (
        forced_town({"P": {}, "Q": {}}, {"A": {"slots": [slot("月", places=1)]}}, ("P", "A"), ("Q", "A")),
        Rule.PLACES,
    ),
    "high support": (
        forced_town(
            {"P": {"high_support": True}, "Q": {"high_support": True}},
            {"A": {"slots": [slot("月", high_support=1)]}},
            ("P", "A"),
            ("Q", "A"),
        ),
        Rule.HIGH_SUPPORT,
    ),
    "most hosts": (
        forced_town({"P": {"demand": 4, "most_hosts": 1}}, {"A": MONDAY, "B": TUESDAY}, ("P", "A"), ("P", "B")),
        Rule.MOST_HOSTS,
    ),
    "new starts": (
        forced_town({"P": {}, "Q": {}}, {"A": {"host": "H"}}, ("P", "A"), ("Q", "A"), hosts=[{"id": "H", "new_starts": 1}]),
        Rule.NEW_STARTS,
    ),
    "coordinator": (
        forced_town(
            {"P": {"coordinator": "C"}, "Q": {"coordinator": "C"}},
            {"A": {}},
            ("P", "A"),
            ("Q", "A"),
            coordinators=[{"id": "C", "new_pairs": 1}],
        ),
        Rule.COORDINATOR,
    ),
    "accompaniment": (
        forced_town(
            {"P": {"accompanied": True}, "Q": {"accompanied": True}},
            {"A": MONDAY, "B": MONDAY},
            ("P", "A"),
            ("Q", "B"),
            accompany={"月AM": 1},
        ),
        Rule.ACCOMPANY,
    ),
    "apart": (
        forced_town({"P": {}, "Q": {}}, {"A": MONDAY}, ("P", "A"), ("Q", "A"), apart=[{"person": "P", "other": "Q"}]),
        Rule.APART,
    ),
    "household together": (
        forced_town(
            {"P": {"household": "S"}, "Q": {"household": "S"}},
            {"A": MONDAY, "B": TUESDAY},
            ("P", "A"),
            ("Q", "B"),
            households=[{"id": "S", "rule": "together"}],
        ),
        Rule.HOUSEHOLD_TOGETHER,
    ),
    "household apart": (
        forced_town(
            {"P": {"household": "S"}, "Q": {"household": "S"}},
            {"A": {}},
            ("P", "A"),
            ("Q", "A"),
            households=[{"id": "S", "rule": "apart"}],
        ),
        Rule.HOUSEHOLD_APART,
    ),
}


@pytest.mark.parametrize("clash", CLASHES)
def test_both_pins_and_the_rule_between_them_are_named(clash: str) -> None:
    problem, rule = CLASHES[clash]
    forced, kept, rules = only(problem)
    assert (len(forced), kept) == (2, set())
    # Together and one load each: either the household gives way or somebody's load does.
    assert rule in rules
    assert rules <= {rule, Rule.DEMAND}


@pytest.mark.parametrize("wrong", ["asks", "forbidden", "no session", "no pair", "resources", "days"])
def test_a_pin_that_cannot_hold_by_itself_is_named_alone(wrong: str) -> None:
    fields: dict[str, dict[str, Any]] = {"asks": {"asks": True}, "no session": {"slots": []}, "days": {"least_days": 2}}
    problem = town(
        {"P": {}},
        {"A": {"slots": [slot("月"), slot("火")], "amounts": {"席": 1}}, "B": {}},
        [("P", "B")]
        if wrong == "no pair"
        else [("P", "A", {"uses": {"席": 2 if wrong == "resources" else 1}} | fields.get(wrong, {}))],
        forced=pins(("P", "A")),
        forbidden=pins(("P", "A")) if wrong == "forbidden" else [],
        resources=["席"],
    )
    rule = {"asks": Rule.ASK, "forbidden": Rule.FORBIDDEN, "resources": Rule.RESOURCES, "days": Rule.LEAST_DAYS}.get(
        wrong, Rule.LINE
    )
    forced, kept, rules = only(problem)
    assert (forced, kept) == ({("P", "A")}, set())
    assert rule in rules
    assert len(rules) <= 2


def test_a_pair_to_be_asked_can_be_forced_once_it_is_asked_for() -> None:
    problem = town({"P": {}}, {"A": {}}, [("P", "A", {"asks": True})], forced=pins(("P", "A")))
    assert conflicts(problem, Settings(include_ask=True)) == ()


def test_a_kept_placement_in_the_way_of_a_pin_is_named_with_it() -> None:
    problem = town(
        {"P": {}, "Q": {}},
        {"A": {"slots": [slot("月", places=1)]}, "B": {}},
        [("P", "A"), ("P", "B")],
        kept=[{"person": "Q", "opening": "A", "slot": 0}, {"person": "Q", "opening": "B"}],
        forced=pins(("P", "A")),
    )
    assert only(problem) == ({("P", "A")}, {("Q", "A")}, {Rule.PLACES})


def test_a_kept_placement_that_uses_up_the_load_is_named() -> None:
    problem = town({"P": {}}, {"A": MONDAY, "B": TUESDAY}, [("P", "B")], kept=pins(("P", "A")), forced=pins(("P", "B")))
    assert only(problem) == ({("P", "B")}, {("P", "A")}, {Rule.DEMAND})


def test_kept_places_of_a_household_that_is_to_be_together_are_named() -> None:
    problem = town(
        {"P": {"household": "S"}, "Q": {"household": "S"}},
        {"A": {}, "B": {}},
        [],
        households=[{"id": "S", "rule": "together"}],
        kept=pins(("P", "A"), ("Q", "B")),
    )
    (conflict, *_) = conflicts(problem, ASKED)
    assert conflict.forced == ()
    assert set(conflict.kept) <= {(0, 0), (1, 1)}
    assert Rule.HOUSEHOLD_TOGETHER in conflict.rules


def test_a_pin_that_holds_already_is_no_contradiction() -> None:
    problem = town({"P": {}}, {"A": {"free": 0}}, [], kept=pins(("P", "A")), forced=pins(("P", "A")))
    assert conflicts(problem, ASKED) == ()
    assert len(solve(problem, ASKED).plan) == 0


def test_two_contradictions_are_both_named() -> None:
    people = {name: {} for name in "PQRS"}
    problem = forced_town(people, {"A": {"free": 1}, "B": {"free": 1}}, ("P", "A"), ("Q", "A"), ("R", "B"), ("S", "B"))
    assert [set(each.forced) for each in conflicts(problem, ASKED)] in (
        [{(0, 0), (1, 0)}, {(2, 1), (3, 1)}],
        [{(2, 1), (3, 1)}, {(0, 0), (1, 0)}],
    )


def test_pins_that_hold_one_by_one_only_in_one_way_are_held_by_the_greedy_plan_too() -> None:
    """P can go to A on both days, Q only on Monday: taking P's better Monday first leads nowhere."""
    openings = {"A": {"slots": [slot("月", places=1), slot("火", places=1)]}, "B": MONDAY, "C": MONDAY}
    pairs = [("P", "A"), ("Q", "A", {"slots": [0]}), ("R", "A", {"slots": [0, 1]}), ("P", "B"), ("R", "C")]
    problem = town({"P": {}, "Q": {}, "R": {}}, openings, pairs, forced=pins(("P", "A"), ("Q", "A")))
    assert verify.check(problem, ASKED, greedy(problem, ASKED)) == ()


def test_the_run_is_refused_with_the_contradiction_instead_of_a_plan_that_breaks_it() -> None:
    problem = forced_town({"P": {}, "Q": {}}, {"A": {"free": 1}}, ("P", "A"), ("Q", "A"))
    with pytest.raises(Contradiction) as refusal:
        solve(problem, ASKED)
    assert refusal.value.conflicts == (Conflict(((0, 0), (1, 0)), (), (Rule.FREE,)),)


def test_no_member_of_a_conflict_can_be_left_out() -> None:
    """By trying every plan: with all members nothing is legal, without any one of them something is."""
    tried = 0
    for seed in itertools.count():
        problem = made_up(
            seed, frozenset({"free", "places", "most_hosts", "forced", "apart", "new_starts", "asks", "forbidden"})
        )
        pairs = list(zip(problem.pairs.person.tolist(), problem.pairs.opening.tolist(), strict=True))
        problem = replace(problem, rules=replace(problem.rules, forced=tuple(pairs[:3])))
        for conflict in conflicts(problem, ASKED)[:1]:
            tried += 1
            assert not holds(problem, conflict.forced)
            assert all(holds(problem, tuple(pin for pin in conflict.forced if pin != left)) for left in conflict.forced)
        if tried >= 12:
            return


def holds(problem: Problem, forced: tuple[tuple[int, int], ...]) -> bool:
    """Whether any plan at all holds these pins."""
    pinned = replace(problem, rules=replace(problem.rules, forced=forced))
    return next(legal_plans(pinned, ASKED), None) is not None


def test_a_plan_that_holds_the_pins_is_legal_for_the_validator() -> None:
    problem = forced_town({"P": {}, "Q": {}}, {"A": {"free": 1}, "B": {}}, ("P", "A"))
    assert verify.check(problem, ASKED, plan_of(problem, ("P", "A", 0))) == ()
    assert [broken.rule for broken in verify.check(problem, ASKED, plan_of(problem, ("Q", "A", 0)))] == [Rule.FORCED]
