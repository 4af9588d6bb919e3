"""One coordinator's day: in visiting order, when to leave the office, with a map; on paper by number of the case alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from markupsafe import Markup
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.followup.planning.hours import taken_hours, taken_on
from service.followup.planning.numbers import Numbers, current_numbers
from service.followup.rhythms.rule import AT_HOST, KIND_LABELS, Kind
from service.followup.tasks.models import CANCELLED, CONFIRMED, DONE, FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.followup.visits.reading import last_notes
from service.kernel.audit import note
from service.kernel.dates import format_wareki, say_instant
from service.kernel.geo.travel_legs import Legs, Place
from service.kernel.slots import format_time
from service.resources.models import Opening, Site
from service.resources.places import places_of
from service.web.actor import Actor, Town
from service.web.map import MarkerKind, MarkerView, draw_map


@dataclass(frozen=True)
class Stop:
    """One stop of the day."""

    id: str
    number: int
    time: str
    minutes: int
    travel: str
    what: str
    case: str
    person: str
    host: str
    place: str
    phone: str
    rules: str
    last: str
    is_promised: bool


@dataclass(frozen=True)
class Outing:
    """The stops of a day in visiting order, and when to leave the office for the first of them."""

    leave: tuple[str, str]
    """When to leave, and what that is reckoned with; both empty where it cannot be told."""
    stops: tuple[Stop, ...]
    spots: Mapping[str, tuple[float, float]]
    """By follow-up, where the hosts are."""


@dataclass(frozen=True)
class DayView:
    """The day of one coordinator."""

    on: str
    said: str
    staff_id: str
    staff: str
    others: tuple[tuple[str, str], ...]
    leave: tuple[str, str]
    """When to leave the office, and what that is reckoned with; both empty where it cannot be told."""
    stops: tuple[Stop, ...]
    taken: tuple[str, ...]
    """Hours given away to something else, in order of time."""
    picture: Markup | None
    printed: str
    empty: str


def day_view(
    session: Session, town: Town, actor: Actor, who: User, staff: Sequence[User], day: date, now: datetime
) -> DayView:
    """The day as it stands, of the cases the reader may see."""
    known = _known_on(session, town, actor, who.id, day)
    outing = _outing(session, known)
    note(session, "view", "day", who.id, (day.isoformat(),))
    return DayView(
        day.isoformat(), format_wareki(day), who.id, who.name, tuple((user.id, user.name) for user in staff), outing.leave, outing.stops,
        taken_on(day, who.id, taken_hours(session, town, actor, day, day)), _picture(town, known, outing.spots), say_instant(now),
        "この日の予定は、まだありません。",
    )  # fmt: skip


def own_outing(session: Session, town: Town, actor: Actor, day: date) -> Outing:
    """One's own day as the sheet tells it; whoever has been at a place already is not told when to leave the office."""
    known = _known_on(session, town, actor, actor.id, day)
    outing = _outing(session, known)
    is_out = any(each.row.state == DONE and each.row.id in outing.spots for each in known)
    return replace(outing, leave=("", "")) if is_out else outing


def _known_on(session: Session, town: Town, actor: Actor, staff_id: str, day: date) -> Sequence[Known]:
    mine = or_(FollowUp.staff_id == staff_id, FollowUp.second_id == staff_id)
    return list_follow_ups(session, town, actor, mine, FollowUp.on == day, FollowUp.state != CANCELLED)


def _outing(session: Session, known: Sequence[Known]) -> Outing:
    spots = _spots(session, known)
    numbers = current_numbers(session)
    legs = Legs(numbers.road_factor, numbers.speed_kmh, numbers.leg_min)
    stops: list[Stop] = []
    before: Place = (numbers.office_lat, numbers.office_lon)
    last = last_notes(session, [each.row for each in known])
    for at, each in enumerate(known, 1):
        spot = spots.get(each.row.id)
        minutes = legs.between(before, spot) if spot else None
        stops.append(_stop(each, at, _say_way(minutes, numbers), last[each.row.id]))
        before = spot or before
    return Outing(_leave(known, spots, legs, numbers), tuple(stops), spots)


def _leave(
    known: Sequence[Known], spots: Mapping[str, tuple[float, float]], legs: Legs, numbers: Numbers
) -> tuple[str, str]:
    """When to leave for the first place, and the way there; nothing where the office or the hour is not known."""
    first = next((each for each in known if each.row.id in spots), None)
    office = (numbers.office_lat, numbers.office_lon)
    minutes = legs.between(office, spots[first.row.id]) if first is not None else None
    if first is None or first.row.start_min is None or minutes is None:
        return "", ""
    return format_time(max(0, first.row.start_min - minutes)), _say_way(minutes, numbers)


def _spots(session: Session, known: Sequence[Known]) -> dict[str, tuple[float, float]]:
    """By follow-up, the place of the host it is done at; a call is made from anywhere, and nobody's home is told."""
    there = {each.row.id: each.placement.opening_id for each in known if each.placement and Kind(each.row.kind) in AT_HOST}
    query = select(Opening.id, Site.lat, Site.lon).join(Site, Opening.site_id == Site.id)
    rows = session.execute(query.where(Opening.id.in_(sorted(set(there.values())))))
    sites = {opening: (lat, lon) for opening, lat, lon in rows if lat is not None and lon is not None}
    return {id_: sites[opening] for id_, opening in there.items() if opening in sites}


def _say_way(minutes: int | None, numbers: Numbers) -> str:
    """An estimate with what it may be off; nothing where the way is not known."""
    return "" if minutes is None else f"移動のめやす{minutes}分（±{numbers.give_of(minutes)}分）"


def _stop(known: Known, number: int, way: str, last: str) -> Stop:
    row, host = known.row, known.host
    return Stop(
        row.id, number, "時刻未定" if row.start_min is None else format_time(row.start_min), row.minutes,
        way, KIND_LABELS[Kind(row.kind)], known.case.number, f"{known.person.name} さん",
        host.name if host else "", "" if host is None else host.organisation, host.phone if host else known.person.phone,
        host.note if host else known.person.contact_note, last, row.state == CONFIRMED,
    )  # fmt: skip


def _picture(town: Town, known: Sequence[Known], spots: Mapping[str, tuple[float, float]]) -> Markup | None:
    """The stops that are places of hosts, numbered; nobody's home is drawn."""
    markers = [
        MarkerView(*spots[each.row.id], MarkerKind.FIT, each.host.name if each.host else "", f"stop-{number}", number)
        for number, each in enumerate(known, 1)
        if each.row.id in spots
    ]
    if not markers:
        return None
    town_map = places_of(town.code).town_map([(each.lat, each.lon) for each in markers], large=True)
    return (
        None
        if town_map is None
        else draw_map(town_map, markers, person=None, person_shown=False, title="この日に回る所", map_id="day")
    )
