"""One day of one member of staff as it would be lived: what is done when, the ways between, and room for lunch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from service.followup.planner.instance import Instance, Shift, Span


@dataclass(frozen=True)
class Stop:
    """Something done from one minute to another: a task, or (task None) hours given away; place None is anywhere."""

    start_min: int
    end_min: int
    place: int | None
    task: int | None


@dataclass(frozen=True)
class Way:
    """Minutes to travel, and the idle stretches it may be made in; it is never cut."""

    minutes: int
    idle: tuple[Span, ...]

    @property
    def fits(self) -> bool:
        """Whether one stretch holds it whole."""
        return _longest(self.idle) >= self.minutes

    def fits_beside(self, at: int, start_min: int, end_min: int) -> bool:
        """Whether it still fits once these minutes of one stretch are taken."""
        first, last = self.idle[at]
        left = (*self.idle[:at], (first, start_min), (end_min, last), *self.idle[at + 1 :])
        return _longest(left) >= self.minutes


@dataclass(frozen=True)
class Day:
    """A shift with its stops in order of time, read against one instance."""

    instance: Instance
    staff: int
    shift: Shift
    stops: tuple[Stop, ...]

    @property
    def visits(self) -> int:
        """How many tasks are travelled to; appointments are none."""
        return sum(1 for stop in self.stops if stop.task is not None and stop.place is not None)

    @property
    def travel_min(self) -> int:
        """The minutes of all its ways, whether they fit or not."""
        return sum(way.minutes for way in self.ways)

    @cached_property
    def ways(self) -> list[Way]:
        """From home past every place and home again."""
        home = self.instance.staff[self.staff].home
        begin, end = self.shift.start_min, self.shift.end_min
        placed = [Stop(begin, begin, home, None), *(stop for stop in self.stops if stop.place is not None)]
        return [
            Way(int(self.instance.travel[former.place, later.place]), self._idle(former, later))
            for former, later in pairwise([*placed, Stop(end, end, home, None)])
        ]

    def can_eat(self) -> bool:
        """Whether lunch has room beside all that is done, and every way stays whole."""
        limits = self.instance.limits
        return bool(limits.lunch_min) and any(
            way.fits_beside(at, noon, noon + limits.lunch_min)
            for way in self.ways
            for at, (start, end) in enumerate(way.idle)
            for noon in range(max(start, limits.lunch_from), min(end, limits.lunch_to) - limits.lunch_min + 1)
        )

    def _idle(self, former: Stop, later: Stop) -> tuple[Span, ...]:
        """The stretches between two places, cut by what is done there without a place."""
        inside = [
            stop
            for stop in self.stops
            if stop.place is None and stop.start_min >= former.end_min and stop.end_min <= later.start_min
        ]
        edges = [former.end_min, *(minute for stop in inside for minute in (stop.start_min, stop.end_min)), later.start_min]
        return tuple(zip(edges[::2], edges[1::2], strict=True))


def in_order(stops: Iterable[Stop]) -> tuple[Stop, ...]:
    """By time; of two that begin at one minute what takes none, then the one told first."""
    return tuple(sorted(stops, key=lambda stop: (stop.start_min, stop.end_min > stop.start_min)))


def _longest(spans: Sequence[Span]) -> int:
    return max((end - start for start, end in spans), default=-1)
