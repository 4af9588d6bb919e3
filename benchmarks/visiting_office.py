"""An office that lives with its plan: what is done, what stands, what is promised, and what each day makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from benchmarks.visiting_news import News
from benchmarks.visiting_week import CONFIRMED_DAYS
from service.followup.planner.costs import Prices
from service.followup.planner.instance import Instance, Promise, Task
from service.followup.planner.plan import Costs, Plan

AHEAD: Final = 20
"""Open days a planning looks ahead."""


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
        self._hear(today)
        days = self.whole.days[today : today + AHEAD]
        staff = tuple(
            replace(each, shifts={day - today: shift for day, shift in each.shifts.items() if 0 <= day - today < len(days)})
            for each in self.news.staff(today, self.whole)
        )
        wanted = [at for at in range(len(self.whole.tasks)) if self._is_wanted(at, today, days[-1])]
        question = replace(self.whole, days=days, staff=staff, tasks=())
        return replace(question, tasks=tuple(self._task(at, today, question) for at in wanted)), wanted

    def fell(self, question: Instance, wanted: list[int]) -> set[int]:
        """Tasks of a morning's question that had been promised and cannot be kept to."""
        return {place for place, at in enumerate(wanted) if at in self.promised and question.tasks[place].current}

    def live(self, today: int, until: int, wanted: list[int], plan: Plan) -> int:
        """The five days from today are promised, the days before `until` are lived; how many of these came to nothing.

        Until it is planned again, nobody finds another day for what cannot be done on its own.
        """
        self.stands = {wanted[each.task]: Promise(each.staff, each.day + today, each.start_min) for each in plan.visits}
        located = (at for at in self.stands if self.whole.tasks[at].location is not None)
        self.promised = {at for at in located if self.stands[at].day - today < CONFIRMED_DAYS}
        lost = sum(self._live(day) for day in range(today, until))
        self.stands = {at: held for at, held in self.stands.items() if held.day >= until}
        self.promised &= set(self.stands)
        return lost

    def lived(self, hindsight: Instance) -> Costs:
        """What was really done, priced by what is known afterwards."""
        numbers = {task.key: at for at, task in enumerate(hindsight.tasks)}
        planned = {numbers[self.whole.tasks[at].key]: ((held.staff,), held.day) for at, held in self.done.items()}
        left = [at for at in range(len(hindsight.tasks)) if at not in planned]
        return Prices(hindsight).total(self.travel, planned, left)

    def _live(self, day: int) -> int:
        self._hear(day)
        meant = {at: held for at, held in self.stands.items() if held.day == day}
        held = {at: each for at, each in meant.items() if self._can_be(at, each)}
        self.done |= held
        self.travel += travelled(replace(self.whole, staff=self.news.staff(day, self.whole)), held, day)
        return len(meant) - len(held)

    def _hear(self, day: int) -> None:
        self.asked |= {at for at, (asks, _) in self.news.asks_on.items() if asks == day and at not in self.done}

    def _can_be(self, at: int, held: Promise) -> bool:
        task = self._heard(at, held.day)
        is_there = (held.staff, held.day) not in self.news.ill_on
        return is_there and self.news.is_open(at, held.day) and _may_stand(task, held.day, self.whole.days[held.day])

    def _is_wanted(self, at: int, today: int, last: date) -> bool:
        if at in self.done or not self.news.is_open(at, today):
            return False
        return at in self.stands or self.whole.tasks[at].due_on <= last

    def _heard(self, at: int, today: int) -> Task:
        asks = {at: self.news.asks_on[at]} if at in self.asked else {}
        return replace(self.news, asks_on=asks).task(at, self.whole.tasks[at], today, self.whole)

    def _task(self, at: int, today: int, question: Instance) -> Task:
        task, held = self._heard(at, today), self.stands.get(at)
        now = None if held is None else replace(held, day=held.day - today)
        can_stay = (
            held is not None
            and now is not None
            and now.day in question.staff[held.staff].shifts
            and _may_stand(task, held.day, self.whole.days[held.day])
        )
        pin = now if at in self.promised and can_stay else None
        closed = frozenset(day - today for day in task.closed if day >= today)
        return replace(task, closed=closed, pin=pin, current=None if pin else now)


def _may_stand(task: Task, day: int, on: date) -> bool:
    return day not in task.closed and on >= task.early_on


def travelled(instance: Instance, held: Mapping[int, Promise], day: int) -> int:
    """The minutes of way of one day for what is done on it, over all members, appointments elsewhere with them."""
    total = 0
    for at, member in enumerate(instance.staff):
        if day not in member.shifts:
            continue
        stops = [
            (each.start_min, instance.tasks[task].location)
            for task, each in held.items()
            if (each.staff, each.day) == (at, day)
        ]
        stops += [(each.start_min, each.location) for each in member.shifts[day].blocks]
        places = [
            member.home,
            *(place for _, place in sorted(stops, key=lambda stop: stop[0]) if place is not None),
            member.home,
        ]
        total += sum(int(instance.travel[a, b]) for a, b in pairwise(places))
    return total
