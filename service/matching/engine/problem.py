"""A joint run as plain arrays: who is to be placed, where there is room, and what must hold.

Half a unit is the step of time: 2 = every week, 1 = every other week (隔週). Position i is the same row in every
array of one table; −1 in a limit means no limit, −1 in a reference means none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_LIMIT: Final = -1
NONE: Final = -1
WEEKLY: Final = 2
FORTNIGHTLY: Final = 1
NOON: Final = 12 * 60


@dataclass(frozen=True)
class People:
    """Those to be placed. `demand` is today's load in half units a week, kept placements included."""

    ids: tuple[str, ...]
    demand: Ints
    most_hosts: Ints
    waiting_days: Ints
    high_support: Bools
    accompanied: Bools
    household: Ints
    coordinator: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Hosts:
    """Organisations; `new_starts` is how many new people a week each can take in."""

    ids: tuple[str, ...]
    new_starts: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Openings:
    """What hosts offer. `free` counts people; `amounts` int32[O, R] is what there is of each named resource."""

    ids: tuple[str, ...]
    host: Ints
    free: Ints
    lat: Floats
    lon: Floats
    amounts: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Slots:
    """Weekly sessions of openings: weekday 0=月 (−1 = no day), minutes from midnight, places in people a week."""

    opening: Ints
    day: Ints
    start: Ints
    end: Ints
    places: Ints
    high_support: Ints

    def __len__(self) -> int:
        return len(self.opening)


@dataclass(frozen=True)
class Pairs:
    """Person × opening that may be joined. `points` are for one weekly session; `asks` marks 要確認.

    `uses` int32[P, R] is what the pair takes of each resource, `least_days` the host's fewest days a week,
    `minutes` the way there (−1 unknown), `is_new` False where the person goes there already.
    """

    person: Ints
    opening: Ints
    points: Floats
    minutes: Ints
    asks: Bools
    is_new: Bools
    least_days: Ints
    uses: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Sessions:
    """Which slots a pair could use: row k says that pair[k] may go to slot[k]."""

    pair: Ints
    slot: Ints

    def __len__(self) -> int:
        return len(self.pair)


@dataclass(frozen=True)
class Placed:
    """Person × slot that is there today, with its half units."""

    person: Ints
    slot: Ints
    half: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Rules:
    """What binds several people: positions of people and openings, as tuples.

    `accompany` int32[7, 2] is how many supporters can go along per weekday and half-day (午前, 午後), None = no limit.
    `gap_min` and `gap_min_per_km` say how long it takes from one place to the next on the same day.
    """

    apart: tuple[tuple[int, int], ...] = ()
    households_together: frozenset[int] = frozenset()
    households_apart: frozenset[int] = frozenset()
    forced: tuple[tuple[int, int], ...] = ()
    forbidden: frozenset[tuple[int, int]] = frozenset()
    accompany: Ints | None = None
    new_per_coordinator: Mapping[int, int] = field(default_factory=dict)
    gap_min: int = 0
    gap_min_per_km: float = 0.0


@dataclass(frozen=True)
class Problem:
    """One joint run. `kept` placements stand and take their room; `held` ones may change, at the price of a change."""

    people: People
    hosts: Hosts
    openings: Openings
    slots: Slots
    pairs: Pairs
    sessions: Sessions
    kept: Placed
    held: Placed
    rules: Rules = field(default_factory=Rules)
    resources: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    households: tuple[str, ...] = ()

    @cached_property
    def pair_of(self) -> Mapping[tuple[int, int], int]:
        """Position of a pair by (person, opening)."""
        keys = zip(self.pairs.person.tolist(), self.pairs.opening.tolist(), strict=True)
        return {key: place for place, key in enumerate(keys)}

    def under(self, rules: Rules) -> Problem:
        """The same run under other rules, which change none of its pairs: they need not be looked up anew."""
        found = replace(self, rules=rules)
        vars(found)["pair_of"] = self.pair_of
        return found

    @cached_property
    def kept_opening(self) -> Ints:
        """The opening of each kept placement."""
        return self.slots.opening[self.kept.slot]

    @cached_property
    def has_place(self) -> Bools:
        """bool[people]: somebody with a kept placement is placed whatever the run says."""
        found = np.zeros(len(self.people), np.bool_)
        found[self.kept.person] = True
        return found

    @cached_property
    def half_day(self) -> Ints:
        """0 = 午前, 1 = 午後 by the start of each slot."""
        return (self.slots.start >= NOON).astype(np.int32)
