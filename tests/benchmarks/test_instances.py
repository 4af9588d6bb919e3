"""The made-up joint runs: the same seed gives the same town, as dense as said, and today's placements keep every rule."""

from dataclasses import fields

import numpy as np
import pytest

from benchmarks.instances import densities, make
from service.matching.engine.problem import NO_LIMIT, NONE, Placed, Problem

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module", params=SEEDS)
def town(request: pytest.FixtureRequest) -> Problem:
    return make(500, 300, request.param)


def test_the_same_seed_gives_the_same_problem_and_another_seed_another() -> None:
    one, again, other = make(60, 40, 7), make(60, 40, 7), make(60, 40, 8)
    for part in ("people", "openings", "slots", "pairs", "sessions", "kept", "held"):
        for field in fields(getattr(one, part)):
            values = [np.asarray(getattr(getattr(each, part), field.name)) for each in (one, again)]
            np.testing.assert_array_equal(*values, err_msg=f"{part}.{field.name}")
    assert one.rules.apart == again.rules.apart
    assert one.rules.new_per_coordinator == again.rules.new_per_coordinator
    assert not np.array_equal(one.people.waiting_days, other.people.waiting_days)


def test_a_big_city_is_as_dense_as_the_documents_say(town: Problem) -> None:
    found = densities(town)
    assert 7 <= found["pairs_a_person"] <= 14
    assert 0.10 <= found["without_option"] <= 0.36
    assert 0.17 <= found["high_support"] <= 0.27
    assert 0.27 <= found["placed"] <= 0.301
    assert 0.72 <= found["kept"] / found["placed"] <= 0.88
    assert 0.03 <= found["apart"] <= 0.04


def test_loads_sessions_and_limits_are_in_their_ranges(town: Problem) -> None:
    assert set(town.people.demand.tolist()) == {1, 2, 3, 4, 5, 6}
    assert set(town.people.most_hosts.tolist()) == {1, 2, 3}
    assert set(np.bincount(town.slots.opening).tolist()) == {1, 2, 3, 4}
    assert set(town.slots.places.tolist()) == {1, 2, 3, 4, 5}
    assert set(town.slots.high_support.tolist()) == {NO_LIMIT, 0, 1, 2}
    assert town.pairs.points.min() >= 0
    assert town.pairs.points.max() <= 1000
    load = np.bincount(town.people.coordinator)
    limits = np.array([town.rules.new_per_coordinator[c] for c in range(len(load))])
    assert (np.round(load * 0.5) <= limits).all()
    assert (limits <= np.round(load * 1.2)).all()


def test_sessions_of_one_opening_are_at_different_times(town: Problem) -> None:
    times = np.stack((town.slots.opening, town.slots.day, town.slots.start))
    assert np.unique(times, axis=1).shape == times.shape


def test_every_usable_session_belongs_to_the_opening_of_its_pair(town: Problem) -> None:
    np.testing.assert_array_equal(town.slots.opening[town.sessions.slot], town.pairs.opening[town.sessions.pair])
    assert set(town.sessions.pair.tolist()) == set(range(len(town.pairs)))
    high = town.people.high_support[town.pairs.person[town.sessions.pair]]
    assert not (high & (town.slots.high_support[town.sessions.slot] == 0)).any()


def placements(problem: Problem) -> Placed:
    both = (problem.kept, problem.held)
    return Placed(*(np.concatenate([getattr(each, name) for each in both]) for name in ("person", "slot", "half")))


def test_whoever_goes_somewhere_today_could_be_sent_there_by_the_run(town: Problem) -> None:
    usable = set(zip(town.pairs.person[town.sessions.pair].tolist(), town.sessions.slot.tolist(), strict=True))
    today = placements(town)
    assert set(zip(today.person.tolist(), today.slot.tolist(), strict=True)) <= usable
    goes = {(p, int(town.slots.opening[s])) for p, s in zip(today.person.tolist(), today.slot.tolist(), strict=True)}
    pairs = zip(town.pairs.person.tolist(), town.pairs.opening.tolist(), strict=True)
    assert [pair in goes for pair in pairs] == (~town.pairs.is_new).tolist()


def test_todays_placements_keep_every_rule(town: Problem) -> None:
    today, slots = placements(town), town.slots
    assert len(np.unique(today.person)) == len(today)
    assert (today.half <= town.people.demand[today.person]).all()
    assert (np.bincount(today.slot, today.half, len(slots)) <= 2 * slots.places).all()
    high = town.people.high_support[today.person]
    halves = np.bincount(today.slot[high], today.half[high], len(slots))
    assert (halves <= np.where(slots.high_support == NO_LIMIT, np.inf, 2 * slots.high_support)).all()
    host = np.full(len(town.people), NONE)
    host[today.person] = town.openings.host[slots.opening[today.slot]]
    assert not [(a, b) for a, b in town.rules.apart if host[a] == host[b] != NONE]


def test_in_a_larger_town_too_those_who_must_not_meet_do_not_meet_today() -> None:
    town = make(3_000, 600, 2)
    today, host = placements(town), np.full(3_000, NONE)
    host[today.person] = town.openings.host[town.slots.opening[today.slot]]
    assert len(today) > 10
    assert not [(a, b) for a, b in town.rules.apart if host[a] == host[b] != NONE]


def test_a_problem_of_a_few_people_can_be_made() -> None:
    tiny = make(4, 4, 1)
    assert (len(tiny.people), len(tiny.openings)) == (4, 4)
    assert len(tiny.sessions.pair) >= 0
