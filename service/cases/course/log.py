"""支援経過記録: writing an entry, correcting one by another, and reading them newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.access import refuse_when_over
from service.cases.course.models import ProgressNote
from service.cases.models import Person, SupportCase
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.errors import DomainError, NotFound
from service.kernel.slots import format_time
from service.web.actor import Actor

NOTE, MOVE, OUTREACH, DECISION, CONSENT = "note", "move", "outreach", "decision", "consent"
METHODS: Final[Mapping[str, str]] = {
    "visit": "訪問", "office": "来所", "phone": "電話", "letter": "手紙", "mail": "メール", "chat": "チャット",
    "online": "オンライン", "accompany": "同行", "meeting": "会議",
}  # fmt: skip
OUTREACH_METHODS: Final[Mapping[str, str]] = {
    "letter": "手紙を置く", "mail": "メール", "chat": "チャット", "phone": "電話", "visit": "訪問", "accompany": "同行",
    "leaflet": "チラシ", "family": "家族と面談",
}  # fmt: skip
REACTIONS: Final[Mapping[str, str]] = {
    "met": "会えた",
    "answered": "返事があった",
    "refused": "断られた",
    "none": "反応がなかった",
}
FLAGS: Final[Mapping[str, str]] = {"urgent": "緊急", "hand_over": "申し送り"}
LONGEST: Final = 4000
_TICK, _ONE_INSTANT = timedelta(microseconds=1), timedelta(milliseconds=1)


@dataclass(frozen=True)
class Entry:
    """What is written down: when and how it happened, with whom, and what comes next."""

    on: date
    text: str
    kind: str = NOTE
    at_min: int | None = None
    method: str = ""
    with_whom: str = ""
    reaction: str = ""
    next_step: str = ""
    flags: tuple[str, ...] = ()
    person_id: str | None = None
    corrects_id: str | None = None
    from_status: str = ""
    to_status: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def write(session: Session, actor: Actor, case: SupportCase, entry: Entry, now: datetime) -> ProgressNote:
    """One entry in the log of a case this actor may write in.

    Raises DomainError for a day still to come, an empty text, or a correction of an entry that is not of this case.
    """
    _check(session, case, entry, day_in_japan(now))
    row = ProgressNote(
        case_id=case.id, person_id=entry.person_id, kind=entry.kind, on=entry.on, at_min=entry.at_min, method=entry.method,
        with_whom=entry.with_whom, text=entry.text.strip(), reaction=entry.reaction, next_step=entry.next_step.strip(),
        flags=list(entry.flags), from_status=entry.from_status, to_status=entry.to_status, facts=dict(entry.facts),
        corrects_id=entry.corrects_id, recorded_at=_next_instant(session, case.id, now), recorded_by=actor.label,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def log_consent(session: Session, actor: Actor, case: SupportCase, person: Person, said: str, now: datetime) -> None:
    """An answer to a question of consent, given or taken back: the log tells of it as of every step."""
    text = f"同意（{person.relation}）　{said}"
    write(session, actor, case, Entry(day_in_japan(now), text, CONSENT, person_id=person.id), now)


def entries_of(session: Session, case_id: str) -> list[ProgressNote]:
    """The log of a case the filter has given, newest first."""
    query = select(ProgressNote).where(ProgressNote.case_id == case_id)
    return list(session.scalars(query.order_by(ProgressNote.on.desc(), ProgressNote.recorded_at.desc(), ProgressNote.id)))


def say_when(row: ProgressNote) -> str:
    """The day of an entry, with its time where somebody said it."""
    return format_wareki(row.on) if row.at_min is None else f"{format_wareki(row.on)} {format_time(row.at_min)}"


def say_how(row: ProgressNote) -> str:
    """In which way, with whom, and how it was taken."""
    methods = OUTREACH_METHODS if row.kind == OUTREACH else METHODS
    return "　".join(filter(None, (methods.get(row.method, ""), row.with_whom, REACTIONS.get(row.reaction, ""))))


def last_decision(session: Session, case_id: str) -> ProgressNote | None:
    """What a meeting decided since the case last came before one; None when nothing has been decided yet."""
    query = select(ProgressNote).where(ProgressNote.case_id == case_id, ProgressNote.kind.in_((MOVE, DECISION)))
    rows = session.scalars(query.order_by(ProgressNote.recorded_at.desc(), ProgressNote.id)).all()
    newest = next(iter(rows), None)
    return newest if newest is not None and newest.kind == DECISION else None


def _next_instant(session: Session, case_id: str, now: datetime) -> datetime:
    """Now, or a tick behind what was written at this same instant: ids are random, so the instant alone tells the order."""
    at = ProgressNote.recorded_at
    same = select(func.max(at)).where(ProgressNote.case_id == case_id, at >= now, at < now + _ONE_INSTANT)
    last = session.scalar(same)
    return now if last is None else last + _TICK


def _check(session: Session, case: SupportCase, entry: Entry, today: date) -> None:
    if entry.on > today and entry.kind != MOVE:
        raise DomainError("まだ来ていない日は記録できません。", "今日までの日を入れてください。", "future-note", 422)
    if entry.kind in (NOTE, OUTREACH) and not entry.text.strip():
        raise DomainError("内容がありません。", "あったことを一言書いてください。", "empty-note", 422)
    if entry.kind == OUTREACH and case.closed_on and entry.on > case.closed_on:
        refuse_when_over(case)
    if len(entry.text) > LONGEST:
        raise DomainError(f"内容が長すぎます（{LONGEST}字まで）。", "二つの記録に分けてください。", "long-note", 422)
    if entry.corrects_id:
        earlier = session.get(ProgressNote, entry.corrects_id)
        if earlier is None or earlier.case_id != case.id:
            raise NotFound()
