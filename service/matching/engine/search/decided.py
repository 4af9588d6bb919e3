"""A small program solved in whole choices: first without what its limits decide, then without what its prices rule out.

Both leave the best choices in: nothing is decided here that a solver could decide otherwise and do better.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import Bools, Floats
from service.matching.engine.search.program import NEAR, Program, Relaxed

ROUNDS: Final = 5
"""What one round decides, the next can use; each finds less than the one before."""
FAR: Final = 60.0
"""How far below its prices a choice is left aside at first."""


@dataclass(frozen=True)
class Open:
    """What the limits leave to choose: `program` holds the unknowns `at` alone, all others stand as in `decided`."""

    program: Program
    at: Indices
    decided: Floats

    def whole(self, values: Floats) -> Floats:
        """Values of all unknowns from those still open."""
        found = self.decided.copy()
        found[self.at] = values
        return found


def still_open(program: Program) -> Open | None:
    """Decide what the limits leave no choice about; None where no choice keeps them."""
    lower, upper = program.lower.copy(), program.upper.copy()
    row, coef = program.rows.indices, program.rows.data
    column = np.repeat(np.arange(len(program)), np.diff(program.rows.indptr))
    is_whole = program.whole[column]
    for _ in range(ROUNDS):
        fewest = np.minimum(coef * lower[column], coef * upper[column])
        spare = program.most - np.bincount(row, fewest, len(program.most)) + NEAR
        if (spare < 0).any():
            return None
        decides = is_whole & (np.abs(coef) > spare[row]) & (lower[column] < upper[column])
        if not decides.any():
            break
        upper[column[decides & (coef > 0)]] = 0.0
        lower[column[decides & (coef < 0)]] = 1.0
        if (lower > upper).any():
            return None
    at = np.flatnonzero(lower < upper)
    return Open(program.take(at, lower, program.rows @ lower), at, lower)


def best_choice(program: Program, start: Floats, seconds: float, rough: float = 0.0) -> Floats | None:
    """The best values, or None where nothing is allowed; `start` is a plan to stay near, whether or not it is allowed.

    `rough` is the share of the worth that may be missing.
    """
    left = still_open(program)
    if left is None:
        return None
    found = _by_prices(left.program, start[left.at], seconds, rough)
    return None if found is None else left.whole(found)


def _by_prices(program: Program, start: Floats, seconds: float, rough: float) -> Floats | None:
    """Look among what is nearly worth its prices; then, where that proves too little, among all that could be better."""
    relaxed = program.relax(seconds)
    if relaxed is None:
        return program.solve(seconds, gap=rough)[0]
    if (np.abs(relaxed.values - np.round(relaxed.values)) <= NEAR)[program.whole].all():
        return np.where(program.whole, np.round(relaxed.values), relaxed.values)
    missed = _missed(program.worth, relaxed.bound, start) if program.allows(start) else np.inf
    far = min(FAR, missed)
    found = _among(program, relaxed, far, start > 0.5, seconds)
    if found is None:
        return program.solve(seconds, gap=rough)[0]
    missed = _missed(program.worth, relaxed.bound, found)
    if missed <= max(far, rough * abs(relaxed.bound)):
        return found
    wider = _among(program, relaxed, missed, start > 0.5, seconds)
    return found if wider is None else wider


def _missed(worth: Floats, bound: float, values: Floats) -> float:
    """What these values miss of the bound."""
    return bound - float((worth * values).sum())


def _among(program: Program, relaxed: Relaxed, far: float, stays: Bools, seconds: float) -> Floats | None:
    """The best without what is more than `far` below its prices, and with all that is more than `far` above them.

    No plan that is less than `far` below the bound does otherwise.
    """
    below = program.whole & ~stays & (relaxed.beyond < -far - NEAR)
    above = program.whole & (relaxed.beyond > far + NEAR)
    narrow = replace(
        program, lower=np.where(above, program.upper, program.lower), upper=np.where(below, program.lower, program.upper)
    )
    left = still_open(narrow)
    found = None if left is None else left.program.solve(seconds)[0]
    return None if left is None or found is None else left.whole(found)
