"""Made-up questions for the planner: small towns with everything that can stand in the way, from a seed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np

from service.followup.planner.instance import Block, Instance, Limits, Promise, Shift, Staff, Task, Weights

MONDAY = date(2026, 11, 30)


def open_days(count: int, start: date = MONDAY) -> tuple[date, ...]:
    """That many weekdays from a day on."""
    days = [start + timedelta(days=at) for at in range(count * 2 + 7)]
    return tuple(day for day in days if day.weekday() < 5)[:count]


def square(places: int, random: Random, side: float = 30.0) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Minutes between places strewn over a square, the office in the middle."""
    spots = np.array(
        [(side / 2, side / 2), *((random.uniform(0, side), random.uniform(0, side)) for _ in range(places - 1))]
    )
    ways = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(-1))
    return np.where(ways > 0, np.ceil(ways) + 4, 0).astype(np.int32)


def plain_task(key: str, days: tuple[date, ...], **facts: Any) -> Task:
    """A visit at place 1 on the middle day, half an hour, unless said otherwise."""
    middle = days[len(days) // 2]
    known = {
        "minutes": 30, "priority": 1, "early_on": days[0], "due_on": middle, "late_on": days[-1], "primary": 0, "location": 1,
    }  # fmt: skip
    return Task(key, **{**known, **facts})


def plain(tasks: int = 1, days: int = 5, staff: int = 1, **facts: Any) -> Instance:
    """A town without anything special."""
    horizon = open_days(days)
    people = tuple(Staff(f"s{at}", {day: Shift(510, 1035) for day in range(days)}) for at in range(staff))
    rows = tuple(plain_task(f"t{at}", horizon, location=1 + at) for at in range(tasks))
    return Instance(horizon, people, rows, square(tasks + 1, Random(1)), **facts)


def town(seed: int, *, tasks: int = 30, staff: int = 2, days: int = 10, limits: Limits | None = None) -> Instance:
    """A town with leave, meetings, hours, closed days, promises, visits of two, calls, and a plan in force."""
    random = Random(seed)
    horizon = open_days(days)
    people = tuple(Staff(f"s{at}", _shifts(random, days, tasks)) for at in range(staff))
    rows: list[Task] = []
    for at in range(tasks):
        rows.append(_task(random, at, horizon, people, rows))
    return Instance(horizon, people, tuple(rows), square(tasks + 1, random), limits or Limits(), Weights())


def _shifts(random: Random, days: int, places: int) -> dict[int, Shift]:
    shifts = {}
    for day in range(days):
        if random.random() < 0.1:
            continue
        blocks, end = [], random.choice((1035, 1035, 780))
        if random.random() < 0.3:
            start = random.randrange(540, end - 60, 15)
            blocks.append(Block(start, start + random.choice((30, 60)), random.choice((None, random.randint(1, places)))))
        shifts[day] = Shift(510, end, tuple(blocks))
    return shifts


def _task(random: Random, at: int, days: tuple[date, ...], people: tuple[Staff, ...], before: list[Task]) -> Task:
    due = random.randrange(len(days) + 2)
    first, last = max(0, due - random.randint(1, 5)), min(len(days) - 1, due + random.randint(0, 4))
    primary = random.randrange(len(people))
    others = tuple(each for each in range(len(people)) if each != primary and random.random() < 0.7)
    is_call = random.random() < 0.4
    facts: dict[str, Any] = {
        "minutes": random.choice((10, 15)) if is_call else random.choice((30, 45, 60)),
        "location": None if is_call else at + 1,
        "windows": _windows(random),
        "closed": frozenset(day for day in range(len(days)) if random.random() < 0.05),
        "needs_two": not is_call and bool(others) and random.random() < 0.1,
    }
    promise = Promise(primary, random.choice(list(people[primary].shifts) or [0]), random.randrange(600, 700, 5))
    if random.random() < 0.05 and _is_free(promise, people, before):
        facts["pin"] = promise
    elif random.random() < 0.3:
        facts["current"] = promise
    due_on = days[due] if due < len(days) else days[-1] + timedelta(days=due)
    return Task(f"t{at}", facts.pop("minutes"), random.randint(0, 3), days[min(first, len(days) - 1)], due_on,
                max(due_on, days[last]), primary, backups=others, **facts)  # fmt: skip


def _windows(random: Random) -> tuple[tuple[tuple[int, int], ...], ...]:
    if random.random() < 0.5:
        return ()
    hours = random.choice((((540, 720),), ((780, 1000),), ((600, 960),), ((540, 660), (840, 960))))
    return tuple(hours if random.random() < 0.6 else () for _ in range(5))


def _is_free(promise: Promise, people: tuple[Staff, ...], before: list[Task]) -> bool:
    shift = people[promise.staff].shifts.get(promise.day)
    pins = [task.pin for task in before if task.pin]
    taken = any(pin.staff == promise.staff and pin.day == promise.day for pin in pins)
    return shift is not None and not shift.blocks and not taken
