"""Our engine and everybody else on made-up towns: gaps to a valid bound, seconds, proofs, memory.

python -m benchmarks.joint --quick --json      within a minute
python -m benchmarks.joint [--sizes 500x300 …] [--seeds 7] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks.joint import tables
from benchmarks.joint.bench import Outcome, Peer, compare, run_own
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
PLANS: Final = {
    "50x40": Plan(50, 40, (10,), SMALL, repeats=5, most_seeds=7),
    "500x300": Plan(500, 300, (20,), SMALL, repeats=3, most_seeds=7),
    "5000x3000": Plan(5_000, 3_000, (10, 60), LARGE),
    "50000x30000": Plan(50_000, 30_000, (60, 300), coverage=False),
}


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


def show(outcomes: Sequence[Outcome]) -> None:
    """All tables of one size, with the machine's load beside them."""
    load = [each.load[0] for each in outcomes]
    print(f"\n### {outcomes[0].size}\n\n{datetime.now(UTC):%Y-%m-%d}、{os.cpu_count()}コア、"
          f"負荷（1分平均）{min(load):.1f}〜{max(load):.1f}\n")  # fmt: skip
    print(tables.density_table(outcomes))
    for seconds in dict.fromkeys(round(each.own["seconds"]) for each in outcomes if len(outcomes) <= 2):
        print(f"\nつなぎ、{seconds}秒\n")
    if len(outcomes) > 2:
        print("\n" + tables.seeds_table(outcomes))
    for each in outcomes if len(outcomes) <= 2 else ():
        print("\n" + tables.one_seed_table(each) + "\n\n" + tables.curve_table(each))
    bounded = [each.own for each in outcomes if "most_placed" in each.own]
    if bounded:
        short = [100 * (own["most_placed"] - own["placed"]) / own["most_placed"] for own in bounded]
        print(f"\n場所がある人の数は、上限より {statistics.fmean(short):.3f} %（最大 {max(short):.3f} %）少ない。")


def main(argv: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", type=int, default=7)
    parser.add_argument("--sizes", nargs="+", choices=PLANS, default=list(PLANS))
    asked = parser.parse_args(argv)
    if asked.quick:
        print(json.dumps(run_quick(), indent=None if asked.json else 2))
        return
    everything: dict[str, Any] = {}
    for size in asked.sizes:
        outcomes = run_size(PLANS[size], asked.seeds)
        everything[size] = [each.as_json() for each in outcomes]
        if not asked.json:
            show(outcomes)
    if asked.json:
        print(json.dumps(everything))


if __name__ == "__main__":
    main()
