"""The visiting plan beside its peers on made-up towns: `python -m benchmarks.followup [--quick] [--json] [--parts …]`.

Sizes are tasks/coordinators/weeks. Costs are compared after taking off what nobody can save: things without a possible day.
Every plan, a peer's too, is priced by our costs and looked at by the check that knows no search; a fault ends the run.
Limits are seconds of this process alone, so a busy machine changes little; the load is told all the same.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any, Final

from benchmarks.visiting import town
from benchmarks.visiting_figures import figures, most_by_own, unavoidable
from benchmarks.visiting_hand import by_hand, first_free_day, nearest_to_due
from benchmarks.visiting_master import whole_to_halves
from benchmarks.visiting_pyvrp import by_pyvrp
from benchmarks.visiting_rolling import EVERY_MONDAY, EVERY_MORNING, rolling
from benchmarks.visiting_routing import by_routing
from benchmarks.visiting_targets import targets
from benchmarks.visiting_week import replan
from service.followup.planner.bounding import lower_bound
from service.followup.planner.instance import Instance
from service.followup.planner.plan import Plan
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations, Seconds

SIZES: Final = ("50/2/4", "200/2/4", "300/2/4", "800/4/8", "2000/12/12")
"""300/2/4 asks more than two can do in four weeks."""
QUICK_SIZES: Final = ("50/2/4", "200/2/4")
QUICK_SECONDS: Final = (0.5, 1.8)
EVERY_DAY: Final = ("200/2/4", "800/4/8")
"""Sizes lived with a planning every morning; at 2,000 that is an hour."""
MONDAY_SECONDS: Final = 4.0
"""What a planning on a Monday may take."""
MOST_BOUNDED: Final = 800
"""Tasks up to which a bound is proven here: a quarter of a minute; at 2,000 it takes minutes."""
ROUNDS: Final = 300
"""For the plan that is made twice."""
PARTS: Final = ("compared", "replanned", "rolled")
clock: Final = time.process_time
Work = Callable[[], dict[str, Any]]
"""One town, by itself: it can be measured in a process of its own."""


def methods(instance: Instance, seed: int, seconds: Sequence[float]) -> dict[str, Callable[[], Plan]]:
    """All ways of making a plan that are compared, by name."""
    limited: dict[str, Callable[[], Plan]] = {}
    for limit in seconds:
        limited[f"planner {limit:g} s"] = partial(solve, instance, seed=seed, stop=Seconds(limit, clock))
        limited[f"OR-Tools routing {limit:g} s"] = partial(by_routing, instance, seed, limit, clock)
        limited[f"PyVRP {limit:g} s"] = partial(by_pyvrp, instance, seed, limit, clock)
    return {
        "first free day": partial(by_hand, instance, first_free_day),
        "nearest to due": partial(by_hand, instance, nearest_to_due),
        "first whole plan": partial(solve, instance, seed=seed, stop=Iterations(0)),
        **limited,
    }


def taken(work: Callable[[], Plan]) -> tuple[Plan, float]:
    """A plan and the seconds of this process it took."""
    started = clock()
    return work(), clock() - started


def compare(size: str, seed: int, seconds: Sequence[float]) -> dict[str, Any]:
    """Every method on one town, as ratios to the best of them after what nobody can save."""
    instance = town(size, seed)
    plans = {name: taken(work) for name, work in methods(instance, seed, seconds).items()}
    found = {name: figures(instance, plan) | {"seconds": round(took, 2)} for name, (plan, took) in plans.items()}
    best, _ = min(plans.values(), key=lambda each: each[0].costs.total)
    floor = unavoidable(instance, best)
    by_own = most_by_own(instance, best) if len(instance.tasks) <= MOST_BOUNDED else len(instance.tasks)
    for name, row in found.items():
        row["continuity_bound"] = 100 * min(1.0, by_own / max(1, row["planned"]))
        row["ratio"] = round((row["cost"] - floor) / (best.costs.total - floor), 3)
        row["travel_to_nearest"] = round(row["travel"] / found["nearest to due"]["travel"], 3)
        row["told"], row["kept"] = (plans[name][0].notes.get(each, -1) for each in ("told", "kept"))
    again = [solve(instance, seed=seed, stop=Iterations(ROUNDS)).fingerprint for _ in range(2)]
    return {
        "size": size, "seed": seed, "methods": found, "same_twice": again[0] == again[1],
        "best_to_bound": _to_bound(instance, best, floor), "whole_to_halves": round(whole_to_halves(instance, seed), 3),
    }  # fmt: skip


def _to_bound(instance: Instance, best: Plan, floor: float) -> float | None:
    """The best plan against what is proven no plan can be below, after what nobody can save; None where it takes too long."""
    if len(instance.tasks) > MOST_BOUNDED:
        return None
    return round((best.costs.total - floor) / (lower_bound(instance, best) - floor), 3)


def main() -> None:
    """Compare, replan, roll, and hold what was found against the targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="two small sizes, short searches: within a minute of a quiet machine"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--sizes", nargs="*")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--seconds", type=float, nargs="*")
    parser.add_argument("--side-by-side", type=int, default=1, help="towns measured at once; no more than free cores")
    asked = parser.parse_args()
    report = measure(
        asked.sizes or (QUICK_SIZES if asked.quick else SIZES), range(1, (asked.seeds or (1 if asked.quick else 3)) + 1),
        asked.seconds or (QUICK_SECONDS if asked.quick else (2.0, 20.0)), asked.parts, asked.side_by_side,
    )  # fmt: skip
    print(json.dumps(report, ensure_ascii=False, indent=1) if asked.json else as_text(report))


