"""Tries that reached nobody: each a row of its own, kept once however often a phone sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.followup.tasks.models import OPEN, Attempt
from service.followup.tasks.reading import Known
from service.followup.tasks.states import next_try
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.policies import town_calendar
from service.web.actor import Actor

CHANNELS: Final = {
    "visit": "訪問",
    "phone": "電話",
    "letter": "手紙",
    "message": "文字・メール",
    "via_host": "受け入れ先を通して",
}
RESULTS: Final = {
    "absent": "不在",
    "no_answer": "出なかった",
    "refused": "今は会いたくない",
    "wrong_contact": "連絡先がちがう",
    "we_postponed": "こちらの都合で延期",
    "they_postponed": "先方の都合で延期",
}
LETTER_ONLY: Final = ("letter", "message")
"""What remains when somebody does not want to be visited."""


@dataclass(frozen=True)
class Try:
    """One try: when, how, what came of it."""

    client_id: str
    at: datetime
    channel: str
    result: str
    note: str = ""
    next_on: date | None = None


def note_attempt(session: Session, known: Known, actor: Actor, tried: Try, now: datetime) -> Attempt:
    """Write a try down; one with the same number of the phone is the one already here. It changes no state."""
    if earlier := session.scalars(select(Attempt).where(Attempt.client_id == tried.client_id)).first():
        return earlier
    if tried.channel not in CHANNELS or tried.result not in RESULTS:
        raise DomainError("やり方か結果が選ばれていません。", "一つずつ選んでください。", "attempt", 422)
    if known.row.state not in OPEN:
        raise DomainError("この予定は終わっています。", "新しい記録は、ケースの画面から入れてください。", "state", 409)
    row = Attempt(
        follow_up_id=known.row.id, client_id=tried.client_id, at=tried.at, channel=tried.channel, result=tried.result,
        next_on=tried.next_on, note=tried.note, recorded_at=now, recorded_by=actor.label,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def propose_next(session: Session, known: Known, now: datetime) -> tuple[date, str]:
    """When and how to try next; after 「今は会いたくない」 never at the door."""
    today = day_in_japan(now)
    tried = [(day_in_japan(each.at), each.channel) for each in known.row.attempts]
    refused = any(each.result == "refused" for each in known.row.attempts)
    ways = LETTER_ONLY if refused else ("phone", "message", "visit", "letter")
    return next_try(tried, town_calendar(session, today), today, ways)
