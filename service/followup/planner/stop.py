"""When a search ends: after so many rounds (the same plan twice) or after so many seconds (an office that waits)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

HOTTEST: Final = 12.0
"""Minutes a worse plan may be dearer at the start, about."""
COLDEST: Final = 0.3
COOLING: Final = 1500
"""Rounds after which the heat is half, where nobody knows how many there will be."""
FIRST_MASTER: Final = 2000


class Pace(Protocol):
    """One search under way."""

    def is_over(self, rounds: int) -> bool:
        """Whether to stop after that many rounds."""

    def heat(self, rounds: int) -> float:
        """How much dearer, in minutes, a plan may be and still be walked on from."""

    def wants_master(self, rounds: int) -> bool:
        """Whether the routes seen so far should be put together anew now."""

    def seconds_left(self) -> float | None:
        """None where time does not count."""

    def keep_back(self, share: float) -> None:
        """End earlier by that share of what has passed, for what has to be written down at the end."""


class Stop(Protocol):
    """What whoever asks says about the end."""

    def begin(self) -> Pace:
        """The search starts now."""


@dataclass(frozen=True)
class Iterations:
    """After that many rounds. A longer search begins exactly like a shorter one, so more rounds never cost more."""

    most: int

    def begin(self) -> Pace:
        """The search starts now."""
        return _Counted(self.most)


@dataclass(frozen=True)
class Seconds:
    """After that many seconds of `clock`. A plan is whole at any moment after the first quick one."""

    seconds: float
    clock: Callable[[], float] = time.perf_counter

    def begin(self) -> Pace:
        """The search starts now."""
        return _Timed(self.seconds, self.clock)


@dataclass
class _Counted:
    most: int
    next_master: int = FIRST_MASTER

    def is_over(self, rounds: int) -> bool:
        return rounds >= self.most

    def heat(self, rounds: int) -> float:
        return max(COLDEST, HOTTEST / (1 + rounds / COOLING))

    def wants_master(self, rounds: int) -> bool:
        if rounds < self.next_master:
            return False
        self.next_master *= 2
        return True

    def seconds_left(self) -> float | None:
        return None

    def keep_back(self, share: float) -> None:
        """Rounds are not kept back."""


class _Timed:
    MASTERS: Final = (0.4, 0.75)
    """Shares of the time after which the routes are put together."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds, self.clock, self.began = seconds, clock, clock()
        self.masters = 0

    def share(self) -> float:
        """How much of the time is gone."""
        return (self.clock() - self.began) / self.seconds if self.seconds > 0 else 1.0

    def is_over(self, rounds: int) -> bool:
        return self.share() >= 1

    def heat(self, rounds: int) -> float:
        return HOTTEST * float((COLDEST / HOTTEST) ** min(1.0, self.share()))

    def wants_master(self, rounds: int) -> bool:
        if self.masters >= len(self.MASTERS) or self.share() < self.MASTERS[self.masters]:
            return False
        self.masters += 1
        return True

    def seconds_left(self) -> float | None:
        return self.seconds - (self.clock() - self.began)

    def keep_back(self, share: float) -> None:
        self.seconds = max(0.0, self.seconds - share * (self.clock() - self.began))
