"""What an aim could come to by itself: no plan attains more, and it is less than if nobody were in anybody's way.

Of all that must hold, it keeps what makes a flow: each person's load, the room of sessions, the free places of openings,
what hosts and coordinators can begin with. Sessions may be shared out, and the rest is left out: both can only add.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.model.columns import Columns, half_left, is_at_kept, left_demand, no_limit_as_much
from service.matching.engine.model.objective import constant_of, most_of, priorities
from service.matching.engine.problem import NONE, WEEKLY, Bools, Floats, Ints, Problem
from service.matching.engine.search.bidding import largest_sum, moments
from service.matching.engine.search.network import SINK, SOURCE, Network
from service.matching.engine.settings import Level, Settings, Term

PARTS: Final = 200
"""Points have two decimals, and half of them count every other week: a flow knows whole numbers only."""

SECONDS_A_MILLION: Final[Mapping[Term, float]] = {Term.PLACED: 2.0, Term.PRIORITY: 15.0, Term.POINTS: 15.0}
"""What a ceiling takes at a million columns (docs/matching-model.md)."""
GROWTH: Final = 1.8
"""Ten times the columns take so many powers of ten longer: measured between 168,000 and a million."""

Numbers = NDArray[np.int64]


def ceiling(problem: Problem, settings: Settings, columns: Columns, level: Level) -> float:
    """A bound of one aim over all plans, whatever the other aims come to."""
    terms = [
        weight * BY_FLOW[term](problem, settings, columns)
        if weight > 0 and term in BY_FLOW
        else most_of(problem, settings, Level(level.name, {term: weight}))
        for term, weight in level.weights.items()
    ]
    return min(float(sum(terms)), most_of(problem, settings, level))


def seconds_for(level: Level, columns: int) -> float:
    """How long the aim's ceiling takes in a run of so many columns; of evenness, changes and ways the best is known."""
    at_a_million = sum(SECONDS_A_MILLION.get(term, 0.0) for term, weight in level.weights.items() if weight > 0)
    return float(at_a_million * (columns / 1e6) ** GROWTH)


def most_placed(problem: Problem, settings: Settings, columns: Columns) -> float:
    """How many people can have a place, one session each."""
    asking = _Asking.for_one_session(problem, columns)
    network = _laid_out(problem, asking, np.zeros(len(problem.people), np.int64))
    return constant_of(problem, Term.PLACED) + network.most_carried(asking.supply)


def most_priority(problem: Problem, settings: Settings, columns: Columns) -> float:
    """What those newly placed can bring at most by their waiting and their few openings."""
    asking = _Asking.for_one_session(problem, columns)
    network = _laid_out(problem, asking, np.ceil(priorities(problem, settings)).astype(np.int64))
    return network.most_gained(asking.supply)


def most_points(problem: Problem, settings: Settings, columns: Columns) -> float:
    """The most points that half units of everybody's load find room for."""
    asking = _Asking.for_half_units(problem, columns)
    network = _laid_out(problem, asking, np.zeros(len(problem.people), np.int64), asking.points(problem))
    return network.most_gained(asking.supply) / PARTS


BY_FLOW: Final[Mapping[Term, Callable[[Problem, Settings, Columns], float]]] = {
    Term.PLACED: most_placed,
    Term.PRIORITY: most_priority,
    Term.POINTS: most_points,
}


@dataclass(frozen=True)
class _Asking:
    """Who asks for room, in units: people, or half units a week. Each person's sessions once, `weekly` those that cannot
    be taken every other week; the units each session and each person can have, and those of one place every week.
    """

    sessions: Columns
    weekly: Bools
    most: Numbers
    person: Numbers
    place: int

    @classmethod
    def for_one_session(cls, problem: Problem, columns: Columns) -> _Asking:
        """Everybody without a place."""
        first, weekly = _sessions(columns.take(~problem.has_place[columns.person]))
        everybody = (~problem.has_place).astype(np.int64)
        return cls(first, weekly, np.ones(len(first), np.int64), everybody, 1)

    @classmethod
    def for_half_units(cls, problem: Problem, columns: Columns) -> _Asking:
        """Everybody with what is left of their load, where there are points to be had."""
        first, weekly = _sessions(columns.take(problem.pairs.points[columns.pair] > 0))
        return cls(first, weekly, first.half.astype(np.int64), left_demand(problem).astype(np.int64), WEEKLY)

    @property
    def supply(self) -> int:
        """No more units than these can find room."""
        return int(self.person.sum())

    def points(self, problem: Problem) -> Numbers:
        """What half a unit in each session is worth, in parts of a point; never too low."""
        return np.ceil(np.round(problem.pairs.points[self.sessions.pair] * (PARTS / 2), 6)).astype(np.int64)


def _sessions(columns: Columns) -> tuple[Columns, Bools]:
    """Each session once, every week where that may be, and whether it may not be every other week."""
    _, first, count = np.unique(columns.session, return_index=True, return_counts=True)
    sessions = columns.take(first)
    return sessions, np.asarray((count == 1) & (sessions.half == WEEKLY))


