"""What must hold in a joint run: one function, one sentence, as rows of the linear model."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.model.columns import (
    UNLIMITED,
    half_left,
    join,
    left_demand,
    minutes_between,
    no_limit_as_much,
)
from service.matching.engine.model.rows import Rows, no_two, sum_per_key, weekly_again
from service.matching.engine.model.variables import SEVERAL, Parts, Variables, weekly
from service.matching.engine.problem import FORTNIGHTLY, NONE, Ints

MINUTES: Final = 24 * 60


def within_demand(v: Variables) -> Rows:
    """A person is given no more than today's load."""
    left, columns = left_demand(v.problem), v.columns
    every = np.arange(len(columns))
    return Rows.together(
        sum_per_key(columns.person, every, columns.half, left),
        weekly_again(columns.person, every, weekly(columns), left),
    )


def one_frequency_per_session(v: Variables) -> Rows:
    """A session is taken every week or every other week, not both."""
    columns = v.columns
    loose = left_demand(v.problem)[columns.person] >= SEVERAL
    key = np.where(loose, columns.session, 0)
    most = np.where(np.bincount(key[loose], minlength=len(v.problem.sessions)) > 1, 1, UNLIMITED)
    every = np.flatnonzero(loose)
    return sum_per_key(columns.session[every], every, np.ones(len(every)), most)


def one_fortnightly_session(v: Variables) -> Rows:
    """At most one session every other week per person: the odd half unit of their load."""
    rare = np.flatnonzero(v.columns.half == FORTNIGHTLY)
    return sum_per_key(v.columns.person[rare], rare, np.ones(len(rare)), np.ones(len(v.problem.people)))


def no_clashing_sessions(v: Variables) -> Rows:
    """Nobody is in two places at once, nor still on the way between them."""
    slots, columns = v.problem.slots, v.columns
    several = (left_demand(v.problem)[columns.person] >= SEVERAL) & (slots.day[columns.slot] != NONE)
    mine = np.flatnonzero(several)
    day = columns.person[mine].astype(np.int64) * 7 + slots.day[columns.slot[mine]]
    return Rows.together(_under_way(v, mine, day), _too_near(v, mine, day))


