"""Planning again every morning or every Monday: four weeks ahead, the next five days promised, against full hindsight."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any, Final

from benchmarks.visiting import and_after, town
from benchmarks.visiting_figures import looked_at, unavoidable
from benchmarks.visiting_news import news, silence
from benchmarks.visiting_office import Office
from benchmarks.visiting_week import Moved, moves, percent, pins_broken, without_plan
from service.followup.planner.instance import Instance
from service.followup.planner.plan import Plan
from service.followup.planner.solve import solve
from service.followup.planner.stop import Seconds

A_WEEK: Final = 5
EVERY_MORNING: Final = "every morning"
EVERY_MONDAY: Final = "every Monday"
SCRATCH_EVERY: Final = 5
"""Mornings on which it is also planned from scratch."""


def plannings(whole: Instance, rhythm: str) -> list[int]:
    """The days (index) in the morning of which it is planned anew: all of them, or the first open one of each week."""
    weeks = [day.isocalendar()[:2] for day in whole.days]
    return [at for at, week in enumerate(weeks) if rhythm == EVERY_MORNING or at == 0 or week != weeks[at - 1]]


def rolling(
    size: str,
    seed: int,
    seconds: float,
    hindsight_seconds: float,
    is_quiet: bool = False,
    rhythm: str = EVERY_MORNING,
    days_after: int = A_WEEK,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, Any]:
    """A town lived to its end, planned `seconds` each time, against who had known everything (`hindsight_seconds`).

    A quiet town is one where nothing is heard: what it costs more is what looking only four weeks ahead costs.
    The office goes on for `days_after` open days after the town's last, in which only what is late is left to do.
    """
    known = town(size, seed)
    whole = and_after(known, days_after)
    office = Office(whole, silence(whole) if is_quiet else news(known, Random(seed + 2)))
    mornings, moved, broken, lost, ratios = plannings(whole, rhythm), list[Moved](), 0, 0, list[float]()
    for count, today in enumerate(mornings, 1):
        question, wanted = office.morning(today)
        plan = looked_at(question, solve(question, seed=seed, stop=Seconds(seconds, clock)))
        moved.append(moves(question, plan, office.fell(question, wanted)))
        broken += pins_broken(question, plan)
        if rhythm == EVERY_MORNING and count % SCRATCH_EVERY == 0:
            ratios.append(_to_scratch(question, plan, seed, Seconds(seconds, clock)))
        lost += office.live(today, [*mornings, len(whole.days)][count], wanted, plan)
    hindsight = office.news.in_hindsight(whole, office.done, office.asked)
    best = looked_at(hindsight, solve(hindsight, seed=seed, stop=Seconds(hindsight_seconds, clock)))
    told: dict[str, Any] = {"size": size, "seed": seed, "is_quiet": is_quiet, "planned": rhythm, "days_after": days_after}
    return told | {"plannings": len(mornings), "seconds": seconds} | _lived(office, hindsight, best) | percent(moved) | {
        "pins_broken": broken, "came_to_nothing": lost, "cost_to_scratch": round(median(ratios), 3) if ratios else None,
    }  # fmt: skip


def _lived(office: Office, hindsight: Instance, best: Plan) -> dict[str, float]:
    """What was lived against the plan of who knew everything: the ratio, and of what the difference is made."""
    floor, lived = unavoidable(hindsight, best), office.lived(hindsight)
    return {
        "cost_to_hindsight": round((lived.total - floor) / (best.costs.total - floor), 3),
        "travel_to_hindsight": round(lived.travel / best.costs.travel, 3),
        "more_travel": round(lived.travel - best.costs.travel),
        "more_backups": round(lived.continuity - best.costs.continuity),
        "more_off_due": round(lived.timeliness - best.costs.timeliness),
        "more_unplanned": round(lived.unplanned - best.costs.unplanned),
    }


def _to_scratch(question: Instance, plan: Plan, seed: int, stop: Seconds) -> float:
    free = without_plan(question)
    scratch = looked_at(free, solve(free, seed=seed, stop=stop))
    floor = unavoidable(question, scratch)
    return (plan.costs.total - plan.costs.moves - floor) / max(1.0, scratch.costs.total - floor)
