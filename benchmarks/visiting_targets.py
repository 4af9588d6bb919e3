"""What the visiting plan was meant to reach, beside what a run measured: met, missed, or not measured in that run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any, Final

from benchmarks.visiting_rolling import EVERY_MONDAY, EVERY_MORNING

Rows = list[dict[str, Any]]
NOT_MEASURED: Final = "not measured"
MET: Final = "met"
MISSED: Final = "missed"
AT_BOUND: Final = "at the bound"
"""The target is out of reach for any plan of that town, and the plan is as near as any can be."""
NEAR: Final = 1e-9
CHOSEN: Final = (50, 200, 2000)
"""Tasks of the towns at which the choice of days was meant to be measured."""


def medians(compared: Rows, figure: str) -> dict[tuple[str, str], float]:
    """By size and method, the middle of all seeds."""
    seen: dict[tuple[str, str], list[float]] = {}
    for row in compared:
        for name, method in row["methods"].items():
            seen.setdefault((row["size"], name), []).append(method[figure])
    return {key: median(values) for key, values in seen.items()}


def targets(report: dict[str, Any]) -> list[dict[str, str]]:
    """One row for each target: what was meant, the worst that was measured, and whether that reaches it."""
    return [*_of_plans(report["compared"]), *_of_bad_weeks(report["replanned"]), *_of_rolling(report["rolled"])]


def _of_plans(compared: Rows) -> list[dict[str, str]]:
    ratio = medians(compared, "ratio")
    limits = sorted({name for _, name in ratio if name.startswith("planner ")}, key=lambda name: float(name.split()[1]))
    ours = [each["methods"][limits[-1]] for each in compared]
    short, long = (limits[0], limits[-1]) if limits else ("", "")
    plans = [method for row in compared for method in row["methods"].values()]
    return [
        _row(f"cost / best of the run, {long} <= 1.05", _of(ratio, long), max, 1.05),
        _row(f"cost / best of the run, {short} <= 1.12", _of(ratio, short), max, 1.12),
        _row("best plan / proven bound <= 1.02", [row["best_to_bound"] for row in compared if row["best_to_bound"]], max, 1.02),
        _row("choice of whole days / of halves <= 1.02 (50, 200, 2,000)",
             [row["whole_to_halves"] for row in compared if int(row["size"].split("/")[0]) in CHOSEN], max, 1.02),
        _row("first whole plan < 1 s", [row["methods"]["first whole plan"]["seconds"] for row in compared], max, 1.0),
        _row("travel / nearest to due <= 0.72", [each["travel_to_nearest"] for each in ours], max, 0.72),
        _row("own coordinator goes >= 99 %", [each["continuity"] for each in ours], min, 99.0,
             [each["continuity_bound"] for each in ours]),
        _row("in time of what can be >= 99.5 %", [each["on_time"] for each in ours], min, 99.5),
        _row("same seed and rounds, same plan (1 = yes)", [float(row["same_twice"]) for row in compared], min, 1.0),
        _row("left out without a reason 0", [each["left"] - each["with_reason"] for each in plans], max, 0),
    ]  # fmt: skip


def _of_bad_weeks(rows: Rows) -> list[dict[str, str]]:
    return [
        _row("bad week: promises broken 0", _all(rows, "pins_broken"), max, 0),
        _row("bad week: tentative moved <= 3 %", _all(rows, "moved_percent"), max, 3.0, _all(rows, "forced_percent")),
        _row(
            "bad week: the same with promises that fell <= 3 %",
            _all(rows, "moved_with_promises_percent"), max, 3.0, _all(rows, "forced_with_promises_percent"),
        ),
        _row("bad week: cost / from scratch <= 1.06", _all(rows, "cost_to_scratch"), max, 1.06),
        _row("bad week: first answer <= 0.5 s", _all(rows, "first_answer_seconds"), max, 0.5),
    ]  # fmt: skip


def _of_rolling(rolled: Rows) -> list[dict[str, str]]:
    """Every Monday with nothing heard is how the target was once measured; the others ask more."""
    found = [_row("rolling: promises broken 0", _all(rolled, "pins_broken"), max, 0)]
    for rhythm, is_quiet in ((EVERY_MONDAY, True), (EVERY_MONDAY, False), (EVERY_MORNING, True), (EVERY_MORNING, False)):
        rows = [row for row in rolled if (row["planned"], row["is_quiet"]) == (rhythm, is_quiet)]
        name = f"{rhythm}, {'nothing heard' if is_quiet else 'with news'}"
        found += [
            _row(f"{name}: cost / hindsight <= 1.12", _all(rows, "cost_to_hindsight"), max, 1.12),
            _row(f"{name}: tentative moved <= 2 %", _all(rows, "moved_percent"), max, 2.0, _all(rows, "forced_percent")),
            _row(
                f"{name}: with promises that fell <= 2 %",
                _all(rows, "moved_with_promises_percent"), max, 2.0, _all(rows, "forced_with_promises_percent"),
            ),
        ]  # fmt: skip
    return found


def _all(rows: Rows, figure: str) -> list[float]:
    return [float(row[figure]) for row in rows]


def _of(ratio: dict[tuple[str, str], float], method: str) -> list[float]:
    return [value for (_, name), value in ratio.items() if name == method]


def _row(
    target: str,
    values: Iterable[float],
    worst: Callable[[Iterable[float]], float],
    limit: float,
    bounds: Sequence[float] = (),
) -> dict[str, str]:
    """The worst value decides; `worst` is max where small is good, min where large is.

    Of each value there may be a bound no plan of that town gets past; where the bound itself is beyond the limit, it counts.
    """
    found = list(values)
    if not found:
        return {"target": target, "measured": NOT_MEASURED, "is_met": NOT_MEASURED}
    told = {"target": target, "measured": f"worst {worst(found):.3f} of {len(found)}"}
    if _reaches(worst(found), limit, worst):
        return told | {"is_met": MET}
    if not bounds:
        return told | {"is_met": MISSED}
    own = [(value, worst((limit, bound))) for value, bound in zip(found, bounds, strict=True)]
    beyond = [(value, bound) for value, bound in own if not _reaches(value, bound, worst)]
    if not beyond:
        return told | {"is_met": f"{AT_BOUND} ({worst(bounds):.2f})"}
    value, bound = max(beyond, key=lambda each: abs(each[0] - each[1]))
    return told | {"is_met": f"{MISSED} ({value:.2f}, and {bound:.2f} was within reach)"}


def _reaches(value: float, limit: float, worst: Callable[[Iterable[float]], float]) -> bool:
    return value <= limit + NEAR if worst is max else value >= limit - NEAR
