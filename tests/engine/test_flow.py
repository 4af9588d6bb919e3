"""One place each by a flow: protects its exactness at any size, and that it refuses rules it cannot keep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.instances import make
from service.matching.engine import verify
from service.matching.engine.problem import NO_LIMIT, WEEKLY, Problem, Rules
from service.matching.engine.search.flow import one_place_each, rules_beyond_room
from service.matching.engine.settings import Settings, Term
from tests.engine.towns import pins, slot, town

ASKED = Settings()


def only_room(problem: Problem) -> Problem:
    """The same without every rule but the room of sessions."""
    hosts = replace(problem.hosts, new_starts=np.full_like(problem.hosts.new_starts, NO_LIMIT))
    slots = replace(problem.slots, high_support=np.full_like(problem.slots.high_support, NO_LIMIT))
    return replace(problem, rules=Rules(), hosts=hosts, slots=slots)


def most_by_trying(problem: Problem) -> tuple[int, float]:
    """People placed and points by a whole-number program written down anew."""
    pairs, sessions = problem.pairs, problem.sessions
    used = np.bincount(problem.kept.slot, problem.kept.half, len(problem.slots))
    room = np.maximum(2 * problem.slots.places - used, 0) // WEEKLY
    person, place = pairs.person[sessions.pair], sessions.slot
    points = pairs.points[sessions.pair] * np.minimum(problem.people.demand[person], WEEKLY) / 2
    count = np.arange(len(person))
    rows = sparse.csc_array(
        (np.ones(2 * len(count)), (np.concatenate([person, len(problem.people) + place]), np.tile(count, 2))),
        shape=(len(problem.people) + len(room), len(count)),
    )
    most = np.concatenate([np.where(problem.has_place, 0, 1), room])
    worth = 1e6 + points
    best = milp(
        -worth, constraints=LinearConstraint(rows, -np.inf, most), bounds=Bounds(0, 1), integrality=np.ones(len(count))
    )
    taken = best.x > 0.5
    return int(taken.sum()), float(points[taken].sum())


@pytest.mark.parametrize(("people", "openings", "seed"), [(50, 40, 1), (50, 40, 2), (200, 120, 3)])
def test_nobody_can_place_more_people_or_give_more_points(people: int, openings: int, seed: int) -> None:
    problem = only_room(make(people, openings, seed))
    plan = one_place_each(problem, ASKED)
    found = verify.attained(problem, ASKED, plan)
    assert verify.check(problem, ASKED, plan) == ()
    assert len(np.unique(plan.person)) == len(plan)
    assert (len(plan), found[Term.POINTS]) == most_by_trying(problem)


def test_one_person_more_is_worth_any_points() -> None:
    slots = [slot("月", places=1)]
    openings = {"畑": {"slots": slots}, "店": {"slots": slots}}
    asked = [("A", "畑", {"score": 100}), ("A", "店", {"score": 1}), ("B", "畑", {"score": 2})]
    problem = town({"A": {"demand": 2}, "B": {"demand": 2}}, openings, asked)
    assert len(one_place_each(problem, ASKED)) == 2


def test_somebody_who_has_a_place_is_not_given_another() -> None:
    kept = [{"person": "A", "opening": "畑", "slot": 0, "half": 2}]
    openings = {name: {"slots": [slot("月", places=1)]} for name in ("畑", "店")}
    problem = town({"A": {"demand": 4}}, openings, [("A", "店")], kept=kept)
    assert len(one_place_each(problem, ASKED)) == 0


def test_pairs_to_be_asked_about_are_given_only_when_asked_for() -> None:
    problem = town({"A": {"demand": 2}}, {"畑": {"slots": [slot("月", places=1)]}}, [("A", "畑", {"asks": True})])
    assert len(one_place_each(problem, ASKED)) == 0
    assert len(one_place_each(problem, replace(ASKED, include_ask=True))) == 1


def test_rules_a_flow_cannot_keep_are_refused_by_name() -> None:
    problem = make(50, 40, 1)
    with pytest.raises(ValueError, match="担当者が紹介できる人数"):
        one_place_each(problem, ASKED)
    assert rules_beyond_room(only_room(problem)) == []


def test_a_pin_is_refused_not_forgotten() -> None:
    openings = {"畑": {"slots": [slot("月", places=1)]}}
    problem = town({"A": {"demand": 2}}, openings, [("A", "畑")], forced=pins(("A", "畑")))
    with pytest.raises(ValueError, match="入れると決めた組"):
        one_place_each(problem, ASKED)


def test_where_nobody_can_go_anywhere_nobody_is_placed() -> None:
    problem = town({"A": {"demand": 2}}, {"畑": {"slots": [slot("月", places=0)]}}, [("A", "畑")])
    assert len(one_place_each(problem, ASKED)) == 0
