"""組めなかったもの: every follow-up that is due and has no day, with the reason the last plan gave and what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, undefer

from service.accounts.models import User
from service.followup.planner.plan import Reason, Remedy
from service.followup.planning.differing import REASON_SAID, REMEDY_SAID, Change
from service.followup.planning.models import APPLIED, PlanRun
from service.followup.planning.numbers import current_numbers
from service.followup.planning.running import changes_in, newest_run
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks.models import OPEN, FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.followup.tasks.rows import Bar, bar_of, say_day, say_told
from service.followup.tasks.states import STATE_LABELS, days_overdue
from service.kernel.clock import day_in_japan
from service.resources.policies import town_calendar
from service.resources.words import say_instant
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
    remedies: tuple[tuple[str, str], ...]
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
    last = town_calendar(session, today).add_open_days(today, current_numbers(session).horizon_days)
    without = and_(FollowUp.on.is_(None), FollowUp.due_on <= last)
    found = list_follow_ups(session, town, actor, FollowUp.state.in_(OPEN), or_(without, FollowUp.on < today))
    return sorted(found, key=lambda known: (known.row.late_on, known.row.due_on, known.row.key))


def unplanned_view(
    session: Session, town: Town, actor: Actor, staff: Sequence[User], once: str, now: datetime, *, mine: bool
) -> UnplannedView:
    """The page; `mine` leaves the colleagues' out."""
    today = day_in_japan(now)
    known = [each for each in loose_ends(session, town, actor, today) if not mine or _whose(each) == actor.id]
    run = _told_by(session, actor)
    changes = {change.follow_up_id: change for change in changes_in(run)} if run is not None else {}
    is_open = run is not None and run.state != APPLIED
    names = {each.id: each.name for each in staff}
    piles: dict[str, list[Loose]] = {}
    for each in known:
        row = _row(each, changes.get(each.row.id), names, actor, today, is_open=is_open)
        piles.setdefault(names.get(_whose(each), each.case.assigned.name), []).append(row)
    found = tuple(Pile(name, tuple(rows)) for name, rows in sorted(piles.items()))
    overdue = sum(1 for pile in found for row in pile.rows if row.overdue)
    asked = say_instant(run.asked_at) if run is not None else ""
    return UnplannedView(found, len(known), overdue, asked, mine, once, say_instant(now))


def _told_by(session: Session, actor: Actor) -> PlanRun | None:
    """One's own last plan; whoever never asks for one reads the reasons of the town's last."""
    query = select(PlanRun).order_by(PlanRun.asked_at.desc(), PlanRun.id).options(undefer(PlanRun.plan)).limit(1)
    return newest_run(session, actor) or session.scalars(query).first()


def _whose(known: Known) -> str:
    return known.row.staff_id or known.case.assigned_id


def _row(
    known: Known, change: Change | None, names: Mapping[str, str], actor: Actor, today: date, *, is_open: bool
) -> Loose:
    row = known.row
    is_fresh = change is not None and change.version == row.version
    remedies = change.remedies if change is not None and is_fresh else ()
    best = min(max(row.due_on, row.early_on, today), max(row.late_on, today))
    return Loose(
        row.id, row.version, known.person.id, known.person.name, known.case.number, KIND_LABELS[Kind(row.kind)],
        known.host.name if known.host else "", STATE_LABELS[row.state], days_overdue(row.state, row.late_on, today),
        say_told(row), _why(row, change, names, today, is_open=is_open), bar_of(row, today),
        tuple((key, REMEDY_SAID[Remedy(key)]) for key in remedies), known.may_be_changed_by(actor), best.isoformat(),
    )  # fmt: skip


def _why(row: FollowUp, change: Change | None, names: Mapping[str, str], today: date, *, is_open: bool) -> str:
    """The machine's reason; that it does not know one is said as well."""
    if row.on is not None and row.on < today and change is None:
        return f"{say_day(row.on)}の予定のまま、その日が過ぎました"
    if change is None:
        return NOT_ASKED
    if change.version != row.version:
        return CHANGED
    if change.after is not None:
        where = f"{say_day(change.after.on)}　{names.get(change.after.staff_id, '')}"
        return f"案では {where} に入ります。まだ決めていません" if is_open else CHANGED
    return REASON_SAID[Reason(change.reason)] if change.reason else CHANGED
