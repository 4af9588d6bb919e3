"""Two people for what one alone must not do to an account: somebody asks, somebody else agrees, then it happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import Approval, User
from service.kernel.errors import Conflict, DomainError, NotFound
from service.web.actor import Actor, Town

HOLDS: Final = timedelta(days=14)
"""How long a question waits for somebody to agree."""
LONGEST_REASON: Final = 300

CarryOut = Callable[[Session, Town, User, Approval, datetime], str | None]
"""Does what was agreed to; a secret to hand over is answered once and kept nowhere."""


def ask(
    session: Session, actor: Actor, kind: str, user: User, reason: str, now: datetime, facts: Mapping[str, Any] | None = None
) -> Approval:
    """Ask for it; DomainError for one's own account, without a reason, or while the same question is open."""
    if user.id == actor.id:
        raise DomainError(
            "自分のアカウントのことは、申し出られません。", "ほかのシステム管理の人に頼んでください。", "own-account"
        )
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise DomainError("わけを書いてください。", f"{LONGEST_REASON}字までで、ひとことで構いません。", "reason")
    if any(each.kind == kind for each in open_questions(session, now, user.id)):
        raise DomainError(
            "同じことが、もう申し出られています。", "ほかの人が確かめるのを待ってください。", "asked-already", 409
        )
    row = Approval(
        kind=kind, user_id=user.id, facts=dict(facts or {}), reason=reason.strip(), asked_at=now, asked_by=actor.label,
        asked_by_id=actor.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def open_questions(session: Session, now: datetime, user_id: str | None = None) -> list[Approval]:
    """Those nobody has answered and that still hold, the oldest first."""
    query = select(Approval).where(Approval.decided_at.is_(None), Approval.asked_at > now - HOLDS)
    about = query if user_id is None else query.where(Approval.user_id == user_id)
    return list(session.scalars(about.order_by(Approval.asked_at, Approval.id)))


def may_answer(actor: Actor, question: Approval) -> bool:
    """Neither who asked nor whom it is about."""
    return actor.id not in (question.asked_by_id, question.user_id)


def answer(
    session: Session, town: Town, actor: Actor, question_id: str, agreed: bool, words: str, now: datetime,
    does: Mapping[str, CarryOut],
) -> str | None:  # fmt: skip
    """Agree, and it happens at once; or refuse with a reason. Conflict when somebody answered first."""
    question = session.get(Approval, question_id)
    if question is None:
        raise NotFound()
    if question.decided_at is not None or question.asked_at <= now - HOLDS:
        raise Conflict()
    if not may_answer(actor, question):
        raise DomainError(
            "自分が申し出たこと、自分のことは、確かめられません。", "ほかの人に頼んでください。", "own-question"
        )
    if not agreed and not words.strip():
        raise DomainError("認めないわけを書いてください。", "申し出た人に伝わります。", "reason")
    question.decided_at, question.decided_by, question.decided_by_id = now, actor.label, actor.id
    question.agreed, question.answer = agreed, words.strip()[:LONGEST_REASON]
    if not agreed:
        return None
    return does[question.kind](session, town, session.get_one(User, question.user_id), question, now)
