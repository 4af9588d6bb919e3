"""What a joint run is after: one function per aim, as weights on the model's unknowns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from service.matching.engine.model.columns import points_of
from service.matching.engine.model.rows import Rows, at_most_another
from service.matching.engine.model.variables import Variables
from service.matching.engine.problem import Floats, Ints, Problem
from service.matching.engine.settings import Level, Settings, Term


def placed(v: Variables) -> Floats:
    """Everybody who has a place counts one."""
    return _on_placed(v, np.ones(len(v.problem.people)))


def priority(v: Variables) -> Floats:
    """Each person placed counts their days of waiting, and more the fewer openings could take them."""
    return _on_placed(v, priorities(v.problem, v.settings))


def points(v: Variables) -> Floats:
    """Sessions count the points of their fit to the wishes, half of them every other week."""
    return _on_columns(v, points_of(v.problem, v.columns))


def evenness(v: Variables) -> Floats:
    """Each further person at a host costs as much as there are people at it already."""
    weights = np.zeros(v.count)
    hosts = v.load
    first = np.searchsorted(hosts, hosts, "left")
    weights[v.first_load :] = -(people_kept(v.problem)[hosts] + np.arange(len(hosts)) - first)
    return weights


def kept(v: Variables) -> Floats:
    """Every session that stays as it is counts one."""
    held, columns, slots = v.problem.held, v.columns, max(len(v.problem.slots), 1)
    there = held.person.astype(np.int64) * slots + held.slot
    return _on_columns(v, np.isin(columns.person.astype(np.int64) * slots + columns.slot, there).astype(np.float64))


def travel(v: Variables) -> Floats:
    """Every known minute of the way there counts against a session, half every other week."""
    minutes = np.maximum(v.problem.pairs.minutes, 0)[v.columns.pair]
    return _on_columns(v, -minutes * v.columns.half / 2)


TERMS: Final[Mapping[Term, Callable[[Variables], Floats]]] = {
    Term.PLACED: placed,
    Term.PRIORITY: priority,
    Term.POINTS: points,
    Term.EVENNESS: evenness,
    Term.KEPT: kept,
    Term.TRAVEL: travel,
}


def constant_of(problem: Problem, term: Term) -> float:
    """What a term is worth before anything is decided."""
    if term is Term.PLACED:
        return float(problem.has_place.sum())
    if term is Term.EVENNESS:
        there = people_kept(problem).astype(np.int64)
        return -float((there * (there - 1) // 2).sum())
    return 0.0


def most_of(problem: Problem, settings: Settings, level: Level) -> float:
    """What an aim could be worth if nobody were in anybody's way: a bound before anything is proven."""
    return sum(
        max(weight * _reach(problem, settings, term), weight * constant_of(problem, term))
        for term, weight in level.weights.items()
    )


def _reach(problem: Problem, settings: Settings, term: Term) -> float:
    people, pairs = problem.people, problem.pairs
    if term is Term.PLACED:
        return float(np.unique(np.concatenate([pairs.person, problem.kept.person])).size)
    if term is Term.PRIORITY:
        return float(priorities(problem, settings)[np.unique(pairs.person)].sum())
    if term is Term.POINTS:
        best = np.zeros(len(people))
        np.maximum.at(best, pairs.person, pairs.points)
        return float((best * people.demand / 2).sum())
    return float(len(problem.held)) if term is Term.KEPT else constant_of(problem, term)


def priorities(problem: Problem, settings: Settings) -> Floats:
    """float64[people]: days of waiting, and scarcity in days: all of `scarcity_days` where one opening alone is possible."""
    may = np.ones(len(problem.pairs), np.bool_) if settings.include_ask else ~problem.pairs.asks
    for place in (problem.pair_of.get(pair) for pair in problem.rules.forbidden):
        if place is not None:
            may[place] = False
    options = np.bincount(problem.pairs.person[may], minlength=len(problem.people))
    scarce = np.round(settings.scarcity_days / np.maximum(options, 1))
    return np.asarray(problem.people.waiting_days + np.where(options > 0, scarce, 0), np.float64)


def people_kept(problem: Problem) -> Ints:
    """int32[hosts]: how many people each host has by kept placements."""
    host = problem.openings.host[problem.kept_opening]
    both = np.unique(np.column_stack([problem.kept.person, host]), axis=0)
    return np.bincount(both[:, 1], minlength=len(problem.hosts)).astype(np.int32)


def count_at_hosts(v: Variables) -> Rows:
    """Somebody with several sessions at one host is one person there."""
    person, host = v.at_host
    if not len(person):
        return Rows.none()
    hosts = len(v.problem.hosts)
    keys = person.astype(np.int64) * hosts + host
    mine = v.columns.person.astype(np.int64) * hosts + v.problem.openings.host[v.columns.opening]
    at = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
    found = np.flatnonzero(keys[at] == mine)
    return at_most_another(found, v.first_at_host + at[found])


def count_load(v: Variables) -> Rows:
    """A host's load is made of its people, one step each."""
    if not len(v.load):
        return Rows.none()
    hosts, columns = len(v.problem.hosts), v.columns
    host = v.problem.openings.host[columns.opening]
    mine = columns.person.astype(np.int64) * hosts + host
    person, at = v.at_host
    shared = person.astype(np.int64) * hosts + at
    kept = v.problem.kept.person.astype(np.int64) * hosts + v.problem.openings.host[v.problem.kept_opening]
    alone = np.flatnonzero(~np.isin(mine, shared) & ~np.isin(mine, kept))
    steps = v.first_load + np.arange(len(v.load))
    variable = np.concatenate([alone, v.first_at_host + np.arange(len(at))])
    counted = np.concatenate([host[alone], at])
    listed = np.unique(counted)
    return Rows(
        np.concatenate([np.searchsorted(listed, counted), np.searchsorted(listed, v.load)]).astype(np.int32),
        np.concatenate([variable, steps]).astype(np.int32),
        np.concatenate([np.ones(len(variable)), -np.ones(len(steps))]),
        np.zeros(len(listed)),
    )


def _on_placed(v: Variables, worth: Floats) -> Floats:
    weights = np.zeros(v.count)
    counted = v.placed_of >= 0
    weights[v.placed_of[counted]] = worth[counted]
    return weights


def _on_columns(v: Variables, worth: Floats) -> Floats:
    weights = np.zeros(v.count)
    weights[: len(worth)] = worth
    return weights
