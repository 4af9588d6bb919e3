"""The greedy peers: whoever comes first takes the best that is left, and nobody is asked to move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from service.matching.engine.model import LinearModel
from service.matching.engine.problem import WEEKLY

Values = NDArray[np.float64]
TOLERANCE = 1e-9


class Filling:
    """Columns taken one by one, each only while every row of the full model still holds."""

    def __init__(self, model: LinearModel) -> None:
        by_variable = sparse.csc_array(model.rows)
        self._starts, self._rows = by_variable.indptr.tolist(), by_variable.indices.tolist()
        self._coefs, self._left = by_variable.data.tolist(), (model.most + TOLERANCE).tolist()
        self._opener = model.variables.open_of[model.variables.columns.pair].tolist()
        self._placed = model.variables.placed_of[model.variables.columns.person].tolist()
        self.values = np.zeros(model.rows.shape[1])
        self._taken: set[int] = set()

    def take(self, column: int) -> bool:
        """Take the column if nothing stands against it; a pair opened by it counts at once."""
        wanted = [v for v in (column, self._opener[column], self._placed[column]) if v >= 0 and v not in self._taken]
        change: dict[int, float] = {}
        for variable in wanted:
            for at in range(self._starts[variable], self._starts[variable + 1]):
                row = self._rows[at]
                change[row] = change.get(row, 0.0) + self._coefs[at]
        if any(much > self._left[row] and much > 0 for row, much in change.items()):
            return False
        for row, much in change.items():
            self._left[row] -= much
        self._taken.update(wanted)
        self.values[wanted] = 1.0
        return True


def greedy_by_fit(model: LinearModel) -> Values:
    """The best pair of all first: the same as stable matching where both sides rank by one score."""
    filling = Filling(model)
    for column in np.lexsort((-model.variables.columns.half, -fit_of(model))).tolist():
        filling.take(column)
    return filling.values


def greedy_scarce_first(model: LinearModel) -> Values:
    """People with the fewest possible openings first, each at once with all the load they can have."""
    filling = Filling(model)
    for column in _scarce_first(model).tolist():
        filling.take(column)
    return filling.values


def greedy_places_first(model: LinearModel) -> Values:
    """The same order, but everybody gets one place before anybody gets a second."""
    filling, columns = Filling(model), model.variables.columns
    order = _scarce_first(model)
    has_place, later = set(np.flatnonzero(model.variables.problem.has_place).tolist()), []
    for column, person in zip(order.tolist(), columns.person[order].tolist(), strict=True):
        if person in has_place or not filling.take(column):
            later.append(column)
        else:
            has_place.add(person)
    for column in later:
        filling.take(column)
    return filling.values


def _scarce_first(model: LinearModel) -> NDArray[np.intp]:
    columns, people = model.variables.columns, len(model.variables.problem.people)
    pairs = np.unique(columns.pair)
    options = np.bincount(model.variables.problem.pairs.person[pairs], minlength=people)
    return np.lexsort((-columns.half, -fit_of(model), columns.person, options[columns.person]))


def fit_of(model: LinearModel) -> Values:
    """float64[columns]: points of the whole week, and of staying where one is."""
    columns = model.variables.columns
    worth = model.aims[0][: len(columns)]
    return np.asarray(worth * WEEKLY / columns.half, np.float64)