def _under_way(v: Variables, mine: NDArray[np.intp], day: NDArray[np.int64]) -> Rows:
    """At each start of a session, at most one of those under way: stronger than saying it for every two."""
    slots, slot = v.problem.slots, v.columns.slot[mine]
    moments = np.unique(day * MINUTES + slots.start[slot])
    moment, at = join(moments // MINUTES, day)
    minute = moments[moment] % MINUTES
    meets = (slots.start[slot[at]] <= minute) & (minute < slots.end[slot[at]])
    moment, at = moment[meets], at[meets]
    return sum_per_key(moment, mine[at], np.ones(len(at)), np.ones(len(moments)))


def _too_near(v: Variables, mine: NDArray[np.intp], day: NDArray[np.int64]) -> Rows:
    """Two sessions one after the other need the time for the way between them."""
    rules, slots = v.problem.rules, v.problem.slots
    if rules.gap_min <= 0 and rules.gap_min_per_km <= 0:
        return Rows.none()
    a, b = join(day, day)
    first, then = v.columns.slot[mine[a]], v.columns.slot[mine[b]]
    after = slots.start[then] >= slots.end[first]
    a, b, first, then = a[after], b[after], first[after], then[after]
    gap = minutes_between(v.problem, slots.opening[first], slots.opening[then])
    near = slots.end[first] + gap > slots.start[then]
    return no_two(mine[a[near]], mine[b[near]])


def within_slot(v: Variables) -> Rows:
    """A session takes no more people than it has places."""
    left = half_left(v.problem, v.problem.slots.places)
    return _in_slots(v, np.ones(len(v.columns), np.bool_), left)


def within_high_support(v: Variables) -> Rows:
    """No more people with high support needs at once than the host can manage."""
    left = half_left(v.problem, v.problem.slots.high_support, high_support=True)
    return _in_slots(v, v.problem.people.high_support[v.columns.person], left)


def _in_slots(v: Variables, counted: NDArray[np.bool_], left: Ints) -> Rows:
    mine = np.flatnonzero(counted)
    columns = v.columns.take(mine)
    return Rows.together(
        sum_per_key(columns.slot, mine, columns.half, left),
        weekly_again(columns.slot, mine, weekly(columns), left),
    )


def within_free_places(v: Variables) -> Rows:
    """A place takes no more people than it has free places."""
    opened = v.newly_opened
    opening = v.problem.pairs.opening[opened.thing]
    return _count(opened, opening, no_limit_as_much(v.problem.openings.free))


def within_resources(v: Variables) -> Rows:
    """What people need together of a named resource is there."""
    opened, pairs, rows = v.newly_opened, v.problem.pairs, []
    for number in range(v.problem.openings.amounts.shape[1]):
        most = no_limit_as_much(v.problem.openings.amounts[:, number])
        rows.append(sum_per_key(pairs.opening[opened.thing], opened.variable, pairs.uses[opened.thing, number], most))
    return Rows.together(Rows.none(), *rows)


def within_most_hosts(v: Variables) -> Rows:
    """A person goes to no more places than suits them."""
    problem, opened = v.problem, v.newly_opened
    kept = np.unique(np.column_stack([problem.kept.person, problem.kept_opening]), axis=0)[:, 0]
    left = no_limit_as_much(problem.people.most_hosts) - np.bincount(kept, minlength=len(problem.people))
    return _count(opened, problem.pairs.person[opened.thing], np.maximum(left, 0))


def within_new_starts(v: Variables) -> Rows:
    """A host begins with no more new people a week than it can welcome."""
    fresh = _new(v)
    host = v.problem.openings.host[v.problem.pairs.opening[fresh.thing]]
    return _count(fresh, host, no_limit_as_much(v.problem.hosts.new_starts))


def within_coordinator(v: Variables) -> Rows:
    """A coordinator introduces no more people than there is time for."""
    fresh = _new(v)
    who = v.problem.people.coordinator[v.problem.pairs.person[fresh.thing]]
    has = np.flatnonzero(who != NONE)
    most = np.full(max(len(v.problem.coordinators), int(who.max(initial=-1)) + 1), UNLIMITED)
    for coordinator, limit in v.problem.rules.new_per_coordinator.items():
        most[coordinator] = limit
    return _count(Parts(fresh.thing[has], fresh.variable[has]), who[has], most)


def within_accompaniment(v: Variables) -> Rows:
    """In each half-day, no more people are accompanied than there are supporters."""
    problem, columns = v.problem, v.columns
    if problem.rules.accompany is None:
        return Rows.none()
    day = problem.slots.day[columns.slot]
    counted = problem.people.accompanied[columns.person] & problem.pairs.is_new[columns.pair] & (day != NONE)
    mine = np.flatnonzero(counted)
    half_day = day[mine] * 2 + problem.half_day[columns.slot[mine]]
    return sum_per_key(half_day, mine, np.ones(len(mine)), no_limit_as_much(problem.rules.accompany.ravel()))


def open_pairs(v: Variables) -> Rows:
    """A pair is open exactly when it has a session."""
    columns = v.columns
    own = v.open_of[columns.pair]
    mine = np.flatnonzero(own >= 0)
    # One frequency of a session excludes the other, so both together stay below the pair's variable.
    _, key = np.unique(columns.session[mine], return_inverse=True)
    count = int(key.max()) + 1 if len(key) else 0
    opener = np.zeros(count, np.int32)
    opener[key] = own[mine]
    above = Rows(
        np.concatenate([key, np.arange(count)]).astype(np.int32),
        np.concatenate([mine, opener]).astype(np.int32),
        np.concatenate([np.ones(len(mine)), -np.ones(count)]),
        np.zeros(count),
    )
    return Rows.together(above, _at_most_sum(np.unique(own[mine]), own[mine], mine))


def placed_people(v: Variables) -> Rows:
    """Only somebody with an open pair counts as placed."""
    person = v.problem.pairs.person[v.opened.thing]
    mine = np.flatnonzero(v.placed_of[person] >= 0)
    placed = v.placed_of[person[mine]]
    return _at_most_sum(np.unique(placed), placed, v.opened.variable[mine])


def _at_most_sum(small: NDArray[Any], key: NDArray[Any], variable: NDArray[Any]) -> Rows:
    """v[small] ≤ Σ of the variables whose key it is."""
    number = np.searchsorted(small, key)
    return Rows(
        np.concatenate([np.arange(len(small)), number]).astype(np.int32),
        np.concatenate([small, variable]).astype(np.int32),
        np.concatenate([np.ones(len(small)), -np.ones(len(key))]),
        np.zeros(len(small)),
    )


def _count(parts: Parts, key: Ints, most: Ints) -> Rows:
    return sum_per_key(key, parts.variable, np.ones(len(parts.variable)), most)


def _new(v: Variables) -> Parts:
    fresh = v.problem.pairs.is_new[v.newly_opened.thing]
    return Parts(v.newly_opened.thing[fresh], v.newly_opened.variable[fresh])
