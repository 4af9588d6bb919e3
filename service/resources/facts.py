"""Every opening as plain frozen records: what a match needs to know of the catalogue, in four queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from service.kernel.timetable import SlotText
from service.resources.conditions import effective_conditions, negotiable_keys, with_activities
from service.resources.models import Condition, Host, HostPerson, Opening, OpeningSlot, Site
from service.resources.timing import date_slot


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRecord:
    """One opening with all that speaks for it; a value absent from `values` is unknown, neither yes nor no.

    `slots` None = weekdays not known. `linked` are ids of people met at the host. `text` is what can be done there.
    """

    id: str
    host_id: str
    site_id: str
    name: str
    title: str
    kind: str
    text: str
    tags: tuple[str, ...]
    values: Mapping[str, Any]
    negotiable: frozenset[str]
    slots: tuple[SlotText, ...] | None
    lat: float | None
    lon: float | None
    free: int | None
    status: str
    paused_until: date | None
    waiting: int
    confirmed_on: date | None
    linked: frozenset[str]


def catalogue_rows(session: Session, today: date | None = None) -> list[OpeningRecord]:
    """Every opening that has not ended, in the order of the list; dates before `today` no longer count."""
    answers = _grouped(session.execute(select(*_ANSWER)).all())
    slots = _grouped(session.execute(select(*_SLOT)).all())
    people: dict[str, list[str]] = defaultdict(list)
    for host_id, person_id in session.execute(select(HostPerson.host_id, HostPerson.id)):
        people[host_id].append(person_id)
    query = (
        select(*_OPENING)
        .join(Host, Opening.host_id == Host.id)
        .join(Site, Opening.site_id == Site.id)
        .where(Opening.status != "ended", Host.status != "ended")
        .order_by(Host.sort_key, Host.id, Opening.position, Opening.id)
    )
    linked = {host_id: frozenset(ids) for host_id, ids in people.items()}
    return [
        _record(row, answers.get(row.host_id, ()), slots.get(row.id, ()), linked.get(row.host_id, frozenset()), today)
        for row in session.execute(query)
    ]


_ANSWER = (
    Condition.host_id.label("owner"), Condition.site_id, Condition.opening_id,
    Condition.attribute, Condition.value, Condition.negotiable,
)  # fmt: skip
_SLOT = (
    OpeningSlot.opening_id.label("owner"), OpeningSlot.weekday, OpeningSlot.start_min,
    OpeningSlot.end_min, OpeningSlot.nth, OpeningSlot.free,
)  # fmt: skip
_OPENING = (
    Opening.id, Opening.host_id, Opening.site_id, Opening.title, Opening.activity, Opening.activity_tags,
    Opening.status, Opening.paused_until, Opening.free, Opening.waiting, Opening.dates, Opening.confirmed_on,
    Host.name, Host.kind, Host.description, Host.status.label("host_status"),
    Host.paused_until.label("host_paused_until"), Site.lat, Site.lon,
)  # fmt: skip


def _grouped(rows: Iterable[Row[Any]]) -> dict[str, list[Row[Any]]]:
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[row.owner].append(row)
    return groups


def _record(
    row: Any, answers: Sequence[Any], slots: Sequence[Row[Any]], linked: frozenset[str], today: date | None
) -> OpeningRecord:
    values = with_activities(effective_conditions(answers, row.site_id, row.id), row.activity_tags)
    paused = row.host_status == "paused"
    return OpeningRecord(
        id=row.id, host_id=row.host_id, site_id=row.site_id, name=row.name, title=row.title, kind=row.kind,
        text="。".join(part for part in (row.title, row.activity, row.description) if part),
        tags=tuple(row.activity_tags), values=values, negotiable=negotiable_keys(answers, row.site_id, row.id),
        slots=_slots(slots, row.dates, today), lat=row.lat, lon=row.lon,
        free=free_places(row.free, [slot.free for slot in slots]),
        status="paused" if paused else row.status,
        paused_until=row.host_paused_until if paused else row.paused_until,
        waiting=row.waiting, confirmed_on=row.confirmed_on, linked=linked,
    )  # fmt: skip


def free_places(free: int | None, by_slot: Iterable[int | None]) -> int | None:
    """The free places of an opening: said as a whole, else the sum of the slots' own; None when neither is known."""
    counted = [places for places in by_slot if places is not None]
    return free if free is not None or not counted else sum(counted)


def _slots(slots: Sequence[Row[Any]], dates: Sequence[str], today: date | None) -> tuple[SlotText, ...] | None:
    weekly = [SlotText(slot.weekday, slot.start_min, slot.end_min, tuple(slot.nth or ())) for slot in slots]
    dated = [slot for on, slot in map(date_slot, dates) if today is None or on >= today]
    return tuple(dict.fromkeys([*weekly, *dated])) or None
