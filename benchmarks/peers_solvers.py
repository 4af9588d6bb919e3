"""The solvers beside ours, each alone in a process of its own: `python -m benchmarks.peers_solvers NAME MATRIX ANSWER`.

highspy and ortools never live in one process, so each is imported where it is used and nothing else comes in.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Found = tuple[Values | None, float, str]
"""Values of every variable (None where the solver had no plan), its proven bound, and how it ended in its own words."""
DOUBLE: Final = 2
"""Worths are halves of whole points; CP-SAT wants whole numbers."""


class Matrix:
    """maximise worth·v subject to rows·v ≤ most, lower ≤ v ≤ upper, whole where `whole`; rows as CSR arrays."""

    def __init__(self, file: Path) -> None:
        with np.load(file) as stored:
            self.starts, self.index, self.coef = stored["starts"], stored["index"], stored["coef"]
            self.most, self.worth, self.whole = stored["most"], stored["worth"], stored["whole"]
            self.lower, self.upper = stored["lower"], stored["upper"]


def by_highs(matrix: Matrix, seconds: float, gap: float | None) -> Found:
    """HiGHS as it comes; `gap` None leaves its own stopping rule (a gap of 1e-4)."""
    import highspy

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(matrix.worth), len(matrix.most)
    model.col_cost_, model.sense_ = matrix.worth, highspy.ObjSense.kMaximize
    model.col_lower_, model.col_upper_ = matrix.lower, matrix.upper
    model.row_lower_, model.row_upper_ = np.full(len(matrix.most), -highspy.kHighsInf), matrix.most
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.starts, matrix.index, matrix.coef
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(whole)] for whole in matrix.whole]
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds)
    if gap is not None:
        solver.setOptionValue("mip_rel_gap", gap)
    solver.passModel(model)
    solver.run()
    info, status = solver.getInfo(), solver.modelStatusToString(solver.getModelStatus())
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if has_plan else None
    return values, float(info.mip_dual_bound), str(status)


def by_cbc(matrix: Matrix, seconds: float, gap: float | None) -> Found:
    """CBC through PuLP; it tells no bound unless it has proven its plan."""
    import pulp

    names = [f"v{n}" for n in range(len(matrix.worth))]
    bounds = zip(names, matrix.lower.tolist(), matrix.upper.tolist(), matrix.whole.tolist(), strict=True)
    unknowns = [
        pulp.LpVariable(name, low, high, pulp.LpInteger if whole else pulp.LpContinuous) for name, low, high, whole in bounds
    ]
    problem = pulp.LpProblem("peer", pulp.LpMaximize)
    worth = matrix.worth.tolist()
    problem += pulp.LpAffineExpression([(unknowns[n], worth[n]) for n in np.flatnonzero(matrix.worth).tolist()])
    index, coef, starts = matrix.index.tolist(), matrix.coef.tolist(), matrix.starts.tolist()
    for row, most in enumerate(matrix.most.tolist()):
        terms = [(unknowns[index[at]], coef[at]) for at in range(starts[row], starts[row + 1])]
        problem += pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintLE, f"r{row}", most)
    problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, gapRel=gap))
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return None, np.inf, pulp.LpStatus[problem.status]
    values = np.array([each.value() or 0.0 for each in unknowns])
    is_proven = problem.sol_status == pulp.LpSolutionOptimal
    return values, float(matrix.worth @ values) if is_proven else np.inf, pulp.LpSolution[problem.sol_status]


def by_cp_sat(matrix: Matrix, seconds: float, gap: float | None, workers: int = 2) -> Found:
    """CP-SAT as shipped: two workers, nothing else said."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    unknowns = [model.new_int_var(int(low), int(high), "") for low, high in zip(matrix.lower, matrix.upper, strict=True)]
    index, coef, starts = matrix.index.tolist(), matrix.coef.astype(int).tolist(), matrix.starts.tolist()
    for row, most in enumerate(matrix.most.astype(int).tolist()):
        cut = slice(starts[row], starts[row + 1])
        model.add(cp_model.LinearExpr.weighted_sum([unknowns[at] for at in index[cut]], coef[cut]) <= most)
    worth = np.round(matrix.worth * DOUBLE).astype(int).tolist()
    model.maximize(cp_model.LinearExpr.weighted_sum(unknowns, worth))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = seconds
    if gap is not None:
        solver.parameters.relative_gap_limit = gap
    status = solver.solve(model)
    has_plan = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    values = np.array([solver.value(each) for each in unknowns], float) if has_plan else None
    return values, solver.best_objective_bound / DOUBLE, solver.status_name(status)


SOLVERS: Final[dict[str, Callable[[Matrix, float, float | None], Found]]] = {
    "highs": by_highs,
    "cbc": by_cbc,
    "cp-sat": by_cp_sat,
}
LIBRARIES: Final = {"highs": "highspy", "cbc": "pulp", "cp-sat": "ortools.sat.python.cp_model"}


def main(argv: Sequence[str] | None = None) -> None:
    """Solve one matrix and write the answer; the clock starts when the arrays and the library are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("solver", choices=SOLVERS)
    parser.add_argument("matrix", type=Path)
    parser.add_argument("answer", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--gap", type=float)
    asked = parser.parse_args(argv)
    matrix = Matrix(asked.matrix)
    importlib.import_module(LIBRARIES[asked.solver])
    # What a solver prints goes where nobody reads it for an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    start = time.perf_counter()
    values, bound, status = SOLVERS[asked.solver](matrix, asked.seconds, asked.gap)
    took = time.perf_counter() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    answer: dict[str, Any] = {"bound": bound, "status": status, "seconds": took, "peak_kb": peak}
    np.savez(asked.answer, values=np.zeros(0) if values is None else values, **answer)


if __name__ == "__main__":
    main()
