"""The visiting plan against what a spreadsheet does, on made-up towns: `python -m benchmarks.followup [--quick] [--json]`.

Sizes are tasks/coordinators/weeks. Costs are compared after taking off what nobody can save: things without a possible day.
Both peers keep every hard rule (they use the planner's own looks at a day) and differ in how they choose the day.
Every plan is looked at by the check that knows nothing of how it was made; a fault ends the run.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, Final

from benchmarks.visiting import town
from service.followup.planner.answer import answer
from service.followup.planner.board import Board
from service.followup.planner.choices import Choices
from service.followup.planner.construct import put_at
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance, Promise
from service.followup.planner.pairs import Pairs
from service.followup.planner.plan import Plan
from service.followup.planner.routes import Routes
from service.followup.planner.solve import solve
from service.followup.planner.stop import Iterations, Seconds
from service.followup.planner.verify import check

SIZES: Final = ("50/2/4", "200/2/4", "300/2/4", "800/4/8", "2000/12/12")
CONFIRMED_DAYS: Final = 5
Order = Callable[[Instance, int], Sequence[int]]


def first_free_day(instance: Instance, task: int) -> Sequence[int]:
    """The earliest day there is room, the own coordinator first."""
    asked = instance.tasks[task]
    return [
        who * len(instance.days) + day
        for day in range(len(instance.days))
        if instance.days[day] >= asked.early_on
        for who in (asked.primary, *asked.backups)
    ]


def nearest_to_due(instance: Instance, task: int) -> Sequence[int]:
    """The day nearest to the due one there is room, the own coordinator first: what a spreadsheet does."""
    due = instance.tasks[task].due_on
    days = len(instance.days)
    return sorted(
        first_free_day(instance, task), key=lambda cell: (abs((instance.days[cell % days] - due).days), cell % days)
    )


def by_hand(instance: Instance, order: Order) -> Plan:
    """One after the other by due day, each to the first cell of its order that takes it; nothing is moved afterwards."""
    ground = Ground(instance)
    routes, choices = Routes(ground), Choices(ground)
    pairs = Pairs(ground, routes, choices)
    pairs.book()
    board = Board(ground, routes, choices)
    for task in sorted(range(len(instance.tasks)), key=lambda at: (instance.tasks[at].due_on, at)):
        for cell in order(instance, task):
            if board.where[task] >= 0 or ground.is_fixed[task]:
                break
            put_at(board, task, cell)
    return answer(board, pairs, {})


def unreachable(instance: Instance) -> set[int]:
    """Things without a single open day and hour of anybody's inside their window: no plan can help them."""
    found = set()
    for at, task in enumerate(instance.tasks):
        days = [
            day
            for day, on in enumerate(instance.days)
            if task.early_on <= on <= task.late_on
            and (not task.windows or any(end - start >= task.minutes for start, end in task.windows[on.weekday()]))
            and any(day in instance.staff[who].shifts for who in (task.primary, *task.backups))
        ]
        if not days:
            found.add(at)
    return found


def figures(instance: Instance, plan: Plan) -> dict[str, float]:
    """What a plan is like: cost, travel, who goes, and how much is in time of what can be."""
    if wrong := check(instance, plan):
        raise SystemExit(f"a plan is not valid: {wrong[:3]}")
    hopeless = unreachable(instance)
    going = {visit.task: visit for visit in plan.visits}
    can = len(instance.tasks) - len(hopeless)
    in_time = sum(
        at not in hopeless and instance.days[visit.day] <= instance.tasks[at].late_on for at, visit in going.items()
    )
    own = sum(instance.tasks[at].primary == visit.staff for at, visit in going.items())
    return {
        "cost": plan.costs.total, "travel": plan.costs.travel, "continuity": 100 * own / max(1, len(going)),
        "on_time": 100 * in_time / max(1, can), "unreachable": len(hopeless), "left": len(plan.left),
    }  # fmt: skip


def unavoidable(instance: Instance, best: Plan) -> float:
    """What the best plan pays for things without a day in their window: for leaving them out, or for being late at all."""
    left, weights = {each.task for each in best.left}, instance.weights
    return sum(
        weights.unplanned * (1 + instance.tasks[at].priority) + weights.unplanned_base
        if at in left
        else weights.late_once * instance.tasks[at].priority
        for at in unreachable(instance)
    )


