"""What each wrong costs, in minutes: the one place where prices are made; everything that compares plans asks here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from service.followup.planner.instance import Instance, Promise
from service.followup.planner.plan import Costs

ALONE: Final = (0.0, 0.0, 0.0)


class Prices:
    """The prices of one instance; days are indices of its horizon, distances are counted in its open days."""

    def __init__(self, instance: Instance) -> None:
        self.weights = instance.weights
        self.tasks = instance.tasks
        self.near = instance.limits.near_days
        days = instance.days
        self.early = [bisect_left(days, task.early_on) for task in self.tasks]
        """The first day of the horizon a task may be done on; the number of days where there is none."""
        self.due = [bisect_left(days, task.due_on) for task in self.tasks]
        self.late = [bisect_right(days, task.late_on) for task in self.tasks]
        """The first day that is too late."""
        self.current = [task.current or dropped_pin(instance, at) for at, task in enumerate(self.tasks)]

    def terms(self, task: int, going: Collection[int], day: int) -> tuple[float, float, float]:
        """Continuity, timeliness and moves of one task on a day, with the staff who go there."""
        weights = self.weights
        continuity = 0.0 if self.tasks[task].primary in going else weights.backup
        timeliness = weights.off_due * abs(day - self.due[task])
        if day >= self.late[task]:
            timeliness += weights.late_once * self.tasks[task].priority + weights.late_day * (day - self.late[task] + 1)
        return continuity, timeliness, self.move(task, going, day)

    def move(self, task: int, going: Collection[int], day: int) -> float:
        """What leaving the plan in force costs; another hour of the same day is free."""
        current = self.current[task]
        if current is None or (current.day == day and current.staff in going):
            return 0.0
        weights = self.weights
        return weights.move * (weights.move_near if current.day < self.near else weights.move_far)

    def standing(self, task: int, staff: int, day: int) -> float:
        """All that a task costs on one member's day, travel apart."""
        return sum(self.terms(task, (staff,), day))

    def unplanned(self, task: int) -> float:
        """What leaving a task out costs."""
        return self.weights.unplanned * (1 + self.tasks[task].priority) + self.weights.unplanned_base

    def total(self, travel_min: int, planned: Mapping[int, tuple[Collection[int], int]], left: Iterable[int]) -> Costs:
        """The five terms of a plan: all its travel minutes, who goes on which day for each task, and what is left."""
        rows = [self.terms(task, going, day) for task, (going, day) in sorted(planned.items())]
        continuity, timeliness, moves = (sum(column) for column in zip(*rows, strict=True)) if rows else ALONE
        return Costs(self.weights.travel * travel_min, continuity, timeliness, sum(map(self.unplanned, left)), moves)


def dropped_pin(instance: Instance, task: int) -> Promise | None:
    """The promise that cannot be kept because who gave it is away: a wish from now on."""
    pin = instance.tasks[task].pin
    return pin if pin is not None and pin.day not in instance.staff[pin.staff].shifts else None
