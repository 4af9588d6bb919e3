"""How much room is left beside one placement, and taking it: read and written under the same locks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from service.cases.models import Placement
from service.cases.placements import SessionTime, Standing
from service.resources.models import Opening, OpeningSlot

WEEK: Final = timedelta(days=7)
Key = tuple[int | None, int | None]


@dataclass(frozen=True)
class Room:
    """What is left for one placement; None = nobody has given a number."""

    places: int | None
    starts: int | None
    support: int | None


def room_beside(
    opening: Opening, own: Placement, standings: Sequence[Standing], supported: Collection[str], today: date,
    *, most_starts: int | None = None, most_support: int | None = None,
) -> Room:  # fmt: skip
    """The room of an opening as this placement finds it: what is free, less what is reserved for others today.

    Whoever attends has been taken off `free` already. The tightest weekday slot of the placement counts.
    """
    others = [each for each in standings if each.opening_id == opening.id and each.id != own.id]
    times = [(time.weekday, time.start_min) for time in own.sessions]
    limits = [_left(opening.free, others, today)]
    limits += [_left(slot.free, _at(others, key), today) for key in times if (slot := slot_at(opening, key))]
    known = [each for each in limits if each is not None]
    return Room(
        min(known) if known else None,
        _starts_left(opening.host_id, own, standings, most_starts, today),
        _support_left(own, others, times, supported, most_support),
    )


def slot_at(opening: Opening, key: Key) -> OpeningSlot | None:
    """The weekly slot a session takes place in, as far as the host still offers it."""
    return next((slot for slot in opening.slots if (slot.weekday, slot.start_min) == key), None)


def slots_with_room(
    opening: Opening, own: Placement, standings: Sequence[Standing], today: date
) -> list[tuple[OpeningSlot, int | None]]:
    """The weekly slots of an opening, each with what is left in it beside this placement; None = no number given."""
    others = [each for each in standings if each.opening_id == opening.id and each.id != own.id]
    return [(slot, _left(slot.free, _at(others, (slot.weekday, slot.start_min)), today)) for slot in opening.slots]


def take_place(opening: Opening, times: Iterable[SessionTime]) -> None:
    """利用開始: one place fewer is free, in all and at each of the times."""
    _add(opening, times, -1)


def give_back(opening: Opening, times: Iterable[SessionTime]) -> None:
    """The end: the place is free again."""
    _add(opening, times, +1)


def _add(opening: Opening, times: Iterable[SessionTime], change: int) -> None:
    opening.free = _moved(opening.free, change, opening.capacity)
    for time in times:
        if slot := slot_at(opening, (time.weekday, time.start_min)):
            slot.free = _moved(slot.free, change, None)


def _moved(free: int | None, change: int, most: int | None) -> int | None:
    if free is None:
        return None
    moved = max(free + change, 0)
    return moved if most is None or change < 0 else min(moved, max(most, free))


def _left(free: int | None, others: Iterable[Standing], today: date) -> int | None:
    return None if free is None else max(free - sum(each.reserves(today) for each in others), 0)


def _at(others: Iterable[Standing], key: Key) -> list[Standing]:
    return [each for each in others if any((time.weekday, time.start_min) == key for time in each.sessions)]


def _starts_left(host_id: str, own: Placement, standings: Iterable[Standing], most: int | None, today: date) -> int | None:
    if most is None:
        return None
    recent = [each for each in standings if each.host_id == host_id and each.id != own.id and each.started_on]
    return max(most - sum(each.started_on > today - WEEK for each in recent if each.started_on), 0)


def _support_left(
    own: Placement, others: Sequence[Standing], times: Iterable[Key], supported: Collection[str], most: Any
) -> int | None:
    if most is None or own.person_id not in supported:
        return None
    there = [_at(others, key) for key in times] or [list(others)]
    return min(max(int(most) - sum(each.attends and each.person_id in supported for each in here), 0) for here in there)
