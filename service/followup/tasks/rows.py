"""A follow-up as a line of a list, and the lists somebody looks at: overdue first, then today in visiting order, then ahead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.followup.rhythms.rule import KIND_LABELS, TRAVELLED, Kind
from service.followup.tasks.models import CONFIRMED, MISSED, OPEN, FollowUp
from service.followup.tasks.narrowing import AHEAD, EVERYBODY, MINE, Wanted, conditions_of
from service.followup.tasks.reading import Known, list_follow_ups
from service.followup.tasks.states import STATE_LABELS, days_overdue
from service.kernel.dates import WEEKDAYS, format_wareki
from service.kernel.slots import format_time
from service.web.actor import Actor, Town

BAR_WIDTH: Final = 200
LOOKS: Final = {CONFIRMED: "solid", MISSED: "no"}


@dataclass(frozen=True)
class Bar:
    """The window as a drawing: places of its edges, the due day and today, in 0–200; None where it lies outside."""

    start: int
    width: int
    due: int
    today: int | None
    early: str
    due_said: str
    late: str


@dataclass(frozen=True)
class Line:
    """One follow-up in a list."""

    id: str
    kind: str
    person_id: str
    person: str
    number: str
    host: str
    host_id: str
    host_phone: str
    person_phone: str
    when: str
    state: str
    look: str
    overdue: int
    is_travelled: bool
    bar: Bar
    told: str
    """Escalation or the host's answer, in words."""


@dataclass(frozen=True)
class Group:
    """Lines that belong together, with why there are none."""

    key: str
    title: str
    empty: str
    lines: tuple[Line, ...]


def due_groups(session: Session, town: Town, actor: Actor, today: date, *, mine: bool) -> tuple[Group, ...]:
    """What is overdue, today's, the coming week's and what has no day yet, for one person or for everybody visible."""
    return wanted_groups(session, town, actor, today, Wanted(MINE if mine else EVERYBODY))


def wanted_groups(session: Session, town: Town, actor: Actor, today: date, wanted: Wanted) -> tuple[Group, ...]:
    """The same, narrowed as wanted."""
    return group(list_follow_ups(session, town, actor, *conditions_of(wanted, actor, today)), today)


def escalated(session: Session, town: Town, actor: Actor, today: date) -> tuple[Line, ...]:
    """What has risen and nobody has dealt with, of everything this person may see."""
    waits = (FollowUp.state.in_(OPEN), FollowUp.escalation > 0, FollowUp.escalation_handled_at.is_(None))
    return tuple(line_of(known, today) for known in list_follow_ups(session, town, actor, *waits))


def group(known: Iterable[Known], today: date) -> tuple[Group, ...]:
    """Every follow-up in exactly one group: overdue in whole days, today's, the next seven days', later ones, without a day."""
    overdue, now, week, later, loose = [], [], [], [], []
    for each in known:
        row = each.row
        if days_overdue(row.state, row.late_on, today) or row.state == MISSED:
            overdue.append(each)
        elif row.on is not None and row.on <= today:
            now.append(each)
        elif row.on is not None and row.on <= today + AHEAD:
            week.append(each)
        elif row.on is not None:
            later.append(each)
        else:
            loose.append(each)
    overdue.sort(key=lambda each: (each.row.late_on, each.row.id))
    loose.sort(key=lambda each: (each.row.due_on, each.row.id))
    parts = (
        ("overdue", "期限を過ぎたもの・会えなかったもの", "過ぎたものはありません。", overdue),
        ("today", "今日", "今日の予定はありません。", now),
        ("week", "これから7日", "これから7日の予定はありません。", week),
        ("later", "その先", "8日より先の予定は、ここにはありません。", later),
        ("loose", "日を決めるもの", "日を決めていないものはありません。", loose),
    )
    return tuple(Group(key, title, empty, tuple(line_of(each, today) for each in rows)) for key, title, empty, rows in parts)


def line_of(known: Known, today: date) -> Line:
    """One follow-up in words."""
    row, host = known.row, known.host
    kind = Kind(row.kind)
    return Line(
        row.id, KIND_LABELS[kind], known.person.id, known.person.name, known.case.number, host.name if host else "",
        host.id if host else "", host.phone if host and kind in TRAVELLED else "", known.person.phone, say_when(row),
        STATE_LABELS[row.state], LOOKS.get(row.state, ""), days_overdue(row.state, row.late_on, today), kind in TRAVELLED,
        bar_of(row, today), say_told(row),
    )  # fmt: skip


def say_when(row: FollowUp) -> str:
    """The planned day and hour, or that there is none yet."""
    if row.on is None:
        return "日は未定"
    return f"{say_day(row.on)}{'' if row.start_min is None else f' {format_time(row.start_min)}'}"


def say_told(row: FollowUp) -> str:
    """What else is to be known about it."""
    if row.escalation and row.escalation_handled_at is None:
        return "会議で相談する" if row.escalation > 1 else "管理者に知らせました"
    return {"asked": "受け入れ先に聞いています", "other": "受け入れ先から、ほかの日時の希望があります"}.get(
        row.host_answer, ""
    )


def best_week(row: FollowUp, today: date) -> str:
    """A day of the week it is, or would best be, done in, for an address."""
    if row.on is not None and row.on >= today:
        return row.on.isoformat()
    return min(max(row.due_on, row.early_on, today), max(row.late_on, today)).isoformat()


def bar_of(row: FollowUp, today: date) -> Bar:
    """The window with a margin on both sides, so that a due day at its edge can be seen."""
    margin = max(2, (row.late_on - row.early_on).days // 4)
    first, last = row.early_on - timedelta(days=margin), row.late_on + timedelta(days=margin)
    whole = (last - first).days

    def at(day: date) -> int:
        return round((day - first).days * BAR_WIDTH / whole)

    return Bar(
        at(row.early_on), max(4, at(row.late_on) - at(row.early_on)), at(row.due_on),
        at(today) if first <= today <= last else None, say_day(row.early_on), say_day(row.due_on), say_day(row.late_on),
    )  # fmt: skip


def say_day(day: date) -> str:
    """12/3（木）."""
    return f"{day.month}/{day.day}（{WEEKDAYS[day.weekday()]}）"


def say_long(day: date | None) -> str:
    """令和8年12月3日(木), or nothing."""
    return format_wareki(day) if day else ""


def count_overdue(groups: Sequence[Group]) -> int:
    """How many lines are late."""
    return sum(len(each.lines) for each in groups if each.key == "overdue")
