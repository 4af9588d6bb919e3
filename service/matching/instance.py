"""The catalogue as columns: one contiguous array per condition, so that a rule is a few passes over all openings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.vocab import Attribute, Choice, Kind, SideType, Vocabulary
from service.matching.facts import OpeningFacts, Slot
from service.matching.schedules import Schedules, build_schedules

Indices = NDArray[np.intp]
# Ends of a range: unknown, and no limit. No age, day or yen comes near them.
UNKNOWN_END: Final = -(2**31)
NO_LIMIT: Final = 2**31 - 1
FLAG_BITS: Final = {False: 1, True: 2}
STATUSES: Final = ("open", "limited", "paused", "full", "ended")


@dataclass(frozen=True, slots=True)
class Masks:
    """One bit per choice and opening; 0 = unknown. Tag lists carry a further bit, `known`, for "asked"."""

    bits: NDArray[Any]
    places: Mapping[str, int]
    known: int = 0

    def mask(self, keys: Iterable[str]) -> Any:
        """The choices as one word of the column's own type; keys the vocabulary lacks count for nothing."""
        return self.bits.dtype.type(sum({self.places[key] for key in keys if key in self.places}))


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number per opening, NaN = unknown; float32 holds every whole number up to 16 million exactly."""

    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Lower and upper end per opening, int32; lower end UNKNOWN_END = the range is unknown."""

    lows: NDArray[np.int32]
    highs: NDArray[np.int32]


Column = Masks | Numbers | Ranges


