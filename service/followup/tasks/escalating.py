"""Telling somebody else in time: what nobody manages rises to the supervisor and then to a meeting, and closes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.followup.tasks.models import OPEN, FollowUp
from service.followup.tasks.states import Standing, due_escalation
from service.kernel.calendar import Calendar
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.policies import town_calendar

CAP_OPEN_DAYS = 10
"""One person's follow-ups rise once in so many open days, so that nobody drowns in alarms."""


def escalate_due(session: Session, now: datetime) -> int:
    """The night's step: what is stuck rises one level; how many rose."""
    today = day_in_japan(now)
    calendar = town_calendar(session, today)
    query = select(FollowUp).where(FollowUp.state.in_(OPEN)).options(selectinload(FollowUp.attempts))
    rows = session.scalars(query.order_by(FollowUp.late_on, FollowUp.id)).all()
    lately = _people_alarmed_lately(rows, calendar, now)
    raised = 0
    for row in rows:
        if _waits_again(row, calendar, now):
            # What was said then has not helped: it is told anew, from the beginning.
            row.escalation, row.escalated_at, row.escalation_handled_at = 0, None, None
        level = due_escalation(_standing(row), calendar, today)
        if level <= row.escalation or (row.escalation == 0 and row.person_id in lately):
            continue
        row.escalation, row.escalated_at = level, now
        lately.add(row.person_id)
        raised += 1
    return raised


def handle(row: FollowUp, note: str, now: datetime) -> None:
    """Somebody has dealt with it, and says how; it does not rise again."""
    if not row.escalation or row.escalation_handled_at is not None:
        raise DomainError("対応を待っている知らせではありません。", "画面を開き直してください。", "not-escalated", 409)
    if not note.strip():
        raise DomainError("どう対応したかがありません。", "ひとこと入れてください。", "note", 422)
    row.escalation_handled_at, row.escalation_note = now, note


def _waits_again(row: FollowUp, calendar: Calendar, now: datetime) -> bool:
    """Whether it was dealt with in words long ago and is still to be done."""
    if row.escalation_handled_at is None:
        return False
    return calendar.count_open_days(day_in_japan(row.escalation_handled_at), day_in_japan(now)) > CAP_OPEN_DAYS


def _people_alarmed_lately(rows: Sequence[FollowUp], calendar: Calendar, now: datetime) -> set[str]:
    since = calendar.add_open_days(day_in_japan(now), -CAP_OPEN_DAYS)
    return {row.person_id for row in rows if row.escalated_at is not None and day_in_japan(row.escalated_at) > since}


def _standing(row: FollowUp) -> Standing:
    return Standing(
        row.state, row.priority, row.late_on, [each.channel for each in row.attempts], row.escalation,
        day_in_japan(row.escalated_at) if row.escalated_at else None, row.escalation_handled_at is not None,
    )  # fmt: skip
