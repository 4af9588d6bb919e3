"""Who of another agency reads the shared parts of a case: added and ended by those named on it; the gate is asked at every read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import TEAM
from service.cases.access import cases_of_member
from service.cases.consent import SERVICE, state_of
from service.cases.course.bodies import bodies
from service.cases.course.flow import Status
from service.cases.course.models import CaseMember
from service.cases.models import Consent, Person, SupportCase
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, NotFound
from service.resources.agencies.models import Agency
from service.web.actor import Actor


def add_member(session: Session, actor: Actor, case: SupportCase, user_id: str, agency_id: str, now: datetime) -> None:
    """Let somebody read the shared parts of a case in hand; the same person twice is one member.

    Raises DomainError for nobody, no agency, a locked case, or without consent and without a meeting body that needs none.
    """
    user = session.get(User, user_id) if user_id else None
    if user is None or not user.active or TEAM not in user.roles:
        raise DomainError("だれを加えるかが選ばれていません。", "一覧から選んでください。", "member-who", 422)
    agency = session.get(Agency, agency_id) if agency_id else None
    if agency is None or not agency.active:
        raise DomainError(
            "どの機関の人かが選ばれていません。", "相談支援機関等一覧から選んでください。", "member-agency", 422
        )
    if case.locked:
        raise DomainError(
            "限定公開のケースには、ほかの機関の人を加えられません。", "会議の席で伝えてください。", "member-locked", 409
        )
    if not may_be_shared(session, case, agency.name, day_in_japan(now)):
        raise DomainError(
            "利用申込みの同意がありません。",
            "同意を記録してから加えるか、同意なしの支援に移って会議体を決めてください。市の担当課の人は、同意の前でも加えられます。",
            "member-consent", 409,
        )  # fmt: skip
    if all(member.user_id != user.id for member, _ in members_of(session, case.id) if member.until is None):
        session.add(CaseMember(case_id=case.id, user_id=user.id, agency=agency.name, since=now, added_by=actor.label))


def end_member(session: Session, case: SupportCase, member_id: str, now: datetime) -> None:
    """From now on they read nothing of the case in hand."""
    member = session.get(CaseMember, member_id)
    if member is None or member.case_id != case.id or member.until is not None:
        raise NotFound()
    member.until = now


def members_of(session: Session, case_id: str) -> list[tuple[CaseMember, str]]:
    """Everybody who was ever a member of a case the filter has given, with their names; those of today first."""
    query = select(CaseMember, User.name).join(User, User.id == CaseMember.user_id).where(CaseMember.case_id == case_id)
    rows = session.execute(query.order_by(CaseMember.until.is_not(None), CaseMember.since, CaseMember.id))
    return [(member, name) for member, name in rows]


def may_be_shared(session: Session, case: SupportCase, agency: str, today: date) -> bool:
    """The gate of a case in hand: consent, the municipality's own office, or a meeting body whose law needs no consent."""
    query = select(Consent).join(Person).where(Person.household_id == case.household_id, Person.principal)
    if state_of(session.scalars(query), today, SERVICE) == "given":
        return True
    municipal = select(Agency.id).where(Agency.name == agency, Agency.is_municipal, Agency.active)
    if session.scalars(municipal).first() is not None:
        return True
    body = bodies().get(case.body)
    return case.status == Status.NO_CONSENT and body is not None and bool(body.law)


def cases_for(session: Session, actor: Actor, today: date) -> list[tuple[SupportCase, CaseMember, Person]]:
    """The cases somebody reads as a member, as of this moment, with the one each is about."""
    query = (
        cases_of_member(actor)
        .join(CaseMember, CaseMember.case_id == SupportCase.id)
        .join(Person, Person.household_id == SupportCase.household_id)
        .where(CaseMember.user_id == actor.id, CaseMember.until.is_(None), Person.principal)
        .add_columns(CaseMember, Person)
        .order_by(SupportCase.number)
    )
    rows: Sequence[tuple[SupportCase, CaseMember, Person]] = [tuple(row) for row in session.execute(query)]
    return [row for row in rows if may_be_shared(session, row[0], row[1].agency, today)]


def read_as_member(session: Session, actor: Actor, case_id: str, today: date) -> tuple[SupportCase, CaseMember, Person]:
    """One of them; looking is recorded. Absent, ended and shut by the gate are one answer."""
    found = next((row for row in cases_for(session, actor, today) if row[0].id == case_id), None)
    if found is None:
        raise NotFound()
    note(session, "view", "support_case", case_id)
    return found
