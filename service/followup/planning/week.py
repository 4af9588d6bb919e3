"""The week on its page: coordinators × days, and the one visit somebody has in hand, with what it breaks where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.accounts.models import User
from service.followup.planning.hours import Taken, taken_on
from service.followup.planning.week_forms import HandForm
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks.models import CONFIRMED, OPEN
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import Bar, bar_of, say_day, say_told, say_when
from service.kernel.calendar import Calendar, days_between
from service.kernel.dates import format_wareki
from service.kernel.slots import format_time
from service.web.actor import Actor

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """One thing in a cell of the week."""

    id: str
    version: int
    time: str
    what: str
    person: str
    number: str
    is_promised: bool
    may_move: bool
    is_held: bool


@dataclass(frozen=True)
class Cell:
    """One day of one coordinator; `key` is who and when, `may_put` whether the visit in hand may come here."""

    key: str
    staff: str
    said: str
    entries: tuple[Entry, ...]
    taken: tuple[str, ...]
    closed: str
    may_put: bool


@dataclass(frozen=True)
class Hand:
    """The visit in hand: where it stands, what that breaks, and the form that puts it elsewhere."""

    id: str
    version: int
    what: str
    person: str
    number: str
    host: str
    now: str
    told: str
    bar: Bar
    breaks: tuple[str, ...]
    way: str
    is_placed: bool
    is_promised: bool
    needs_two: bool
    may_move: bool
    may_undo: bool
    form: HandForm
    problem: str


@dataclass(frozen=True)
class WeekView:
    """Coordinators × days."""

    first: str
    days: tuple[tuple[str, str, str], ...]
    """Each day's address, name and what closes it."""
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]
    earlier: str
    later: str
    said: str
    visits: int
    promised: int
    unplanned: int
    hand: Hand | None
    once: str


@dataclass(frozen=True)
class Shown:
    """What a week is drawn from."""

    first: date
    today: date
    known: Sequence[Known]
    staff: Sequence[User]
    taken: Sequence[Taken]
    calendar: Calendar
    unplanned: int


def week_view(shown: Shown, actor: Actor, hand: Hand | None, may_go: Collection[str], once: str) -> WeekView:
    """Monday to Friday of a week, and the weekend where something stands on it; `may_go` are those the hand may give it to."""
    first = shown.first
    days = [day for day in days_between(first, first + timedelta(days=6)) if day.weekday() < 5 or _is_used(day, shown.known)]
    rows = tuple(
        (user.id, user.name, tuple(_cell(day, user, shown, actor, hand, may_go) for day in days)) for user in shown.staff
    )
    named = tuple((day.isoformat(), say_day(day), shown.calendar.why_closed(day)) for day in days)
    earlier, later = ((first + step).isoformat() for step in (-WEEK, WEEK))
    open_ones = [each for each in shown.known if each.row.state in OPEN]
    promised = sum(1 for each in open_ones if each.row.state == CONFIRMED)
    return WeekView(
        first.isoformat(), named, rows, earlier, later, f"{format_wareki(first)}からの週", len(open_ones), promised,
        shown.unplanned, hand, once,
    )  # fmt: skip


def hand_of(
    known: Known, actor: Actor, names: Mapping[str, str], today: date, form: HandForm, breaks: tuple[str, ...], way: str,
    problem: str,
) -> Hand:  # fmt: skip
    """The visit in hand as the page shows it."""
    row = known.row
    who = "と".join(names.get(each, "") for each in (row.staff_id, row.second_id) if each)
    may_move = known.may_be_changed_by(actor) and row.state in OPEN
    return Hand(
        row.id, row.version, KIND_LABELS[Kind(row.kind)], f"{known.person.name} さん", known.case.number,
        known.host.name if known.host else "", f"{say_when(row)}{f'　{who}' if row.on and who else ''}", say_told(row),
        bar_of(row, today), breaks, way, row.on is not None, row.state == CONFIRMED, row.needs_two, may_move,
        may_move and row.state != CONFIRMED and bool(row.earlier), form, problem,
    )  # fmt: skip


def _is_used(day: date, known: Sequence[Known]) -> bool:
    return any(each.row.on == day for each in known)


def _cell(day: date, user: User, shown: Shown, actor: Actor, hand: Hand | None, may_go: Collection[str]) -> Cell:
    mine = [each for each in shown.known if each.row.on == day and user.id in (each.row.staff_id, each.row.second_id)]
    entries = tuple(
        Entry(
            each.row.id, each.row.version, "" if each.row.start_min is None else format_time(each.row.start_min),
            KIND_LABELS[Kind(each.row.kind)], f"{each.person.name} さん", each.case.number, each.row.state == CONFIRMED,
            each.row.state in OPEN and each.may_be_changed_by(actor), hand is not None and hand.id == each.row.id,
        )
        for each in sorted(mine, key=lambda each: (each.row.start_min is None, each.row.start_min or 0, each.row.position))
    )  # fmt: skip
    may_put = hand is not None and hand.may_move and user.id in may_go and day >= shown.today
    taken = taken_on(day, user.id, shown.taken)
    key = f"{user.id}|{day.isoformat()}"
    return Cell(key, user.name, say_day(day), entries, taken, shown.calendar.why_closed(day), may_put)
