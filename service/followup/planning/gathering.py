"""The planner's question out of the office: follow-ups, staff with their hours, places and ways between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR
from service.followup.planner.instance import OFFICE, Block, Instance, Promise, Shift, Span, Staff, Task
from service.followup.planning.models import EVENT, StaffTime
from service.followup.planning.numbers import Numbers, current_numbers
from service.followup.rhythms.rule import AT_HOST, TRAVELLED, Kind
from service.followup.tasks.models import CONFIRMED, OPEN, FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.kernel.clock import TOKYO
from service.kernel.geo.distance import distance_km
from service.kernel.geo.travel_legs import Legs
from service.resources.models import Host, Opening, Site
from service.resources.policies import town_calendar
from service.web.actor import Actor, Town

Point = tuple[float, float]
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class _Spot:
    """Where an opening is, and until when it rests."""

    lat: float | None
    lon: float | None
    rests_until: date | None


@dataclass(frozen=True)
class Gathered:
    """The question, and which row of ours each of its tasks is."""

    instance: Instance
    rows: tuple[Known, ...]
    staff: tuple[User, ...]
    numbers: Numbers


def gather(session: Session, town: Town, actor: Actor, today: date) -> Gathered:
    """Everything this person may plan, from the next open day on; today is being done. Ids and numbers alone go in."""
    numbers, calendar = current_numbers(session), town_calendar(session, today)
    days = tuple(_open_days(calendar.add_open_days(today, 1), numbers.horizon_days, calendar.is_open))
    elsewhere = FollowUp.on.is_(None) | (FollowUp.on != today)
    near = or_(FollowUp.due_on <= days[-1], FollowUp.on.is_not(None))
    found = list_follow_ups(session, town, actor, FollowUp.state.in_(OPEN), elsewhere, near)
    # What is promised for a day or an hour this plan does not hold is none of its business.
    rows = tuple(
        each for each in found if not _is_fixed(each.row) or (each.row.on in days and each.row.start_min is not None)
    )
    staff = _coordinators(session)
    places = _Places(numbers)
    spots = _spots(session, rows)
    blocks = _blocks(session, days, staff, places)
    tasks = tuple(_task(known, days, staff, places, spots) for known in rows)
    members = tuple(Staff(each.id, _shifts(numbers, days, blocks.get(each.id, []))) for each in staff)
    return Gathered(Instance(days, members, tasks, places.travel(), numbers.limits, numbers.weights), rows, staff, numbers)


class _Places:
    """Locations by their number; the office is the first, and stands in for a place nobody has put on the map."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.points: list[Point | None] = [
            (numbers.office_lat, numbers.office_lon)
            if numbers.office_lat is not None and numbers.office_lon is not None
            else None
        ]
        self.known: dict[Point, int] = {}

    def at(self, lat: float | None, lon: float | None) -> int:
        """The number of a place."""
        if lat is None or lon is None:
            return OFFICE
        point = (round(lat, 6), round(lon, 6))
        if point not in self.known:
            self.known[point] = len(self.points)
            self.points.append(point)
        return self.known[point]

    def travel(self) -> NDArray[np.int32]:
        """Minutes between all of them; the office is in the middle of them where nobody has said where it is."""
        told = [point for point in self.points if point is not None]
        middle = (float(np.mean([p[0] for p in told])), float(np.mean([p[1] for p in told]))) if told else (0.0, 0.0)
        points = np.array([point or middle for point in self.points], dtype=np.float64)
        km = np.stack([distance_km(lat, lon, points[:, 0].copy(), points[:, 1].copy()) for lat, lon in points])
        return Legs(self.numbers.road_factor, self.numbers.speed_kmh, self.numbers.leg_min).minutes(km)


def _open_days(first: date, count: int, is_open: Callable[[date], bool]) -> Iterable[date]:
    day = first
    while count:
        if is_open(day):
            count -= 1
            yield day
        day += DAY


def _coordinators(session: Session) -> tuple[User, ...]:
    users = session.scalars(select(User).where(User.active).order_by(User.name, User.id))
    return tuple(user for user in users if COORDINATOR in user.roles)


def _spots(session: Session, rows: Sequence[Known]) -> dict[str, _Spot]:
    openings = {known.placement.opening_id for known in rows if known.placement is not None}
    query = (
        select(Opening, Host, Site)
        .join(Host, Opening.host_id == Host.id)
        .join(Site, Opening.site_id == Site.id)
        .where(Opening.id.in_(sorted(openings)))
    )
    return {opening.id: _Spot(site.lat, site.lon, _rests(opening, host)) for opening, host, site in session.execute(query)}


def _rests(opening: Opening, host: Host) -> date | None:
    """Until when nobody comes there; without a day told, for good."""
    paused = [row.paused_until or date.max for row in (opening, host) if row.status == "paused"]
    return max(paused, default=None)


