"""The unknowns of the linear model: the columns, and what is said about pairs, people and hosts with them.

A pair is "open" when it has at least one session. Where at most one of its columns can be taken, the columns
themselves say so; only pairs that may have several sessions need a variable of their own (matching-model.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from service.matching.engine.model.columns import Columns, Indices, columns_of, is_at_kept, left_demand
from service.matching.engine.problem import NONE, WEEKLY, Bools, Floats, Ints, Problem
from service.matching.engine.settings import Settings, Term

SEVERAL = 3
"""From three half units a week on, a person may have more than one session."""


@dataclass(frozen=True)
class Parts:
    """A sum of variables per thing: thing[k] has variable[k] among its parts."""

    thing: Ints
    variable: Ints


@dataclass(frozen=True)
class Variables:
    """Numbers of the model's unknowns: columns first, then open pairs, placed people, shares of hosts.

    `open_of` int32[pairs] and `placed_of` int32[people] hold the variable's number or −1; `at_host` lists
    (person, host) pairs with a variable of their own, from number `first_at_host` on; `load` lists the host of each
    further person's variable, from `first_load` on.
    """

    problem: Problem
    settings: Settings
    columns: Columns
    open_of: Ints
    placed_of: Ints
    at_host: tuple[Ints, Ints]
    load: Ints

    @classmethod
    def build(cls, problem: Problem, settings: Settings) -> Variables:
        """Number everything that the rules and aims of this run speak of."""
        columns = columns_of(problem, settings)
        terms = {term for level in settings.levels for term in level.weights}
        several = _may_have_several(problem, columns)
        open_of = _number(several, len(columns))
        count = len(columns) + int((open_of >= 0).sum())
        placeable = np.zeros(len(problem.people), np.bool_)
        if terms & {Term.PLACED, Term.PRIORITY}:
            placeable[columns.person] = True
            placeable &= ~problem.has_place
        nothing = np.zeros(0, np.int32)
        at_host, load = (nothing, nothing), nothing
        if Term.EVENNESS in terms:
            at_host = _several_at_host(problem, columns)
            load = _steps_of_load(problem, columns)
        return cls(problem, settings, columns, open_of, _number(placeable, count), at_host, load)

    @cached_property
    def first_at_host(self) -> int:
        return len(self.columns) + int((self.open_of >= 0).sum()) + int((self.placed_of >= 0).sum())

    @cached_property
    def first_load(self) -> int:
        return self.first_at_host + len(self.at_host[0])

    @cached_property
    def count(self) -> int:
        return self.first_load + len(self.load)

    @cached_property
    def opened(self) -> Parts:
        """Per pair, the variables that say it is open; pairs with a kept placement are open whatever they say."""
        own = self.open_of[self.columns.pair]
        direct = np.flatnonzero(own < 0).astype(np.int32)
        pairs = np.flatnonzero(self.open_of >= 0).astype(np.int32)
        return Parts(np.concatenate([self.columns.pair[direct], pairs]), np.concatenate([direct, self.open_of[pairs]]))

    @cached_property
    def newly_opened(self) -> Parts:
        """The same without pairs where the person has a kept placement."""
        fresh = ~is_at_kept(self.problem)[self.opened.thing]
        return Parts(self.opened.thing[fresh], self.opened.variable[fresh])


def _number(marked: Bools, first: int) -> Ints:
    numbers = np.full(len(marked), NONE, np.int32)
    numbers[marked] = np.arange(first, first + int(marked.sum()))
    return numbers


def _may_have_several(problem: Problem, columns: Columns) -> Bools:
    """bool[pairs]: more than one session of the pair can be taken at once."""
    sessions = np.bincount(columns.pair[_first_of_session(columns)], minlength=len(problem.pairs))
    return np.asarray((sessions > 1) & (left_demand(problem)[problem.pairs.person] >= SEVERAL))


def _first_of_session(columns: Columns) -> Bools:
    first = np.ones(len(columns), np.bool_)
    first[1:] = columns.session[1:] != columns.session[:-1]
    return first


def _several_at_host(problem: Problem, columns: Columns) -> tuple[Ints, Ints]:
    """(person, host) with several columns, of which more than one may be taken; none where a placement is kept."""
    keys = _person_host(problem, columns.person, columns.opening)
    kept = _person_host(problem, problem.kept.person, problem.kept_opening)
    several, count = np.unique(keys, return_counts=True)
    several = several[(count > 1) & ~np.isin(several, kept)]
    person = (several // len(problem.hosts)).astype(np.int32) if len(problem.hosts) else several.astype(np.int32)
    keep = left_demand(problem)[person] >= SEVERAL
    return person[keep], (several[keep] % max(len(problem.hosts), 1)).astype(np.int32)


def _person_host(problem: Problem, person: Ints, opening: Ints) -> Indices:
    return np.asarray(person.astype(np.int64) * len(problem.hosts) + problem.openings.host[opening], np.intp)


def _steps_of_load(problem: Problem, columns: Columns) -> Ints:
    """The host of every further person it could take, one entry each."""
    keys = np.unique(_person_host(problem, columns.person, columns.opening))
    kept = _person_host(problem, problem.kept.person, problem.kept_opening)
    fresh = keys[~np.isin(keys, kept)]
    return np.sort((fresh % max(len(problem.hosts), 1)).astype(np.int32))


def complete(v: Variables, chosen: Bools) -> Floats:
    """float64[V]: the values of all variables when these columns are taken."""
    problem, columns = v.problem, v.columns
    values = np.zeros(v.count)
    values[: len(columns)] = chosen
    taken = columns.take(chosen)
    opened = v.open_of[taken.pair]
    values[opened[opened >= 0]] = 1
    placed = v.placed_of[taken.person]
    values[placed[placed >= 0]] = 1
    there = np.unique(_person_host(problem, taken.person, taken.opening))
    at_host = v.at_host[0].astype(np.int64) * len(problem.hosts) + v.at_host[1]
    values[v.first_at_host : v.first_load] = np.isin(at_host, there)
    kept = _person_host(problem, problem.kept.person, problem.kept_opening)
    load = np.bincount(there[~np.isin(there, kept)] % max(len(problem.hosts), 1), minlength=len(problem.hosts))
    step = np.arange(len(v.load)) - np.searchsorted(v.load, v.load, "left")
    values[v.first_load :] = step < load[v.load]
    return values


def weekly(columns: Columns) -> Bools:
    """bool[columns]: every week."""
    return np.asarray(columns.half == WEEKLY)