def _laid_out(problem: Problem, asking: _Asking, of_person: Numbers, of_session: Numbers | int = 0) -> Network:
    """The flow, with what a unit of each person and in each session gains."""
    sessions, network = asking.sessions, Network()
    limits = _Limits.of(problem, asking)
    people = _enter(network, problem, limits, of_person)
    doors = _leave(network, problem, limits, asking.place)
    high = problem.people.high_support[sessions.person] & (problem.slots.high_support[sessions.slot] >= 0)
    knots = _one_at_a_time(network, problem, asking, limits, people)
    network.join(knots, doors[sessions.slot, 2 * high + asking.weekly], asking.most, of_session)
    return network


def _one_at_a_time(network: Network, problem: Problem, asking: _Asking, limits: _Limits, people: Numbers) -> Numbers:
    """int64[sessions]: where each is chosen from: the person, or one of their moments at which sessions exclude each other."""
    sessions = asking.sessions
    key = moments(problem, sessions) * len(problem.people) + sessions.person
    _, first, at, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    person = sessions.person[first]
    rival = (count > 1) & (limits.person[person] > asking.place)
    knots = people[person]
    knots[rival] = network.add(int(rival.sum()))
    network.join(people[person[rival]], knots[rival], asking.place)
    return np.asarray(knots[at], np.int64)


@dataclass(frozen=True)
class _Limits:
    """How many units each person, opening, host and coordinator can have."""

    person: Numbers
    opening: Numbers
    host: Numbers
    coordinator: Numbers

    @classmethod
    def of(cls, problem: Problem, asking: _Asking) -> _Limits:
        """A limit in pairs lets through what the largest of them carry, besides those that it does not count."""
        pairs, openings = problem.pairs, problem.openings
        carried: Floats = np.bincount(asking.sessions.pair, asking.most, len(pairs)).astype(np.float64)
        carried = np.minimum(carried, asking.person[pairs.person].astype(np.float64))
        joins = ~is_at_kept(problem)
        starts = joins & pairs.is_new

        def through(key: Ints, counted: Bools, limit: Ints) -> Numbers:
            most = largest_sum(carried[counted], key[counted], no_limit_as_much(limit), len(limit))
            return np.asarray(most + np.bincount(key[~counted], carried[~counted], len(limit)), np.int64)

        person = through(pairs.person, joins, _places_left(problem))
        coordinator = problem.people.coordinator[pairs.person] + 1
        return cls(
            np.minimum(person, asking.person),
            through(pairs.opening, joins, openings.free),
            through(openings.host[pairs.opening], starts, problem.hosts.new_starts),
            through(coordinator, starts & (coordinator > 0), _introductions(problem)),
        )


def _places_left(problem: Problem) -> Ints:
    """int32[people]: how many more openings suit each person."""
    there = np.unique(np.column_stack([problem.kept.person, problem.kept_opening]), axis=0)[:, 0]
    left = no_limit_as_much(problem.people.most_hosts) - np.bincount(there, minlength=len(problem.people))
    return np.asarray(np.maximum(left, 0), np.int32)


def _introductions(problem: Problem) -> Ints:
    """int32[1 + coordinators]: how many new pairs each has time for; the first is nobody, without limit."""
    last = max([*problem.rules.new_per_coordinator, int(problem.people.coordinator.max(initial=NONE))], default=NONE)
    most = np.full(last + 2, NONE, np.int32)
    for coordinator, limit in problem.rules.new_per_coordinator.items():
        most[coordinator + 1] = limit
    return most


def _enter(network: Network, problem: Problem, limits: _Limits, gain: Numbers) -> Numbers:
    """From the source by coordinators to people."""
    coordinators, people = network.add(len(limits.coordinator)), network.add(len(limits.person))
    network.join(SOURCE, coordinators, limits.coordinator)
    network.join(coordinators[problem.people.coordinator + 1], people, limits.person, gain)
    return people


def _leave(network: Network, problem: Problem, limits: _Limits, place: int) -> Any:
    """int64[slots, 4]: the doors of each session, for weekly (+1) and high support (+2); by openings and hosts to the sink.

    Half a place left over is of no use to those who come every week, so they have a door of their own.
    """
    slots, openings, hosts = problem.slots, problem.openings, network.add(len(limits.host))
    doors, at = network.add(4 * len(slots)).reshape(-1, 4), network.add(len(openings))
    room, support = half_left(problem, slots.places), half_left(problem, slots.high_support, high_support=True)
    network.join(doors[:, 1], doors[:, 0], place * (room // WEEKLY))
    network.join(doors[:, 3], doors[:, 2], place * (np.minimum(room, support) // WEEKLY))
    network.join(doors[:, 2], doors[:, 0], support)
    network.join(doors[:, 0], at[slots.opening], room)
    network.join(at, hosts[openings.host], limits.opening)
    network.join(hosts, SINK, limits.host)
    return doors