@dataclass(frozen=True)
class Catalogue:
    """All openings of a town, sorted by id, column by column; position i is the same opening in every array."""

    vocabulary: Vocabulary
    openings: tuple[OpeningFacts, ...]
    lats: NDArray[np.float64]
    lons: NDArray[np.float64]
    columns: Mapping[str, Column]
    schedules: Schedules
    is_remote: NDArray[np.bool_]
    states: NDArray[np.int8]
    paused_until: NDArray[np.int32]
    confirmed_on: NDArray[np.int32]
    free: NDArray[np.int32]

    @classmethod
    def build(cls, facts: Iterable[OpeningFacts], vocabulary: Vocabulary) -> Catalogue:
        """Columns of the openings, whatever order they come in; ValueError for an id given twice."""
        openings = tuple(sorted(facts, key=lambda fact: fact.id))
        if len({opening.id for opening in openings}) < len(openings):
            raise ValueError("two openings share an id")
        columns = {
            attribute.key: _column(attribute, [_value(opening, attribute) for opening in openings])
            for attribute in vocabulary.asked_of_host
        }
        return cls(
            vocabulary,
            openings,
            _floats(opening.lat for opening in openings),
            _floats(opening.lon for opening in openings),
            columns,
            build_schedules(_timetables(openings, vocabulary)),
            _remote(columns, vocabulary, len(openings)),
            np.array([STATUSES.index(opening.status) for opening in openings], np.int8),
            _days(opening.paused_until for opening in openings),
            _days(opening.confirmed_on for opening in openings),
            np.array([UNKNOWN_END if o.free is None else o.free for o in openings], np.int32),
        )

    def __len__(self) -> int:
        return len(self.openings)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(opening.id for opening in self.openings)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Position of an opening by its id."""
        return {opening.id: place for place, opening in enumerate(self.openings)}

    @cached_property
    def of_host(self) -> Mapping[str, Indices]:
        return _grouped((o.host_id, place) for place, o in enumerate(self.openings))

    @cached_property
    def of_site(self) -> Mapping[str, Indices]:
        return _grouped((key, place) for place, o in enumerate(self.openings) for key in {o.site_id, o.id} if key)

    @cached_property
    def of_linked_person(self) -> Mapping[str, Indices]:
        return _grouped((person, place) for place, o in enumerate(self.openings) for person in o.linked)

    @cached_property
    def negotiable(self) -> Mapping[str, NDArray[np.bool_]]:
        """Where the host has marked an attribute 相談可; attributes nobody marked are absent."""
        places = _grouped((key, place) for place, o in enumerate(self.openings) for key in o.negotiable)
        return {key: _marked(len(self), marked) for key, marked in places.items()}

    @cached_property
    def keep_unless_remote(self) -> NDArray[np.int8]:
        """All bits set where one has to go there, none where the activity is done at home."""
        return np.where(self.is_remote, 0, -1).astype(np.int8)

    def value(self, place: int, attribute: Attribute) -> Any:
        """What the host said, or the default of the vocabulary; None = unknown."""
        return _value(self.openings[place], attribute)


def _value(opening: OpeningFacts, attribute: Attribute) -> Any:
    value = opening.values.get(attribute.key)
    return attribute.host.default if value is None else value


def _column(attribute: Attribute, values: Sequence[Any]) -> Column:
    side = attribute.host
    if side.type is SideType.FLAG:
        return Masks(np.array([FLAG_BITS.get(value, 0) for value in values], np.uint8), {"no": 1, "yes": 2})
    if side.type is SideType.CHOICE:
        return _choices(side.choices, values)
    if side.type is SideType.TAGS:
        return _tags(side.choices, values)
    if side.type is SideType.RANGE:
        return _ranges(values)
    return Numbers(np.array([np.nan if value is None else value for value in values], np.float32))


def _choices(choices: Sequence[Choice], values: Sequence[Any]) -> Masks:
    places = {choice.key: 1 << place for place, choice in enumerate(choices)}
    dtype = np.min_scalar_type(1 << max(len(choices) - 1, 0))
    return Masks(np.array([places.get(value, 0) for value in values], dtype), places)


def _tags(choices: Sequence[Choice], values: Sequence[Any]) -> Masks:
    places = {choice.key: 1 << place for place, choice in enumerate(choices)}
    known = 1 << len(choices)
    bits = [0 if value is None else known | sum({places.get(key, 0) for key in value}) for value in values]
    return Masks(np.array(bits, np.min_scalar_type(known)), places, known)


def _ranges(values: Sequence[Any]) -> Ranges:
    lows = [UNKNOWN_END if value is None else 0 if value[0] is None else value[0] for value in values]
    highs = [NO_LIMIT if value is None or value[1] is None else value[1] for value in values]
    return Ranges(np.array(lows, np.int32), np.array(highs, np.int32))


def _timetables(
    openings: Sequence[OpeningFacts], vocabulary: Vocabulary
) -> list[tuple[tuple[Slot, ...] | None, int | None]]:
    """Slots and shortest stay of each opening; the stay belongs to the attribute of kind `session`."""
    stays = vocabulary.of_kind(Kind.SESSION)
    if not stays:
        return [(opening.slots, 0) for opening in openings]
    return [(opening.slots, _value(opening, stays[0])) for opening in openings]


def _remote(columns: Mapping[str, Column], vocabulary: Vocabulary, count: int) -> NDArray[np.bool_]:
    for attribute in vocabulary.of_kind(Kind.REMOTE):
        column = columns[attribute.key]
        if isinstance(column, Masks):
            return np.asarray(column.bits == FLAG_BITS[True])
    return np.zeros(count, np.bool_)


def _floats(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _days(days: Iterable[date | None]) -> NDArray[np.int32]:
    """Proleptic day numbers; 0 = no day."""
    return np.array([0 if day is None else day.toordinal() for day in days], np.int32)


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, Indices]:
    places: dict[str, list[int]] = {}
    for key, place in pairs:
        places.setdefault(key, []).append(place)
    return {key: np.array(listed, np.intp) for key, listed in places.items()}


def _marked(count: int, places: Indices) -> NDArray[np.bool_]:
    marked = np.zeros(count, np.bool_)
    marked[places] = True
    return marked
