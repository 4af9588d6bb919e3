"""The aims one after the other, each proven before the next: CP-SAT with its LP worker, for runs a page can hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from service.matching.engine.model import LinearModel
from service.matching.engine.problem import Floats
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Attained

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

PARTS: Final = 200
"""Points have two decimals, and half of them count every other week: two hundred times everything is whole."""
FEWEST_SECONDS: Final = 0.05

Told = Callable[[str, Floats, float, float], None]
"""Told of an aim: its name, the values of the best plan so far, what it attains and the bound."""


@dataclass(frozen=True)
class Found:
    """The values of the model's variables, what each aim attains and its bound, and whether all is proven."""

    values: Floats
    attained: tuple[Attained, ...]
    is_proven: bool


def solve_in_order(model: LinearModel, start: Floats, *, seconds: float, told: Told) -> Found:
    """Each aim as good as the earlier ones allow; `start` are the values of a plan that keeps the rules.

    `settings.effort` limits each aim's search in the solver's own deterministic units, so that a run that ends by it
    ends alike everywhere; `seconds` of the wall clock are the outer fence. An aim whose proof does not come in time leaves its gap in `attained`; later aims then keep what was reached.
    """
    from ortools.sat.python import cp_model

    deadline = time.monotonic() + seconds
    sat, unknowns = _posed(model)
    values, attained = start, []
    for place, level in enumerate(model.variables.settings.levels):
        weights = _whole_weights(model.aims[place])
        aim = cp_model.LinearExpr.weighted_sum(unknowns, weights.tolist())
        sat.maximize(aim)
        _hint(sat, unknowns, values)
        left = deadline - time.monotonic()
        # An aim may use twice its share: the first ones are the hardest, and what they leave is for the rest.
        share = max(min(left, left / (len(model.aims) - place) * 2), FEWEST_SECONDS)
        values, bound = _pursue(sat, unknowns, values, weights, share, model.variables.settings)
        reached = int(weights @ np.round(values).astype(np.int64))
        sat.add(aim >= reached)
        constant = model.constant[place]
        attained.append(Attained(level.name, float(reached / PARTS + constant), float(bound / PARTS + constant)))
        told(level.name, values, attained[-1].value, attained[-1].bound)
    return Found(values, tuple(attained), all(each.gap == 0 for each in attained))


def _pursue(
    sat: cp_model.CpModel, unknowns: list[Any], before: Floats, weights: Any, seconds: float, settings: Settings
) -> tuple[Floats, float]:
    """One aim: the best values found and the bound, as a whole number of parts."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    # One worker with the full linear relaxation: the same plan each time, and proofs the default lacks here.
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = settings.seed
    solver.parameters.max_deterministic_time = settings.effort
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(sat)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return before, float(np.maximum(weights, 0).sum())
    found = np.fromiter((solver.value(each) for each in unknowns), np.float64, len(unknowns))
    return found, float(np.floor(solver.best_objective_bound + 1e-6))


def _posed(model: LinearModel) -> tuple[cp_model.CpModel, list[Any]]:
    """The rules as CP-SAT reads them."""
    from ortools.sat.python import cp_model

    sat = cp_model.CpModel()
    unknowns = [sat.new_bool_var("") for _ in range(len(model.upper))]
    rows, coef = model.rows, np.round(model.rows.data).astype(int).tolist()
    where, ends = rows.indices.tolist(), rows.indptr.tolist()
    for row, most in enumerate(model.most.tolist()):
        first, last = ends[row], ends[row + 1]
        named = [unknowns[at] for at in where[first:last]]
        sat.add(cp_model.LinearExpr.weighted_sum(named, coef[first:last]) <= int(np.floor(most)))
    return sat, unknowns


def _hint(sat: cp_model.CpModel, unknowns: list[Any], values: Floats) -> None:
    sat.clear_hints()  # type: ignore[no-untyped-call]
    for unknown, value in zip(unknowns, values.tolist(), strict=True):
        sat.add_hint(unknown, round(value))


def _whole_weights(weights: Floats) -> Any:
    return np.round(weights * PARTS).astype(np.int64)
