"""What the planner is told: days, staff with their hours, things to be done, travel times and what each wrong costs.

Plain data: indices, dates and minutes, opaque keys, no name. Times of day are minutes from midnight; costs are in minutes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

OFFICE: Final = 0
"""The location every day begins and ends at, unless a member of staff has another."""
Span = tuple[int, int]
"""From and to, in minutes from midnight."""


@dataclass(frozen=True)
class Block:
    """Hours of a day already given away; with a location it is an appointment there, and travel to it counts."""

    start_min: int
    end_min: int
    location: int | None = None


@dataclass(frozen=True)
class Shift:
    """A day one member of staff works."""

    start_min: int
    end_min: int
    blocks: tuple[Block, ...] = ()
    """In order of time, not overlapping."""


@dataclass(frozen=True)
class Staff:
    """One who goes; a day without a shift is leave."""

    key: str
    shifts: Mapping[int, Shift]
    """By the index of the day."""
    home: int = OFFICE


@dataclass(frozen=True)
class Promise:
    """Who, on which day (index), at what time."""

    staff: int
    day: int
    start_min: int


@dataclass(frozen=True)
class Task:
    """One thing to be done; no location means telephone or letter, which only takes minutes of the day."""

    key: str
    minutes: int
    priority: int
    early_on: date
    due_on: date
    late_on: date
    primary: int
    location: int | None = None
    backups: tuple[int, ...] = ()
    """Others who may go, at a price."""
    windows: tuple[tuple[Span, ...], ...] = ()
    """By weekday (0=月), when it can be done there; empty for any hour of any day."""
    closed: frozenset[int] = frozenset()
    """Indices of days on which the place cannot be visited."""
    needs_two: bool = False
    second: int | None = None
    """Who goes along, where two go and it is known."""
    pin: Promise | None = None
    """Promised: never moved."""
    current: Promise | None = None
    """Where the plan in force has it; leaving that is taxed."""
    person: int | None = None
    """Whom it is about, as a number within the question: nobody sees two of us at once. None for what asks nobody's time."""


@dataclass(frozen=True)
class Limits:
    """What a day may hold. A lunch of 0 minutes is none."""

    most_visits: int = 5
    most_travel_min: int = 170
    lunch_min: int = 45
    lunch_from: int = 690
    lunch_to: int = 810
    near_days: int = 10
    """Working days within which a move weighs more."""


@dataclass(frozen=True)
class Weights:
    """The price of each wrong, in minutes; every one is a setting of the town."""

    travel: float = 1.0
    backup: float = 90.0
    off_due: float = 4.0
    late_once: float = 100.0
    late_day: float = 20.0
    unplanned: float = 600.0
    unplanned_base: float = 200.0
    move: float = 30.0
    move_near: float = 2.0
    move_far: float = 0.5


@dataclass(frozen=True)
class Instance:
    """One question to the planner. `days` are the open days of the horizon in order; travel is minutes between locations."""

    days: tuple[date, ...]
    staff: tuple[Staff, ...]
    tasks: tuple[Task, ...]
    travel: NDArray[np.int32]
    """(locations, locations); need not be symmetric."""
    limits: Limits = field(default_factory=Limits)
    weights: Weights = field(default_factory=Weights)

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same question, whoever asks."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As it is kept with a run; `instance_of` reads it back."""
        return {
            "days": [day.isoformat() for day in self.days],
            "staff": [
                {"key": each.key, "home": each.home, "shifts": {str(day): _shift(one) for day, one in each.shifts.items()}}
                for each in self.staff
            ],
            "tasks": [_task(each) for each in self.tasks],
            "travel": self.travel.tolist(),
            "limits": asdict(self.limits),
            "weights": asdict(self.weights),
        }

    @classmethod
    def of_json(cls, body: Mapping[str, Any]) -> Self:
        """The question as it was kept."""
        return cls(
            tuple(map(date.fromisoformat, body["days"])),
            tuple(
                Staff(each["key"], {int(day): _read_shift(one) for day, one in each["shifts"].items()}, each["home"])
                for each in body["staff"]
            ),
            tuple(_read_task(each) for each in body["tasks"]),
            np.asarray(body["travel"], dtype=np.int32),
            Limits(**body["limits"]),
            Weights(**body["weights"]),
        )


def _shift(shift: Shift) -> list[Any]:
    return [shift.start_min, shift.end_min, [[each.start_min, each.end_min, each.location] for each in shift.blocks]]


def _read_shift(row: list[Any]) -> Shift:
    return Shift(row[0], row[1], tuple(Block(*each) for each in row[2]))


def _task(task: Task) -> dict[str, Any]:
    row = asdict(task)
    for name in ("early_on", "due_on", "late_on"):
        row[name] = row[name].isoformat()
    return row | {"closed": sorted(task.closed)}


def _read_task(row: Mapping[str, Any]) -> Task:
    days = {name: date.fromisoformat(row[name]) for name in ("early_on", "due_on", "late_on")}
    promises = {name: Promise(**row[name]) if row[name] else None for name in ("pin", "current")}
    return Task(
        **{
            **row,
            **days,
            **promises,
            "backups": tuple(row["backups"]),
            "windows": tuple(tuple((start, end) for start, end in day) for day in row["windows"]),
            "closed": frozenset(row["closed"]),
        }
    )
