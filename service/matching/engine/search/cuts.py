"""Rows every whole plan keeps but shares can break: without them the bound lies far above any plan.

Where weekly (2) and fortnightly (1) sessions share 2·C half units, one fortnightly session costs a whole weekly
place: Σ weekly + fortnightly ≤ C for any one of them. With 2·C + 1, the same holds for any two: ≤ C + 1.
What a limit allows, a person takes at an opening only as far as the pair is open: Σ coef·column ≤ limit·open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from service.matching.engine.model import LinearModel
from service.matching.engine.problem import NONE, Bools, Floats, Ints

BROKEN: Final = 1e-4


@dataclass(frozen=True)
class Cuts:
    """Rows (CSC), how much each may come to, and the row each was read off; −1 where it is about one pair."""

    rows: Any
    most: Floats
    source: Ints


def openers(model: LinearModel) -> Ints:
    """int32[V]: for each column the variable that says its pair is open, or −1."""
    opener = np.full(model.rows.shape[1], NONE, np.int32)
    opener[: model.columns] = model.variables.open_of[model.variables.columns.pair]
    return opener


def broken_cuts(rows: Any, most: Floats, opener: Ints, values: Floats) -> Cuts | None:
    """The cuts that `values` break, one per row (CSR) that has one; None when there are none."""
    row = np.repeat(np.arange(len(most), dtype=np.int32), np.diff(rows.indptr))
    found = [each for each in (_whole_places(rows, most, row, values), _only_where_open(rows, most, row, opener, values))
             if len(each.most)]  # fmt: skip
    if not found:
        return None
    together = sparse.vstack([each.rows for each in found], format="csc")
    return Cuts(together, *(np.concatenate(each) for each in zip(*((cut.most, cut.source) for cut in found), strict=True)))


def _whole_places(rows: Any, most: Floats, row: NDArray[np.int32], values: Floats) -> Cuts:
    mixed = _mixes_weekly_and_fortnightly(rows, row)
    entry = np.flatnonzero(mixed[row])
    row, share, weekly = row[entry], values[rows.indices[entry]], rows.data[entry] == 2
    half = np.floor(most + BROKEN).astype(np.int64)
    chosen = weekly | _is_largest(row, np.where(weekly, -1.0, share), most_at_once(half))
    limit = whole_places(half)
    broken = np.bincount(row[chosen], share[chosen], rows.shape[0]) > limit + BROKEN
    broken &= half >= 0
    taken = chosen & broken[row]
    where = (np.cumsum(broken)[row[taken]] - 1, rows.indices[entry[taken]])
    cuts = _rows(np.ones(int(taken.sum())), where, int(broken.sum()), rows.shape[1])
    return Cuts(cuts, limit[broken].astype(np.float64), np.flatnonzero(broken).astype(np.int32))


def most_at_once(half: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many fortnightly sessions a cut counts beside the weekly ones."""
    return 1 + half % 2


def whole_places(half: NDArray[np.int64]) -> NDArray[np.int64]:
    """What weekly and counted fortnightly sessions together come to at most, in so many half units."""
    return half // 2 + half % 2


def _only_where_open(rows: Any, most: Floats, row: NDArray[np.int32], opener: Ints, values: Floats) -> Cuts:
    width = rows.shape[1]
    opened = opener[rows.indices]
    entry = np.flatnonzero((opened != NONE) & (values[rows.indices] > BROKEN) & _only_adds(rows, row)[row])
    entry = entry[values[opened[entry]] < 1 - BROKEN]
    key, which = np.unique(row[entry].astype(np.int64) * width + opened[entry], return_inverse=True)
    taken = np.bincount(which, rows.data[entry] * values[rows.indices[entry]], len(key))
    key = key[taken > most[key // width] * values[key % width] + BROKEN]
    limit, door, count = most[key // width], key % width, np.arange(len(key))
    inside = np.flatnonzero((opened != NONE) & np.isin(row, key // width))
    inside = inside[np.isin(row[inside].astype(np.int64) * width + opened[inside], key)]
    at = np.searchsorted(key, row[inside].astype(np.int64) * width + opened[inside])
    where = (np.concatenate([at, count]), np.concatenate([rows.indices[inside], door]))
    cuts = _rows(np.concatenate([rows.data[inside], -limit]), where, len(key), width)
    return Cuts(cuts, np.zeros(len(key)), np.full(len(key), NONE, np.int32))


def _rows(coef: Floats, where: tuple[Any, Any], count: int, width: int) -> Any:
    return sparse.csc_array((coef, where), shape=(count, width))


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
