"""Consent: asked, given, refused, withdrawn — the last word of each scope is the one in force, until its last day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from service.cases.models import Consent, Person
from service.kernel.dates import age_on
from service.kernel.errors import NotFound
from service.web.actor import Actor

SERVICE, PLAN, GUARDIAN, CONTACT = "service", "plan", "guardian", "contact_after_close"
SCOPE_LABELS: Final = {
    SERVICE: "利用申込み・機関間の共有",
    PLAN: "プラン",
    GUARDIAN: "保護者・後見人の同意",
    CONTACT: "終結後の連絡",
}
WAIVED: Final = "waived"
"""Of the guardian alone: asking would harm the person, so the secretariat decided to go on without."""
STATE_LABELS: Final = {
    "not_asked": "未確認",
    "asked": "確認中",
    "given": "同意あり",
    "refused": "同意なし",
    "withdrawn": "撤回",
    "expired": "期限切れ",
    WAIVED: "事務局の判断で求めない",
}
RECORDED: Final = ("asked", "given", "refused", "withdrawn", WAIVED)
"""What somebody writes down; 未確認 and 期限切れ come of themselves."""
METHOD_LABELS: Final = {"paper": "書面", "oral": "口頭（書面未了）", "electronic": "電子"}
METHOD_WITH_PAPER: Final = "口頭（書面あり）"
TAKEN_BACK: Final = frozenset({"withdrawn", "refused"})
DOCUMENT_VERSION: Final = "第1版"
"""Of the words a person agrees to on our own papers (papers/application.py); another wording is another version."""


@dataclass(frozen=True)
class Answer:
    """What was answered to one question of consent, as somebody writes it down."""

    scope: str
    state: str
    decided_on: date
    method: str = "paper"
    given_by: str = "本人"
    reason: str = ""
    until: date | None = None
    explained_by: str = ""
    witness: str = ""
    document_version: str = ""


def state_of(consents: Iterable[Consent], today: date, scope: str = SERVICE) -> str:
    """The state in force for a scope on a day: nothing recorded is 未確認, and after its last day 期限切れ."""
    last = last_answer(consents, scope)
    if last is None:
        return "not_asked"
    return "expired" if is_over(last, today) else last.state


def plan_is_stopped(consents: Iterable[Consent], today: date) -> bool:
    """Whether what was agreed in a plan is agreed no more; before anybody has asked there is nothing to stop."""
    return state_of(consents, today, PLAN) in (*TAKEN_BACK, "expired")


def is_over(consent: Consent, today: date) -> bool:
    """Whether what was given has had its last day."""
    return consent.state == "given" and consent.until is not None and consent.until < today


def last_answer(consents: Iterable[Consent], scope: str = SERVICE) -> Consent | None:
    """The newest answer to one scope."""
    return max((c for c in consents if c.scope == scope), key=_when, default=None)


def _when(consent: Consent) -> tuple[datetime, bool]:
    # Of two answers of one instant, the one that tells less holds.
    return consent.recorded_at, consent.state != "given"


def needs_guardian(person: Person, today: date) -> bool:
    """Whether a guardian's consent is needed beside the person's own: below 18."""
    return person.birth_on is not None and age_on(person.birth_on, today) < 18


def has_guardian(consents: Iterable[Consent], today: date) -> bool:
    """Whether the guardian agreed, or the secretariat decided that asking would harm."""
    return state_of(consents, today, GUARDIAN) in ("given", WAIVED)


def lacks_paper(consent: Consent | None) -> bool:
    """書面未了: agreed by word of mouth, and the signed paper is not in."""
    return consent is not None and consent.state == "given" and consent.method == "oral" and consent.paper_on is None


def say_method(consent: Consent) -> str:
    """How it was answered, and whether the paper of what was said has come."""
    if consent.method == "oral" and consent.paper_on is not None:
        return METHOD_WITH_PAPER
    return METHOD_LABELS.get(consent.method, "")


def record_consent(session: Session, actor: Actor, person: Person, answer: Answer, now: datetime) -> Consent:
    """Write an answer down; nothing earlier is changed."""
    consent = Consent(
        person_id=person.id,
        scope=answer.scope,
        state=answer.state,
        method=answer.method,
        given_by=answer.given_by,
        reason=answer.reason,
        decided_on=answer.decided_on,
        until=answer.until if answer.state == "given" else None,
        explained_by=answer.explained_by,
        witness=answer.witness,
        document_version=answer.document_version,
        paper_on=answer.decided_on if answer.method == "paper" and answer.state == "given" else None,
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(consent)
    return consent


def receive_paper(person: Person, consent_id: str, today: date) -> None:
    """The signed paper of what was agreed by word of mouth is in; NotFound for an answer of somebody else."""
    consent = next((each for each in person.consents if each.id == consent_id), None)
    if consent is None:
        raise NotFound()
    if lacks_paper(consent):
        consent.paper_on = today
