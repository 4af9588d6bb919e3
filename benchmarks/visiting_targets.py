"""What the visiting plan was meant to reach, beside what a run measured: met, missed, or not measured in that run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any, Final

Rows = list[dict[str, Any]]
NOT_MEASURED: Final = "not measured"


def medians(compared: Rows, figure: str) -> dict[tuple[str, str], float]:
    """By size and method, the middle of all seeds."""
    seen: dict[tuple[str, str], list[float]] = {}
    for row in compared:
        for name, method in row["methods"].items():
            seen.setdefault((row["size"], name), []).append(method[figure])
    return {key: median(values) for key, values in seen.items()}


def targets(report: dict[str, Any]) -> list[dict[str, str]]:
    """One row for each target: what was meant, the worst that was measured, and whether that reaches it."""
    compared, replanned, rolled = report["compared"], report["replanned"], report["rolled"]
    ratio = medians(compared, "ratio")
    limits = sorted({name for _, name in ratio if name.startswith("planner ")}, key=lambda name: float(name.split()[1]))
    ours = [each["methods"][limits[-1]] for each in compared]
    short, long = (limits[0], limits[-1]) if limits else ("", "")
    plans = [method for row in compared for method in row["methods"].values()]
    return [
        _row(f"cost / best of the run, {long} <= 1.05", _of(ratio, long), max, 1.05),
        _row(f"cost / best of the run, {short} <= 1.12", _of(ratio, short), max, 1.12),
        _row("best plan / proven bound <= 1.02", [row["best_to_bound"] for row in compared if row["best_to_bound"]], max, 1.02),
        _row("first whole plan < 1 s", [row["methods"]["first whole plan"]["seconds"] for row in compared], max, 1.0),
        _row("travel / nearest to due <= 0.72", [each["travel_to_nearest"] for each in ours], max, 0.72),
        _row("own coordinator goes >= 99 %", [each["continuity"] for each in ours], min, 99.0),
        _row("in time of what can be >= 99.5 %", [each["on_time"] for each in ours], min, 99.5),
        _row("bad week: promises broken 0", [row["pins_broken"] for row in replanned], max, 0),
        _row("bad week: moved, forced and free <= 3 %", [_moved(row) for row in replanned], max, 3.0),
        _row("bad week: moved freely <= 3 %", [row["moved_free_percent"] for row in replanned], max, 3.0),
        _row("bad week: cost / from scratch <= 1.06", [row["cost_to_scratch"] for row in replanned], max, 1.06),
        _row("bad week: first answer <= 0.5 s", [row["first_answer_seconds"] for row in replanned], max, 0.5),
        _row("every morning: promises broken 0", [row["pins_broken"] for row in rolled], max, 0),
        _row("every morning, nothing heard: cost / hindsight <= 1.12", _hindsight(rolled, True), max, 1.12),
        _row("every morning, with news: cost / hindsight <= 1.12", _hindsight(rolled, False), max, 1.12),
        _row("every morning: moved, forced and free <= 2 %", [_moved(row) for row in rolled], max, 2.0),
        _row("same seed and rounds, same plan (1 = yes)", [float(row["same_twice"]) for row in compared], min, 1.0),
        _row("left out without a reason 0", [each["left"] - each["with_reason"] for each in plans], max, 0),
    ]  # fmt: skip


def _of(ratio: dict[tuple[str, str], float], method: str) -> list[float]:
    return [value for (_, name), value in ratio.items() if name == method]


def _hindsight(rolled: Rows, is_quiet: bool) -> list[float]:
    return [row["cost_to_hindsight"] for row in rolled if row["is_quiet"] is is_quiet]


def _moved(row: dict[str, Any]) -> float:
    return float(row["moved_forced_percent"] + row["moved_free_percent"])


def _row(target: str, values: Iterable[float], worst: Callable[[Iterable[float]], float], bound: float) -> dict[str, str]:
    """The worst value decides; `worst` is max where small is good, min where large is."""
    found = list(values)
    if not found:
        return {"target": target, "measured": NOT_MEASURED, "is_met": NOT_MEASURED}
    least = worst(found)
    is_met = least <= bound if worst is max else least >= bound
    return {"target": target, "measured": f"worst {least:.3f} of {len(found)}", "is_met": "met" if is_met else "missed"}
