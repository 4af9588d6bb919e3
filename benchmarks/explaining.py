"""How fast a joint run explains itself, and how often rightly: why not there, and what one more place would do.

python -m benchmarks.explaining [--people N] [--openings N] [--samples N] [--seed N]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.instances import make
from service.matching.engine.around import Wish, compare
from service.matching.engine.changes import Change, Kind
from service.matching.engine.newplaces import rank_new_openings
from service.matching.engine.problem import Problem
from service.matching.engine.settings import WEIGHED, Settings
from service.matching.engine.solution import Solution
from service.matching.engine.solve import solve
from service.matching.engine.standing import Standing
from service.matching.engine.whatif import best_set, rank_openings, refine
from service.matching.engine.whynot import Cost, answer_of, why_not

BENCHMARK = Settings(levels=WEIGHED, seconds=60.0)


@dataclass(frozen=True)
class Measured:
    """Milliseconds of each question by the clock and by the processor; `checked` were compared, `right` of them agree."""

    ms: tuple[float, ...]
    cpu_ms: tuple[float, ...]
    checked: int
    right: int
    classes: dict[str, int]

    @property
    def accuracy(self) -> float:
        return self.right / max(self.checked, 1)

    def percentile(self, share: float) -> float:
        """Milliseconds by the clock that this share of the questions keeps below."""
        return float(np.percentile(self.ms, share)) if self.ms else 0.0


def measure_why_not(
    problem: Problem,
    solution: Solution,
    samples: int,
    seed: int,
    *,
    checked: int | None = None,
    settings: Settings = BENCHMARK,
) -> Measured:
    """Ask about pairs drawn by the seed; the first `checked` (all unless said) are also solved whole, with the wish."""
    standing = Standing.of(problem, settings, solution)
    pairs = _pairs_not_taken(standing, samples, seed)
    right, ms, cpu, classes = 0, [], [], dict.fromkeys(map(str, Cost), 0)
    for number, (person, opening) in enumerate(pairs):
        began, used = time.perf_counter(), time.process_time()
        found = why_not(standing, person, opening)
        ms.append((time.perf_counter() - began) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
        classes[found.cost] += 1
        right += (checked is None or number < checked) and found.cost is _solved_whole(standing, person, opening)
    return Measured(tuple(ms), tuple(cpu), len(pairs) if checked is None else min(checked, len(pairs)), right, classes)


def _pairs_not_taken(standing: Standing, samples: int, seed: int) -> list[tuple[int, int]]:
    """Pairs the run may join and has not."""
    columns = standing.model.variables.columns
    pairs = np.unique(columns.pair)
    free = pairs[~np.isin(pairs, columns.pair[standing.values[: len(columns)] > 0.5])]
    drawn = np.random.default_rng(seed).permutation(free)[:samples]
    table = standing.problem.pairs
    return list(zip(table.person[drawn].tolist(), table.opening[drawn].tolist(), strict=True))


def _solved_whole(standing: Standing, person: int, opening: int) -> Cost:
    everybody = np.arange(len(standing.problem.people))
    found = compare(standing, everybody, Wish.of(standing, person, opening).opened)
    return Cost.IMPOSSIBLE if found is None else answer_of(standing, person, opening, found).cost


def measure_what_if(standing: Standing, seed: int, most: Sequence[int] = (5, 20), seconds: float = 20.0) -> dict[str, Any]:
    """Ranking and choosing for those left; new openings from made-up homes, times and wishes of theirs."""
    began = time.perf_counter()
    places = rank_openings(standing)
    ranked_ms = (time.perf_counter() - began) * 1e3
    figures: dict[str, Any] = {"left": len(standing.left), "places": len(places), "ranked_ms": ranked_ms}
    for name, changes in (("places", places), ("openings", _new_openings(standing, seed))):
        for count in most:
            began, used = time.perf_counter(), time.process_time()
            found = best_set(standing, changes, count)
            took, cpu = (time.perf_counter() - began) * 1e3, (time.process_time() - used) * 1e3
            best = refine(standing, changes, count, seconds)
            share = found.people / best.bound if best.bound else 1.0
            figures[f"{name}_{count}"] = {
                "ms": took,
                "cpu_ms": cpu,
                "people": found.people,
                "best": best.people,
                "bound": best.bound,
                "share": share,
            }
    return figures


def _new_openings(standing: Standing, seed: int) -> tuple[Change, ...]:
    dice, left = np.random.default_rng(seed), standing.left
    cells = max(len(left) // 12, 4)
    cell = dice.integers(0, cells, len(left)).astype(np.int32)
    changes = rank_new_openings(
        left.astype(np.int32), cell, dice.random((len(left), 14)) < 0.3, dice.random((len(left), 24)) < 0.2
    )
    return tuple(change for change in changes if change.kind is Kind.OPENING)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures of one size."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("people", 500), ("openings", 300), ("samples", 100), ("checked", 20), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args(argv)
    problem = make(asked.people, asked.openings, asked.seed)
    solution = solve(problem, BENCHMARK)
    found = measure_why_not(problem, solution, asked.samples, asked.seed, checked=asked.checked)
    print(f"{asked.people:,}x{asked.openings:,} proven {solution.is_proven} load {os.getloadavg()[0]:.1f}")
    print(f"why not: p50 {found.percentile(50):.0f} ms, p95 {found.percentile(95):.0f} ms "
          f"(processor p95 {np.percentile(found.cpu_ms, 95):.0f} ms), right {found.right}/{found.checked}, {found.classes}")  # fmt: skip
    for name, figure in measure_what_if(Standing.of(problem, BENCHMARK, solution), asked.seed).items():
        print(f"what if: {name} {figure}")


if __name__ == "__main__":
    main()
