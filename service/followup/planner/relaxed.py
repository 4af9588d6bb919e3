"""The choice among routes with halves allowed: its prices say which routes are worth a second look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """One day as it could be: the cell, its tasks, its way in order, what it costs beyond the bare day."""

    cell: int
    tasks: frozenset[int]
    order: tuple[int, ...]
    travel: int
    idle: int
    cost: float


@dataclass(frozen=True)
class Prices:
    """What doing a task is worth and what a day is worth, and the total with halves allowed."""

    tasks: Floats
    """By task; what leaving it out would save at most."""
    cells: Floats
    """By cell, never above zero."""
    total: float

    def reduced(self, column: Column) -> float:
        """What taking a column would cost beyond what its tasks and its day are worth."""
        return column.cost - float(self.tasks[list(column.tasks)].sum()) - float(self.cells[column.cell])


def relax(columns: list[Column], unplanned: Floats, cells: int) -> Prices | None:
    """Each task by one column or left at its price, each cell once; None where the solver gives up."""
    matrix, costs, tasks = _matrix(columns, unplanned, cells)
    rhs = np.ones(tasks + cells)
    found: Any = linprog(
        costs,
        A_eq=matrix[:tasks],
        b_eq=rhs[:tasks],
        A_ub=matrix[tasks:],
        b_ub=rhs[tasks:],
        bounds=(0, None),
        method="highs-ds",
    )
    if found.status != 0:
        return None
    return Prices(np.asarray(found.eqlin.marginals), np.minimum(0.0, np.asarray(found.ineqlin.marginals)), float(found.fun))


def _matrix(columns: list[Column], unplanned: Floats, cells: int) -> tuple[Any, Floats, int]:
    tasks = len(unplanned)
    rows, starts = [], [0]
    for column in columns:
        rows += [*sorted(column.tasks), tasks + column.cell]
        starts.append(len(rows))
    rows += range(tasks)
    starts += range(starts[-1] + 1, starts[-1] + tasks + 1)
    matrix = csc_array((np.ones(len(rows)), np.array(rows), np.array(starts)), shape=(tasks + cells, len(columns) + tasks))
    return matrix.tocsr(), np.concatenate([[column.cost for column in columns], unplanned]), tasks
