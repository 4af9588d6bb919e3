"""Taking in a つなぐシート: the household, its case and the sheet in one write; nobody and nothing is typed twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR
from service.cases.course.flow import OVER, Status
from service.cases.course.log import MOVE, Entry, write
from service.cases.models import Household, Person, SupportCase
from service.cases.people import locate_home, next_number
from service.cases.referrals.models import Referral, ReferralStep
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.kernel.kana import fold_text
from service.resources.places import places_of
from service.resources.policies import newest, town_calendar
from service.resources.town_words import town_settings
from service.web.actor import Actor, Town

INTAKE: Final = "intake"
ANONYMOUS: Final = "匿名"
URGENT, PRE_MEETING, QUESTION, ANSWER = "urgent", "pre_meeting", "question", "answer"
STEP_KINDS: Final = {
    URGENT: "緊急の対応",
    PRE_MEETING: "事前のカンファレンス",
    QUESTION: "つなぎ元への質問",
    ANSWER: "つなぎ元の答え",
}


@dataclass(frozen=True)
class Sheet:
    """What stands on a つなぐシート; texts as typed, days as days."""

    came_by: str
    received_on: date
    from_agency: str
    from_person: str
    name: str
    troubles: Sequence[str]
    tried: str
    story: str = ""
    pressing: str = ""
    from_phone: str = ""
    from_email: str = ""
    agency_id: str | None = None
    to_agency: str = ""
    kana: str = ""
    birth_on: date | None = None
    age_band: str = ""
    address: str = ""
    district: str = ""
    phone: str = ""
    reach: str = ""
    members: str = ""
    is_urgent: bool = False
    knows: str = "unknown"
    feedback_by: str = ""
    urgent_action: str = ""
    urgent_by: str = ""


def receive(
    session: Session, town: Town, actor: Actor, sheet: Sheet, now: datetime, referrer_id: str | None = None
) -> Referral:
    """A new case at 受付 with its sheet; due days count open days from the receipt.

    Raises DomainError when nobody is there to take it up.
    """
    today = day_in_japan(now)
    person, case = _open(session, town, actor, sheet, today)
    calendar, rules = town_calendar(session, today), town_settings(session)
    referral = Referral(
        case_id=case.id, came_by=sheet.came_by, received_on=sheet.received_on, received_at=now,
        from_agency=sheet.from_agency, from_person=sheet.from_person, from_phone=sheet.from_phone,
        from_email=sheet.from_email, agency_id=sheet.agency_id, referrer_id=referrer_id, to_agency=sheet.to_agency,
        is_anonymous=person.name == ANONYMOUS, age_band=sheet.age_band, reach=sheet.reach, members=sheet.members,
        troubles=list(sheet.troubles), pressing=sheet.pressing, story=sheet.story, tried=sheet.tried,
        is_urgent=sheet.is_urgent, knows=sheet.knows, feedback_by=sheet.feedback_by,
        acknowledge_due_on=calendar.add_open_days(sheet.received_on, rules.number("acknowledge_days")),
        screening_due_on=calendar.add_open_days(sheet.received_on, rules.number("screening_days")),
    )  # fmt: skip
    session.add(referral)
    session.flush()
    locate_home(person, places_of(town.code))
    said = f"つなぐシートを受け付けた（{sheet.from_agency}）"
    entry = Entry(today, said, MOVE, to_status=Status.REFERRED, person_id=person.id, facts={"referral_id": referral.id})
    write(session, actor, case, entry, now)
    if sheet.urgent_action.strip():
        note_step(session, actor, referral, URGENT, today, sheet.urgent_action, sheet.urgent_by, now)
    return referral


def note_step(
    session: Session, actor: Actor, referral: Referral, kind: str, on: date, text: str, by_agency: str, now: datetime
) -> ReferralStep:
    """Something done beside the steps: what cannot wait, a meeting before the case, a question and its answer."""
    if kind not in STEP_KINDS or not text.strip():
        raise DomainError("内容がありません。", "したことを一言書いてください。", "empty-step", 422)
    row = ReferralStep(
        referral_id=referral.id, kind=kind, on=on, by_agency=by_agency.strip(), text=text.strip(), recorded_at=now,
        recorded_by=actor.label,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def acknowledge(actor: Actor, referral: Referral, version: int, today: date) -> None:
    """The referrer has been told that it arrived. Raises Conflict, or DomainError when somebody has done so already."""
    referral.expect(version)
    if referral.withdrawn_on is not None:
        raise DomainError("つなぎ元が取り下げています。", "続けるかどうかを、該当判断で決めてください。", "withdrawn", 409)
    if referral.acknowledged_on is not None:
        raise DomainError("受け取ったことは、もう知らせてあります。", "該当判断に進んでください。", "acknowledged", 409)
    referral.acknowledged_on, referral.acknowledged_by = today, actor.label


def withdraw(
    session: Session, actor: Actor, referral: Referral, case: SupportCase, version: int, why: str, now: datetime
) -> None:
    """Whoever sent a sheet takes it back; what becomes of the person stays with the office, which is told why.

    Raises Conflict, or DomainError without a reason, for a sheet taken back already, or once it is decided whose case it is.
    """
    referral.expect(version)
    if referral.withdrawn_on is not None:
        raise DomainError(
            "このシートは、もう取り下げられています。", "下の「やりとり」で確かめてください。", "withdrawn", 409
        )
    if case.status not in (Status.REFERRED, Status.SCREENING):
        raise DomainError(
            "もう、どこで受けるかが決まっています。",
            "取りやめたいときは、受け付けた窓口に電話で知らせてください。",
            "decided",
            409,
        )
    if not why.strip():
        raise DomainError("取り下げるわけがありません。", "一言書いてください。", "withdrawn-why", 422)
    referral.withdrawn_on, referral.withdrawn_why = day_in_japan(now), why.strip()
    text = f"つなぐシートが取り下げられた（{referral.from_agency}）　{why.strip()}"
    write(session, actor, case, Entry(day_in_japan(now), text), now)


def _open(session: Session, town: Town, actor: Actor, sheet: Sheet, today: date) -> tuple[Person, SupportCase]:
    name = sheet.name.strip() or ANONYMOUS
    household = Household(label=f"{name.split()[0]}家", district=sheet.district)
    session.add(household)
    session.flush()
    person = Person(
        household_id=household.id, principal=True, name=name, kana=sheet.kana, search_text=fold_text(name + sheet.kana),
        birth_on=sheet.birth_on, address=sheet.address, phone=sheet.phone, contact_note=sheet.reach,
        situation=sheet.members,
    )  # fmt: skip
    session.add(person)
    case = SupportCase(
        number=next_number(session, today), household_id=household.id, status=Status.REFERRED.value,
        opened_on=sheet.received_on, lead_agency=sheet.to_agency.strip() or town.name,
        assigned_id=_taker(session, actor), is_urgent=sheet.is_urgent,
        is_abuse="violence" in sheet.troubles,
    )  # fmt: skip
    session.add(case)
    session.flush()
    return person, case


def _taker(session: Session, actor: Actor) -> str:
    """Who takes a new case up: a coordinator who types it in, whom the town has named, or whoever has the fewest."""
    if COORDINATOR in actor.roles:
        return actor.id
    named = newest(session, INTAKE)
    users = [user for user in session.scalars(select(User).where(User.active)) if COORDINATOR in user.roles]
    if not users:
        raise DomainError("受け付ける職員がいません。", "管理者に、コーディネーターの登録を頼んでください。", "nobody", 409)
    if named is not None and any(user.id == named.body.get("user_id") for user in users):
        return str(named.body["user_id"])
    loads = dict(session.execute(
        select(SupportCase.assigned_id, func.count()).where(SupportCase.status.not_in(OVER)).group_by(SupportCase.assigned_id)
    ).all())  # fmt: skip
    return min(users, key=lambda user: (loads.get(user.id, 0), user.login_name)).id
