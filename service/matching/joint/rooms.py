"""What room there is in town today: free places less those on their way, times with their own limits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.placements import SessionTime, Standing
from service.matching.engine.problem import NO_LIMIT
from service.matching.instance import Catalogue
from service.matching.joint.asking import OpeningFilter
from service.matching.joint.candidates import OpeningRoom, SlotRoom, slots_of
from service.matching.joint.sizes import Sizes
from service.resources.facts import OpeningRecord
from service.resources.models import OpeningSlot

WEEK = timedelta(days=7)
SlotKey = tuple[str, int | None, int | None]


@dataclass(frozen=True)
class Occupied:
    """Who is where, seen from one run: `inside` are those it is for."""

    standings: Sequence[Standing]
    inside: frozenset[str]
    high_support: frozenset[str]
    accompanied: frozenset[str]


def chosen_openings(
    records: Sequence[OpeningRecord], wanted: OpeningFilter, used: Collection[str], districts: dict[str, str]
) -> list[int]:
    """Positions of the openings the filter means, and of those somebody of the run goes to today."""
    return [at for at, record in enumerate(records) if record.id in used or _is_meant(record, wanted, districts)]


def _is_meant(record: OpeningRecord, wanted: OpeningFilter, districts: dict[str, str]) -> bool:
    if wanted.openings:
        return record.id in wanted.openings
    return (
        record.status != "ended"
        and (not wanted.themes or bool(set(wanted.themes) & set(record.tags)))
        and (not wanted.kinds or record.kind in wanted.kinds)
        and (not wanted.districts or any(each in districts.get(record.site_id, "") for each in wanted.districts))
    )


def slot_limits(session: Session) -> dict[SlotKey, int]:
    """How many people a time still takes by its host's own word, by opening, weekday and start."""
    query = select(OpeningSlot.opening_id, OpeningSlot.weekday, OpeningSlot.start_min, OpeningSlot.free).where(
        OpeningSlot.free.is_not(None)
    )
    return {(opening, weekday, start): free for opening, weekday, start, free in session.execute(query) if free is not None}


def rooms_of(
    catalogue: Catalogue, places: Iterable[int], limits: dict[SlotKey, int], seen: Occupied, sizes: Sizes
) -> list[OpeningRoom]:
    """Each opening with its room: what is said to be free, and what those already there keep taking."""
    by_opening: dict[str, list[Standing]] = defaultdict(list)
    for standing in seen.standings:
        by_opening[standing.opening_id].append(standing)
    return [_room(catalogue, place, by_opening[catalogue.ids[place]], limits, seen, sizes) for place in places]


def _room(
    catalogue: Catalogue, place: int, there: list[Standing], limits: dict[SlotKey, int], seen: Occupied, sizes: Sizes
) -> OpeningRoom:
    opening = catalogue.openings[place]
    said = sizes.unknown_free if opening.free is None else opening.free
    support = opening.values.get(sizes.high_support_limit)
    slots = [*slots_of(opening), *_times_no_longer_offered(slots_of(opening), there, seen)]
    return OpeningRoom(
        place,
        max(said + _change(there, seen), 0),
        tuple(_slot_room(opening.id, slot, there, limits, seen, support) for slot in slots),
    )


def _change(there: Iterable[Standing], seen: Occupied) -> int:
    """Room the problem sees beyond what is free: people of the run who attend take theirs; others on the way hold some."""
    inside = sum(each.person_id in seen.inside and each.attends for each in there)
    outside = sum(each.person_id not in seen.inside and each.holds for each in there)
    return inside - outside


def _slot_room(
    opening: str, slot: SlotRoom, there: list[Standing], limits: dict[SlotKey, int], seen: Occupied, support: Any
) -> SlotRoom:
    here = [each for each in there if any(_is_at(time, slot) for time in each.sessions)]
    said = limits.get((opening, slot.weekday, slot.start_min))
    places = NO_LIMIT if said is None else max(said + _change(here, seen), 0)
    others = sum(each.person_id in seen.high_support and each.person_id not in seen.inside for each in here)
    high = NO_LIMIT if support is None else max(int(support) - others, 0)
    return SlotRoom(slot.weekday, slot.start_min, slot.end_min, places, high)


def _times_no_longer_offered(slots: Sequence[SlotRoom], there: Iterable[Standing], seen: Occupied) -> list[SlotRoom]:
    """Somebody of the run may go at a time the host has stopped offering to others."""
    known = {slot.key for slot in slots}
    kept = {
        (time.weekday, time.start_min, time.end_min)
        for each in there
        if each.person_id in seen.inside
        for time in each.sessions
        if (time.weekday, time.start_min) not in known
    }
    return [SlotRoom(*each) for each in sorted(kept, key=lambda each: tuple(-1 if part is None else part for part in each))]


def _is_at(time: SessionTime, slot: SlotRoom) -> bool:
    return (time.weekday, time.start_min) == slot.key


def new_starts_of(catalogue: Catalogue, places: Iterable[int], seen: Occupied, sizes: Sizes, today: date) -> dict[str, int]:
    """How many new people each host takes in a week, less those who came on their way in the last seven days."""
    recent = Counter(each.host_id for each in seen.standings if each.holds and each.since > today - WEEK)
    said: dict[str, int] = {}
    for place in places:
        opening = catalogue.openings[place]
        if (most := opening.values.get(sizes.new_starts)) is not None:
            said[opening.host_id] = min(int(most), said.get(opening.host_id, int(most)))
    return {host: max(most - recent[host], 0) for host, most in said.items()}
