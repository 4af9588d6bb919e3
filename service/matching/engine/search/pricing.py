"""The prices of a region: only columns worth their price enter the program, a few per person and round."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import NONE, Floats, Ints
from service.matching.engine.search.cuts import broken_cuts
from service.matching.engine.search.index import Index
from service.matching.engine.search.lifted import Lifted, lift
from service.matching.engine.search.program import NEAR, Relaxed
from service.matching.engine.search.regions import Region

FIRST: Final = 8
FURTHER: Final = 5
MOST_CROWDED: Final = 3.0


@dataclass(frozen=True)
class Shares:
    """A region in shares: the values of its variables, prices of its rows, and of the cuts of the whole run."""

    values: Floats
    prices: Floats
    cuts: Lifted | None


class Growing:
    """A region's program in shares, which grows by the columns and cuts that its own prices ask for."""

    def __init__(self, index: Index, region: Region, plan: Floats, guess: Floats | None = None) -> None:
        """Begins with the columns of `plan` and those that `guess`, or else a first look, holds to be the best."""
        self.index, self.region, self.plain = index, region, len(region.program.most)
        self.program, self.rows = region.program, region.program.rows.tocsr()
        self.source = np.zeros(0, np.int32)
        self.inside = np.ones(len(region.free), np.bool_)
        columns = np.arange(region.columns)
        self.inside[: region.columns] = False
        self.inside[region.opener[region.opener != NONE]] = False
        worth = _first_guess(index, region) if guess is None else guess[region.free]
        self._let_in(_best_per_person(worth, region.owner, columns, FIRST))
        self._let_in(np.flatnonzero(plan[region.free[: region.columns]] > NEAR))

    def round(self, until: float, today: Floats) -> Shares | None:
        """Solved in shares with what is inside; then whatever was worth more than its price is let in.

        `today` is the whole plan, whose fortnightly sessions the cuts count; None when nothing is allowed or time is up.
        """
        solved = self._relax(until)
        if solved is None:
            return None
        found = Shares(solved.values, solved.prices[: self.plain], self._lifted(solved.prices[self.plain :], today))
        self._grow(self.program.bound_at(solved.prices).beyond, solved.values)
        return found

    def _lifted(self, prices: Floats, today: Floats) -> Lifted | None:
        mine = np.flatnonzero((self.source != NONE) & (prices > NEAR))
        if not len(mine):
            return None
        inside = self.program.rows.tocsr()[self.plain + mine]
        shape = (len(mine), len(self.index.program))
        cuts = sparse.csr_array((inside.data, self.region.free[inside.indices], inside.indptr), shape=shape)
        return lift(self.index, cuts, self.region.rows[self.source[mine]], prices[mine], today)

    def _relax(self, until: float) -> Relaxed | None:
        program, count = self.program, len(self.region.free)
        chosen = np.flatnonzero(self.inside)
        part, rows = program.take_with_rows(chosen, np.zeros(count), np.zeros(len(program.most)))
        solved = part.relax(until - time.monotonic())
        if solved is None:
            return None
        shares, prices = np.zeros(count), np.zeros(len(program.most))
        shares[chosen], prices[rows] = solved.values, solved.prices
        return Relaxed(shares, solved.bound, prices, np.zeros(0))

    def _grow(self, beyond: Floats, shares: Floats) -> None:
        wanted = np.flatnonzero((beyond > NEAR) & ~self.inside)
        wanted = wanted[wanted < self.region.columns]
        self._let_in(_best_per_person(beyond, self.region.owner, wanted, FURTHER))
        cuts = broken_cuts(self.rows, self.region.program.most, self.region.opener, shares)
        if cuts is not None:
            self.program = self.program.with_rows(cuts.rows, cuts.most)
            self.source = np.concatenate([self.source, cuts.source])

    def _let_in(self, columns: Indices) -> None:
        self.inside[columns] = True
        opener = self.region.opener[columns]
        self.inside[opener[opener != NONE]] = True


def _first_guess(index: Index, region: Region) -> Floats:
    """What a weekly session is worth to each column, less where many people have few other places to go."""
    columns = index.model.variables.columns.take(region.free[: region.columns])
    choices = np.bincount(columns.person, minlength=len(index.model.variables.problem.people))
    wanted = np.bincount(columns.slot, 1.0 / choices[columns.person], len(index.model.variables.problem.slots))
    crowded = np.minimum(wanted / np.maximum(index.model.variables.problem.slots.places, 1), MOST_CROWDED)
    weekly = region.program.worth[: region.columns] / columns.half
    return np.asarray(weekly - crowded[columns.slot] * np.abs(weekly).mean() / 2)


def _best_per_person(worth: Floats, owner: Ints, columns: Indices, most: int) -> Indices:
    """Of these columns, each person's best few."""
    order = columns[np.lexsort((-worth[columns], owner[columns]))]
    whose = owner[order]
    rank = np.arange(len(order)) - np.searchsorted(whose, whose, "left")
    return np.asarray(order[rank < most], np.intp)
