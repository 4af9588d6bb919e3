"""From shares and prices to whole plans: what is whole already stays, the rest is decided exactly, region by region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import NONE, Floats, Ints
from service.matching.engine.search.index import Index
from service.matching.engine.search.program import NEAR
from service.matching.engine.search.regions import Region, variables_of

NODES: Final = 200
"""A region's search ends here: beyond it, other regions bring more."""


@dataclass(frozen=True)
class Better:
    """New values of some variables; everybody else stays."""

    free: Indices
    values: Floats


def round_up(index: Index, region: Region, shares: Floats, before: Floats, seconds: float) -> Better | None:
    """Whole columns stay, those in shares are decided with all that hangs on them; None when that is no better."""
    program, owner = region.program, region.owner
    halfway = (shares > NEAR) & (shares < 1 - NEAR)
    undecided = np.zeros(len(index.model.variables.problem.people), np.bool_)
    undecided[owner[halfway & (owner != NONE)]] = True
    is_column = np.arange(len(shares)) < region.columns
    open_now = np.where(is_column, halfway, undecided[owner] | (owner == NONE))
    settled = np.where(open_now, 0.0, np.round(shares))
    chosen = np.flatnonzero(open_now)
    best, _ = program.take(chosen, settled, program.rows @ settled).solve(seconds, NODES)
    if best is None:
        return None
    settled[chosen] = best
    if float(program.worth @ (settled - before)) <= NEAR or not program.allows(settled):
        return None
    return Better(region.free, settled)


def improve_block(
    index: Index, people: Ints, values: Floats, used: Floats, beyond: Floats, margin: float, seconds: float
) -> Better | None:
    """The best for these people among their present places and what is worth nearly its price; None when no better."""
    free = variables_of(index, people)
    free = free[(values[free] > NEAR) | (beyond[free] > -margin) | (free >= index.model.columns)]
    part = index.program.take(free, values, used)
    best, _ = part.solve(seconds, NODES)
    if best is None or float(part.worth @ (best - values[free])) <= NEAR:
        return None
    return Better(free, best)
