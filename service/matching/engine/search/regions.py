"""A region: people whose possible places lie close together, decided together while everybody else stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import NONE, Floats, Ints
from service.matching.engine.search.cuts import openers
from service.matching.engine.search.index import Index
from service.matching.engine.search.program import Program


@dataclass(frozen=True)
class Region:
    """The part of a program that concerns some people: their variables, and the rows that can bind them.

    `opener` is, within the region, the variable that says a column's pair is open; `owner` whose each variable is.
    """

    program: Program
    free: Indices
    rows: Indices
    opener: Ints
    owner: Ints
    columns: int

    @classmethod
    def of(cls, index: Index, people: Ints, values: Floats, used: Floats) -> Region:
        """`used` is rows·values of the whole plan, which everybody else keeps."""
        free = variables_of(index, people)
        program, rows = index.program.take_with_rows(free, values, used)
        opener = openers(index.model)[free]
        found = np.minimum(np.searchsorted(free, opener), len(free) - 1)
        opener = np.where((opener != NONE) & (free[found] == opener), found, NONE).astype(np.int32)
        count = int(np.searchsorted(free, index.model.columns))
        return cls(program, free, rows, opener, index.owner[free], count)


def variables_of(index: Index, people: Ints) -> Indices:
    """What belongs to these people, and what belongs to nobody but counts them."""
    shared = np.flatnonzero(index.owner == NONE)
    return np.sort(np.concatenate([index.by_person.of(people), shared])).astype(np.intp)


def positions(index: Index) -> Floats:
    """float64[people, 2]: the middle of the openings each person could go to; there is no home in a problem."""
    v = index.model.variables
    columns, openings = v.columns, v.problem.openings
    count = np.bincount(columns.person, minlength=len(v.problem.people))
    sums = [
        np.bincount(columns.person, np.nan_to_num(where[columns.opening]), len(count))
        for where in (openings.lat, openings.lon)
    ]
    return np.asarray(np.column_stack(sums) / np.maximum(count, 1)[:, None])


def split(where: Floats, people: Ints, size: int, cut: float) -> list[Ints]:
    """Parts of at most `size` people, divided again and again across the longer side, at the share `cut` in turns."""
    if len(people) <= size:
        return [people]
    sides = np.ptp(where[people], axis=0)
    order = people[np.argsort(where[people, int(sides[1] > sides[0])], kind="stable")]
    at = min(max(round(len(people) * cut), 1), len(people) - 1)
    return [*split(where, order[:at], size, 1 - cut), *split(where, order[at:], size, 1 - cut)]
