"""つなぎ元への報告: an entry for each who has to hear, and the one way it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.cases.access import cases_in_process
from service.cases.feedback.models import Feedback
from service.cases.models import SupportCase
from service.cases.referrals.models import Referral
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, NotFound
from service.resources.policies import town_calendar
from service.resources.town_words import town_settings
from service.web.actor import Actor, Town

OWED, GIVEN, NOT_NEEDED = "owed", "given", "not_needed"
STATES: Final = {OWED: "これから", GIVEN: "伝えた", NOT_NEEDED: "不要"}
ABOUT: Final = {
    "received": "受付",
    "screening": "該当判断",
    "meeting": "会議",
    "suspended": "中断",
    "closing": "終結",
    "asked": "問い合わせ",
}
REFERRER, ABSENT = "referrer", "absent"
LONGEST_LIST: Final = 200


@dataclass(frozen=True)
class Hearer:
    """Who has to hear, and how they want to."""

    name: str
    agency: str = ""
    role: str = REFERRER
    by: str = ""


@dataclass(frozen=True)
class Told:
    """What was done about an entry: told already, told later, or not needed for a reason."""

    state: str
    text: str = ""
    reason: str = ""


def owe(
    session: Session, actor: Actor, case: SupportCase, hearer: Hearer, about: str, about_id: str, told: Told, now: datetime
) -> Feedback:
    """One entry, settled at once where it was told or is not needed.

    Raises DomainError when it says neither what was told nor why nothing is.
    """
    check_told(told)
    today = day_in_japan(now)
    days = town_settings(session).number("feedback_days")
    row = Feedback(
        case_id=case.id, about=about, about_id=about_id, to_role=hearer.role, to_name=hearer.name, to_agency=hearer.agency,
        by=hearer.by, due_on=town_calendar(session, today).add_open_days(today, days), made_at=now,
    )  # fmt: skip
    session.add(row)
    if told.state != OWED:
        _settle(row, actor, told, today)
    session.flush()
    return row


def settle(
    session: Session, town: Town, actor: Actor, feedback_id: str, version: int, told: Told, now: datetime
) -> Feedback:
    """Write down what was told, or why nothing has to be.

    Raises NotFound, Conflict when somebody settled it meanwhile, or DomainError for an answer that says nothing.
    """
    row = session.scalars(open_entries(town, actor).where(Feedback.id == feedback_id)).first()
    if row is None:
        raise NotFound()
    row.expect(version)
    if told.state == OWED:
        raise DomainError("まだ伝えていません。", "伝えた内容か、不要なわけを書いてください。", "feedback-owed", 422)
    check_told(told)
    _settle(row, actor, told, day_in_japan(now))
    session.flush()
    return row


def hearer_of(referral: Referral) -> Hearer:
    """Whoever handed a case over, by the sheet that did."""
    return Hearer(referral.from_person, referral.from_agency, REFERRER, referral.feedback_by)


def owe_referrers(
    session: Session, actor: Actor, case: SupportCase, about: str, about_id: str, told: Told, now: datetime
) -> None:
    """One entry for whoever handed a case in hand over; a case that came without a sheet has nobody to tell."""
    sheets = select(Referral).where(Referral.case_id == case.id, Referral.withdrawn_on.is_(None))
    for row in session.scalars(sheets).all():
        owe(session, actor, case, hearer_of(row), about, about_id, told, now)


def settle_all(session: Session, actor: Actor, case: SupportCase, about: str, text: str, on: date) -> None:
    """Everybody who still waits to hear of one thing about a case in hand has heard it."""
    query = select(Feedback).where(Feedback.case_id == case.id, Feedback.about == about, Feedback.state == OWED)
    for row in session.scalars(query).all():
        _settle(row, actor, Told(GIVEN, text), on)


def check_told(told: Told) -> None:
    """What was told is in words; so is why nothing has to be."""
    if told.state not in STATES:
        raise DomainError("報告をどうするかが選ばれていません。", "一つ選んでください。", "feedback-state", 422)
    if told.state == GIVEN and not told.text.strip():
        raise DomainError("何を伝えたかがありません。", "つなぎ元に伝えたことを書いてください。", "feedback-text", 422)
    if told.state == NOT_NEEDED and not told.reason.strip():
        raise DomainError("報告が要らないわけがありません。", "一言書いてください。", "feedback-reason", 422)


def open_entries(town: Town, actor: Actor) -> Select[Feedback]:
    """What is still owed about cases this actor may see, the oldest due first; to narrow further."""
    cases = cases_in_process(town, actor).with_only_columns(SupportCase.id)
    return select(Feedback).where(Feedback.case_id.in_(cases), Feedback.state == OWED).order_by(Feedback.due_on, Feedback.id)


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits to hear, the case's number, and whose case it is."""

    entry: Feedback
    number: str
    assigned_id: str


def waiting_to_hear(session: Session, town: Town, actor: Actor) -> list[Waiting]:
    """Everybody still waiting about cases this actor may see, the oldest due first."""
    query = open_entries(town, actor).join(SupportCase, SupportCase.id == Feedback.case_id)
    rows = session.execute(query.add_columns(SupportCase.number, SupportCase.assigned_id).limit(LONGEST_LIST))
    return [Waiting(*row) for row in rows]


def entry_in_hand(session: Session, town: Town, actor: Actor, feedback_id: str) -> tuple[Feedback, str]:
    """One entry, told or not, with the number of its case. Absent and forbidden are one answer."""
    query = cases_in_process(town, actor).join(Feedback, Feedback.case_id == SupportCase.id)
    row = session.execute(query.where(Feedback.id == feedback_id).with_only_columns(Feedback, SupportCase.number)).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def entries_of(session: Session, case_id: str) -> list[Feedback]:
    """Everything owed and told about a case the filter has given, newest first."""
    query = select(Feedback).where(Feedback.case_id == case_id)
    return list(session.scalars(query.order_by(Feedback.made_at.desc(), Feedback.id)))


def _settle(row: Feedback, actor: Actor, told: Told, today: date) -> None:
    row.state, row.text, row.reason = told.state, told.text.strip(), told.reason.strip()
    row.settled_on, row.settled_by = today, actor.label
