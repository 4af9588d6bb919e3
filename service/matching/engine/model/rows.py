"""Inequalities in coordinate form, and the few ways of making many of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.problem import Floats, Ints


@dataclass(frozen=True)
class Rows:
    """Row r says: Σ coef[k]·v[variable[k]] over k with row[k] = r is at most most[r]."""

    row: Ints
    variable: Ints
    coef: Floats
    most: Floats

    @classmethod
    def none(cls) -> Rows:
        nothing = np.zeros(0, np.int32)
        return cls(nothing, nothing, np.zeros(0), np.zeros(0))

    @classmethod
    def together(cls, *parts: Rows) -> Rows:
        """Several sets of rows, one after the other."""
        first = np.cumsum([0, *(len(part.most) for part in parts)])
        return cls(
            np.concatenate([part.row + start for part, start in zip(parts, first[:-1], strict=True)]).astype(np.int32),
            np.concatenate([part.variable for part in parts]).astype(np.int32),
            np.concatenate([part.coef for part in parts]),
            np.concatenate([part.most for part in parts]),
        )


def sum_per_key(key: NDArray[Any], variable: NDArray[Any], coef: NDArray[Any], most: NDArray[Any]) -> Rows:
    """One row per key: Σ coef·variable ≤ most[key]. Rows that no choice can break are left out."""
    reach = np.bincount(key, np.maximum(coef, 0), len(most))
    binds = reach > most + 1e-9
    number = np.cumsum(binds) - 1
    kept = binds[key]
    return Rows(
        number[key[kept]].astype(np.int32),
        variable[kept].astype(np.int32),
        coef[kept].astype(np.float64),
        most[binds].astype(np.float64),
    )


def no_two(first: NDArray[Any], second: NDArray[Any]) -> Rows:
    """v[first[k]] + v[second[k]] ≤ 1 for every k."""
    count = len(first)
    return Rows(
        np.repeat(np.arange(count, dtype=np.int32), 2),
        np.column_stack([first, second]).ravel().astype(np.int32),
        np.ones(2 * count),
        np.ones(count),
    )


def at_most_another(small: NDArray[Any], large: NDArray[Any]) -> Rows:
    """v[small[k]] ≤ v[large[k]] for every k."""
    rows = no_two(small, large)
    coef = np.tile([1.0, -1.0], len(small))
    return Rows(rows.row, rows.variable, coef, np.zeros(len(small)))


def weekly_again(key: NDArray[Any], variable: NDArray[Any], is_weekly: NDArray[Any], most: NDArray[Any]) -> Rows:
    """Where the half units left are odd, weekly sessions alone fill at most the whole weeks in them (a rounding cut)."""
    odd = (most % 2 == 1)[key] & is_weekly
    return sum_per_key(key[odd], variable[odd], np.ones(int(odd.sum())), np.where(most % 2 == 1, most // 2, np.inf))
