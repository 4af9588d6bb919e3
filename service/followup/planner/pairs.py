"""Visits of two: booked first, both at the same minute, and from then on fixed for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from service.followup.planner.choices import Choices
from service.followup.planner.ground import Ground
from service.followup.planner.routes import Routes

STEP: Final = 15
"""Minutes between two starts tried."""


@dataclass(frozen=True)
class Pair:
    """Who goes together, the one in charge first, on which day and from when."""

    staff: tuple[int, ...]
    day: int
    start_min: int


class Pairs:
    """The two-person visits of one instance, as far as they are booked."""

    def __init__(self, ground: Ground, routes: Routes, choices: Choices) -> None:
        self.ground, self.routes, self.choices = ground, routes, choices
        self.booked: dict[int, Pair] = {}
        self.alone: list[int] = []
        """Promised visits for which no second could be found."""

    def book(self) -> None:
        """Promised ones get their second; the others, hardest first, their cheapest day."""
        tasks = [at for at, task in enumerate(self.ground.instance.tasks) if needs_pair(self.ground, at) and not task.pin]
        tasks += self.ground.dropped
        for task in range(len(self.ground.is_fixed)):
            if self.ground.is_fixed[task] and needs_pair(self.ground, task):
                self._join(task)
        waiting = [task for task in dict.fromkeys(tasks) if needs_pair(self.ground, task)]
        for task in sorted(waiting, key=lambda task: (len(self.choices.within[task]), task)):
            self._book(task)
            self.choices.within[task], self.choices.late_from[task] = [], float("inf")

    def couples(self, task: int) -> list[tuple[int, int]]:
        """Who may go together: the named second with anybody who may go, or two of those who may."""
        second, may_go = self.ground.instance.tasks[task].second, self.choices.may_go(task)
        if second is not None:
            return [(one, second) for one in may_go if one != second]
        return list(permutations(may_go, 2)) if len(may_go) > 1 else []

    def fits(self, task: int, couple: tuple[int, int], day: int) -> tuple[float, int] | None:
        """What the cheapest minute of a day costs for these two, and the minute; None where there is none."""
        current = self.ground.prices.current[task]
        held = current.start_min if current is not None and current.day == day else None
        ways = [
            (self._added(task, couple, day, start), start != held, start) for start in self._starts(task, couple, day, held)
        ]
        travel, _, start = min((way for way in ways if way[0] >= 0), default=(-1, True, 0))
        if travel < 0:
            return None
        return self.ground.instance.weights.travel * travel + sum(self.ground.prices.terms(task, couple, day)), start

    def _join(self, task: int) -> None:
        pin = self.ground.instance.tasks[task].pin
        if pin is None:
            return
        named = self.ground.instance.tasks[task].second
        for second in self.choices.may_go(task) if named in (None, pin.staff) else (named,):
            if second != pin.staff and self._extra(task, second, pin.day, pin.start_min) is not None:
                self._fix(task, Pair((pin.staff, second), pin.day, pin.start_min), (second,))
                return
        self.alone.append(task)

    def _book(self, task: int) -> None:
        ground = self.ground
        days = self.choices.may_begin(task, range(ground.prices.early[task], ground.days))
        late_from = ground.prices.late[task]
        for wanted in ([day for day in days if day < late_from], [day for day in days if day >= late_from]):
            best = min(self._offers(task, wanted), default=None)
            if best is not None and best[0] < ground.prices.unplanned(task):
                _, day, couple, start = best
                self._fix(task, Pair(couple, day, start), couple)
                return

    def _offers(self, task: int, days: list[int]) -> Iterator[tuple[float, int, tuple[int, int], int]]:
        for couple in self.couples(task):
            for day in days:
                cells = [self.ground.cell(staff, day) for staff in couple]
                found = self.fits(task, couple, day) if self.ground.leaves_alone(task, *cells) else None
                if found is not None:
                    yield found[0], day, couple, found[1]

    def _fix(self, task: int, pair: Pair, staff: tuple[int, ...]) -> None:
        cells = [self.ground.cell(each, pair.day) for each in staff]
        self.ground.fix(task, pair.start_min, *cells)
        for cell in cells:
            self.routes.refresh(cell)
        self.booked[task] = pair
        for mate in self.ground.mates[task]:
            self.choices.narrow(mate)

    def _starts(self, task: int, couple: tuple[int, int], day: int, held: int | None) -> list[int]:
        """Minutes to try: from the first at which both are at work to the last, in steps, and the one it has now."""
        ground = self.ground
        cells = [ground.cell(staff, day) for staff in couple]
        begin, end = (
            max(ground.begin[cell] for cell in cells),
            min(ground.end[cell] for cell in cells) - ground.minutes[task],
        )
        spans = [(max(begin, first), min(end, last)) for first, last in ground.spans[task][ground.weekday[day]]]
        steps = {start for first, last in spans if first <= last for start in (*range(first, last + 1, STEP), last)}
        return sorted(steps | {held for first, last in spans if held is not None and first <= held <= last})

    def _added(self, task: int, couple: tuple[int, int], day: int, start: int) -> int:
        extra = [self._extra(task, staff, day, start) for staff in couple]
        return sum(each for each in extra if each is not None) if None not in extra else -1

    def _extra(self, task: int, staff: int, day: int, start: int) -> int | None:
        """The minutes of way one more fixed visit adds to a bare day."""
        cell = self.ground.cell(staff, day)
        bare = self.routes.bare[cell]
        if self.routes.shut[cell] or bare.visits >= self.ground.instance.limits.most_visits:
            return None
        order, spans = bare.order, self.ground.spans[task]
        at = sum(1 for stop in order if self.ground.start(stop) <= start)
        self.ground.spans[task] = [((start, start),)] * 7
        travel = self.routes.walk(cell, (*order[:at], task, *order[at:]))
        self.ground.spans[task] = spans
        return travel - bare.travel if travel >= 0 else None


def needs_pair(ground: Ground, task: int) -> bool:
    """Two go only where somebody travels."""
    one = ground.instance.tasks[task]
    return one.needs_two and one.location is not None
