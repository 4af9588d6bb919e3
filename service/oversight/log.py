"""The log of the town as somebody reads it: who, when, what kind, and the case by its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import AUDITOR, SUPERVISOR
from service.cases.access import is_current
from service.cases.models import SupportCase
from service.kernel.audit import AuditEntry
from service.kernel.clock import TOKYO
from service.kernel.dates import DateProblem, parse_date, say_instant
from service.oversight.pseudonyms import looked_at_of, numbers_of
from service.oversight.words import ACTS, LOOKS, say_act, say_thing
from service.web.actor import Actor

PER_PAGE: Final = 50
MOST_EXPORTED: Final = 20_000


@dataclass(frozen=True)
class LogLine:
    """One line, without a name of anybody the town supports."""

    seq: int
    when: str
    who: str
    act: str
    thing: str
    number: str


@dataclass(frozen=True)
class Asked:
    """What the log is narrowed to; what cannot be read as a day or a number narrows nothing, and the page says so."""

    who: str = ""
    act: str = ""
    number: str = ""
    first: str = ""
    last: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Asked:
        """Out of an address."""
        act = query.get("act", "")
        return cls(
            query.get("who", "")[:32], act if act in ACTS or act == "looks" else "", query.get("number", "").strip()[:20],
            query.get("first", "").strip()[:30], query.get("last", "").strip()[:30],
        )  # fmt: skip

    @property
    def address(self) -> str:
        """The same again, for the next page and the file."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    @property
    def problem(self) -> str:
        """What was typed and is no day."""
        wrong = [text for text in (self.first, self.last) if text and _day(text) is None]
        return (
            ""
            if not wrong
            else f"「{'」「'.join(wrong)}」は日付として読めません。R8.11.1 や 2026/11/1 のように入れてください。"
        )


def entries(session: Session, actor: Actor, asked: Asked) -> Select[AuditEntry]:
    """The lines this person may read, newest first; the city's office reads what was done with locked cases."""
    query = select(AuditEntry).order_by(AuditEntry.seq.desc())
    if not actor.roles & {AUDITOR, SUPERVISOR}:
        query = query.where(AuditEntry.object_id.in_(_of_locked(session)))
    if asked.who:
        query = query.where(AuditEntry.actor_id == asked.who)
    if asked.act:
        query = query.where(AuditEntry.action.in_(LOOKS) if asked.act == "looks" else AuditEntry.action == asked.act)
    if asked.number:
        query = query.where(AuditEntry.object_id.in_(_of_number(session, asked.number)))
    if first := _day(asked.first):
        query = query.where(AuditEntry.at >= _midnight(first))
    if last := _day(asked.last):
        query = query.where(AuditEntry.at < _midnight(last + timedelta(days=1)))
    return query


def count_of(session: Session, query: Select[AuditEntry]) -> int:
    """How many lines there are."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def lines_of(session: Session, found: Sequence[AuditEntry]) -> tuple[LogLine, ...]:
    """Lines in words."""
    numbers = numbers_of(session, found)
    signed_in = [row.object_id for row in found if row.object_type == "user"]
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(signed_in))).all())
    return tuple(
        LogLine(row.seq, say_instant(row.at), row.actor_label, say_act(row.action), say_thing(row.object_type) + (f"　{names[row.object_id]}" if row.object_id in names else ""),
                numbers.get(row.object_id, ""))
        for row in found
    )  # fmt: skip


def people_of(session: Session) -> tuple[tuple[str, str], ...]:
    """Whose lines can be asked for: everybody who signs in, by name."""
    users = session.scalars(select(User).order_by(User.name, User.login_name))
    return tuple((user.id, user.as_actor().label) for user in users)


def looks_of(session: Session, household_id: str) -> tuple[LogLine, ...]:
    """Who saw, printed or took out what about a household, newest first."""
    ids = looked_at_of(session, household_id)
    query = select(AuditEntry).where(AuditEntry.action.in_(LOOKS), AuditEntry.object_id.in_(ids))
    return lines_of(session, session.scalars(query.order_by(AuditEntry.seq.desc()).limit(500)).all())


def _of_number(session: Session, number: str) -> set[str]:
    household = select(SupportCase.household_id).where(SupportCase.number == number)
    found = session.scalars(household).first()
    return looked_at_of(session, found) if found else set()


def _of_locked(session: Session) -> set[str]:
    query = select(SupportCase.household_id).where(SupportCase.locked, is_current())
    return {id_ for household in session.scalars(query) for id_ in looked_at_of(session, household)}


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text else None
    except DateProblem:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO).astimezone(UTC)
