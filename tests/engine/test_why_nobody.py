"""「なぜ場所がないのか」: protects the one answer each person left is given, and the conditions that are never proposed."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching.engine.explain.relaxing import Blocks, condition_sets
from service.matching.engine.explain.whynobody import Reason, WhyNobody, why_nobody
from service.matching.engine.problem import Problem
from service.matching.engine.rule import Rule
from service.matching.engine.settings import Settings
from tests.engine.four import standing_of, unsolved
from tests.engine.towns import plan_of, slot, town

CODES = ("R-TIME", "R-NOISE", "R-AGE", "R-AVOID", "R-CAPACITY")
SUGGESTABLE, LOCKED, FULL = frozenset({"R-TIME", "R-NOISE"}), frozenset({"R-AVOID", "R-CAPACITY"}), frozenset({"R-CAPACITY"})


def blocks(*rows: list[set[str]], unknown: list[set[str]] | None = None) -> Blocks:
    """One row per person from 0 on: the codes each opening violates."""

    def words(listed: Any) -> Any:
        bits = [[sum(1 << CODES.index(code) for code in codes) for codes in row] for row in listed]
        return np.array(bits, np.uint64).reshape(len(rows), -1)

    asked = [unknown] if unknown else [[set()] * len(row) for row in rows]
    return Blocks(CODES, np.arange(len(rows), dtype=np.int32), words(rows), words(asked), SUGGESTABLE, LOCKED, FULL)


def only(problem: Problem, found: Blocks | None = None, asked: Settings | None = None) -> WhyNobody:
    (answer,) = why_nobody(standing_of(problem, asked or Settings()), found)
    return answer


def test_whom_no_condition_lets_in_is_told_the_smallest_sets_of_them() -> None:
    found = blocks([{"R-TIME", "R-NOISE"}, {"R-NOISE"}, {"R-AGE", "R-TIME"}, {"R-NOISE", "R-AGE"}])
    answer = only(town({"P": {}}, {"A": {}, "B": {}, "C": {}, "D": {}}, []), found)
    assert answer.reason is Reason.CONDITIONS
    assert [each.codes for each in answer.sets] == [("R-NOISE",), ("R-TIME", "R-AGE")]
    assert [each.openings for each in answer.sets] == [(1,), (2,)]
    assert [each.may_suggest for each in answer.sets] == [True, False]


def test_what_is_locked_is_named_only_where_nothing_else_can_be() -> None:
    mixed = condition_sets(blocks([{"R-AVOID"}, {"R-AGE", "R-TIME"}]), 0)
    assert [each.codes for each in mixed] == [("R-TIME", "R-AGE")]
    (locked,) = condition_sets(blocks([{"R-AVOID"}, {"R-AVOID", "R-TIME"}]), 0)
    assert (locked.codes, locked.is_locked, locked.may_suggest) == (("R-AVOID",), True, False)


words = st.lists(st.sets(st.sampled_from(CODES), min_size=1).map(frozenset), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(words)
def test_every_set_opens_a_place_and_no_part_of_it_does(row: list[frozenset[str]]) -> None:
    found = condition_sets(blocks([set(codes) for codes in row]), 0, most=99)
    assert found
    for each in found:
        opened = [place for place, codes in enumerate(row) if codes <= set(each.codes)]
        assert list(each.openings) == opened
        assert opened
        for part in itertools.combinations(each.codes, len(each.codes) - 1):
            assert not any(codes <= set(part) for codes in row)
        assert each.may_suggest == (set(each.codes) <= SUGGESTABLE)
        assert not (each.may_suggest and each.is_locked)
    assert len({each.is_locked for each in found}) == 1
    assert [len(each.codes) for each in found] == sorted(len(each.codes) for each in found)
    assert condition_sets(blocks([set(codes) for codes in row]), 0) == found[:3]


def test_a_full_place_names_who_has_it() -> None:
    """Q has waited as long; the place went to Q for the fit."""
    problem = town({"P": {}, "Q": {}}, {"A": {"free": 1}}, [("P", "A"), ("Q", "A", {"score": 9})])
    answer = only(problem)
    assert answer.reason is Reason.CAPACITY
    (barred,) = answer.barred
    assert (barred.rules, barred.holders) == ({Rule.FREE}, (1,))


def test_somebody_who_waits_longer_has_the_place_by_the_order() -> None:
    people = {"P": {"waiting_days": 3}, "Q": {"waiting_days": 90}}
    answer = only(town(people, {"A": {"free": 1}}, [("P", "A"), ("Q", "A")]))
    assert (answer.reason, answer.ahead) == (Reason.ORDER, (1,))


def test_a_place_that_a_fixed_person_fills_is_capacity_whoever_waits_longer() -> None:
    openings = {"A": {"slots": [slot("月", places=1)]}}
    kept = [{"person": "Q", "opening": "A", "slot": 0}]
    people = {"P": {"waiting_days": 3}, "Q": {"waiting_days": 90}}
    answer = only(town(people, openings, [("P", "A"), ("Q", "A")], kept=kept))
    assert answer.reason is Reason.CAPACITY
    assert (answer.barred[0].rules, answer.barred[0].kept) == ({Rule.PLACES}, (1,))


def test_openings_where_nothing_but_a_free_place_is_missing_are_capacity_too() -> None:
    answer = only(town({"P": {}}, {"A": {}, "B": {}}, []), blocks([{"R-CAPACITY"}, {"R-AGE"}]))
    assert (answer.reason, answer.taken) == (Reason.CAPACITY, (0,))


def test_rules_in_the_way_of_all_candidates_are_named() -> None:
    people = {name: {"coordinator": "C", "accompanied": True} for name in ("P", "Q")}
    pairs, one = [("P", "A"), ("Q", "A", {"score": 5})], [{"id": "C", "new_pairs": 1}]
    assert only(town(people, {"A": {}}, pairs, coordinators=one)).rules == (Rule.COORDINATOR,)
    hosts = {"hosts": [{"id": "A", "new_starts": 1}]}
    assert only(town({"P": {}, "Q": {}}, {"A": {}}, pairs, **hosts)).rules == (Rule.NEW_STARTS,)
    monday = {"A": {"slots": [slot("月")]}}
    answer = only(town(people, monday, pairs, accompany={"月AM": 1}))
    assert (answer.reason, answer.rules) == (Reason.RULES, (Rule.ACCOMPANY,))


def test_a_session_where_only_room_is_missing_counts_before_one_that_a_rule_forbids() -> None:
    people = {name: {"high_support": True, "accompanied": name != "Q"} for name in "PQR"}
    openings = {"A": {"slots": [slot("月", places=1, high_support=1), slot("火")]}}
    pairs = [("P", "A"), ("Q", "A", {"slots": [0], "score": 5}), ("R", "A", {"slots": [1], "score": 5})]
    answer = only(town(people, openings, pairs, accompany={"月AM": 1, "火AM": 1}))
    assert (answer.person, answer.reason) == (0, Reason.CAPACITY)
    assert (answer.barred[0].rules, answer.barred[0].holders) == ({Rule.PLACES, Rule.HIGH_SUPPORT}, (1,))


def test_avoiding_somebody_is_a_rule_and_the_other_is_named_nowhere() -> None:
    people, monday = {"P": {}, "Q": {}}, {"A": {"slots": [slot("月")]}}
    apart = [{"person": "P", "other": "Q"}]
    answer = only(town(people, monday, [("P", "A"), ("Q", "A", {"score": 5})], apart=apart))
    assert (answer.reason, answer.rules) == (Reason.RULES, (Rule.APART,))
    kept = [{"person": "Q", "opening": "A", "slot": 0}]
    fixed = only(town(people, monday, [("P", "A"), ("Q", "A")], apart=apart, kept=kept))
    assert (fixed.reason, fixed.rules) == (Reason.RULES, (Rule.APART,))
    for each in (answer, fixed):
        assert [(barred.holders, barred.kept) for barred in each.barred] == [((), ())]
        assert each.ahead == ()


def test_a_question_that_would_settle_it_is_the_answer() -> None:
    problem = town({"P": {}}, {"A": {}, "B": {}}, [("P", "A", {"asks": True})])
    answer = only(problem, blocks([set(), {"R-AGE"}], unknown=[{"R-NOISE"}, set()]))
    assert (answer.reason, answer.asks) == (Reason.ASKS, (0,))
    assert only(problem).asks == (0,)


def test_a_plan_that_was_stopped_says_that_a_place_is_still_there() -> None:
    problem = town({"P": {}, "Q": {}}, {"A": {"free": 2}}, [("P", "A"), ("Q", "A")])
    (answer,) = why_nobody(unsolved(problem, plan_of(problem, ("Q", "A", 0))))
    assert answer.reason is Reason.UNFINISHED


def test_nothing_to_choose_from_is_said_as_that() -> None:
    assert only(town({"P": {}}, {}, [])).reason is Reason.NOTHING


def test_everybody_left_has_one_answer_and_nobody_else() -> None:
    people = {name: {} for name in "PQRS"}
    problem = town(people, {"A": {"free": 2}}, [(name, "A") for name in "PQR"])
    standing = standing_of(problem)
    answers = why_nobody(standing)
    assert [answer.person for answer in answers] == standing.left.tolist()
    assert len(answers) == 2
