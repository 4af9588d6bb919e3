"""組めなかったもの: every follow-up that is due and has no day, with the reason the last plan gave and what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, undefer

from service.accounts.models import User
from service.followup.planning.differing import REASON_SAID, Change, Help
from service.followup.planning.helping import helps_of
from service.followup.planning.models import APPLIED, PlanRun
from service.followup.planning.numbers import current_numbers
from service.followup.planning.running import changes_in, newest_run
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks.models import OPEN, FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.followup.tasks.rows import Bar, bar_of, best_week, say_day, say_told
from service.followup.tasks.states import STATE_LABELS, days_overdue
from service.kernel.clock import day_in_japan
from service.kernel.dates import say_instant
from service.resources.policies import town_calendar
from service.web.actor import Actor, Town

NOT_ASKED: Final = "まだ組んでいません。「再計画」を押すと、入る日か、入らないわけが分かります"
CHANGED: Final = "組んだあとに変わりました。組み直すと、入る日か、入らないわけが分かります"


@dataclass(frozen=True)
class Loose:
    """One follow-up without a day: whose, what, why, and what would help with one tap."""

    id: str
    version: int
    person_id: str
    person: str
    number: str
    what: str
    host: str
    state: str
    overdue: int
    told: str
    why: str
    bar: Bar
    remedies: tuple[Help, ...]
    may_change: bool
    week: str
    """A day of the week it would best be done in."""


@dataclass(frozen=True)
class Pile:
    """The follow-ups without a day of one coordinator."""

    staff: str
    rows: tuple[Loose, ...]


@dataclass(frozen=True)
class UnplannedView:
    """All of them, by coordinator."""

    piles: tuple[Pile, ...]
    count: int
    overdue: int
    asked: str
    """When the plan was asked for that gives the reasons; empty without one."""
    is_mine: bool
    once: str
    printed: str


def loose_ends(session: Session, town: Town, actor: Actor, today: date) -> Sequence[Known]:
    """Whatever is due within the horizon of a plan and has no day, or only one that has passed."""
    last = last_day(session, today)
    without = and_(FollowUp.on.is_(None), FollowUp.due_on <= last)
    found = list_follow_ups(session, town, actor, FollowUp.state.in_(OPEN), or_(without, FollowUp.on < today))
    return sorted(found, key=lambda known: (known.row.late_on, known.row.due_on, known.row.key))


def last_day(session: Session, today: date) -> date:
    """The end of the days a plan of today is made for."""
    return town_calendar(session, today).add_open_days(today, current_numbers(session).horizon_days)


def unplanned_view(
    session: Session, town: Town, actor: Actor, staff: Sequence[User], once: str, now: datetime, *, mine: bool
) -> UnplannedView:
    """The page; `mine` leaves the colleagues' out."""
    today = day_in_japan(now)
    known = [each for each in loose_ends(session, town, actor, today) if not mine or _whose(each) == actor.id]
    told = _told_by(session, actor, staff, today)
    piles: dict[str, list[Loose]] = {}
    for each in known:
        piles.setdefault(told.names.get(_whose(each), each.case.assigned.name), []).append(_row(each, told, actor))
    found = tuple(Pile(name, tuple(rows)) for name, rows in sorted(piles.items()))
    overdue = sum(1 for pile in found for row in pile.rows if row.overdue)
    return UnplannedView(found, len(known), overdue, told.asked, mine, once, say_instant(now))


@dataclass(frozen=True)
class _Told:
    """What the last plan has said, and when it was made for which days."""

    changes: Mapping[str, Change]
    asked: str
    is_open: bool
    names: Mapping[str, str]
    today: date
    last: date


def _told_by(session: Session, actor: Actor, staff: Sequence[User], today: date) -> _Told:
    """By one's own last plan; whoever never asks for one reads the reasons of the town's last."""
    query = select(PlanRun).order_by(PlanRun.asked_at.desc(), PlanRun.id).options(undefer(PlanRun.plan)).limit(1)
    run = newest_run(session, actor) or session.scalars(query).first()
    names, last = {each.id: each.name for each in staff}, last_day(session, today)
    if run is None:
        return _Told({}, "", False, names, today, last)
    changes = {change.follow_up_id: change for change in changes_in(run)}
    return _Told(changes, say_instant(run.asked_at), run.state != APPLIED, names, today, last)


def _whose(known: Known) -> str:
    return known.row.staff_id or known.case.assigned_id


def _row(known: Known, told: _Told, actor: Actor) -> Loose:
    row, today, change = known.row, told.today, told.changes.get(known.row.id)
    remedies = change.remedies if change is not None and change.version == row.version else ()
    return Loose(
        row.id, row.version, known.person.id, known.person.name, known.case.number, KIND_LABELS[Kind(row.kind)],
        known.host.name if known.host else "", STATE_LABELS[row.state], days_overdue(row.state, row.late_on, today),
        say_told(row), _why(row, change, told), bar_of(row, today),
        helps_of(remedies, known, today), known.may_be_changed_by(actor), best_week(row, today),
    )  # fmt: skip


def _why(row: FollowUp, change: Change | None, told: _Told) -> str:
    """The machine's reason; that it does not know one is said as well."""
    if change is None:
        return _why_unsaid(row, told)
    if change.version != row.version:
        return CHANGED
    if change.after is not None:
        where = f"{say_day(change.after.on)}　{told.names.get(change.after.staff_id, '')}"
        return f"案では {where} に入ります。まだ決めていません" if told.is_open else CHANGED
    return REASON_SAID[change.reason] if change.reason else CHANGED


def _why_unsaid(row: FollowUp, told: _Told) -> str:
    """What can be said of one the plan is silent about."""
    if row.on is not None:
        return f"{say_day(row.on)}の予定のまま、その日が過ぎました"
    if told.asked and row.late_on > told.last:
        return f"遅い日が、組む期間（{say_day(told.last)}まで）より先なので、案に入れずに待っています"
    return NOT_ASKED
