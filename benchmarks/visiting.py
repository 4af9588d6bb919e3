"""Made-up towns for the visiting plan: zones, hosts with their weekdays, people with theirs, leave and meetings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import numpy as np

from service.followup.planner.instance import Block, Instance, Shift, Span, Staff, Task

FIRST: Final = date(2026, 11, 30)
"""A Monday five weeks before the turn of the year, so that closed days lie inside."""
CLOSED: Final = frozenset(date(2026, 12, 29) + timedelta(days=at) for at in range(6))


def town(size: str, seed: int) -> Instance:
    """A made-up town: zones, hosts with their weekdays, people with theirs, leave, meetings; 45 % are telephone calls."""
    tasks, staff, weeks = map(int, size.split("/"))
    random = Random(seed)
    days = tuple(day for at in range(weeks * 7) if (day := FIRST + timedelta(days=at)).weekday() < 5 and day not in CLOSED)
    zones = [(random.uniform(-6, 6), random.uniform(-6, 6)) for _ in range(max(3, staff * 2))]
    hosts = [_host(random, zones, staff) for _ in range(max(10, tasks // 5))]
    travel = _travel([(0.0, 0.0), *((x, y) for x, y, _, _ in hosts)])
    people = tuple(Staff(str(at), _shifts(random, at, days, len(hosts))) for at in range(staff))
    return Instance(days, people, tuple(_task(random, at, days, hosts, staff) for at in range(tasks)), travel)


def and_after(instance: Instance, more: int) -> Instance:
    """The same town with more open days behind its last, on which all are at work and nothing more falls due.

    A town that ends turns what a shut place put off by a week into a visit that never was.
    """
    after = [day for at in range(1, 21 + 2 * more) if (day := instance.days[-1] + timedelta(days=at)).weekday() < 5]
    days = (*instance.days, *[day for day in after if day not in CLOSED][:more])
    extra = {at: Shift(510, 1035) for at in range(len(instance.days), len(days))}
    return replace(
        instance, days=days, staff=tuple(replace(each, shifts={**each.shifts, **extra}) for each in instance.staff)
    )


Host = tuple[float, float, int, list[int]]


def _host(random: Random, zones: list[tuple[float, float]], staff: int) -> Host:
    zone = random.randrange(len(zones))
    x, y = (random.gauss(middle, 1) for middle in zones[zone])
    return x, y, zone % staff, sorted(random.sample(range(5), random.choice((3, 4, 5))))


def _travel(spots: list[tuple[float, float]]) -> np.ndarray[Any, np.dtype[np.int32]]:
    return np.array(
        [[0 if a == b else int(math.dist(a, b) * 1.35 / 20 * 60 + 4) for b in spots] for a in spots], dtype=np.int32
    )


def _shifts(random: Random, who: int, days: Sequence[date], places: int) -> dict[int, Shift]:
    shifts = {}
    for at, day in enumerate(days):
        if random.random() < 0.05:
            continue
        blocks: tuple[Block, ...] = ()
        if day.weekday() == who % 5:
            blocks = (Block(540, 630),)
        elif random.random() < 0.05:
            blocks = (Block(840, 900, random.randint(1, places)),)
        shifts[at] = Shift(510, 1035, blocks)
    return shifts


def _task(random: Random, at: int, days: Sequence[date], hosts: list[Host], staff: int) -> Task:
    place = random.randrange(len(hosts))
    _, _, zone_of, open_on = hosts[place]
    due, is_call = random.randrange(len(days)), random.random() < 0.45
    primary = zone_of if random.random() < 0.8 else random.randrange(staff)
    both = set(open_on) & set(random.sample(range(5), random.choice((2, 3, 4, 5))))
    hours: tuple[Span, ...] = (random.choice(((540, 1000), (540, 720), (780, 1000))),)
    return Task(
        str(at), random.choice((10, 15, 20)) if is_call else random.choice((30, 45, 60)), random.choice((1, 1, 2, 3)),
        days[max(0, due - random.choice((2, 3, 5)))], days[due], days[min(len(days) - 1, due + random.choice((3, 5, 7)))], primary,
        None if is_call else place + 1, ((primary + 1) % staff,) if staff > 1 else (),
        () if is_call else tuple(hours if day in both else () for day in range(5)),
    )  # fmt: skip