def _blocks(
    session: Session, days: Sequence[date], staff: Sequence[User], places: _Places
) -> dict[str, list[tuple[date, Block]]]:
    first, last = (datetime.combine(day, time(), TOKYO) for day in (days[0], days[-1] + DAY))
    query = select(StaffTime).where(
        StaffTime.user_id.in_([each.id for each in staff]), StaffTime.end_at > first, StaffTime.start_at < last
    )
    found: dict[str, list[tuple[date, Block]]] = {}
    for row in session.scalars(query.order_by(StaffTime.start_at)):
        location = places.at(row.lat, row.lon) if row.kind == EVENT and row.lat is not None else None
        for day in days:
            start, end = _within(row.start_at, row.end_at, day)
            if start < end:
                found.setdefault(row.user_id, []).append((day, Block(start, end, location)))
    return found


def _within(start_at: datetime, end_at: datetime, day: date) -> Span:
    midnight = datetime.combine(day, time(), TOKYO)
    start, end = ((at - midnight).total_seconds() / 60 for at in (start_at, end_at))
    return max(0, int(start)), min(1440, int(np.ceil(end)))


def _shifts(numbers: Numbers, days: Sequence[date], blocks: list[tuple[date, Block]]) -> dict[int, Shift]:
    """The office hours of each day less what is taken; a day that is taken whole is leave."""
    shifts = {}
    for at, day in enumerate(days):
        taken = _merged(
            Block(max(block.start_min, numbers.office_start_min), min(block.end_min, numbers.office_end_min), block.location)
            for on, block in blocks
            if on == day
        )
        if not any(b.start_min <= numbers.office_start_min and b.end_min >= numbers.office_end_min for b in taken):
            shifts[at] = Shift(numbers.office_start_min, numbers.office_end_min, taken)
    return shifts


def _merged(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """In order and without overlap; two that overlap are one block without a place."""
    found: list[Block] = []
    for block in sorted(blocks, key=lambda each: (each.start_min, each.end_min)):
        if block.start_min >= block.end_min:
            continue
        if found and block.start_min < found[-1].end_min:
            found[-1] = Block(found[-1].start_min, max(found[-1].end_min, block.end_min))
        else:
            found.append(block)
    return tuple(found)


def _task(known: Known, days: Sequence[date], staff: Sequence[User], places: _Places, spots: dict[str, _Spot]) -> Task:
    row, index = known.row, {each.id: at for at, each in enumerate(staff)}
    primary = index.get(row.staff_id or known.case.assigned_id, index.get(known.case.assigned_id, 0))
    promise = _promise(row, days, index)
    return Task(
        row.id, row.minutes, row.priority, row.early_on, row.due_on, row.late_on, primary,
        location=_location(known, places, spots),
        closed=_closed(known, days, spots),
        backups=_backups(known, index, primary),
        windows=_windows(known),
        needs_two=row.needs_two and len(staff) > 1,
        second=index.get(row.second_id or ""),
        pin=promise if _is_fixed(row) else None,
        current=None if _is_fixed(row) else promise,
    )  # fmt: skip


def _is_fixed(row: FollowUp) -> bool:
    return row.state == CONFIRMED or row.is_pinned


def _promise(row: FollowUp, days: Sequence[date], index: dict[str, int]) -> Promise | None:
    if row.on is None or row.start_min is None or row.on not in days or (row.staff_id or "") not in index:
        return None
    return Promise(index[row.staff_id or ""], days.index(row.on), row.start_min)


def _location(known: Known, places: _Places, spots: dict[str, _Spot]) -> int | None:
    kind = Kind(known.row.kind)
    if kind not in TRAVELLED:
        return None
    if kind in AT_HOST and known.placement is not None:
        spot = spots.get(known.placement.opening_id)
        return places.at(spot.lat, spot.lon) if spot else OFFICE
    return places.at(known.person.lat, known.person.lon)


def _closed(known: Known, days: Sequence[date], spots: dict[str, _Spot]) -> frozenset[int]:
    """The days on which the place rests."""
    spot = spots.get(known.placement.opening_id) if known.placement is not None else None
    if spot is None or spot.rests_until is None or Kind(known.row.kind) not in AT_HOST:
        return frozenset()
    return frozenset(at for at, day in enumerate(days) if day <= spot.rests_until)


def _backups(known: Known, index: dict[str, int], primary: int) -> tuple[int, ...]:
    """Whoever covers and the named backup first, then everybody else who may."""
    named = [known.case.backup_id or "", *(each.user_id for each in known.case.stand_ins)]
    others = [index[each] for each in named if each in index]
    # A locked case is visited by those who are named on it alone.
    everybody = others if known.case.locked else [*others, *index.values()]
    return tuple(dict.fromkeys(each for each in everybody if each != primary))


def _windows(known: Known) -> tuple[tuple[Span, ...], ...]:
    """When the person is there, for a visit at the host; at any hour where no hours are agreed."""
    placement = known.placement
    if Kind(known.row.kind) not in AT_HOST or placement is None:
        return ()
    hours: list[list[Span]] = [[] for _ in range(7)]
    for each in placement.sessions:
        if each.weekday is not None:
            hours[each.weekday].append((each.start_min or 0, each.end_min or 1440))
    if not any(hours):
        return ()
    return tuple(tuple(sorted(day)) for day in hours)
