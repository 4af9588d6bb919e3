"""What a joint run answers: who goes where, what each aim attained, and how far that is proven."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from service.matching.engine.problem import Ints, Problem


@dataclass(frozen=True)
class Plan:
    """Chosen sessions: person × slot with half units; kept placements are not repeated here."""

    person: Ints
    slot: Ints
    half: Ints

    @classmethod
    def empty(cls) -> Plan:
        nothing = np.zeros(0, np.int32)
        return cls(nothing, nothing, nothing)

    def __len__(self) -> int:
        return len(self.person)

    def opening(self, problem: Problem) -> Ints:
        """The opening of each line."""
        return problem.slots.opening[self.slot]


def gap_between(value: float, bound: float) -> float:
    """What may still be missing, as a share of the larger of the two; 0 = nothing."""
    return 0.0 if bound <= value else (bound - value) / max(abs(bound), abs(value), 1e-9)


@dataclass(frozen=True)
class Attained:
    """One aim: its value in the plan and a proven bound no plan can pass (given the aims before it)."""

    name: str
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Share of the bound that may still be missing; 0 = proven."""
        return gap_between(self.value, self.bound)


@dataclass(frozen=True)
class Step:
    """One stage on the way: what was reached when, and the plan if there is one; `seconds` since the start."""

    name: str
    seconds: float
    value: float
    bound: float
    plan: Plan | None = field(default=None, repr=False)

    @property
    def gap(self) -> float:
        """Share of the bound that may still be missing."""
        return gap_between(self.value, self.bound)


@dataclass(frozen=True)
class Solution:
    """The plan and its proof. `is_proven` False reads 「これまでの最良」 on every page."""

    plan: Plan
    attained: tuple[Attained, ...]
    is_proven: bool
    engine: str
    seconds: float
    steps: tuple[Step, ...] = field(default=())

    @property
    def gap(self) -> float:
        """The gap of the first aim that is not proven."""
        return next((each.gap for each in self.attained if each.gap > 0), 0.0)


Watch = Callable[[Step], None]
"""Told at every stage; raising Cancelled from it ends the run."""


class Cancelled(Exception):
    """Somebody has asked the run to stop."""
