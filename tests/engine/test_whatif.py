"""「もう一つあれば」: protects what is promised of one more place, and that outsiders never read of fewer than five people."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching.engine.explain.changes import Change, Kind
from service.matching.engine.explain.coverage import Chosen, Helps, choose_best, choose_greedily
from service.matching.engine.explain.newplaces import rank_new_openings
from service.matching.engine.explain.outside import Counted, for_outside
from service.matching.engine.explain.relaxing import Blocks
from service.matching.engine.explain.whatif import best_set, confirm, places_left, rank_conditions, rank_openings, refine
from tests.engine.four import four_people, standing_of
from tests.engine.test_why_nobody import blocks
from tests.engine.towns import slot, town


def said(changes: tuple[Change, ...]) -> list[tuple[str, object, tuple[int, ...]]]:
    return [(str(change.kind), change.thing, change.people) for change in changes]


def test_one_more_place_is_worth_one_person_and_solving_again_confirms_it() -> None:
    problem = town({name: {} for name in "PQR"}, {"A": {"free": 1}, "B": {"free": 1}}, [("P", "A"), ("Q", "A"), ("R", "B")])
    standing = standing_of(problem)
    (change,) = rank_openings(standing)
    assert (change.kind, change.thing, change.gain) == (Kind.PLACE, 0, 1)
    assert confirm(standing, change) == 1


def test_an_opening_full_in_two_ways_still_needs_but_one_place() -> None:
    openings = {"A": {"free": 1, "slots": [slot("月", places=1)]}}
    standing = standing_of(town({"P": {}, "Q": {}}, openings, [("P", "A"), ("Q", "A")]))
    (change,) = rank_openings(standing)
    assert (change.kind, change.thing) == (Kind.PLACE, 0)
    assert confirm(standing, change) == 1


def test_a_session_that_fixed_people_fill_could_have_one_place_more() -> None:
    openings = {"A": {"slots": [slot("月", places=1)]}}
    kept = [{"person": "Q", "opening": "A", "slot": 0}]
    standing = standing_of(town({"P": {}, "Q": {}}, openings, [("P", "A"), ("Q", "A")], kept=kept))
    assert said(rank_openings(standing)) == [("place", 0, (0,))]


def test_one_more_start_coordinator_or_companion_counts_too() -> None:
    people = {name: {"coordinator": "C", "accompanied": True} for name in "PQ"}
    pairs, monday = [("P", "A"), ("Q", "A", {"score": 5})], {"A": {"slots": [slot("火", "13:00", "15:00")]}}
    cases = (
        ({"coordinators": [{"id": "C", "new_pairs": 1}]}, Kind.COORDINATOR, 0),
        ({"hosts": [{"id": "A", "new_starts": 1}]}, Kind.NEW_START, 0),
        ({"accompany": {"火PM": 1}}, Kind.ACCOMPANY, 3),
    )
    for more, kind, thing in cases:
        standing = standing_of(town(people, monday, pairs, **more))
        (change,) = rank_openings(standing)
        assert (change.kind, change.thing, change.people) == (kind, thing, (0,))
        assert confirm(standing, change) == 1


def test_what_needs_two_things_at_once_is_no_single_change() -> None:
    people = {name: {"coordinator": "C"} for name in "PQ"}
    problem = town(people, {"A": {"free": 1}}, [("P", "A"), ("Q", "A")], coordinators=[{"id": "C", "new_pairs": 1}])
    assert rank_openings(standing_of(problem)) == ()


def test_avoiding_somebody_is_never_a_change_to_propose() -> None:
    apart = [{"person": "P", "other": "Q"}]
    problem = town({"P": {}, "Q": {}}, {"A": {"slots": [slot("月")]}}, [("P", "A"), ("Q", "A")], apart=apart)
    assert rank_openings(standing_of(problem)) == ()


def test_one_condition_at_an_opening_with_places_left_ranks_by_how_many_it_lets_in() -> None:
    problem = town({name: {} for name in "PQR"}, {"A": {"free": 2}, "B": {"free": 0}}, [])
    found = blocks([{"R-NOISE"}, {"R-TIME"}], [{"R-NOISE"}, {"R-TIME"}], [{"R-AVOID"}, {"R-TIME"}])
    changes = rank_conditions(standing_of(problem), found)
    assert [(change.thing, change.code, change.people, change.gain) for change in changes] == [(0, "R-NOISE", (0, 1), 2)]


def test_places_already_given_by_the_plan_are_not_promised_again() -> None:
    problem = town({"P": {}, "Q": {}}, {"A": {"free": 1, "slots": [slot("月", places=3)]}}, [("P", "A")])
    standing = standing_of(problem)
    assert places_left(standing).tolist() == [0]
    assert rank_conditions(standing, blocks([{"R-TIME"}], [{"R-TIME"}])) == ()


def test_what_is_not_ours_to_propose_is_ranked_but_marked() -> None:
    standing = standing_of(town({"P": {}}, {"A": {}}, []))
    (change,) = rank_conditions(standing, blocks([{"R-AGE"}]))
    assert not change.may_suggest
    (asked,) = rank_conditions(standing, blocks([set()], unknown=[{"R-AGE"}]))
    assert (asked.kind, asked.may_suggest) == (Kind.QUESTION, True)


def test_a_new_opening_is_put_where_people_live_and_when_they_have_time() -> None:
    has_time = np.zeros((3, 14), bool)
    has_time[:, 5] = True
    wants = np.array([[True, False], [True, True], [False, True]])
    people, cell = np.array([4, 6, 9], np.int32), np.array([7, 7, 7], np.int32)
    changes = rank_new_openings(people, cell, has_time, wants)
    assert said(changes) == [("opening", (7, 5, 0), (4, 6)), ("opening", (7, 5, 1), (6, 9))]


def helps_of(seed: int, options: int, people: int, density: float) -> Helps:
    dice = np.random.default_rng(seed)
    option, person = np.nonzero(dice.random((options, people)) < density)
    return Helps(option.astype(np.int32), person.astype(np.int32), dice.integers(1, 6, options).astype(np.int32), people)


def assert_sound(helps: Helps, found: Chosen, most: int) -> None:
    """Everybody counted is helped once, by a chosen change that could, within its places."""
    assert len(found.options) <= most
    everybody = [person for helped in found.helped for person in helped]
    assert len(everybody) == len(set(everybody))
    for option, helped in zip(found.options, found.helped, strict=True):
        assert set(helped) <= set(helps.helped(option).tolist())
        assert len(helped) <= helps.places[option]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("most", [5, 20])
def test_choosing_one_after_the_other_reaches_nine_tenths_of_the_solver_s_bound(seed: int, most: int) -> None:
    helps = helps_of(seed, 120, 150, 0.03)
    found, best = choose_greedily(helps, most), choose_best(helps, most, seconds=5)
    assert_sound(helps, found, most)
    assert_sound(helps, best, most)
    assert found.people >= 0.9 * best.bound
    assert found.people <= best.people <= best.bound <= found.bound


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**32), st.integers(1, 3))
def test_the_solver_s_set_is_that_of_trying_all_sets(seed: int, most: int) -> None:
    helps = helps_of(seed, 6, 7, 0.4)
    found = choose_best(helps, most)
    assert_sound(helps, found, most)
    assert found.is_proven
    sets = itertools.combinations(range(len(helps.places)), min(most, len(helps.places)))
    assert found.people == found.bound == max(_most_helped(helps, chosen) for chosen in sets)


def _most_helped(helps: Helps, chosen: tuple[int, ...]) -> int:
    """A matching of people to the chosen changes' places, by augmenting paths."""
    seats = [(option, place) for option in chosen for place in range(int(helps.places[option]))]
    held: dict[tuple[int, int], int] = {}

    def sit(person: int, seen: set[tuple[int, int]]) -> bool:
        for seat in seats:
            if seat not in seen and person in helps.helped(seat[0]).tolist():
                seen.add(seat)
                if seat not in held or sit(held[seat], seen):
                    held[seat] = person
                    return True
        return False

    return sum(sit(person, set()) for person in range(helps.people))


