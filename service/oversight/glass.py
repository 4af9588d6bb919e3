"""Opening a case in an emergency, and ending it: who, why, until when, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.doors import access_setting
from service.accounts.models import User
from service.cases.access import is_current, visible_cases
from service.cases.glass import BreakGlass
from service.cases.models import Person, SupportCase
from service.followup.tasks.models import OPEN, FollowUp
from service.kernel.clock import TOKYO
from service.kernel.errors import DomainError, NotFound
from service.web.actor import Actor, Town

TOLD_FOR = timedelta(days=7)
"""So long 今日 tells the assigned coordinator of an opening."""
SHORTEST_REASON, LONGEST_REASON = 5, 500


def open_glass(session: Session, town: Town, actor: Actor, number: str, reason: str, now: datetime) -> BreakGlass:
    """Open a case for a while.

    Raises DomainError without a reason, for a number that is none, or for a case that is open to this supervisor anyway.
    """
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise DomainError(
            "開くわけがありません。", f"だれが何のために要るのかを、{SHORTEST_REASON}〜{LONGEST_REASON}字で書いてください。", "glass-reason", 422
        )  # fmt: skip
    case = session.scalars(select(SupportCase).where(SupportCase.number == number.strip(), is_current())).first()
    if case is None:
        raise DomainError("そのケース番号はありません。", "番号を確かめてください（例 R8-001）。", "glass-number", 422)
    mine = visible_cases(town, actor).where(SupportCase.id == case.id)
    if session.scalars(mine.with_only_columns(SupportCase.id)).first() is not None:
        raise DomainError("このケースは、いまも読めます。", "開かずに「人をさがす」から読んでください。", "glass-open", 409)
    until = now + timedelta(minutes=access_setting(session).glass_minutes)
    row = BreakGlass(
        case_id=case.id, user_id=actor.id, opened_by=actor.label, reason=reason.strip(), opened_at=now, until=until
    )
    session.add(row)
    session.flush()
    return row


def end_glass(session: Session, actor: Actor, glass_id: str, now: datetime) -> None:
    """Stop reading at once; an opening of somebody else, or one that is over, is answered like an absent one."""
    row = session.get(BreakGlass, glass_id)
    if row is None or row.user_id != actor.id or row.ends_at() <= now:
        raise NotFound()
    row.ended_at = now


def open_now(session: Session, actor: Actor, now: datetime) -> list[tuple[BreakGlass, str, str]]:
    """What this supervisor holds open: the opening, the case's number, and the person it is about."""
    query = (
        select(BreakGlass, SupportCase.number, Person.id)
        .join(SupportCase, SupportCase.id == BreakGlass.case_id)
        .join(Person, Person.household_id == SupportCase.household_id)
        .where(BreakGlass.user_id == actor.id, BreakGlass.ended_at.is_(None), BreakGlass.until > now, Person.principal)
        .order_by(BreakGlass.until)
    )
    return [(row, number, person_id) for row, number, person_id in session.execute(query)]


def openings(session: Session, *, case_ids: Sequence[str] | None = None) -> list[tuple[BreakGlass, str]]:
    """Every opening with the case's number, the newest first."""
    query = select(BreakGlass, SupportCase.number).join(SupportCase, SupportCase.id == BreakGlass.case_id)
    if case_ids is not None:
        query = query.where(BreakGlass.case_id.in_(case_ids))
    return [(row, number) for row, number in session.execute(query.order_by(BreakGlass.opened_at.desc(), BreakGlass.id))]


def opened_of_mine(session: Session, actor: Actor, today: date) -> list[tuple[BreakGlass, str, str]]:
    """Openings of the last days of cases assigned to this person: the opening, the number, and the person it is about."""
    since = datetime.combine(today - TOLD_FOR, time(), TOKYO)
    query = (
        select(BreakGlass, SupportCase.number, Person.id)
        .join(SupportCase, SupportCase.id == BreakGlass.case_id)
        .join(Person, Person.household_id == SupportCase.household_id)
        .where(SupportCase.assigned_id == actor.id, Person.principal, BreakGlass.opened_at > since)
        .order_by(BreakGlass.opened_at.desc())
    )
    return [(row, number, person_id) for row, number, person_id in session.execute(query)]


def stuck_out_of_sight(session: Session, town: Town, actor: Actor) -> list[tuple[str, str]]:
    """Cases with a follow-up that is stuck and that this supervisor may not read: numbers, and who is assigned."""
    visible = visible_cases(town, actor).with_only_columns(SupportCase.id)
    waits = (FollowUp.escalation > 0, FollowUp.escalation_handled_at.is_(None), FollowUp.state.in_(OPEN))
    stuck = select(FollowUp.case_id).where(*waits)
    query = (
        select(SupportCase.number, User.name)
        .join(User, User.id == SupportCase.assigned_id)
        .where(SupportCase.id.in_(stuck), SupportCase.id.not_in(visible))
    )
    return [(number, name) for number, name in session.execute(query.order_by(SupportCase.number))]
