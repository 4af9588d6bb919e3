"""What the planner answers: who does what on which day and when, and for everything left out the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Self


class Reason(StrEnum):
    """Why something has no day: codes a page puts into words."""

    NO_COMMON_DAY = "no-common-day"
    """Host and person share no weekday, or no hour of one, before it is too late."""
    FULL = "full"
    """There are days, but nobody has room left."""
    ON_LEAVE = "on-leave"
    """Whoever could go is away on every possible day."""
    CLOSED = "closed"
    """The window lies in closed days."""
    TOO_FAR = "too-far"
    """It cannot be reached and left within a working day."""
    BEYOND = "beyond"
    """Its day lies after the horizon."""
    REFUSED = "refused"
    """It had a day, and the check of the finished plan found that it cannot be: no planner says this of itself."""


WIDER_OPEN_DAYS: Final = 5
"""By so many open days a window is made wider on both sides, where that is the remedy."""


class Remedy(StrEnum):
    """What would help, one tap each."""

    WIDEN = "widen"
    OTHER_STAFF = "other-staff"
    BY_PHONE = "by-phone"
    ASK_HOST = "ask-host"


@dataclass(frozen=True)
class Visit:
    """One task in the plan; `position` is its place among the day's, phones behind the travelled."""

    task: int
    staff: int
    day: int
    start_min: int
    position: int


@dataclass(frozen=True)
class Left:
    """One task without a day, why, and what would help."""

    task: int
    reason: Reason
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True)
class Costs:
    """The five terms a page shows, each in minutes, never one score."""

    travel: float = 0.0
    continuity: float = 0.0
    timeliness: float = 0.0
    unplanned: float = 0.0
    moves: float = 0.0

    @property
    def total(self) -> float:
        """What the planner makes small."""
        return self.travel + self.continuity + self.timeliness + self.unplanned + self.moves


@dataclass(frozen=True)
class Plan:
    """The answer; `bound` is a proven lower bound of the total where one was computed."""

    visits: tuple[Visit, ...]
    left: tuple[Left, ...]
    costs: Costs
    bound: float | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    """Counts of iterations and columns, no times."""

    @property
    def fingerprint(self) -> str:
        """The same for the same plan."""
        body = self.to_json()
        rows = [body["visits"], body["left"]]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As it is kept with a run."""
        return {
            "visits": [list(asdict(each).values()) for each in self.visits],
            "left": [[each.task, each.reason, list(each.remedies)] for each in self.left],
            "costs": asdict(self.costs),
            "bound": self.bound,
            "notes": dict(self.notes),
        }

    @classmethod
    def of_json(cls, body: Mapping[str, Any]) -> Self:
        """The plan as it was kept."""
        return cls(
            tuple(Visit(*row) for row in body["visits"]),
            tuple(Left(row[0], Reason(row[1]), tuple(map(Remedy, row[2]))) for row in body["left"]),
            Costs(**body["costs"]),
            body["bound"],
            body["notes"],
        )
