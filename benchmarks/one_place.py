"""One place each: where everybody gets at most one weekly session, the best plan is a flow, and exact at any size.

python -m benchmarks.one_place PEOPLE OPENINGS SEED [--bound]   prints one JSON object
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.instances import make
from benchmarks.joint.own import relaxed_bound, worth_of
from service.matching.engine.problem import NO_LIMIT, WEEKLY, Hosts, Placed, Problem, Rules
from service.matching.engine.search.flow import one_place_each
from service.matching.engine.settings import WEIGHED, Settings


def ask_one_place_each(problem: Problem) -> Problem:
    """The same town where those without a fixed place want one weekly session, and nothing but places is short."""
    people, slots, nothing = problem.people, problem.slots, np.zeros(0, np.int32)
    kept = np.bincount(problem.kept.person, problem.kept.half, len(people)).astype(np.int32)
    demand = np.where(problem.has_place, kept, WEEKLY).astype(np.int32)
    return replace(
        problem, people=replace(people, demand=demand), rules=Rules(), held=Placed(nothing, nothing, nothing),
        hosts=Hosts(problem.hosts.ids, np.full(len(problem.hosts), NO_LIMIT, np.int32)),
        slots=replace(slots, high_support=np.full(len(slots), NO_LIMIT, np.int32)),
    )  # fmt: skip


def main(argv: Sequence[str] | None = None) -> None:
    """Solve one town by flow; `--bound` also says what its linear relaxation could be worth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("people", "openings", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("--bound", action="store_true")
    asked = parser.parse_args(argv)
    settings = Settings(levels=WEIGHED)
    problem = ask_one_place_each(make(asked.people, asked.openings, asked.seed))
    start = time.perf_counter()
    plan = one_place_each(problem, settings)
    found = {"seconds": time.perf_counter() - start, **worth_of(problem, settings, plan)}
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if asked.bound:
        found["bound"] = relaxed_bound(problem, settings)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
