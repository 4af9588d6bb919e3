"""Planning again every morning: four weeks ahead, the next five days promised, against who had known everything before."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import mean, median
from typing import Any, Final

from benchmarks.visiting import town
from benchmarks.visiting_figures import looked_at, unavoidable
from benchmarks.visiting_news import News, news, silence
from benchmarks.visiting_week import CONFIRMED_DAYS, Moved, moves, pins_broken, without_plan
from service.followup.planner.costs import Prices
from service.followup.planner.instance import Instance, Promise, Task
from service.followup.planner.plan import Costs, Plan
from service.followup.planner.solve import solve
from service.followup.planner.stop import Seconds

AHEAD: Final = 20
"""Open days a morning looks ahead."""
SCRATCH_EVERY: Final = 5
"""Mornings on which it is also planned from scratch."""


class Office:
    """What has been done, what stands, and what has been promised; days are counted from the first of the whole horizon."""

    def __init__(self, whole: Instance, heard: News) -> None:
        self.whole, self.news = whole, heard
        self.stands: dict[int, Promise] = {}
        self.promised: set[int] = set()
        self.done: dict[int, Promise] = {}
        self.asked: set[int] = set()
        """Who asked for a later day while there was still something to ask for."""
        self.travel = 0

    def morning(self, today: int) -> tuple[Instance, list[int]]:
        """The question of a morning, and which task of the whole each of its tasks is."""
        days = self.whole.days[today : today + AHEAD]
        staff = tuple(
            replace(each, shifts={day - today: shift for day, shift in each.shifts.items() if 0 <= day - today < len(days)})
            for each in self.news.staff(today, self.whole)
        )
        self.asked |= {at for at, (asks, _) in self.news.asks_on.items() if asks == today and at not in self.done}
        wanted = [at for at in range(len(self.whole.tasks)) if self._is_wanted(at, today, days[-1])]
        question = replace(self.whole, days=days, staff=staff, tasks=())
        return replace(question, tasks=tuple(self._task(at, today, question) for at in wanted)), wanted

    def evening(self, today: int, question: Instance, wanted: list[int], plan: Plan) -> None:
        """What stood on today is done; what stands in the days to come is promised."""
        stands = {wanted[each.task]: Promise(each.staff, each.day + today, each.start_min) for each in plan.visits}
        self.done |= {at: held for at, held in stands.items() if held.day == today}
        self.stands = {at: held for at, held in stands.items() if held.day > today}
        self.promised = {
            at
            for at, held in self.stands.items()
            if held.day - today < CONFIRMED_DAYS and self.whole.tasks[at].location is not None
        }
        self.travel += travelled(question, plan, 0)

    def lived(self, hindsight: Instance) -> Costs:
        """What was really done, priced by what is known afterwards."""
        numbers = {task.key: at for at, task in enumerate(hindsight.tasks)}
        planned = {numbers[self.whole.tasks[at].key]: ((held.staff,), held.day) for at, held in self.done.items()}
        left = [at for at in range(len(hindsight.tasks)) if at not in planned]
        return Prices(hindsight).total(self.travel, planned, left)

    def _is_wanted(self, at: int, today: int, last: Any) -> bool:
        if at in self.done or not self.news.is_open(at, today):
            return False
        return at in self.stands or self.whole.tasks[at].due_on <= last

    def _task(self, at: int, today: int, question: Instance) -> Task:
        heard = replace(self.news, asks_on={each: self.news.asks_on[each] for each in self.asked})
        task = heard.task(at, self.whole.tasks[at], today, self.whole)
        held = self.stands.get(at)
        now = None if held is None else replace(held, day=held.day - today)
        can_stay = held is not None and now is not None and (
            held.day not in task.closed
            and self.whole.days[held.day] >= task.early_on
            and now.day in question.staff[held.staff].shifts
        )  # fmt: skip
        pin = now if at in self.promised and can_stay else None
        closed = frozenset(day - today for day in task.closed if day >= today)
        return replace(task, closed=closed, pin=pin, current=None if pin else now)


def travelled(question: Instance, plan: Plan, day: int) -> int:
    """The minutes of way of one day, over all members, appointments elsewhere with them."""
    total = 0
    for at, member in enumerate(question.staff):
        if day not in member.shifts:
            continue
        stops = [
            (each.start_min, question.tasks[each.task].location)
            for each in plan.visits
            if (each.staff, each.day) == (at, day)
        ]
        stops += [(each.start_min, each.location) for each in member.shifts[day].blocks]
        places = [
            member.home,
            *(place for _, place in sorted(stops, key=lambda stop: stop[0]) if place is not None),
            member.home,
        ]
        total += sum(int(question.travel[a, b]) for a, b in pairwise(places))
    return total


def rolling(
    size: str,
    seed: int,
    seconds: float,
    hindsight_seconds: float,
    is_quiet: bool = False,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, Any]:
    """Every morning of a town, `seconds` each, against a plan of somebody who had known everything (`hindsight_seconds`).

    A quiet town is one where nothing is heard: what it costs more is what looking only four weeks ahead costs.
    """
    whole = town(size, seed)
    office = Office(whole, silence(whole) if is_quiet else news(whole, Random(seed + 2)))
    moved, broken, ratios = list[Moved](), 0, list[float]()
    for today in range(len(whole.days)):
        question, wanted = office.morning(today)
        plan = looked_at(question, solve(question, seed=seed, stop=Seconds(seconds, clock)))
        moved.append(moves(question, plan))
        broken += pins_broken(question, plan)
        if today % SCRATCH_EVERY == SCRATCH_EVERY - 1:
            ratios.append(_to_scratch(question, plan, seed, Seconds(seconds, clock)))
        office.evening(today, question, wanted, plan)
    hindsight = office.news.in_hindsight(whole, office.done, office.asked)
    best = looked_at(hindsight, solve(hindsight, seed=seed, stop=Seconds(hindsight_seconds, clock)))
    floor, lived = unavoidable(hindsight, best), office.lived(hindsight)
    return {
        "size": size, "seed": seed, "is_quiet": is_quiet, "mornings": len(whole.days), "seconds": seconds, "pins_broken": broken,
        "moved_forced_percent": round(100 * mean(forced / max(1, held) for held, forced, _ in moved), 2),
        "moved_free_percent": round(100 * mean(free / max(1, held) for held, _, free in moved), 2),
        "cost_to_scratch": round(median(ratios), 3),
        "cost_to_hindsight": round((lived.total - floor) / (best.costs.total - floor), 3),
        "travel_to_hindsight": round(lived.travel / best.costs.travel, 3),
    }  # fmt: skip


def _to_scratch(question: Instance, plan: Plan, seed: int, stop: Seconds) -> float:
    free = without_plan(question)
    scratch = looked_at(free, solve(free, seed=seed, stop=stop))
    floor = unavoidable(question, scratch)
    return (plan.costs.total - plan.costs.moves - floor) / max(1.0, scratch.costs.total - floor)
