"""Cuts found among a few people, said again of everybody: their prices then prove something about all plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import Bools, Floats
from service.matching.engine.search.bidding import Priced
from service.matching.engine.search.cuts import most_at_once, whole_places
from service.matching.engine.search.index import Index, spread
from service.matching.engine.search.program import NEAR


@dataclass(frozen=True)
class Lifted:
    """Entries (cut, variable); for each cut the row it was read off, its limit and its price."""

    cut: Indices
    variable: Indices
    source: Indices
    most: Floats
    prices: Floats

    def only(self, wanted: Bools) -> Lifted:
        """Only the cuts marked."""
        inside = wanted[self.cut]
        number = np.cumsum(wanted) - 1
        return Lifted(
            number[self.cut[inside]], self.variable[inside], self.source[wanted], self.most[wanted], self.prices[wanted]
        )


def lift(index: Index, cuts: Any, source: Indices, prices: Floats, values: Floats) -> Lifted:
    """`cuts` are CSR rows over all variables, `source` the row each was read off, `values` what others hold today.

    Everybody's weekly sessions in the row belong into the cut, and as many fortnightly ones as its limit lets in.
    """
    rows = index.model.rows
    half = np.floor(index.program.most[source] + NEAR).astype(np.int64)
    at = spread(rows.indptr, source)
    cut = np.repeat(np.arange(len(source)), np.diff(rows.indptr)[source])
    variable, weekly = rows.indices[at].astype(np.int64), rows.data[at] == 2
    wished = np.where(np.isin(cut * rows.shape[1] + variable, _keys(cuts)), 2.0, values[variable])
    order = np.lexsort((-np.where(weekly, -1.0, wished), cut))
    rank = np.empty(len(at), np.int64)
    rank[order] = np.arange(len(at)) - np.searchsorted(cut[order], cut[order], "left")
    kept = weekly | ((rank < most_at_once(half)[cut]) & (wished > NEAR))
    return Lifted(cut[kept], variable[kept], source, whole_places(half).astype(np.float64), prices)


def _keys(cuts: Any) -> NDArray[np.int64]:
    cut = np.repeat(np.arange(cuts.shape[0]), np.diff(cuts.indptr))
    return np.asarray(cut * cuts.shape[1] + cuts.indices, np.int64)


def together(lifted: list[Lifted], width: int) -> Priced | None:
    """All of them as rows with prices; None when there are none."""
    if not lifted:
        return None
    first = np.cumsum([0, *(len(each.most) for each in lifted)])
    cut = np.concatenate([each.cut + start for each, start in zip(lifted, first[:-1], strict=True)])
    variable = np.concatenate([each.variable for each in lifted])
    rows = sparse.csr_array((np.ones(len(cut)), (cut, variable)), shape=(int(first[-1]), width))
    return Priced(rows, *(np.concatenate(each) for each in zip(*((x.most, x.prices) for x in lifted), strict=True)))
