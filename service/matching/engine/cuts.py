"""Rows every whole plan keeps but shares can break: without them the bound lies far above any plan.

Where weekly (2) and fortnightly (1) sessions share 2·C half units, one fortnightly session costs a whole weekly
place: Σ weekly + fortnightly ≤ C for any one of them. With 2·C + 1, the same holds for any two: ≤ C + 1.
What a limit allows, a person takes at an opening only as far as the pair is open: Σ coef·column ≤ limit·open.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from service.matching.engine.model import LinearModel
from service.matching.engine.problem import NONE, Bools, Floats

BROKEN: Final = 1e-4
Cuts = tuple[Any, Floats]
"""Rows (CSC) and how much each may come to."""


def broken_cuts(model: LinearModel, values: Floats) -> Cuts | None:
    """The cuts that `values` break, one per row of the model that has one; None when there are none."""
    row = np.repeat(np.arange(len(model.most), dtype=np.int32), np.diff(model.rows.indptr))
    found = [each for each in (_whole_places(model, row, values), _only_where_open(model, row, values)) if each is not None]
    if not found:
        return None
    return sparse.vstack([rows for rows, _ in found], format="csc"), np.concatenate([most for _, most in found])


def _whole_places(model: LinearModel, row: NDArray[np.int32], values: Floats) -> Cuts | None:
    rows = model.rows
    mixed = _mixes_weekly_and_fortnightly(rows, row)
    entry = np.flatnonzero(mixed[row])
    row, share, weekly = row[entry], values[rows.indices[entry]], rows.data[entry] == 2
    half = np.floor(model.most + BROKEN).astype(np.int64)
    chosen = weekly | _is_largest(row, np.where(weekly, -1.0, share), 1 + half % 2)
    limit = half // 2 + half % 2
    broken = np.bincount(row[chosen], share[chosen], rows.shape[0]) > limit + BROKEN
    broken &= half >= 0
    taken = chosen & broken[row]
    where = (_number(broken)[row[taken]], rows.indices[entry[taken]])
    return _cuts(np.ones(int(taken.sum())), where, limit[broken].astype(np.float64), rows.shape[1])


def _only_where_open(model: LinearModel, row: NDArray[np.int32], values: Floats) -> Cuts | None:
    rows, width = model.rows, model.rows.shape[1]
    opener = np.full(width, NONE, np.int32)
    opener[: model.columns] = model.variables.open_of[model.variables.columns.pair]
    opened = opener[rows.indices]
    entry = np.flatnonzero((opened != NONE) & (values[rows.indices] > BROKEN) & _only_adds(rows, row)[row])
    entry = entry[values[opened[entry]] < 1 - BROKEN]
    key, which = np.unique(row[entry].astype(np.int64) * width + opened[entry], return_inverse=True)
    taken = np.bincount(which, rows.data[entry] * values[rows.indices[entry]], len(key))
    most, door = model.most[key // width], key % width
    broken = taken > most * values[door] + BROKEN
    inside = np.flatnonzero(np.isin(row.astype(np.int64) * width + opened, key[broken]) & (opened != NONE))
    at = np.searchsorted(key[broken], row[inside].astype(np.int64) * width + opened[inside])
    count = np.arange(int(broken.sum()))
    where = (np.concatenate([at, count]), np.concatenate([rows.indices[inside], door[broken]]))
    return _cuts(np.concatenate([rows.data[inside], -most[broken]]), where, np.zeros(len(count)), width)


def _cuts(coef: Floats, where: tuple[Any, Any], most: Floats, width: int) -> Cuts | None:
    return (sparse.csc_array((coef, where), shape=(len(most), width)), most) if len(most) else None


def _number(marked: Bools) -> NDArray[np.intp]:
    return np.cumsum(marked) - 1


def _only_adds(rows: Any, row: NDArray[np.int32]) -> Bools:
    """bool[rows]: nothing in it makes room."""
    return np.asarray(np.bincount(row[rows.data < 0], minlength=rows.shape[0]) == 0)


def _mixes_weekly_and_fortnightly(rows: Any, row: NDArray[np.int32]) -> Bools:
    """bool[rows]: only ones and twos in it, and both of them."""
    ones = np.bincount(row[rows.data == 1], minlength=rows.shape[0])
    twos = np.bincount(row[rows.data == 2], minlength=rows.shape[0])
    return np.asarray((ones > 0) & (twos > 0) & (ones + twos == np.diff(rows.indptr)))


def _is_largest(row: NDArray[np.int32], share: Floats, count: NDArray[np.int64]) -> Bools:
    """bool[entries]: among the `count` largest shares of its row."""
    order = np.lexsort((-share, row))
    sorted_row = row[order]
    rank = np.arange(len(order)) - np.searchsorted(sorted_row, sorted_row, "left")
    largest = np.zeros(len(row), np.bool_)
    largest[order] = (rank < count[sorted_row]) & (share[order] > BROKEN)
    return largest
