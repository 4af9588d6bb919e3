"""What comes up in a made-up town while a plan is in force: things come and fall away, people ask for days, places shut."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from service.followup.planner.instance import Instance, Staff, Task

COMES_LATE: Final = 0.15
"""Share of things nobody knows of until two open days before their earliest one."""
FALLS_AWAY: Final = 0.05
ASKS_FOR_LATER: Final = 0.05
"""Share of things somebody moves behind their due day, one to five open days before it."""
FALLS_ILL: Final = 0.02
"""Of a member, every morning, for two days."""
SHUTS: Final = 15
"""One place in so many, for five open days, told the day before."""


@dataclass(frozen=True)
class News:
    """By task, place and member, the open day (index) on which something is heard."""

    comes_on: tuple[int, ...]
    falls_on: dict[int, int]
    asks_on: dict[int, tuple[int, int]]
    """When somebody asks, and the first day they ask for."""
    shuts_on: dict[int, int]
    """By place, the first of its five shut days."""
    ill_on: dict[tuple[int, int], int]
    """By member and day of absence, the morning it is heard."""

    def task(self, at: int, task: Task, today: int, whole: Instance) -> Task:
        """A task as it is known on a morning, its days counted from the first of the whole horizon."""
        if at in self.asks_on and self.asks_on[at][0] <= today:
            first = whole.days[self.asks_on[at][1]]
            task = replace(task, early_on=first, due_on=max(task.due_on, first), late_on=max(task.late_on, first))
        shut = self.shuts_on.get(task.location) if task.location is not None else None
        return task if shut is None or shut - 1 > today else replace(task, closed=frozenset(range(shut, shut + 5)))

    def staff(self, today: int, whole: Instance) -> tuple[Staff, ...]:
        """Who works when, as it is known on a morning."""
        away = {each for each, heard in self.ill_on.items() if heard <= today}
        return tuple(
            replace(member, shifts={day: shift for day, shift in member.shifts.items() if (at, day) not in away})
            for at, member in enumerate(whole.staff)
        )

    def is_open(self, at: int, today: int) -> bool:
        """Whether a thing is known and has not fallen away."""
        return self.comes_on[at] <= today < self.falls_on.get(at, today + 1)

    def in_hindsight(self, whole: Instance, done: Collection[int], asked: Collection[int]) -> Instance:
        """The question somebody would have been asked who knew everything: what fell away is out, unless it had been done."""
        last = len(whole.days)
        kept = [at for at in range(len(whole.tasks)) if at in done or at not in self.falls_on]
        heard = replace(self, asks_on={at: each for at, each in self.asks_on.items() if at in asked})
        tasks = tuple(heard.task(at, whole.tasks[at], last, whole) for at in kept)
        return replace(whole, tasks=tasks, staff=self.staff(last, whole))


def news(whole: Instance, random: Random) -> News:
    """The same news for the same town and the same chance."""
    days, tasks = len(whole.days), range(len(whole.tasks))
    early = [bisect_left(whole.days, task.early_on) for task in whole.tasks]
    due = [bisect_left(whole.days, task.due_on) for task in whole.tasks]
    comes = tuple(max(0, early[at] - 2) if random.random() < COMES_LATE else 0 for at in tasks)
    falls = {at: random.randint(comes[at], max(comes[at], due[at])) for at in tasks if random.random() < FALLS_AWAY}
    asks = {
        at: (max(0, due[at] - random.randint(1, 5)), due[at] + 1)
        for at in tasks
        if random.random() < ASKS_FOR_LATER and due[at] + 1 < days
    }
    places = range(1, len(whole.travel))
    shuts = {place: random.randint(1, days - 1) for place in random.sample(places, len(places) // SHUTS)}
    ill: dict[tuple[int, int], int] = {}
    for who in range(len(whole.staff)):
        for day in range(days):
            if random.random() < FALLS_ILL:
                ill |= {(who, each): day for each in (day, day + 1) if (who, each) not in ill}
    return News(comes, falls, asks, shuts, ill)


def silence(whole: Instance) -> News:
    """Nothing that was not known on the first morning."""
    return News((0,) * len(whole.tasks), {}, {}, {}, {})
