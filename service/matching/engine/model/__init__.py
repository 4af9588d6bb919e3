"""The joint run as one sparse linear model, built from its rules and aims; every engine reads this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from service.matching.engine.model import bonds, constraints, objective
from service.matching.engine.model.rows import Rows
from service.matching.engine.model.variables import Variables, complete
from service.matching.engine.problem import Bools, Floats, Problem
from service.matching.engine.settings import Settings, Term
from service.matching.engine.solution import Plan

RULES: Final[tuple[Callable[[Variables], Rows], ...]] = (
    constraints.within_demand,
    constraints.one_frequency_per_session,
    constraints.one_fortnightly_session,
    constraints.no_clashing_sessions,
    constraints.within_slot,
    constraints.within_high_support,
    constraints.within_free_places,
    constraints.within_resources,
    constraints.within_most_hosts,
    constraints.within_new_starts,
    constraints.within_coordinator,
    constraints.within_accompaniment,
    bonds.keep_apart,
    bonds.household_together,
    bonds.household_apart,
    bonds.enough_days,
    bonds.forced_pairs,
    constraints.open_pairs,
    constraints.placed_people,
    objective.count_at_hosts,
    objective.count_load,
)


@dataclass(frozen=True)
class LinearModel:
    """maximise aims[l]·v, level by level, subject to rows·v ≤ most, lower ≤ v ≤ upper, whole where `whole`.

    `rows` is float64 CSR [R, V]; `rule` int16[R] is the place in RULES each row comes from; `aims` float64[L, V];
    `constant` float64[L] is what each level is worth before anything is decided.
    """

    variables: Variables
    rows: Any
    most: Floats
    rule: NDArray[np.int16]
    aims: Floats
    constant: Floats
    lower: Floats
    upper: Floats
    whole: Bools

    @property
    def columns(self) -> int:
        """How many of the variables are columns; they come first."""
        return len(self.variables.columns)

    def plan(self, values: NDArray[Any]) -> Plan:
        """The plan behind a solution's values."""
        chosen = self.variables.columns.take(values[: self.columns] > 0.5)
        return Plan(chosen.person, chosen.slot, chosen.half)

    def chosen(self, plan: Plan) -> Bools:
        """bool[columns]: which columns a plan takes."""
        columns = self.variables.columns
        slots = max(len(self.variables.problem.slots), 1)
        keys = (columns.person.astype(np.int64) * slots + columns.slot) * 4 + columns.half
        taken = (plan.person.astype(np.int64) * slots + plan.slot) * 4 + plan.half
        return np.isin(keys, taken)

    def values(self, plan: Plan) -> Floats:
        """The values of all variables under a plan."""
        return complete(self.variables, self.chosen(plan))


def build_model(problem: Problem, settings: Settings) -> LinearModel:
    """Ask every rule for its rows and every aim for its weights."""
    variables = Variables.build(problem, settings)
    parts = [rule(variables) for rule in RULES]
    rows, most = _stack(parts, variables.count)
    weights = {term: objective.TERMS[term](variables) for term in _terms(settings)}
    aims = np.zeros((len(settings.levels), variables.count))
    constant = np.zeros(len(settings.levels))
    for place, level in enumerate(settings.levels):
        for term, weight in level.weights.items():
            aims[place] += weight * weights[term]
            constant[place] += weight * objective.constant_of(problem, term)
    whole = np.ones(variables.count, np.bool_)
    whole[variables.first_at_host :] = False
    return LinearModel(
        variables,
        rows,
        most,
        np.repeat(np.arange(len(parts), dtype=np.int16), [len(part.most) for part in parts]),
        aims,
        constant,
        np.zeros(variables.count),
        np.ones(variables.count),
        whole,
    )


def _terms(settings: Settings) -> set[Term]:
    return {term for level in settings.levels for term in level.weights}


def _stack(parts: Iterable[Rows], width: int) -> tuple[Any, Floats]:
    listed = list(parts)
    first = np.cumsum([0, *(len(part.most) for part in listed)])
    row = np.concatenate([part.row + start for part, start in zip(listed, first[:-1].astype(np.int32), strict=True)])
    matrix = sparse.coo_array(
        (
            np.concatenate([part.coef for part in listed]),
            (row, np.concatenate([part.variable for part in listed])),
        ),
        shape=(int(first[-1]), width),
    )
    return matrix.tocsr(), np.concatenate([part.most for part in listed])