def taken(work: Callable[[], Plan]) -> tuple[Plan, float]:
    """A plan and the seconds it took."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def compare(size: str, seed: int, seconds: Sequence[float]) -> dict[str, Any]:
    """Every method on one town, as ratios to the best of them after what nobody can save."""
    instance = town(size, seed)
    methods: dict[str, Callable[[], Plan]] = {
        "first free day": partial(by_hand, instance, first_free_day),
        "nearest to due": partial(by_hand, instance, nearest_to_due),
        "first whole plan": partial(solve, instance, seed=seed, stop=Iterations(0)),
        **{f"planner {limit:g} s": partial(solve, instance, seed=seed, stop=Seconds(limit)) for limit in seconds},
    }
    plans = {name: taken(work) for name, work in methods.items()}
    found = {name: figures(instance, plan) | {"seconds": round(took, 2)} for name, (plan, took) in plans.items()}
    best, _ = min(plans.values(), key=lambda each: each[0].costs.total)
    floor = unavoidable(instance, best)
    for row in found.values():
        row["ratio"] = round((row["cost"] - floor) / (best.costs.total - floor), 3)
        row["travel_to_nearest"] = round(row["travel"] / found["nearest to due"]["travel"], 3)
    return {"size": size, "seed": seed, "methods": found}


def replan(size: str, seed: int, seconds: float) -> dict[str, Any]:
    """After a bad week: the confirmed week stays, 5 % is new, one is ill for two days, one place in fifteen is shut."""
    instance, random = town(size, seed), Random(seed + 1)
    before = solve(instance, seed=seed, stop=Seconds(seconds))
    stands = {visit.task: Promise(visit.staff, visit.day, visit.start_min) for visit in before.visits}
    ill = random.randrange(len(instance.staff))
    shut = set(random.sample(range(1, len(instance.travel)), len(instance.travel) // 15 + 1))
    week = frozenset(range(CONFIRMED_DAYS, 2 * CONFIRMED_DAYS))
    tasks = []
    for at, task in enumerate(instance.tasks):
        held = stands.get(at)
        promised = (
            held if held is not None and held.day < CONFIRMED_DAYS and not (held.staff == ill and held.day < 2) else None
        )
        is_new = random.random() < 0.05
        tasks.append(
            replace(
                task,
                pin=promised,
                current=None if promised or is_new else held,
                closed=week if task.location in shut else frozenset(),
            )
        )
    members = tuple(
        replace(member, shifts={day: shift for day, shift in member.shifts.items() if at != ill or day >= 2})
        for at, member in enumerate(instance.staff)
    )
    after = replace(instance, tasks=tuple(tasks), staff=members)
    quick, took = taken(lambda: solve(after, seed=seed, stop=Seconds(0.4)))
    better = solve(after, seed=seed, stop=Seconds(seconds))
    free = replace(after, tasks=tuple(replace(task, current=None) for task in after.tasks))
    scratch = solve(free, seed=seed, stop=Seconds(seconds))
    pins = {at: task.pin for at, task in enumerate(after.tasks) if task.pin}
    kept = {at: (visit.staff, visit.day, visit.start_min) for visit in better.visits for at in (visit.task,)}
    broken = sum(kept.get(at) != (pin.staff, pin.day, pin.start_min) for at, pin in pins.items() if pin)
    tentative = {at: task.current for at, task in enumerate(after.tasks) if task.current}
    moved = sum(at in kept and kept[at][:2] != (held.staff, held.day) for at, held in tentative.items())
    for plan, question in ((quick, after), (better, after), (scratch, free)):
        if wrong := check(question, plan):
            raise SystemExit(f"a plan is not valid: {wrong[:3]}")
    return {
        "size": size, "seed": seed, "first_answer_seconds": round(took, 2), "pins": len(pins), "pins_broken": broken,
        "moved_percent": round(100 * moved / max(1, len(tentative)), 2),
        "cost_to_scratch": round((better.costs.total - better.costs.moves) / scratch.costs.total, 3),
    }  # fmt: skip


def main() -> None:
    """Compare, replan, and say under which load."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 800 tasks, short searches: within a minute")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", nargs="*", default=SIZES)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--seconds", type=float, nargs="*", default=[2.0, 20.0])
    options = parser.parse_args()
    sizes = [size for size in options.sizes if not options.quick or int(size.split("/")[0]) <= 800]
    seconds = [1.0, 4.0] if options.quick else options.seconds
    report = {
        "load": os.getloadavg()[0],
        "compared": [compare(size, seed, seconds) for size in sizes for seed in range(1, options.seeds + 1)],
        "replanned": [replan(size, 1, seconds[-1]) for size in sizes if size.startswith(("200/", "800/", "2000/"))],
    }
    print(json.dumps(report, ensure_ascii=False, indent=1) if options.json else _as_text(report))


def _as_text(report: dict[str, Any]) -> str:
    lines = [f"load {report['load']:.1f}"]
    for row in report["compared"]:
        lines.append(f"\n{row['size']}  seed {row['seed']}")
        lines += [
            f"  {name:18} ratio {m['ratio']:.3f}  travel {m['travel_to_nearest']:.2f}  own {m['continuity']:.1f} %  in time {m['on_time']:.1f} %"
            f"  left {m['left']} (unreachable {m['unreachable']})  {m['seconds']} s"
            for name, m in row["methods"].items()
        ]
    lines += [f"\nreplan {row}" for row in report["replanned"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
