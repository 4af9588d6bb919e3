"""Those to be placed and the room there is, as plain facts: what a joint run is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.problem import NO_LIMIT, Ints
from service.matching.facts import OpeningFacts, PersonFacts


@dataclass(frozen=True)
class Candidate:
    """One person to be placed; `load` is how many sessions a week they are to have, places of today included."""

    id: str
    facts: PersonFacts
    similarity: NDArray[np.float32] | None = None
    waiting_days: int = 0
    load: int = 1
    most_hosts: int = 1
    household: str = ""
    coordinator: str = ""
    high_support: bool = False
    accompanied: bool = False


@dataclass(frozen=True)
class SlotRoom:
    """One weekly time of an opening and how many people it takes; None = no fixed day, or hours not said."""

    weekday: int | None
    start_min: int | None
    end_min: int | None
    places: int = NO_LIMIT
    high_support: int = NO_LIMIT

    @property
    def key(self) -> tuple[int | None, int | None]:
        """What a placement's time is compared by."""
        return self.weekday, self.start_min


@dataclass(frozen=True)
class OpeningRoom:
    """An opening that may be proposed, by its position in the catalogue; `free` counts people, −1 = no limit."""

    place: int
    free: int
    slots: tuple[SlotRoom, ...]


@dataclass(frozen=True)
class Stay:
    """Somebody of the run who is at a place today; `is_held` = it may change, `is_new` = only proposed so far."""

    person_id: str
    opening_id: str
    slot: SlotRoom
    half: int
    is_held: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class Bonds:
    """What binds several people, by their ids, and what was decided beforehand."""

    apart: tuple[tuple[str, str], ...] = ()
    together_households: frozenset[str] = frozenset()
    apart_households: frozenset[str] = frozenset()
    forced: tuple[tuple[str, str], ...] = ()
    forced_times: Mapping[tuple[str, str], tuple[int | None, int | None]] = field(default_factory=dict)
    forbidden: frozenset[tuple[str, str]] = frozenset()
    closed: frozenset[tuple[str, str, int | None]] = frozenset()
    """(person, host, weekday): somebody they must not meet is there already, and is not part of this run."""
    new_starts: Mapping[str, int] = field(default_factory=dict)
    accompany: Ints | None = None
    new_per_coordinator: Mapping[str, int] = field(default_factory=dict)
    gap_min: int = 0
    gap_min_per_km: float = 0.0


def slots_of(opening: OpeningFacts) -> tuple[SlotRoom, ...]:
    """The times an opening says, each without a limit of its own; without any, one that has no fixed day."""
    said = {(slot.weekday, slot.start_min, slot.end_min) for slot in opening.slots or ()}
    ordered = sorted(said, key=lambda each: (each[0], each[1] or 0, each[2] or 0))
    return tuple(SlotRoom(*each) for each in ordered) or (SlotRoom(None, None, None),)
