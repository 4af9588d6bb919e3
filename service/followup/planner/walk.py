"""One day walked through in a given order: can it be done, and how many minutes are travelled. The innermost loop.

Two clocks run side by side: one with lunch still to come, one with lunch taken. Lunch lies before or behind a piece of
travel, never inside one; travel before a late lunch is allowed, so taking a visit out never makes a day harder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from service.followup.planner.ground import Ground, Spans

NEVER: Final = 1_000_000
Walk = Callable[[int, tuple[int, ...]], int]
Clocks = tuple[int, int, int, int]
"""Before lunch, after lunch, and how many minutes each stood idle just now (a way may be made in them)."""


def walker(ground: Ground, lunches: list[bool]) -> Walk:
    """The walk through a cell in an order: its travel minutes, -1 where the day cannot hold it. `lunches` is read live."""
    travel, place, minutes, spans = ground.travel, ground.place, ground.minutes, ground.spans
    begins, ends, homes, weekdays, days = ground.begin, ground.end, ground.home, ground.weekday, ground.days
    limits = ground.instance.limits
    most, eat, noon = limits.most_travel_min, limits.lunch_min, limits.lunch_from
    last = limits.lunch_to - limits.lunch_min
    past = _passer(noon, last, eat)

    def walk(cell: int, order: tuple[int, ...]) -> int:
        hungry, fed = (begins[cell], NEVER) if lunches[cell] else (NEVER, begins[cell])
        here, total, weekday, idle_h, idle_f = homes[cell], 0, weekdays[cell % days], 0, 0
        for stop in order:
            there, takes = place[stop], minutes[stop]
            if there < 0:
                hungry, fed, idle_h, idle_f = past((hungry, fed, idle_h, idle_f), spans[stop][0][0][0], takes)
            else:
                leg = travel[here][there]
                total, here = total + leg, there
                at = fed + leg if leg > idle_f else fed
                if hungry < NEVER:
                    came = hungry + leg if leg > idle_h else hungry
                    eaten = came if came > noon else noon
                    eaten = eaten + eat if eaten <= last else _eat_first(hungry, noon, last, eat + leg)
                    if eaten < at:
                        at = eaten
                    hungry = begun(came, spans[stop][weekday]) + takes if hungry <= last else NEVER
                fed = begun(at, spans[stop][weekday]) + takes
                idle_h = idle_f = 0
            if hungry >= NEVER and fed >= NEVER:
                return -1
        leg = travel[here][homes[cell]]
        total += leg
        at = fed + leg if leg > idle_f else fed
        if hungry < NEVER:
            came = max(hungry + leg if leg > idle_h else hungry, noon)
            at = min(at, came + eat if came <= last else _eat_first(hungry, noon, last, eat + leg))
        return total if at <= ends[cell] and total <= most else -1

    return walk


def begun(at: int, spans: Spans) -> int:
    """The first minute something may begin for who is there at `at`."""
    for first, last in spans:
        if at <= last:
            return at if at > first else first
    return NEVER


def _eat_first(now: int, noon: int, last: int, and_go: int) -> int:
    eaten = max(now, noon)
    return eaten + and_go if eaten <= last else NEVER


def _passer(noon: int, last: int, eat: int) -> Callable[[Clocks, int, int], Clocks]:
    """The two clocks past something fixed that has no place; the longest idle stretch since the last stop counts."""

    def past(clocks: Clocks, start: int, takes: int) -> Clocks:
        hungry, fed, idle_h, idle_f = clocks
        done, behind, rested_h, rested_f = NEVER, NEVER, 0, 0
        if fed <= start:
            behind, rested_f = start + takes, max(idle_f, start - fed)
        if hungry <= start:
            done, rested_h = start + takes, max(idle_h, start - hungry)
            eaten = max(hungry, noon)
            if eaten <= last and eaten + eat <= start:
                rested = max(idle_h, start - eaten - eat, eaten - hungry)
                rested_f = max(rested, rested_f) if behind < NEVER else rested
                behind = start + takes
        return done, behind, rested_h, rested_f

    return past
