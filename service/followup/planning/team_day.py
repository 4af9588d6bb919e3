"""みんなの一日: one day of several coordinators, each in visiting order, with all their ways on one map."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.followup.planning.hours import taken_hours, taken_on
from service.followup.planning.numbers import current_numbers
from service.followup.planning.places import Spot, spots_of
from service.followup.planning.team_map import Halt, Way, draw_sample, draw_ways, look_of
from service.followup.rhythms.rule import AT_HOST, KIND_LABELS, Kind
from service.followup.tasks.models import CANCELLED, CONFIRMED, FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.kernel.audit import note
from service.kernel.dates import format_wareki, say_instant
from service.kernel.slots import format_time
from service.resources.places import places_of
from service.web.actor import Actor, Town


@dataclass(frozen=True)
class TeamStop:
    """One thing of somebody's day; `anchor` is where the map's mark leads."""

    id: str
    anchor: str
    mark: str
    time: str
    what: str
    number: str
    person: str
    host: str
    is_promised: bool
    is_on_map: bool


@dataclass(frozen=True)
class TeamRow:
    """The day of one coordinator: the letter and line on the map, the stops, the hours given away."""

    id: str
    name: str
    letter: str
    line: str
    sample: Markup
    stops: tuple[TeamStop, ...]
    taken: tuple[str, ...]
    is_shown: bool


@dataclass(frozen=True)
class TeamDayView:
    """Everybody's day."""

    day: str
    said: str
    week: str
    earlier: str
    later: str
    rows: tuple[TeamRow, ...]
    visits: int
    goers: int
    picture: Markup | None
    printed: str


def team_day_view(
    session: Session, town: Town, actor: Actor, staff: Sequence[User], wanted: Collection[str], day: date, now: datetime
) -> TeamDayView:
    """The day of those wanted (ids), or of everybody; cases the reader may not see are hours and nothing else."""
    known = list_follow_ups(session, town, actor, FollowUp.on == day, FollowUp.state != CANCELLED)
    spots, taken = spots_of(session, known), taken_hours(session, town, actor, day, day)
    numbers = current_numbers(session)
    note(session, "view", "day", day.isoformat())
    rows, ways = [], []
    for at, user in enumerate(staff):
        is_shown = not wanted or user.id in wanted
        mine = [each for each in known if is_shown and user.id in (each.row.staff_id, each.row.second_id)]
        rows.append(_row(at, user, mine, spots, taken_on(day, user.id, taken) if is_shown else (), is_shown=is_shown))
        if halts := _halts(at, mine, spots):
            ways.append(Way(at, user.name, halts))
    office = None
    if numbers.office_lat is not None and numbers.office_lon is not None:
        office = (numbers.office_lat, numbers.office_lon)
    earlier, later = ((day + timedelta(days=step)).isoformat() for step in (-1, 1))
    shown = {stop.id for row in rows for stop in row.stops}
    return TeamDayView(
        day.isoformat(), format_wareki(day), (day - timedelta(days=day.weekday())).isoformat(), earlier, later, tuple(rows),
        len(shown), sum(1 for row in rows if row.stops), draw_ways(places_of(town.code), ways, office), say_instant(now),
    )  # fmt: skip


def _row(
    at: int, user: User, mine: Sequence[Known], spots: Mapping[str, Spot], taken: tuple[str, ...], *, is_shown: bool
) -> TeamRow:
    look = look_of(at)
    stops = tuple(_stop(at, number, each, spots) for number, each in enumerate(mine, 1))
    return TeamRow(user.id, user.name, look.letter, look.said, draw_sample(look), stops, taken, is_shown)


def _stop(at: int, number: int, known: Known, spots: Mapping[str, Spot]) -> TeamStop:
    row = known.row
    return TeamStop(
        row.id, _anchor(at, number), f"{look_of(at).letter}{number}",
        "時刻未定" if row.start_min is None else format_time(row.start_min), KIND_LABELS[Kind(row.kind)], known.case.number,
        f"{known.person.name} さん", known.host.name if known.host else "", row.state == CONFIRMED,
        _spot(known, spots) is not None,
    )  # fmt: skip


def _halts(at: int, mine: Sequence[Known], spots: Mapping[str, Spot]) -> tuple[Halt, ...]:
    """The places of hosts among the stops; nobody's home is drawn."""
    found = []
    for number, each in enumerate(mine, 1):
        spot = _spot(each, spots)
        if spot is not None:
            found.append(Halt(*spot, number, each.host.name if each.host else "", _anchor(at, number)))
    return tuple(found)


def _spot(known: Known, spots: Mapping[str, Spot]) -> tuple[float, float] | None:
    if known.placement is None or Kind(known.row.kind) not in AT_HOST:
        return None
    spot = spots.get(known.placement.opening_id)
    if spot is None or spot.lat is None or spot.lon is None:
        return None
    return spot.lat, spot.lon


def _anchor(at: int, number: int) -> str:
    return f"stop-{look_of(at).letter}{number}"
