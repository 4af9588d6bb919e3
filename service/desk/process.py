"""The way of the cases on 今日: sheets that wait, those who wait to hear, meetings of the week, what was undertaken to win a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_CATALOGUE, EDIT_PROCESS, READ_MEETINGS, READ_PROCESS, SECRETARIAT
from service.cases.feedback.owing import ABOUT, Waiting, waiting_to_hear
from service.cases.referrals.asking import waiting_requests
from service.cases.referrals.inbox import arrived
from service.cases.referrals.models import AdviceRequest
from service.cases.referrals.pages import InboxLine, inbox_view
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.meetings.models import Meeting
from service.meetings.pages_list import hours_of
from service.meetings.reading import visible_meetings
from service.meetings.reminding import Task, tasks_for
from service.meetings.rules import CANCELLED, DONE
from service.resources.agencies.developments import due_of
from service.resources.agencies.kinds import FIELDS
from service.resources.agencies.models import ResourceDevelopment
from service.web.actor import Actor, Town

SHOWN: Final = 8
WEEK: Final = timedelta(days=6)


@dataclass(frozen=True)
class Todo:
    """A line of 今日 with its one action."""

    text: str
    note: str
    label: str
    href: str


@dataclass(frozen=True)
class Todos:
    """Some lines, of so many; `said` is what stands beside their number."""

    lines: tuple[Todo, ...] = ()
    total: int = 0
    said: str = ""


@dataclass(frozen=True)
class ProcessView:
    """What of the cases' way waits today; None where it is none of somebody's business."""

    sheets: Todos | None
    questions: Todos | None
    reports: Todos | None
    meetings: Todos | None
    tasks: Todos | None
    """会議の宿題 that are due soon, due, or late."""
    developments: Todos | None


def process_view(session: Session, town: Town, actor: Actor, today: date) -> ProcessView:
    """Each part in one question to the database, however much waits."""
    follows = READ_PROCESS.allows(actor)
    return ProcessView(
        sheets=_sheets(session, town, actor, today) if follows else None,
        questions=_questions(session) if EDIT_PROCESS.allows(actor) else None,
        reports=_reports(session, town, actor, today) if follows else None,
        meetings=_meetings(session, actor, today) if READ_MEETINGS.allows(actor) else None,
        tasks=_tasks(session, town, actor, today) if follows else None,
        developments=_developments(session, actor, today) if EDIT_CATALOGUE.allows(actor) else None,
    )


def _sheets(session: Session, town: Town, actor: Actor, today: date) -> Todos:
    """For the office every sheet that waits; for everybody else those nobody has answered in time."""
    lines = inbox_view(arrived(session, town, actor), "", True, actor, today).lines
    wanted = lines if SECRETARIAT in actor.roles else tuple(line for line in lines if line.is_late)
    late = sum(line.is_late for line in wanted)
    return Todos(tuple(_sheet(line) for line in wanted[:SHOWN]), len(wanted), f"うち期限切れ{late}件" if late else "")


def _sheet(line: InboxLine) -> Todo:
    name = "匿名の方" if line.name == "匿名" else f"{line.name} さん"
    text = f"{'急ぎ　' if line.is_urgent else ''}{name}　{line.number}"
    age = line.age if line.age == "今日" else f"届いてから{line.age}"
    return Todo(text, f"{age}　{line.source}　{line.next}", "シートを開く", f"/referrals/{line.id}")


def _questions(session: Session) -> Todos:
    """What a つなぎ元 asked without a sheet: whoever of the office reads it first answers."""
    rows = waiting_requests(session)
    return Todos(tuple(_question(row) for row in rows[:SHOWN]), len(rows))


def _question(row: AdviceRequest) -> Todo:
    when = f"{format_wareki(day_in_japan(row.asked_at))}に届きました"
    note = "　".join(filter(None, (when, row.to_agency, FIELDS.get(row.field, ""))))
    return Todo(f"{row.from_agency}　{row.from_person}", note, "答える", f"/advice#a-{row.id}")


def _reports(session: Session, town: Town, actor: Actor, today: date) -> Todos:
    """Who waits to hear: of one's own cases first, then the longest overdue."""
    rows = waiting_to_hear(session, town, actor)
    late = sum(row.entry.due_on < today for row in rows)
    mine = sum(row.assigned_id == actor.id for row in rows)
    first = sorted(rows, key=lambda row: (row.assigned_id != actor.id, row.entry.due_on, row.entry.id))[:SHOWN]
    said = "・".join(filter(None, (f"自分の担当{mine}件" if mine else "", f"期限切れ{late}件" if late else "")))
    return Todos(tuple(_report(row, actor, today) for row in first), len(rows), said)


def _report(row: Waiting, actor: Actor, today: date) -> Todo:
    entry = row.entry
    whom = "　".join(filter(None, (entry.to_agency, entry.to_name)))
    late = (today - entry.due_on).days
    when = f"{format_wareki(entry.due_on)}まで" + (f"（{late}日超過）" if late > 0 else "")
    whose = "自分の担当" if row.assigned_id == actor.id else ""
    note = "　".join(filter(None, (when, f"{ABOUT[entry.about]}のこと", whose, f"希望：{entry.by}" if entry.by else "")))
    return Todo(f"{whom}　{row.number}", note, "報告する", f"/feedback?open={entry.id}#f-{entry.id}")


def _meetings(session: Session, actor: Actor, today: date) -> Todos:
    query = visible_meetings(actor, today).where(
        Meeting.on >= today, Meeting.on <= today + WEEK, Meeting.status.not_in((DONE, CANCELLED))
    )
    rows: Sequence[Meeting] = session.scalars(query.order_by(Meeting.on, Meeting.start_min, Meeting.id)).all()
    return Todos(tuple(_meeting(row) for row in rows[:SHOWN]), len(rows))


def _meeting(row: Meeting) -> Todo:
    when = "　".join(filter(None, (format_wareki(row.on), hours_of(row), row.place)))
    return Todo(row.name, when, "議題を見る", f"/meetings/{row.id}")


def _tasks(session: Session, town: Town, actor: Actor, today: date) -> Todos:
    rows = tasks_for(session, town, actor, today)
    late = sum(row.action.due_on < today for row in rows)
    return Todos(tuple(_task(row, today) for row in rows[:SHOWN]), len(rows), f"うち期限切れ{late}件" if late else "")


def _task(row: Task, today: date) -> Todo:
    action, late = row.action, (today - row.action.due_on).days
    when = f"{format_wareki(action.due_on)}まで" + (f"（{late}日超過）" if late > 0 else "（きょう）" if late == 0 else "")
    note = "　".join(filter(None, (when, row.number, action.agency, action.owner, row.meeting.name)))
    return Todo(action.what, note, "どうなったかを書く", f"/meetings/{row.meeting.id}#h-items")


def _developments(session: Session, actor: Actor, today: date) -> Todos:
    rows = due_of(session, actor.label.split("（")[0], today)
    return Todos(tuple(_development(row, today) for row in rows[:SHOWN]), len(rows))


def _development(row: ResourceDevelopment, today: date) -> Todo:
    late = (today - row.until_on).days if row.until_on else 0
    when = f"{format_wareki(row.until_on)}まで" if row.until_on else ""
    note = "　".join(filter(None, (f"{when}（{late}日超過）" if late else when, row.with_whom)))
    return Todo(row.what, note, "どうなったかを書く", f"/gaps/{row.gap_id}/developments/{row.id}")