def test_a_set_of_changes_speaks_of_the_run_s_own_people() -> None:
    pairs = [("P", "A"), ("Q", "A"), ("R", "A"), ("S", "B"), ("T", "B")]
    problem = town({name: {} for name in "PQRST"}, {"A": {"free": 1}, "B": {"free": 1}}, pairs)
    standing = standing_of(problem)
    changes = rank_openings(standing)
    for found in (best_set(standing, changes, 2), refine(standing, changes, 2, seconds=5)):
        assert found.people == found.bound == 2
        assert {person for helped in found.helped for person in helped} <= set(standing.left.tolist())
    assert best_set(standing_of(four_people()), (), 5).people == 0


def counted(label: str, group: str, people: range | set[int]) -> Counted:
    return Counted(label, group, frozenset(people))


def test_fewer_than_five_people_are_rolled_up_and_hidden_if_still_too_few() -> None:
    rows = [
        counted("A", "東", range(6)),
        counted("B", "東", range(10, 13)),
        counted("C", "東", range(12, 15)),
        counted("D", "西", range(2)),
    ]
    assert [(row.label, row.count, row.is_rest) for row in for_outside(rows)] == [
        ("A", 6, False),
        ("東", 5, True),
        ("西", None, True),
    ]


def test_two_rows_that_differ_by_few_people_cannot_be_subtracted() -> None:
    rows = [counted("A", "東", range(9)), counted("B", "東", range(7))]
    assert [(row.label, row.count) for row in for_outside(rows)] == [("A", 9), ("東", None)]


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**32))
def test_no_count_below_five_leaves_the_house(seed: int) -> None:
    dice = random.Random(seed)
    rows = [
        counted(f"L{n}", f"G{n % 3}", set(dice.sample(range(14), dice.randint(0, 9)))) for n in range(dice.randint(0, 8))
    ]
    shown = for_outside(rows)
    assert all(row.count is None or row.count >= 5 for row in shown)
    assert {row.label for row in shown if not row.is_rest} <= {row.label for row in rows if len(row.people) >= 5}


def test_blocks_hold_as_many_codes_as_a_word_has_bits() -> None:
    nothing = np.zeros((0, 0), np.uint64)
    with pytest.raises(ValueError, match="bits"):
        Blocks(tuple(f"R-{n}" for n in range(65)), np.zeros(0, np.int32), nothing, nothing)
