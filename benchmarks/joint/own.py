"""Our own engine on one made-up run, alone in a process: `python -m benchmarks.joint.own PEOPLE OPENINGS SEED`.

Prints one JSON object. The clock runs from the problem's arrays to the plan; the plan is checked before it is told.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.optimize import linprog

from benchmarks.instances import make
from service.matching.engine.model import build_model
from service.matching.engine.problem import Problem
from service.matching.engine.settings import WEIGHED, Level, Settings, Term
from service.matching.engine.solution import Plan, Solution
from service.matching.engine.solve import solve
from service.matching.engine.verify import attained, check

PROOF_S, FEW_PAIRS = 30.0, 15_000
ENOUGH_S: Final = 4.0
"""Once this is spent nothing is measured again."""


class BrokenPlan(Exception):
    """A plan that breaks a rule, or is not worth what was said, does not count."""


def worth_of(problem: Problem, settings: Settings, plan: Plan) -> dict[str, float]:
    """What a plan is worth by the independent check, term by term and in all; BrokenPlan if it breaks a rule."""
    if broken := check(problem, settings, plan):
        raise BrokenPlan(f"{len(broken)} broken, first {broken[0]}")
    terms = attained(problem, settings, plan)
    total = sum(weight * terms[term] for term, weight in settings.levels[0].weights.items())
    return {"value": total, "placed": terms[Term.PLACED], "points": terms[Term.POINTS], "kept": terms[Term.KEPT]}


def measure(problem: Problem, settings: Settings, repeats: int) -> dict[str, Any]:
    """Solve, the median of up to `repeats` times; value and bound of the last."""
    took: list[float] = []
    while not took or (len(took) < repeats and sum(took) < ENOUGH_S):
        start = time.perf_counter()
        solution = solve(problem, settings)
        took.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worth = worth_of(problem, settings, solution.plan)
    told = solution.attained[0]
    if abs(told.value - worth["value"]) > 1e-3:
        raise BrokenPlan(f"told {told.value}, counted {worth['value']}")
    return {
        **worth, "bound": told.bound, "gap": told.gap, "proven": solution.is_proven, "engine": solution.engine,
        "seconds": float(np.median(took)), "peak_mb": peak, "steps": curve(solution),
    }  # fmt: skip


def curve(solution: Solution) -> list[dict[str, Any]]:
    """What was reached when: name, seconds, value, bound and gap of every stage."""
    return [
        {"name": step.name, "seconds": step.seconds, "value": step.value, "bound": step.bound, "gap": step.gap}
        for step in solution.steps
    ]


def most_placed(problem: Problem, settings: Settings) -> float:
    """No plan can place more people than this: proven where a proof is quick, else by the relaxation."""
    aim = Settings(levels=(Level("placed", {Term.PLACED: 1}),), include_ask=settings.include_ask, seconds=PROOF_S)
    found = solve(problem, aim) if len(problem.pairs) <= FEW_PAIRS else None
    bound = found.attained[0].bound if found else relaxed_bound(problem, aim)
    return float(np.floor(bound + 1e-6))


def relaxed_bound(problem: Problem, settings: Settings) -> float:
    """What the first aim is worth when places may be shared out in fractions."""
    model = build_model(problem, settings)
    between = np.stack((model.lower, model.upper), 1)
    found = linprog(-model.aims[0], A_ub=model.rows, b_ub=model.most, bounds=between, method="highs")
    return float(model.constant[0] - found.fun)


def main(argv: Sequence[str] | None = None) -> None:
    """Make the run, warm up, solve, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("people", "openings", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--coverage", action="store_true", help="also bound how many people can be placed at all")
    asked = parser.parse_args(argv)
    settings = Settings(levels=WEIGHED, seconds=asked.seconds)
    # Libraries are loaded once in a service's life, not once a run.
    solve(make(50, 40, 1), settings)
    problem = make(asked.people, asked.openings, asked.seed)
    found = measure(problem, settings, asked.repeats)
    if asked.coverage:
        found["most_placed"] = most_placed(problem, settings)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