def measure(
    sizes: Sequence[str], seeds: Sequence[int], seconds: Sequence[float], parts: Sequence[str], side_by_side: int = 1
) -> dict[str, Any]:
    """The report: every part asked for, under which load, and the targets."""
    pairs = [(size, seed) for size in sizes for seed in seeds]
    # The smallest size is too small to be lived with: one visit is whole percents of it.
    larger = [(size, seed) for size, seed in pairs if size not in sizes[:1]]
    works: dict[str, list[Work]] = {
        "compared": [partial(compare, size, seed, seconds) for size, seed in pairs],
        "replanned": [partial(replan, size, seed, seconds[-1] / 2) for size, seed in larger],
        "rolled": [work for size, seed in larger for work in lives(size, seed, seconds)],
    }
    report: dict[str, Any] = {"load_before": os.getloadavg()[0]}
    report |= {part: all_done(works[part] if part in parts else [], side_by_side) for part in PARTS}
    return report | {"load_after": os.getloadavg()[0], "targets": targets(report)}


def lives(size: str, seed: int, seconds: Sequence[float]) -> list[Work]:
    """A town lived to its end: planned every Monday, and, where it is not too large, every morning; in silence and with news."""
    short, long = seconds[0] / 2, seconds[-1]
    rhythms = [(EVERY_MONDAY, min(MONDAY_SECONDS, long / 4)), *([(EVERY_MORNING, short)] if size in EVERY_DAY else [])]
    return [
        partial(rolling, size, seed, limit, long, is_quiet, rhythm)
        for rhythm, limit in rhythms
        for is_quiet in (True, False)
    ]


def all_done(works: Sequence[Work], side_by_side: int) -> list[dict[str, Any]]:
    """What all works answer, in their order; so many at once, the largest first."""
    if side_by_side == 1:
        return [work() for work in works]
    with ProcessPoolExecutor(side_by_side, mp_context=get_context("spawn")) as pool:
        answers = [pool.submit(work) for work in reversed(works)]
        return [each.result() for each in reversed(answers)]


def as_text(report: dict[str, Any]) -> str:
    """The report for reading."""
    lines = [f"load {report['load_before']:.1f} before, {report['load_after']:.1f} after"]
    for row in report["compared"]:
        lines.append(
            f"\n{row['size']}  seed {row['seed']}  best / proven bound {row['best_to_bound']}"
            f"  whole days / halves {row['whole_to_halves']}  same twice {row['same_twice']}"
        )
        lines += [
            f"  {name:24} ratio {m['ratio']:.3f}  travel {m['travel_to_nearest']:.2f}  own {m['continuity']:.2f} of {m['continuity_bound']:.2f} %"
            f"  in time {m['on_time']:.1f} %  left {m['left']} (unreachable {m['unreachable']})  {m['seconds']} s"
            + (f"  told {m['told']} kept {m['kept']}" if m["told"] >= 0 else "")
            for name, m in row["methods"].items()
        ]
    lines += [f"\nreplan {row}" for row in report["replanned"]] + [f"\nroll {row}" for row in report["rolled"]]
    return "\n".join(
        [*lines, "", *(f"{each['target']:64} {each['measured']:34} {each['is_met']}" for each in report["targets"])]
    )


if __name__ == "__main__":
    main()
