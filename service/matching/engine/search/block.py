"""A few people decided anew while everybody else stays: what one change costs, and whom it moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import NONE, Floats, Ints
from service.matching.engine.search.index import Index, spread
from service.matching.engine.search.program import NEAR, Found, Program

PEOPLE: Final = 40
SECONDS: Final = 2.0
Numbers = Sequence[int] | NDArray[Any]
NOTHING: Final[tuple[int, ...]] = ()


def neighbourhood(index: Index, values: Floats, person: Numbers | int, columns: Numbers, people: int = PEOPLE) -> Ints:
    """Whom a wish can move: those who hold what the columns need, those who hold what these could take instead, …

    Nearest first, beginning with `person` (one, several or none), at most `people` of them.
    """
    slack = index.program.most - index.program.rows @ values
    taken = values > 0.5
    reached = list(dict.fromkeys(np.atleast_1d(np.asarray(person, np.int32)).tolist()))
    wanted = np.asarray(columns, np.int32)
    seen = set(reached)
    while len(wanted) and len(reached) < people:
        ring = [each for each in _holders(index, taken, slack, wanted) if each not in seen]
        seen.update(ring)
        reached += ring
        wanted = _best_first(index, index.by_person.of(ring))
    return np.array(reached[:people], np.int32)


def solve_block(
    index: Index,
    values: Floats,
    people: Numbers,
    forced: Numbers = NOTHING,
    forbidden: Numbers = NOTHING,
    seconds: float = SECONDS,
) -> Found | None:
    """The best for these people while everybody else stays as in `values`; None when nothing is allowed.

    At least one of the `forced` variables is taken, none of the `forbidden`; value and bound are of the whole plan.
    """
    free = _variables_of(index, people)
    part = index.program.take(free, values, index.program.rows @ values)
    part = _with_wish(part, free, forced, forbidden)
    best, bound = part.solve(seconds)
    if best is None:
        return None
    around = float(index.program.worth @ values - index.program.worth[free] @ values[free])
    whole = values.copy()
    whole[free] = best
    value = float(part.worth @ best)
    return Found(whole, around + value, around + max(bound, value), bound <= value + NEAR)


def reoptimise(
    index: Index,
    values: Floats,
    person: Numbers | int,
    columns: Numbers,
    forced: Numbers = NOTHING,
    forbidden: Numbers = NOTHING,
    people: int = PEOPLE,
) -> Found | None:
    """After one change: only those it can reach are decided anew.

    `columns` are what has changed: a person's pair, or all columns of a slot with more or less room.
    """
    return solve_block(index, values, neighbourhood(index, values, person, columns, people), forced, forbidden)


def _holders(index: Index, taken: NDArray[np.bool_], slack: Floats, wanted: Ints) -> list[int]:
    """Owners of what stands in the way of the wanted columns, those of the first column first."""
    rows, model, v = index.program.rows, index.model.rows, index.model.variables
    opening = v.open_of[v.columns.pair[wanted]]
    at = spread(rows.indptr, np.concatenate([wanted, opening[opening >= 0]]))
    need, tight = rows.data[at], rows.indices[at]
    blocked = tight[need > slack[tight] + NEAR]
    blocked = blocked[np.sort(np.unique(blocked, return_index=True)[1])]
    inside = spread(model.indptr, blocked)
    holding = model.indices[inside][taken[model.indices[inside]] & (model.data[inside] > 0)]
    owners = index.owner[holding]
    return list(dict.fromkeys(owners[owners != NONE].tolist()))


def _best_first(index: Index, variables: Ints) -> Ints:
    columns = variables[variables < index.model.columns]
    return columns[np.argsort(-index.program.worth[columns], kind="stable")]


def _variables_of(index: Index, people: Numbers) -> Indices:
    """What belongs to these people, and what belongs to nobody but counts them."""
    mine = index.by_person.of(np.asarray(people, np.intp))
    shared = np.flatnonzero(index.owner == NONE)
    return np.sort(np.concatenate([mine, shared])).astype(np.intp)


def _with_wish(part: Program, free: Indices, forced: Numbers, forbidden: Numbers) -> Program:
    upper = np.where(np.isin(free, np.asarray(forbidden, np.intp)), 0.0, part.upper)
    part = replace(part, upper=upper)
    if not len(forced):
        return part
    wish = -np.isin(free, np.asarray(forced, np.intp)).astype(np.float64)
    return part.with_rows(sparse.csr_array(wish[None, :]), np.array([-1.0]))
