"""The arrays of a joint run, put together from its people, its openings and what was found to join them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.kernel.vocab import Kind
from service.matching.engine.problem import (
    NO_LIMIT,
    NONE,
    Hosts,
    Ints,
    Openings,
    Pairs,
    People,
    Placed,
    Problem,
    Rules,
    Sessions,
    Slots,
)
from service.matching.instance import Catalogue
from service.matching.joint.candidates import Bonds, Candidate, OpeningRoom, SlotRoom, Stay
from service.matching.schedules import DAY_MIN, NOT_SAID


@dataclass(frozen=True)
class Table:
    """Openings and slots of one run: arrays, and where an id or a time stands in them."""

    catalogue: Catalogue
    rooms: tuple[OpeningRoom, ...]
    slots: tuple[tuple[int, SlotRoom], ...]
    shapes: Ints
    opening_of: Mapping[str, int]
    places: NDArray[np.intp]
    least_days: tuple[int, ...]

    @cached_property
    def of_opening(self) -> list[list[int]]:
        """Positions of each opening's times."""
        found: list[list[int]] = [[] for _ in self.rooms]
        for at, (opening, _) in enumerate(self.slots):
            found[opening].append(at)
        return found

    def slot_at(self, opening: int, slot: SlotRoom) -> int:
        """Position of a time of an opening; −1 where there is none."""
        return next((at for at in self.of_opening[opening] if self.slots[at][1].key == slot.key), -1)


@dataclass
class Joined:
    """Pairs and their sessions, collected person by person."""

    pairs: list[tuple[int, int, float, int, bool, bool, int]]
    sessions: list[tuple[int, int]]


def table_of(catalogue: Catalogue, rooms: Sequence[OpeningRoom]) -> Table:
    ordered = tuple(sorted(rooms, key=lambda room: room.place))
    slots = tuple((at, slot) for at, room in enumerate(ordered) for slot in room.slots)
    stay = catalogue.vocabulary.of_kind(Kind.SESSION)
    shapes = [_shape(catalogue, ordered[at].place, slot, stay[0] if stay else None) for at, slot in slots]
    return Table(
        catalogue,
        ordered,
        slots,
        np.array(list(zip(*shapes, strict=True)) or np.empty((5, 0)), np.int32),
        {catalogue.ids[room.place]: at for at, room in enumerate(ordered)},
        np.array([room.place for room in ordered], np.intp),
        _least_days(catalogue, ordered),
    )


def _shape(catalogue: Catalogue, place: int, slot: SlotRoom, stay: Any) -> tuple[int, int, int, int, int]:
    shortest = 0 if stay is None else catalogue.value(place, stay)
    partly = slot.start_min is None or slot.end_min is None
    start = 0 if slot.start_min is None else slot.start_min
    end = DAY_MIN if slot.end_min is None else slot.end_min
    return slot.weekday or 0, start, end, NOT_SAID if shortest is None else int(shortest), int(partly)


def _least_days(catalogue: Catalogue, rooms: Sequence[OpeningRoom]) -> tuple[int, ...]:
    attributes = catalogue.vocabulary.of_kind(Kind.FREQUENCY)
    if not attributes:
        return (1,) * len(rooms)
    return tuple(max(int(catalogue.value(room.place, attributes[0]) or 1), 1) for room in rooms)


