"""会議の宿題を知らせる: before the day, on it and after it — on 今日 of whom it concerns, and once each by letter to the agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from service.accounts.roles import SECRETARIAT, SUPERVISOR
from service.cases.access import cases_in_process
from service.cases.models import SupportCase
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.kana import fold_text
from service.kernel.outbox.messages import CANCELLED, WAITING, OutboxMessage
from service.kernel.outbox.posting import post
from service.meetings.models import ActionItem, AgendaItem, Meeting
from service.meetings.reading import visible_meetings
from service.resources.agencies.models import Agency
from service.resources.letters import KINDS, TASK
from service.resources.town_words import town_settings
from service.web.actor import Actor, Town

AHEAD, TODAY, LATE = "ahead", "today", "late"
LETTER: Final = """{agency}　御中

会議でお引き受けいただいたことの期限についてのお知らせです。
期限　{day}（{when}）

内容は、お手もとの会議の記録をご覧ください。済んでいましたら、事務局か担当者にお知らせください。
この知らせには、どなたのことかも、内容も書いていません。
"""
WHEN: Final = {AHEAD: "もうすぐです", TODAY: "きょうです", LATE: "過ぎています"}


@dataclass(frozen=True)
class Reach:
    """How many days before and after its day a task is spoken of, as the town has decided."""

    before: int
    after: int

    def stage(self, due_on: date, today: date) -> str:
        """Which reminder is due; empty while it is too early."""
        if today >= due_on + timedelta(days=self.after):
            return LATE
        if today >= due_on:
            return TODAY
        return AHEAD if today >= due_on - timedelta(days=self.before) else ""


@dataclass(frozen=True)
class Task:
    """A task that is due for somebody, with the meeting where its outcome is written down."""

    action: ActionItem
    meeting: Meeting
    number: str


def reach_of(session: Session) -> Reach:
    """As the town has decided."""
    known = town_settings(session)
    return Reach(known.number("action_before_days"), known.number("action_after_days"))


def tasks_for(session: Session, town: Town, actor: Actor, today: date) -> Sequence[Task]:
    """What this person hears of: ahead, what they took on; from the day on, what is of their cases; too late, all for the office.

    Only of meetings they may see, and of cases they may follow.
    """
    reach, name = reach_of(session), fold_text(actor.label.partition("（")[0])
    oversees = bool(actor.roles & {SECRETARIAT, SUPERVISOR})
    meetings = visible_meetings(actor, today).with_only_columns(Meeting.id)
    cases = cases_in_process(town, actor).with_only_columns(SupportCase.id)
    query = (
        select(ActionItem, Meeting, SupportCase.number, SupportCase.assigned_id)
        .join(AgendaItem, ActionItem.item_id == AgendaItem.id)
        .join(Meeting, AgendaItem.meeting_id == Meeting.id)
        .outerjoin(SupportCase, AgendaItem.case_id == SupportCase.id)
        .where(ActionItem.done_on.is_(None), ActionItem.due_on <= today + timedelta(days=reach.before))
        .where(Meeting.id.in_(meetings), or_(AgendaItem.case_id.is_(None), AgendaItem.case_id.in_(cases)))
        .order_by(ActionItem.due_on, ActionItem.id)
    )
    found = []
    for action, meeting, number, assigned_id in session.execute(query):
        stage = reach.stage(action.due_on, today)
        is_theirs = fold_text(action.owner) == name
        if is_theirs or (stage != AHEAD and assigned_id == actor.id) or (stage == LATE and oversees):
            found.append(Task(action, meeting, number or ""))
    return found


def remind_agencies(session: Session, now: datetime) -> int:
    """The night's step: a letter to each agency with an address, for each reminder once; a task that is done takes its letters back."""
    _take_back(session)
    today, reach = day_in_japan(now), reach_of(session)
    mailed = {fold_text(row.name): row for row in session.scalars(select(Agency).where(Agency.active, Agency.email != ""))}
    waiting = select(ActionItem).where(ActionItem.done_on.is_(None), ActionItem.agency != "").order_by(ActionItem.id)
    sent = set(session.scalars(select(OutboxMessage.key).where(OutboxMessage.kind == TASK)))
    count = 0
    for action in session.scalars(waiting):
        stage, agency = reach.stage(action.due_on, today), mailed.get(fold_text(action.agency))
        key = f"{TASK}:{action.id}:{stage}"
        if stage and agency is not None and key not in sent:
            _post(session, key, action, agency, stage, now)
            count += 1
    return count


def _post(session: Session, key: str, action: ActionItem, agency: Agency, stage: str, now: datetime) -> None:
    body = LETTER.format(agency=agency.name, day=format_wareki(action.due_on), when=WHEN[stage])
    post(
        session, key=key, kind=TASK, to_type="agency", to_id=agency.id, subject=KINDS[TASK], body=body, by="つなぎ", now=now,
        about_id=action.id,
    )  # fmt: skip


def _take_back(session: Session) -> None:
    done = select(ActionItem.id).where(ActionItem.done_on.is_not(None))
    unsent = and_(OutboxMessage.kind == TASK, OutboxMessage.state == WAITING, OutboxMessage.about_id.in_(done))
    for message in session.scalars(select(OutboxMessage).where(unsent)):
        message.state, message.ended_by = CANCELLED, "つなぎ"
