"""The bound: choices in shares, made tighter by the cuts the shares break."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import Floats, Ints
from service.matching.engine.search.cuts import broken_cuts
from service.matching.engine.search.program import NEAR, Found, Program, Relaxed

ROUNDS: Final = 6
WORTH_ANOTHER: Final = 1e-5
"""Cuts are looked for again as long as they brought the bound down by this share."""


@dataclass(frozen=True)
class Tight:
    """A program with its cuts, solved in shares; the first `plain` rows are its own, `source` is of the cuts."""

    program: Program
    relaxed: Relaxed
    plain: int
    source: Ints


def relax_tightly(program: Program, opener: Ints, until: float) -> Tight | None:
    """Solved in shares, again and again with the cuts these break; None when nothing is allowed or time is up."""
    relaxed = program.relax(until - time.monotonic())
    if relaxed is None:
        return None
    rows, most = program.rows.tocsr(), program.most
    tight = Tight(program, relaxed, len(most), np.zeros(0, np.int32))
    for _ in range(ROUNDS):
        cuts = broken_cuts(rows, most, opener, tight.relaxed.values)
        if cuts is None:
            break
        program = tight.program.with_rows(cuts.rows, cuts.most)
        again = program.relax(until - time.monotonic())
        if again is None:
            break
        gained = tight.relaxed.bound - again.bound
        tight = Tight(program, again, tight.plain, np.concatenate([tight.source, cuts.source]))
        if gained < WORTH_ANOTHER * abs(again.bound):
            break
    return tight


@dataclass(frozen=True)
class Narrowed:
    """A program in which what prices call settled is settled; whatever else is free."""

    program: Program
    free: Indices
    settled: Floats
    """Values of all variables; those of `free` are yet to be found."""
    margin: float
    """A plan that differs in what is settled is worth at least so much less than the bound."""

    @classmethod
    def by_prices(cls, program: Program, relaxed: Relaxed, margin: float) -> Narrowed:
        """Settled is what would lose more than `margin` against the bound if it were otherwise."""
        out = (relaxed.values <= program.lower + NEAR) & (relaxed.beyond < -margin)
        into = (relaxed.values >= program.upper - NEAR) & (relaxed.beyond > margin)
        settled = np.where(into, program.upper, program.lower)
        free = np.flatnonzero(~(out | into))
        return cls(program.take(free, settled, program.rows @ settled), free, settled, margin)

    def solve(self, relaxed: Relaxed, worth: Floats, seconds: float, nodes: int | None = None) -> Found | None:
        """The best plan with what is settled, and the bound of all plans; None when none is found in time."""
        best, bound = self.program.solve(seconds, nodes)
        if best is None:
            return None
        values = self.settled.copy()
        values[self.free] = best
        value = float(worth @ values)
        around = value - float(worth[self.free] @ best)
        above = min(relaxed.bound, max(around + bound, relaxed.bound - self.margin))
        return Found(values, value, max(above, value), above <= value + NEAR)


def narrow_margin(program: Program, relaxed: Relaxed, share: float) -> float:
    """The margin that leaves about this share of the variables free."""
    unused = (relaxed.values <= program.lower + NEAR) | (relaxed.values >= program.upper - NEAR)
    return float(np.quantile(np.where(unused, np.abs(relaxed.beyond), 0.0), share)) if len(unused) else 0.0


def whole_step(worth: Floats) -> float:
    """What two plans differ by at least, unless they are worth the same; 0 when that is not known."""
    for step in (1.0, 0.5, 0.25):
        if np.array_equal(np.round(worth / step) * step, worth):
            return step
    return 0.0


def rounded_down(found: Found, step: float) -> Found:
    """The same with the bound at a value that plans can have."""
    bound = float(np.floor(found.bound / step + NEAR) * step) if step and np.isfinite(found.bound) else found.bound
    bound = max(bound, found.value)
    return replace(found, bound=bound, is_proven=bound <= found.value + NEAR)
