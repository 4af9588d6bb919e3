"""Openings that are not there yet: where those left live, when they have time, and what they would like to do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.explain.changes import Change, Kind, ranked
from service.matching.engine.problem import NONE, Bools, Ints

MOST_CELLS = 12
PLACES = 8


def rank_new_openings(
    people: Ints, cell: Ints, has_time: Bools, wants: Bools, *, places: int = PLACES, cells: int = MOST_CELLS
) -> tuple[Change, ...]:
    """A new opening per cell of the map, half-day of the week and activity, the cells with most people for each.

    Rows are the people left: `people` their positions in the run, `cell` where they live (−1 unknown),
    `has_time` bool[rows, 14], `wants` bool[rows, activities].
    """
    at_home, found = cell != NONE, []
    for half_day in range(has_time.shape[1]):
        for activity in range(wants.shape[1]):
            mine = np.flatnonzero(has_time[:, half_day] & wants[:, activity] & at_home)
            for where in _fullest(cell[mine], cells):
                who = tuple(people[mine[cell[mine] == where]].tolist())
                found.append(Change(Kind.OPENING, (where, half_day, activity), who, places))
    return ranked(found)


def _fullest(cells: NDArray[Any], most: int) -> list[int]:
    names, count = np.unique(cells, return_counts=True)
    return [int(name) for name in names[np.argsort(-count, kind="stable")[:most]]]
