"""Consent: asked, given, refused, withdrawn — the last word of each scope is the one in force."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from service.cases.models import Consent, Person
from service.kernel.dates import age_on
from service.web.actor import Actor

SERVICE, PLAN, GUARDIAN = "service", "plan", "guardian"
SCOPE_LABELS = {SERVICE: "利用申込み・機関間の共有", PLAN: "プラン", GUARDIAN: "保護者・後見人の同意"}
STATE_LABELS = {
    "not_asked": "未確認",
    "asked": "確認中",
    "given": "同意あり",
    "refused": "同意なし",
    "withdrawn": "撤回",
    "expired": "期限切れ",
}
METHOD_LABELS = {"paper": "書面", "oral": "口頭（書面未了）", "electronic": "電子"}


def state_of(consents: Iterable[Consent], scope: str = SERVICE) -> str:
    """The state in force for a scope; nothing recorded is 未確認."""
    last = last_answer(consents, scope)
    return last.state if last else "not_asked"


def last_answer(consents: Iterable[Consent], scope: str = SERVICE) -> Consent | None:
    """The newest answer to one scope."""
    return max((c for c in consents if c.scope == scope), key=_when, default=None)


def _when(consent: Consent) -> tuple[datetime, bool]:
    # Of two answers of one instant, the one that tells less holds.
    return consent.recorded_at, consent.state != "given"


def needs_guardian(person: Person, today: date) -> bool:
    """Whether a guardian's consent is needed beside the person's own: below 18."""
    return person.birth_on is not None and age_on(person.birth_on, today) < 18


def record_consent(
    session: Session, actor: Actor, person: Person, answer: dict[str, str], decided_on: date, now: datetime
) -> Consent:
    """Write an answer down; nothing earlier is changed."""
    consent = Consent(
        person_id=person.id,
        scope=answer["scope"],
        state=answer["state"],
        method=answer["method"],
        given_by=answer["given_by"],
        reason=answer["reason"],
        decided_on=decided_on,
        recorded_at=now,
        recorded_by=actor.label,
    )
    session.add(consent)
    return consent
