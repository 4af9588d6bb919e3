"""The instance as plain lists of numbers, so that the inner loops stay short: stops, cells, hours.

A cell is one day of one member of staff (`staff * days + day`). A stop is a task by its index, or behind them a block.
A stop without a place (-1) takes its minutes wherever one happens to be.
"""

from __future__ import annotations

from typing import Final

from service.followup.planner.costs import Prices
from service.followup.planner.instance import Block, Instance, Span

NOWHERE: Final = -1
EVER: Final = 100_000
"""Later than the end of any shift, even where a shift stands for more than a day."""
Spans = tuple[Span, ...]
"""First and last minute at which something may begin."""


class Ground:
    """Everything the search reads and never changes, but for two-person visits, which are fixed before it begins."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.prices = Prices(instance)
        self.days = len(instance.days)
        self.weekday = [day.weekday() for day in instance.days]
        self.travel: list[list[int]] = instance.travel.tolist()
        self.place = [NOWHERE if task.location is None else task.location for task in instance.tasks]
        self.minutes = [task.minutes for task in instance.tasks]
        self.spans = [_spans(task.windows, task.minutes) for task in instance.tasks]
        self.mates = _mates(instance)
        """By task, the others about the same person."""
        self.stands: list[tuple[int, ...]] = [()] * len(instance.tasks)
        """By fixed task, the cells it stands on."""
        self._open_cells()
        self.fixed: list[list[int]] = [[] for _ in self.begin]
        """By cell, what stands there whatever happens, in order of time."""
        self.dropped: list[int] = []
        """Tasks whose promise could not be kept: who gave it is away."""
        self.is_fixed = [False] * len(instance.tasks)
        self._lay_blocks()
        self._lay_pins()

    def cell(self, staff: int, day: int) -> int:
        """The index of one day of one member of staff."""
        return staff * self.days + day

    def start(self, stop: int) -> int:
        """The minute something fixed begins."""
        return self.spans[stop][0][0][0]

    def fix(self, stop: int, start_min: int, *cells: int) -> None:
        """Let something stand on these cells at this minute for good."""
        self.spans[stop] = [((start_min, start_min),)] * 7
        if stop < len(self.is_fixed):
            self.is_fixed[stop] = True
            self.stands[stop] = (*self.stands[stop], *cells)
        for cell in cells:
            self.fixed[cell] = sorted([*self.fixed[cell], stop], key=lambda each: (self.start(each), each))

    def leaves_alone(self, task: int, *cells: int) -> bool:
        """Whether nothing fixed about the same person stands that day with others than these.

        What two of us do with one person on one day could fall on one hour; what one does, one after the other, cannot.
        """
        day = cells[0] % self.days
        rivals = (self.stands[mate] for mate in self.mates[task] if self.is_fixed[mate])
        return all(set(cells) & set(held) for held in rivals if held and held[0] % self.days == day)

    def visits(self, order: tuple[int, ...]) -> int:
        """How many journeys to somebody a day holds; blocks are none."""
        return sum(1 for stop in order if stop < len(self.is_fixed) and self.place[stop] >= 0)

    def _open_cells(self) -> None:
        cells = len(self.instance.staff) * self.days
        self.begin, self.end, self.home = [0] * cells, [0] * cells, [0] * cells
        for at, staff in enumerate(self.instance.staff):
            for day, shift in staff.shifts.items():
                cell = self.cell(at, day)
                self.begin[cell], self.end[cell], self.home[cell] = shift.start_min, shift.end_min, staff.home

    def _lay_blocks(self) -> None:
        for at, staff in enumerate(self.instance.staff):
            for day, shift in staff.shifts.items():
                for block in shift.blocks:
                    self.fix(self._add_stop(block), block.start_min, self.cell(at, day))

    def _add_stop(self, block: Block) -> int:
        self.place.append(NOWHERE if block.location is None else block.location)
        self.minutes.append(block.end_min - block.start_min)
        self.spans.append([])
        return len(self.place) - 1

    def _lay_pins(self) -> None:
        for at, task in enumerate(self.instance.tasks):
            pin = task.pin
            if pin is None:
                continue
            if pin.day in self.instance.staff[pin.staff].shifts:
                self.fix(at, pin.start_min, self.cell(pin.staff, pin.day))
            else:
                self.dropped.append(at)


def _mates(instance: Instance) -> list[tuple[int, ...]]:
    about: dict[int, list[int]] = {}
    for at, task in enumerate(instance.tasks):
        if task.person is not None:
            about.setdefault(task.person, []).append(at)
    return [
        () if task.person is None else tuple(mate for mate in about[task.person] if mate != at)
        for at, task in enumerate(instance.tasks)
    ]


def _spans(windows: tuple[Spans, ...], minutes: int) -> list[Spans]:
    if not windows:
        return [((0, EVER),)] * 7
    days = [*windows, *[()] * 7][:7]
    return [tuple((start, end - minutes) for start, end in sorted(day) if end - minutes >= start) for day in days]
