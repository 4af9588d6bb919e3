"""Where each task may go, dearest last: every open day of whoever may go, first inside the window, later days on demand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from service.followup.planner.ground import Ground

Choice = tuple[float, int]
"""What standing there costs, travel apart, and the cell."""
FOREVER: Final = float("inf")


class Choices:
    """By task, the cells it may stand on. Late days are added only once somebody would pay for one."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        prices, days = ground.prices, ground.days
        self.within: list[list[Choice]] = []
        self.late_from: list[float] = []
        """The least a late day costs; never, once they are in."""
        for task in range(len(ground.is_fixed)):
            first, last = prices.early[task], prices.late[task]
            self.within.append([] if ground.is_fixed[task] else self._cells(task, range(first, min(last, days))))
            self.late_from.append(
                FOREVER if ground.is_fixed[task] or last >= days else self._least_late(task, max(first, last))
            )

    def widen(self, task: int) -> list[Choice]:
        """With the days that are too late."""
        prices = self.ground.prices
        late = self._cells(task, range(max(prices.early[task], prices.late[task]), self.ground.days))
        self.within[task] = sorted([*self.within[task], *late])
        self.late_from[task] = FOREVER
        return self.within[task]

    def narrow(self, task: int) -> None:
        """Without the cells that something fixed since then about the same person rules out."""
        self.within[task] = [choice for choice in self.within[task] if self.ground.leaves_alone(task, choice[1])]

    def may_go(self, task: int) -> tuple[int, ...]:
        """The primary, then the backups."""
        one = self.ground.instance.tasks[task]
        return tuple(dict.fromkeys((one.primary, *one.backups)))

    def may_begin(self, task: int, days: Iterable[int]) -> list[int]:
        """Those days on which the place is open at some hour."""
        ground, closed = self.ground, self.ground.instance.tasks[task].closed
        spans, weekday = ground.spans[task], ground.weekday
        return [day for day in days if day not in closed and spans[weekday[day]]]

    def _cells(self, task: int, days: Iterable[int]) -> list[Choice]:
        ground, standing = self.ground, self.ground.prices.standing
        open_days = self.may_begin(task, days)
        return sorted(
            (standing(task, staff, day), ground.cell(staff, day))
            for staff in self.may_go(task)
            for day in open_days
            if self._can_be_at_work(task, ground.cell(staff, day)) and ground.leaves_alone(task, ground.cell(staff, day))
        )

    def _can_be_at_work(self, task: int, cell: int) -> bool:
        ground = self.ground
        return any(
            max(ground.begin[cell], first) <= min(ground.end[cell] - ground.minutes[task], last)
            for first, last in ground.spans[task][ground.weekday[cell % ground.days]]
        )

    def _least_late(self, task: int, day: int) -> float:
        """No late day costs less than the first one would, done by the primary, with no move."""
        weights, prices = self.ground.instance.weights, self.ground.prices
        once = weights.late_once * self.ground.instance.tasks[task].priority
        return once + weights.late_day + weights.off_due * max(0, day - prices.due[task])
