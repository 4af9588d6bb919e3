"""A bound from prices alone: at given prices of what people share, nobody can gain more than their best week.

Any prices prove a bound: what is paid for the shared limits, and for each person at most the best choice they could
make alone. That choice is counted too high rather than too low: sessions at the same moment exclude each other, the
load and the number of places hold; what else a person must keep to is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.model.columns import Columns, Indices, is_at_kept, left_demand, no_limit_as_much
from service.matching.engine.problem import NONE, WEEKLY, Bools, Floats, Ints, Problem
from service.matching.engine.search.index import Index


@dataclass(frozen=True)
class Priced:
    """Further rows (CSC) that every plan keeps, with their prices."""

    rows: Any
    most: Floats
    prices: Floats


@dataclass(frozen=True)
class Bids:
    """The bound that prices prove. `beyond` is what each variable is worth beyond all prices, `gain` beyond shared ones;
    `most` float64[people] is no less than what each can gain.
    """

    bound: float
    beyond: Floats
    gain: Floats
    most: Floats


@dataclass(frozen=True)
class Rival:
    """Sessions of one key (a person, or a pair) by moment: of those at one moment, one at most can be taken."""

    order: Indices
    starts: Indices
    key: Ints
    weekly: Bools

    @classmethod
    def by(cls, key: Ints, moment: NDArray[np.int64], weekly: Bools) -> Rival:
        """Columns in the order of key and moment."""
        order = np.lexsort((moment, key))
        first = np.concatenate([[True], (np.diff(key[order]) != 0) | (np.diff(moment[order]) != 0)])[: len(order)]
        starts = np.flatnonzero(first)
        return cls(order, starts, key[order][starts], weekly[order])

    def best(self, gain: Floats, weeks: Ints, count: int) -> Floats:
        """float64[keys]: the best whole weeks and half week together; at least one session, −∞ where there is none."""
        if not len(self.starts):
            return np.full(count, -np.inf)
        gain = gain[self.order]
        weekly = np.maximum.reduceat(np.where(self.weekly, gain, -np.inf), self.starts)
        half = np.maximum.reduceat(np.where(self.weekly, -np.inf, gain), self.starts)
        full, worth = weeks[self.key] // 2, np.maximum(weekly, 0.0)
        order = np.lexsort((-worth, self.key))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order)) - np.searchsorted(self.key[order], self.key[order], "left")
        total = np.bincount(self.key, np.where(rank < full, worth, 0.0), count)
        next_best = np.bincount(self.key, np.where(rank == full, worth, 0.0), count)
        # A half week where one of the best weeks is lets the next best week in.
        instead = np.where(rank < full, worth - next_best[self.key], 0.0)
        added = np.zeros(count)
        np.maximum.at(added, self.key, half - instead)
        single = np.full(count, -np.inf)
        np.maximum.at(single, self.key, np.maximum(weekly, half))
        return np.where(single > 0, total + added, single)


@dataclass(frozen=True)
class Bidders:
    """Built once per run. `whose` int32[R] is the person whose own a row is, −1 where several share it."""

    index: Index
    whose: Ints
    by_person: Rival
    by_pair: Rival
    pair_size: Ints
    weeks: Ints
    hosts: Ints
    prize: Floats
    known: Bools

    @classmethod
    def build(cls, index: Index) -> Bidders:
        v = index.model.variables
        problem, columns = v.problem, v.columns
        left, weekly = left_demand(problem), columns.half == WEEKLY
        moment = moments(problem, columns)
        sessions = np.bincount(columns.pair, minlength=len(problem.pairs))
        most = np.minimum(sessions, (left[problem.pairs.person] + 1) // 2)
        prize = np.zeros(len(problem.people))
        placed = v.placed_of >= 0
        prize[placed] = index.program.worth[v.placed_of[placed]]
        return cls(
            index, owner_of_rows(index.model.rows, index.owner), Rival.by(columns.person, moment, weekly),
            Rival.by(columns.pair, moment, weekly), np.maximum(most, 1).astype(np.int32), left, _hosts_left(problem), prize,
            is_at_kept(problem),
        )  # fmt: skip

    def bid(self, prices: Floats, cuts: Priced | None = None) -> Bids:
        """What everybody would gain at these prices of all rows and cuts."""
        program, owner = self.index.program, self.index.owner
        parts = [(program.rows, program.most, self.whose, np.maximum(prices, 0.0))]
        if cuts is not None:
            parts.append((cuts.rows, cuts.most, owner_of_rows(cuts.rows.tocsr(), owner), np.maximum(cuts.prices, 0.0)))
        gain, own = program.worth.copy(), np.zeros(len(program))
        paid, alone = 0.0, np.zeros(len(self.prize))
        for rows, most, whose, price in parts:
            shared = np.where(whose == NONE, price, 0.0)
            gain -= rows.T @ shared
            own += rows.T @ (price - shared)
            paid += float(most @ shared)
            alone += np.bincount(whose[whose != NONE], (most * price)[whose != NONE], len(alone))
        beyond = gain - own
        best = np.maximum(beyond * program.upper, beyond * program.lower)
        nobody = owner == NONE
        alone += np.bincount(owner[~nobody], best[~nobody], len(alone))
        most_gained = np.minimum(alone, self.best(gain))
        return Bids(paid + float(best[nobody].sum() + most_gained.sum()), beyond, gain, most_gained)

    def best(self, gain: Floats) -> Floats:
        """float64[people]: no less than the best each can gain."""
        v = self.index.model.variables
        columns, pairs = v.columns, v.problem.pairs
        people = len(v.problem.people)
        entry = np.zeros(len(pairs))
        own = np.flatnonzero(v.open_of >= 0)
        entry[own] = -np.minimum(gain[v.open_of[own]], 0.0)
        bonus = np.zeros(people) + np.bincount(pairs.person[own], np.maximum(gain[v.open_of[own]], 0.0), people)
        rest = np.flatnonzero(np.arange(v.count) >= v.first_at_host)
        whose = self.index.owner[rest]
        bonus += np.bincount(whose[whose != NONE], np.maximum(gain[rest][whose != NONE], 0.0), people)
        each = gain[: len(columns)]
        free = self.by_person.best(each - (entry / self.pair_size)[columns.pair], self.weeks, people)
        per_pair = self.by_pair.best(each, self.weeks[pairs.person], len(pairs)) - entry
        return np.asarray(np.maximum(self.prize + np.minimum(free, self._few_places(per_pair, people)), 0.0) + bonus)

    def _few_places(self, per_pair: Floats, people: int) -> Floats:
        """No more new places than suit the person; where somebody goes already does not count."""
        person = self.index.model.variables.problem.pairs.person
        new = np.flatnonzero(~self.known)
        known = np.bincount(person[self.known], np.maximum(per_pair[self.known], 0.0), people).astype(np.float64)
        return _top(per_pair[new], person[new], self.hosts, people, at_least=known)


def owner_of_rows(rows: Any, owner: Ints) -> Ints:
    """int32[R]: the person all variables of a row (CSR) belong to, or −1."""
    starts, filled = rows.indptr[:-1], np.flatnonzero(np.diff(rows.indptr) > 0)
    found = np.full(len(starts), NONE, np.int32)
    if len(filled):
        whose = owner[rows.indices]
        least, most = np.minimum.reduceat(whose, starts[filled]), np.maximum.reduceat(whose, starts[filled])
        found[filled] = np.where(least == most, least, NONE)
    return found


def moments(problem: Problem, columns: Columns) -> NDArray[np.int64]:
    """One number per weekday and minute a session starts; without a weekday, per slot."""
    day, start = problem.slots.day[columns.slot], problem.slots.start[columns.slot]
    return np.where(day == NONE, -1 - columns.slot, day * 1440 + start).astype(np.int64)


def _hosts_left(problem: Problem) -> Ints:
    """How many more places suit each person."""
    kept = np.unique(np.column_stack([problem.kept.person, problem.kept_opening]), axis=0)[:, 0]
    left = no_limit_as_much(problem.people.most_hosts) - np.bincount(kept, minlength=len(problem.people))
    return np.asarray(np.maximum(left, 0), np.int32)


def largest_sum(value: Floats, key: Ints, most: Ints, count: int) -> Floats:
    """The sum of the largest positive values per key, at most `most` of them."""
    mine = np.flatnonzero(value > 0)
    value, key = value[mine], key[mine]
    order = np.lexsort((-value, key))
    value, key = value[order], key[order]
    rank = np.arange(len(key)) - np.searchsorted(key, key, "left")
    return np.bincount(key, np.where(rank < most[key], value, 0.0), count).astype(np.float64)


def _top(value: Floats, key: Ints, most: Ints, count: int, at_least: Floats) -> Floats:
    """The same on top of `at_least`; where nothing is positive, the largest one, and −∞ where there is none."""
    single = np.full(count, -np.inf)
    allowed = most[key] > 0
    np.maximum.at(single, key[allowed], value[allowed])
    single = np.where(at_least > 0, np.maximum(single, 0.0), single)
    return np.where(single >= 0, largest_sum(value, key, most, count), single) + at_least
