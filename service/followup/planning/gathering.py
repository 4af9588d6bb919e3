"""The planner's question out of the office: follow-ups, staff with their hours, places and ways between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR
from service.followup.planner.instance import OFFICE, Instance, Promise, Staff, Task
from service.followup.planning.hours import shifts_of, taken_hours
from service.followup.planning.numbers import Numbers, current_numbers
from service.followup.planning.places import Places, Spot, spots_of
from service.followup.planning.windows import closed_days, windows_of
from service.followup.rhythms.rule import AT_HOST, TRAVELLED, Kind
from service.followup.tasks.models import CONFIRMED, OPEN, FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.kernel.clock import TOKYO
from service.kernel.slots import DAY_MIN, SlotText
from service.resources.policies import town_calendar
from service.web.actor import Actor, Town

DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Gathered:
    """The question, and which row of ours each of its tasks is."""

    instance: Instance
    rows: tuple[Known, ...]
    staff: tuple[User, ...]
    numbers: Numbers


def gather(session: Session, town: Town, actor: Actor, today: date, passed_min: int = DAY_MIN) -> Gathered:
    """Everything this person may plan, from the next open day on; ids and numbers alone go in.

    Of today's what should have ended by `passed_min` (minutes from midnight) goes in as well; the rest is being done.
    """
    numbers, calendar = current_numbers(session), town_calendar(session, today)
    days = tuple(_open_days(calendar.add_open_days(today, 1), numbers.horizon_days, calendar.is_open))
    near = or_(FollowUp.due_on <= days[-1], FollowUp.on.is_not(None))
    found = list_follow_ups(session, town, actor, FollowUp.state.in_(OPEN), near)
    rows = tuple(each for each in found if _is_open_question(each.row, days, today, passed_min))
    staff = coordinators_of(session)
    places, spots = Places(numbers), spots_of(session, rows)
    taken = taken_hours(session, town, actor, days[0], days[-1])
    members = tuple(
        Staff(each.id, shifts_of(numbers, days, [row for row in taken if row.user_id == each.id], places)) for each in staff
    )
    people = list(dict.fromkeys(each.person.id for each in rows))
    tasks = tuple(
        replace(_task(known, days, staff, places, spots, numbers.confirm_days), person=_whom(known, people))
        for known in rows
    )
    return Gathered(Instance(days, members, tasks, places.travel(), numbers.limits, numbers.weights), rows, staff, numbers)


def gather_now(session: Session, town: Town, actor: Actor, now: datetime) -> Gathered:
    """The question as it is at an instant."""
    clock = now.astimezone(TOKYO)
    return gather(session, town, actor, clock.date(), clock.hour * 60 + clock.minute)


def coordinators_of(session: Session) -> tuple[User, ...]:
    """Everybody who goes out, by name."""
    users = session.scalars(select(User).where(User.active).order_by(User.name, User.id))
    return tuple(user for user in users if COORDINATOR in user.roles)


def _is_open_question(row: FollowUp, days: Sequence[date], today: date, passed_min: int) -> bool:
    """Whether a plan may say something about it: not what is promised for a time it does not hold, nor what is being done."""
    if is_fixed(row):
        return row.on in days and row.start_min is not None
    ends_min = DAY_MIN if row.start_min is None else row.start_min + row.minutes
    return row.on != today or ends_min <= passed_min


def _open_days(first: date, count: int, is_open: Callable[[date], bool]) -> Iterable[date]:
    day = first
    while count:
        if is_open(day):
            count -= 1
            yield day
        day += DAY


def _task(
    known: Known, days: Sequence[date], staff: Sequence[User], places: Places, spots: dict[str, Spot], notice: int
) -> Task:
    row, index = known.row, {each.id: at for at, each in enumerate(staff)}
    primary = index.get(row.staff_id or known.case.assigned_id, index.get(known.case.assigned_id, 0))
    promise = _promise(row, days, index)
    spot = spots.get(known.placement.opening_id) if known.placement is not None else None
    is_there = known.placement is not None and Kind(row.kind) in AT_HOST
    return Task(
        row.id, row.minutes, row.priority, _early(row, days, notice, promise), row.due_on, row.late_on, primary,
        location=location_of(known, places, spots),
        closed=closed_days(days, spot) if is_there else frozenset(),
        backups=_backups(known, index, primary),
        windows=windows_of(sessions_of(known), spot) if is_there else (),
        needs_two=row.needs_two and len(staff) > 1,
        second=index.get(row.second_id or ""),
        pin=promise if is_fixed(row) else None,
        current=None if is_fixed(row) else promise,
    )  # fmt: skip


def _whom(known: Known, people: Sequence[str]) -> int | None:
    """The number of whom it is about; a letter takes nobody's time."""
    return None if Kind(known.row.kind) is Kind.LETTER else people.index(known.person.id)


def _early(row: FollowUp, days: Sequence[date], notice: int, promise: Promise | None) -> date:
    """The first day of its window; a host is told `notice` open days before, unless that is after the due day.

    What already has a day keeps it, however near.
    """
    if Kind(row.kind) not in AT_HOST or promise is not None or not notice:
        return row.early_on
    return max(row.early_on, min(days[min(notice, len(days)) - 1], row.due_on))


def is_fixed(row: FollowUp) -> bool:
    """Whether no plan may move it: promised, or put there by hand."""
    return row.state == CONFIRMED or row.is_pinned


def _promise(row: FollowUp, days: Sequence[date], index: dict[str, int]) -> Promise | None:
    if row.on is None or row.start_min is None or row.on not in days or (row.staff_id or "") not in index:
        return None
    return Promise(index[row.staff_id or ""], days.index(row.on), row.start_min)


def location_of(known: Known, places: Places, spots: dict[str, Spot]) -> int | None:
    """The number of the place it leads to; None for telephone and letters."""
    kind = Kind(known.row.kind)
    if kind not in TRAVELLED:
        return None
    if kind in AT_HOST and known.placement is not None:
        spot = spots.get(known.placement.opening_id)
        return places.at(spot.lat, spot.lon) if spot else OFFICE
    return places.at(known.person.lat, known.person.lon)


def _backups(known: Known, index: dict[str, int], primary: int) -> tuple[int, ...]:
    """Whoever covers and the named backup first, then everybody else who may."""
    named = [known.case.backup_id or "", *(each.user_id for each in known.case.stand_ins)]
    others = [index[each] for each in named if each in index]
    # A locked case is visited by those who are named on it alone.
    everybody = others if known.case.locked else [*others, *index.values()]
    return tuple(dict.fromkeys(each for each in everybody if each != primary))


def sessions_of(known: Known) -> list[SlotText]:
    """The hours agreed with the person; a time without a fixed day says nothing of any."""
    sessions = known.placement.sessions if known.placement is not None else []
    return [SlotText(each.weekday, each.start_min, each.end_min) for each in sessions if each.weekday is not None]
