"""What was agreed for after the closing: read, changed, stopped; and the report to whoever had referred the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from service.cases.consent import CONTACT, TAKEN_BACK
from service.cases.models import Consent, Person, SupportCase
from service.followup.closing.models import AfterCare
from service.followup.rhythms.keeping import WITHDRAWN, cancel_open, keep_case
from service.followup.rhythms.rule import Offset
from service.followup.tasks.models import FollowUp
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.policies import town_calendar
from service.resources.town_words import town_settings
from service.web.actor import Actor

DEFAULT_OFFSETS: Final = ("1m", "3m", "6m", "12m")
MOST_OFFSETS: Final = 12


@dataclass(frozen=True)
class Agreed:
    """Who stays in touch, how, and when, counted from the closing (`offsets` as 1m, 3m …)."""

    contact_name: str
    contact_agency: str
    contact_phone: str
    offsets: tuple[str, ...]
    how: str = ""


def after_care_of(session: Session, case_id: str, person_id: str) -> AfterCare | None:
    """What was agreed last with a person of a case the filter has given."""
    query = select(AfterCare).where(AfterCare.case_id == case_id, AfterCare.person_id == person_id)
    return session.scalars(query.order_by(AfterCare.made_at.desc()).limit(1)).first()


def after_closing(care: AfterCare) -> ColumnElement[bool]:
    """The follow-ups that came with a closing, whatever way the town's rhythm asks for; those of a placement are not."""
    return and_(
        FollowUp.case_id == care.case_id, FollowUp.person_id == care.person_id, FollowUp.placement_id.is_(None),
        FollowUp.created_at >= care.made_at,
    )  # fmt: skip


def read_offsets(text: str) -> tuple[str, ...]:
    """Times as typed (1, 3か月, 14日 …) as offsets, each once, the nearest first; ValueError when one is none."""
    words = text.replace("、", ",").replace("，", ",").replace("・", ",").replace(" ", ",").replace("　", ",").split(",")
    offsets = {Offset.read(_short(word)) for word in words if word}
    if not 0 < len(offsets) <= MOST_OFFSETS or any(each.months > 60 or each < Offset(0, 1) for each in offsets):
        raise ValueError(text)
    return tuple(each.text for each in sorted(offsets, key=lambda each: each.months * 30 + each.days))


def say_offsets(offsets: list[str] | tuple[str, ...]) -> str:
    """1か月・3か月, as they are typed."""
    return "・".join(Offset.read(each).said.removeprefix("+") for each in offsets)


def change_care(session: Session, case: SupportCase, care: AfterCare, version: int, agreed: Agreed, now: datetime) -> None:
    """Another contact person, or other times: what nobody has touched is dated anew."""
    care.expect(version)
    _while_it_lasts(care)
    care.contact_name, care.contact_agency, care.contact_phone = (
        agreed.contact_name, agreed.contact_agency, agreed.contact_phone,
    )  # fmt: skip
    care.how, care.offsets = agreed.how, list(agreed.offsets)
    session.flush()
    keep_case(session, case, now)


def stop_care(
    session: Session, actor: Actor, case: SupportCase, person: Person, care: AfterCare, words: str, now: datetime
) -> None:
    """The person wishes to be left in peace: the consent is withdrawn, what was planned is cancelled in words."""
    _while_it_lasts(care)
    session.add(answer_of(person, actor, {"state": "withdrawn", "method": "oral", "reason": words}, day_in_japan(now), now))
    end_contacts(session, case, person, care, now)


def end_contacts(session: Session, case: SupportCase, person: Person, care: AfterCare, now: datetime) -> None:
    """Nothing more is planned for after the closing; what was done stays."""
    care.is_agreed = False
    cancel_open(session, WITHDRAWN, now, case_id=case.id, person_id=person.id)
    session.flush()


def follow_answer(session: Session, case: SupportCase, person: Person, state: str, now: datetime) -> None:
    """An answer about the contacts, given on the page of consents, reaches what was agreed at the closing."""
    care = after_care_of(session, case.id, person.id)
    if care is None or care.reopened_case_id is not None or care.is_agreed == (state == "given"):
        return
    if state in TAKEN_BACK:
        end_contacts(session, case, person, care, now)
    elif state == "given" and care.offsets:
        care.is_agreed = True
        session.flush()
        keep_case(session, case, now)


def answer_of(person: Person, actor: Actor, answer: dict[str, str], decided_on: date, now: datetime) -> Consent:
    """The answer to the question whether the person may be contacted after the closing."""
    return Consent(
        person_id=person.id, scope=CONTACT, given_by="本人", decided_on=decided_on, recorded_at=now,
        recorded_by=actor.label, **answer,
    )  # fmt: skip


def report_due(session: Session, decided_on: date, today: date) -> date:
    """Until when the report is due: so many open days after the decision."""
    return town_calendar(session, today).add_open_days(decided_on, town_settings(session).number("feedback_days"))


def report_done(care: AfterCare, version: int, on: date, today: date) -> None:
    """The report has reached whoever referred the person."""
    care.expect(version)
    if on > today:
        raise DomainError("まだ来ていない日です。", "報告した日を、今日までの日で入れてください。", "day", 422)
    report: dict[str, Any] = {**care.checked.get("report", {}), "state": "done", "on": on.isoformat()}
    care.checked = {**care.checked, "report": report}


def _while_it_lasts(care: AfterCare) -> None:
    if care.reopened_case_id is not None or not care.is_agreed:
        raise DomainError(
            "終結後の連絡は、もう終わっています。", "いまの様子は、ケースの画面で確かめてください。", "care-over", 409
        )


def _short(word: str) -> str:
    """1, 1か月, 14日 as an offset is written."""
    for long, short in (("か月", "m"), ("ヶ月", "m"), ("カ月", "m"), ("月", "m"), ("日", "d")):
        word = word.replace(long, short)
    return f"{word}m" if word.isascii() and word.isdigit() else word
