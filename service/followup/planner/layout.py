"""The hours of one day: when each stop begins, when lunch is, which minutes are taken; then calls into the idle ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.followup.planner.ground import Ground, Spans
from service.followup.planner.instance import Span
from service.followup.planner.walk import NEVER, begun


@dataclass(frozen=True)
class Layout:
    """Starts by stop, and every minute taken by work, ways and lunch, in order."""

    starts: dict[int, int]
    busy: tuple[Span, ...]
    back_min: int


def lay_out(ground: Ground, has_lunch: bool, cell: int, order: tuple[int, ...]) -> Layout | None:
    """The day that ends first, over the places lunch can take; None where it cannot be done."""
    moments = [(at, goes) for at in range(len(order) + 1) for goes in (True, False)] if has_lunch else [(NEVER, True)]
    layouts = [found for moment in moments if (found := _Day(ground, cell, moment).through(order)) is not None]
    return min(layouts, key=lambda each: each.back_min, default=None)


class _Day:
    """One walk through a day with lunch at a given moment: before the stop of that place, the way there first or last."""

    def __init__(self, ground: Ground, cell: int, moment: tuple[int, bool]) -> None:
        self.ground, self.cell, self.moment = ground, cell, moment
        self.now, self.here = ground.begin[cell], ground.home[cell]
        self.idle: Span | None = None
        self.busy: list[Span] = []
        self.starts: dict[int, int] = {}

    def through(self, order: tuple[int, ...]) -> Layout | None:
        """The day's hours, None where it fails."""
        ground, weekday = self.ground, self.ground.weekday[self.cell % self.ground.days]
        for at, stop in enumerate(order):
            if ground.place[stop] < 0:
                self._pass(at, ground.start(stop), ground.minutes[stop])
            else:
                self._go(at, ground.place[stop])
                self._work(stop, begun(self.now, ground.spans[stop][weekday]))
            if self.now >= NEVER:
                return None
        self._go(len(order), ground.home[self.cell])
        if self.now > ground.end[self.cell]:
            return None
        return Layout(self.starts, tuple(sorted(self.busy)), self.now)

    def _work(self, stop: int, start: int) -> None:
        self.starts[stop] = start
        self._take(start, self.ground.minutes[stop])
        self.idle = None

    def _pass(self, at: int, start: int, takes: int) -> None:
        """Something fixed without a place; a way may be made in the longest idle stretch before it."""
        stretches = [(self.now, start)]
        if self.moment[0] == at:
            before = (self.now, max(self.now, self.ground.instance.limits.lunch_from))
            self._eat()
            stretches = [before] if self.moment[1] else [(self.now, start)]
        self.idle = max([*stretches, self.idle or (0, 0)], key=lambda span: span[1] - span[0])
        if self.now > start:
            self.now = NEVER
        self._take(max(start, self.now), takes)

    def _go(self, at: int, there: int) -> None:
        leg = self.ground.travel[self.here][there]
        self.here = there
        if self.moment == (at, False):
            self._eat()
        if self.idle is not None and self.idle[1] - self.idle[0] >= leg:
            self.busy.append((self.idle[0], self.idle[0] + leg))
        else:
            self._take(self.now, leg)
        self.idle = None
        if self.moment == (at, True):
            self._eat()

    def _eat(self) -> None:
        limits = self.ground.instance.limits
        start = max(self.now, limits.lunch_from)
        self._take(start if start + limits.lunch_min <= limits.lunch_to else NEVER, limits.lunch_min)

    def _take(self, start: int, takes: int) -> None:
        self.busy.append((start, start + takes))
        self.now = start + takes


def gaps(layout: Layout, begin_min: int, end_min: int) -> Iterator[Span]:
    """The minutes of a shift in which nothing is done yet."""
    now = begin_min
    for start, end in sorted(layout.busy):
        if start > now:
            yield now, min(start, end_min)
        now = max(now, end)
    if now < end_min:
        yield now, end_min


def pack(free: list[Span], calls: list[tuple[int, int, Spans]]) -> dict[int, int]:
    """Calls (task, minutes, spans) into free minutes, hardest first; answers the start of each that fits, by task."""
    starts: dict[int, int] = {}
    for task, takes, spans in sorted(calls, key=lambda call: (_breadth(call[2]), -call[1], call[0])):
        for at, (start, end) in enumerate(free):
            begin = begun(start, spans)
            if begin + takes <= end:
                starts[task] = begin
                free[at : at + 1] = [span for span in ((start, begin), (begin + takes, end)) if span[0] < span[1]]
                break
    return starts


def _breadth(spans: Spans) -> int:
    return sum(last - first + 1 for first, last in spans)