def problem_of(
    table: Table, people: Sequence[Candidate], rows: Joined, demand: Ints, stays: Sequence[Stay], bonds: Bonds
) -> Problem:
    openings = [table.catalogue.openings[room.place] for room in table.rooms]
    hosts = sorted({opening.host_id for opening in openings})
    households = sorted({person.household for person in people if person.household})
    coordinators = sorted({person.coordinator for person in people if person.coordinator})
    at = {person.id: place for place, person in enumerate(people)}
    return Problem(
        people=_people(people, demand, households, coordinators),
        hosts=Hosts(tuple(hosts), _ints(bonds.new_starts.get(host, NO_LIMIT) for host in hosts)),
        openings=Openings(
            tuple(opening.id for opening in openings),
            _ints(hosts.index(opening.host_id) for opening in openings),
            _ints(room.free for room in table.rooms),
            table.catalogue.lats[table.places],
            table.catalogue.lons[table.places],
            np.zeros((len(openings), 0), np.int32),
        ),
        slots=_slots(table),
        pairs=_pairs(rows),
        sessions=Sessions(_ints(pair for pair, _ in rows.sessions), _ints(slot for _, slot in rows.sessions)),
        kept=_placed(table, at, [stay for stay in stays if not stay.is_held]),
        held=_placed(table, at, [stay for stay in stays if stay.is_held]),
        rules=_rules(table, at, households, coordinators, bonds),
        coordinators=tuple(coordinators),
        households=tuple(households),
    )


def _people(people: Sequence[Candidate], demand: Ints, households: list[str], coordinators: list[str]) -> People:
    return People(
        tuple(person.id for person in people),
        demand,
        _ints(person.most_hosts for person in people),
        _ints(person.waiting_days for person in people),
        np.array([person.high_support for person in people], np.bool_),
        np.array([person.accompanied for person in people], np.bool_),
        _ints(households.index(person.household) if person.household else NONE for person in people),
        _ints(coordinators.index(person.coordinator) if person.coordinator else NONE for person in people),
    )


def _slots(table: Table) -> Slots:
    rooms = [room for _, room in table.slots]
    return Slots(
        _ints(opening for opening, _ in table.slots),
        _ints(NONE if room.weekday is None else room.weekday for room in rooms),
        _ints(0 if room.weekday is None else room.start_min or 0 for room in rooms),
        _ints(0 if room.weekday is None else DAY_MIN if room.end_min is None else room.end_min for room in rooms),
        _ints(room.places for room in rooms),
        _ints(room.high_support for room in rooms),
    )


def _pairs(rows: Joined) -> Pairs:
    columns: list[list[Any]] = [list(column) for column in zip(*rows.pairs, strict=True)] or [[] for _ in range(7)]
    person, opening, points, minutes, asks, is_new, days = columns
    return Pairs(
        _ints(person), _ints(opening), np.array(points, np.float64), _ints(minutes), np.array(asks, np.bool_),
        np.array(is_new, np.bool_), _ints(days), np.zeros((len(person), 0), np.int32),
    )  # fmt: skip


def _placed(table: Table, at: Mapping[str, int], stays: Sequence[Stay]) -> Placed:
    found = [
        (at[stay.person_id], table.slot_at(table.opening_of[stay.opening_id], stay.slot), stay.half)
        for stay in stays
        if stay.opening_id in table.opening_of
    ]
    known = [each for each in found if each[1] >= 0]
    return Placed(*(_ints(each[place] for each in known) for place in range(3)))


def _rules(table: Table, at: Mapping[str, int], households: list[str], coordinators: list[str], bonds: Bonds) -> Rules:
    def pair(person: str, opening: str) -> tuple[int, int] | None:
        return (at[person], table.opening_of[opening]) if person in at and opening in table.opening_of else None

    forbidden = [found for each in bonds.forbidden if (found := pair(*each)) is not None]
    return Rules(
        apart=tuple((at[one], at[other]) for one, other in bonds.apart if one in at and other in at),
        households_together=frozenset(n for n, name in enumerate(households) if name in bonds.together_households),
        households_apart=frozenset(n for n, name in enumerate(households) if name in bonds.apart_households),
        forced=tuple(found for each in bonds.forced if (found := pair(*each)) is not None),
        forbidden=frozenset(forbidden),
        accompany=bonds.accompany,
        new_per_coordinator={
            n: bonds.new_per_coordinator[name] for n, name in enumerate(coordinators) if name in bonds.new_per_coordinator
        },
        gap_min=bonds.gap_min,
        gap_min_per_km=bonds.gap_min_per_km,
    )


def _ints(values: Any) -> Ints:
    return np.array(list(values), np.int32)
