"""Which days to take: each task once or not at all, each day once, at the least cost. The only place that knows CP-SAT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from service.followup.planner.relaxed import Column

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar

CENTS: Final = 100
"""Whole numbers per minute of cost, for a solver that counts in whole numbers."""
EFFORT: Final = 4.0
"""The solver's own measure of work, where rounds are counted and not seconds."""


def choose(
    columns: Sequence[Column],
    held: set[Column],
    unplanned: Mapping[int, float],
    seconds: float | None,
    rivals: Iterable[Sequence[int]] = (),
) -> list[Column] | None:
    """The cheapest choice found in the time, beginning from `held`; None where none was found.

    `unplanned` is what leaving out each task costs that the columns are about; of `rivals` (places in `columns`) one at most.
    """
    from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL, CpModel, LinearExpr

    model = CpModel()
    picks = [model.new_bool_var("") for _ in columns]
    skips = {task: model.new_bool_var("") for task in unplanned}
    _bind(model, columns, picks, skips)
    for row in rivals:
        model.add_at_most_one(picks[at] for at in row)
    _hint(model, columns, picks, skips, held)
    prices = [round(CENTS * column.cost) for column in columns] + [round(CENTS * unplanned[task]) for task in skips]
    model.minimize(LinearExpr.weighted_sum([*picks, *skips.values()], prices))
    solver = _solver(seconds)
    if solver.solve(model) not in (OPTIMAL, FEASIBLE):
        return None
    return [column for column, pick in zip(columns, picks, strict=True) if solver.boolean_value(pick)]


def _bind(model: CpModel, columns: Sequence[Column], picks: list[IntVar], skips: dict[int, IntVar]) -> None:
    tasks: dict[int, list[IntVar]] = {task: [skip] for task, skip in skips.items()}
    cells: dict[int, list[IntVar]] = {}
    for column, pick in zip(columns, picks, strict=True):
        cells.setdefault(column.cell, []).append(pick)
        for task in column.tasks:
            tasks[task].append(pick)
    for row in tasks.values():
        model.add_exactly_one(row)
    for rivals in cells.values():
        model.add_at_most_one(rivals)


def _hint(
    model: CpModel, columns: Sequence[Column], picks: list[IntVar], skips: dict[int, IntVar], held: set[Column]
) -> None:
    """The plan in hand, every variable of it: half a hint is lost."""
    done = {task for column in held for task in column.tasks}
    for column, pick in zip(columns, picks, strict=True):
        model.add_hint(pick, column in held)
    for task, skip in skips.items():
        model.add_hint(skip, task not in done)


def _solver(seconds: float | None) -> CpSolver:
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    if seconds is None:
        solver.parameters.max_deterministic_time = EFFORT
    else:
        solver.parameters.max_time_in_seconds = seconds
    return solver
