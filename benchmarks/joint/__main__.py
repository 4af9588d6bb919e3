"""Our engine and everybody else on made-up towns: gaps to a valid bound, seconds, proofs, memory.

python -m benchmarks.joint --quick --json      within a minute
python -m benchmarks.joint [--sizes 500x300 …] [--parts peers …] [--seeds 7] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks.joint import tables
from benchmarks.joint.bench import Outcome, Peer, compare, run_alone, run_own
from benchmarks.joint.quick import run_quick
from benchmarks.peers import GREEDY

PROVEN: Final = 0.0


@dataclass(frozen=True)
class Plan:
    """How one size is measured: own runs of these seconds, on so many seeds, against these peers."""

    people: int
    openings: int
    own_s: tuple[float, ...]
    peers: Mapping[str, Peer] = field(default_factory=dict)
    repeats: int = 1
    most_seeds: int = 1
    coverage: bool = True


SMALL: Final = {
    "HiGHS": Peer("highs", 60), "HiGHS, no gap left": Peer("highs", 60, PROVEN), "CBC": Peer("cbc", 60),
    "CP-SAT": Peer("cp-sat", 20),
}  # fmt: skip
LARGE: Final = {"HiGHS": Peer("highs", 100), "CBC": Peer("cbc", 100), "CP-SAT": Peer("cp-sat", 100)}
NATIONAL: Final = {"HiGHS": Peer("highs", 300)}
PLANS: Final = {
    "50x40": Plan(50, 40, (10,), SMALL, repeats=5, most_seeds=7),
    "500x300": Plan(500, 300, (20,), SMALL, repeats=3, most_seeds=7),
    "5000x3000": Plan(5_000, 3_000, (10, 60), LARGE),
    "50000x30000": Plan(50_000, 30_000, (60, 300), NATIONAL, coverage=False),
}
PARTS: Final = ("peers", "one-place", "answers")
ANSWERED: Final = ("500x300", "5000x3000")
JUDGED: Final = 60
"""So many answers to "why not that place" are held against the whole run solved again."""


def run_size(plan: Plan, seeds: int) -> list[Outcome]:
    """Every seed with every own run; the peers are asked once a seed, and judged by the last own bound."""
    found = []
    for seed in range(1, min(seeds, plan.most_seeds) + 1):
        options = ["--repeats", str(plan.repeats), *(["--coverage"] if plan.coverage else [])]
        owns = [run_own(plan.people, plan.openings, seed, seconds, *options) for seconds in plan.own_s]
        print(
            f"{plan.people}x{plan.openings} seed {seed}: own {[round(100 * own['gap'], 3) for own in owns]} %",
            file=sys.stderr,
        )
        size = (plan.people, plan.openings)
        found += [compare(size, seed, own, ()) for own in owns[:-1]]
        found.append(compare(size, seed, owns[-1], GREEDY, plan.peers))
    return found


def ask_answers(size: str) -> dict[str, Any]:
    """Why-not, what-if and a change at one size; at the smaller one the answers are judged too."""
    plan = PLANS[size]
    options = ("--judged", str(JUDGED)) if plan.peers is SMALL else ()
    return run_alone("benchmarks.joint.answers", str(plan.people), str(plan.openings), "1", *options, fence_s=3_600)


def ask_one_place(size: str) -> dict[str, Any]:
    """One place each, by flow; up to a prefecture beside the bound of the relaxation."""
    plan = PLANS[size]
    options = ("--bound",) if plan.coverage else ()
    return run_alone("benchmarks.one_place", str(plan.people), str(plan.openings), "1", *options, fence_s=1_200)


def run_parts(parts: Sequence[str], sizes: Sequence[str], seeds: int) -> Iterator[tuple[str, str, Any]]:
    """(part, size, what was found), one after the other."""
    for size in sizes:
        if "peers" in parts:
            yield "peers", size, run_size(PLANS[size], seeds)
        if "one-place" in parts:
            yield "one-place", size, ask_one_place(size)
        if "answers" in parts and size in ANSWERED:
            yield "answers", size, ask_answers(size)


def show(part: str, size: str, found: Any) -> None:
    """One part of one size as tables, with the machine's load beside it."""
    now, load = f"{datetime.now(UTC):%Y-%m-%d}", os.getloadavg()[0]
    if part == "peers":
        print(tables.section(found, now))
    else:
        print(f"\n### {size}、{part}\n\n{now}、{os.cpu_count()}コア、負荷（1分平均）{load:.1f}\n\n{tables.listed(found)}")


def main(argv: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", type=int, default=7)
    parser.add_argument("--sizes", nargs="+", choices=PLANS, default=list(PLANS))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    asked = parser.parse_args(argv)
    if asked.quick:
        print(json.dumps(run_quick(), indent=None if asked.json else 2))
        return
    everything: dict[str, dict[str, Any]] = {}
    for part, size, found in run_parts(asked.parts, asked.sizes, asked.seeds):
        everything.setdefault(part, {})[size] = [each.as_json() for each in found] if part == "peers" else found
        if not asked.json:
            show(part, size, found)
    if asked.json:
        print(json.dumps(everything))


if __name__ == "__main__":
    main()
