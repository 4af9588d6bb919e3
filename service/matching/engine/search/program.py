"""One weighted aim over whole choices: relaxed to shares it gives prices and a bound, in whole it gives a plan.

HiGHS does both; scipy brings it along, and it runs in one thread, outside Python's lock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import Bools, Floats

NEAR: Final = 1e-6
"""How far from a whole number, or beyond a limit, HiGHS calls it still right."""


@dataclass(frozen=True)
class Found:
    """A plan as values of all variables, what it is worth without the constant, and a bound no plan passes."""

    values: Floats
    value: float
    bound: float
    is_proven: bool

    @property
    def gap(self) -> float:
        """Share of the bound that may still be missing."""
        return max(self.bound - self.value, 0.0) / max(abs(self.bound), 1e-9)


@dataclass(frozen=True)
class Relaxed:
    """Shares instead of whole choices: `prices` of the rows, and what each variable is worth beyond its prices."""

    values: Floats
    bound: float
    prices: Floats
    beyond: Floats


@dataclass(frozen=True)
class Program:
    """maximise worth·v subject to rows·v ≤ most, lower ≤ v ≤ upper, whole where `whole`; `rows` is CSC."""

    worth: Floats
    rows: Any
    most: Floats
    lower: Floats
    upper: Floats
    whole: Bools

    def __len__(self) -> int:
        return len(self.worth)

    def take(self, free: Indices, values: Floats, used: Floats) -> Program:
        """Only these variables, all others staying at `values`; `used` is rows·values."""
        return self.take_with_rows(free, values, used)[0]

    def take_with_rows(self, free: Indices, values: Floats, used: Floats) -> tuple[Program, Indices]:
        """The same, and which rows are still in it: those that some choice can break."""
        rows = self.rows[:, free]
        left = self.most - used + rows @ values[free]
        lower, upper = self.lower[free], self.upper[free]
        binds = _reach(rows, lower, upper) > left + NEAR
        part = Program(self.worth[free], _take_rows(rows, binds), left[binds], lower, upper, self.whole[free])
        return part, np.flatnonzero(binds)

    def with_rows(self, rows: Any, most: Floats) -> Program:
        """The same with further rows."""
        return replace(self, rows=sparse.vstack([self.rows, rows], format="csc"), most=np.concatenate([self.most, most]))

    def bound_at(self, prices: Floats) -> Relaxed:
        """The bound that any prices prove: what is paid for the rows, and what is worth more than its prices."""
        beyond = self.worth - self.rows.T @ prices
        best = np.maximum(beyond * self.lower, beyond * self.upper)
        return Relaxed(np.zeros(0), float(self.most @ prices + best.sum()), prices, beyond)

    def relax(self, seconds: float | None = None) -> Relaxed | None:
        """Solved in shares; None when nothing is allowed or time is up."""
        if not len(self):
            return self.bound_at(np.zeros(len(self.most))) if self.allows(self.worth) else None
        options = {} if seconds is None else {"time_limit": max(seconds, 0.01)}
        bounds = np.column_stack([self.lower, self.upper])
        done = linprog(-self.worth, A_ub=self.rows, b_ub=self.most, bounds=bounds, method="highs", options=options)
        if done.status != 0:
            return None
        return replace(self.bound_at(np.maximum(-done.ineqlin.marginals, 0.0)), values=done.x)

    def solve(self, seconds: float | None = None, nodes: int | None = None, gap: float = 0.0) -> tuple[Floats | None, float]:
        """Solved in whole choices: the values, None when none were found, and a bound."""
        if not len(self):
            return (self.worth, 0.0) if self.allows(self.worth) else (None, -np.inf)
        options: dict[str, Any] = {"mip_rel_gap": gap}
        if seconds is not None:
            options["time_limit"] = max(seconds, 0.01)
        if nodes is not None:
            options["node_limit"] = nodes
        rules = LinearConstraint(self.rows, -np.inf, self.most) if len(self.most) else ()
        done = milp(
            -self.worth, constraints=rules, bounds=Bounds(self.lower, self.upper), integrality=self.whole, options=options
        )
        bound = np.inf if done.mip_dual_bound is None else -float(done.mip_dual_bound)
        values = None if done.x is None else np.where(self.whole, np.round(done.x), done.x)
        if values is None or not self.allows(values):
            return None, bound
        return values, bound

    def allows(self, values: Floats) -> bool:
        """Whether every row and limit holds."""
        inside = (values >= self.lower - NEAR) & (values <= self.upper + NEAR)
        return bool(inside.all() and (self.rows @ values <= self.most + NEAR).all())


def _reach(rows: Any, lower: Floats, upper: Floats) -> Floats:
    """The most each row can come to."""
    width = np.diff(rows.indptr)
    best = np.maximum(rows.data * np.repeat(upper, width), rows.data * np.repeat(lower, width))
    return np.bincount(rows.indices, best, rows.shape[0]).astype(np.float64)


def _take_rows(rows: Any, kept: NDArray[np.bool_]) -> Any:
    number = np.cumsum(kept, dtype=np.int32) - 1
    inside = kept[rows.indices]
    ends = np.concatenate([[0], np.cumsum(inside)])[rows.indptr].astype(np.int32)
    shape = (int(kept.sum()), rows.shape[1])
    return sparse.csc_array((rows.data[inside], number[rows.indices[inside]], ends), shape=shape)
