"""What is asked for about an account, and what happens when somebody else agrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.approvals import CarryOut, ask, may_answer, open_questions
from service.accounts.joining import draw_code, no_password, tear_up
from service.accounts.models import Approval, User
from service.accounts.roles import ADMIN, CONFIRM_RESET, CONFIRM_ROLES, HOST, ROLE_LABELS, SUPERVISOR
from service.accounts.second.keeping import take_away
from service.accounts.sessions import end_sessions
from service.followup.feeds.addresses import revoke_feeds
from service.kernel.errors import DomainError, NotFound
from service.web.actor import Actor, Town

JOIN, ROLES, PASSWORD, SECOND = "join", "roles", "password-reset", "second-factor-reset"
KINDS: Final = {
    JOIN: "使えるようにする（一度だけの番号を渡す）",
    ROLES: "役割を変える",
    PASSWORD: "パスワードを決め直す（一度だけの番号を渡す）",
    SECOND: "二段階のサインインを決め直す",
}
GIVEN: Final = {role: label for role, label in ROLE_LABELS.items() if role != HOST}
"""Roles that are given here; a host's people are invited by their own."""


def people_who_sign_in(session: Session) -> list[User]:
    """Everybody but the people of hosts, those in use first, by name."""
    rows = session.scalars(select(User).order_by(User.active.desc(), User.name, User.id))
    return [user for user in rows if HOST not in user.roles]


def account_in_hand(session: Session, user_id: str) -> User:
    """One of them; anybody else is as absent as nobody."""
    user = session.get(User, user_id)
    if user is None or HOST in user.roles:
        raise NotFound()
    return user


def invite(
    session: Session, actor: Actor, name: str, login_name: str, roles: Sequence[str], reason: str, now: datetime
) -> User:
    """Ask for somebody new, who has no role and cannot sign in before another agrees."""
    user = User(login_name=login_name, name=name, password_hash=no_password(), roles=[], active=False)
    session.add(user)
    session.flush()
    ask(session, actor, JOIN, user, reason, now, {"roles": list(roles)})
    return user


def is_taken(session: Session, login_name: str) -> bool:
    """Whether somebody signs in, or did, by this name."""
    return session.scalars(select(User.id).where(User.login_name == login_name)).first() is not None


def ask_about(
    session: Session, actor: Actor, kind: str, user: User, roles: Sequence[str], reason: str, now: datetime
) -> None:
    """Ask for it, as far as it fits how the account stands."""
    if kind not in KINDS or (kind == JOIN) == user.active:
        raise DomainError("いまのアカウントには、できないことです。", "画面を開き直して、選び直してください。", "not-now")
    ask(session, actor, kind, user, reason, now, {"roles": list(roles)} if kind in (JOIN, ROLES) else None)


def may_confirm(actor: Actor, question: Approval) -> bool:
    """Roles are confirmed by supervisors; a reset by a supervisor or another system admin."""
    right = CONFIRM_ROLES if question.kind in (JOIN, ROLES) else CONFIRM_RESET
    return right.allows(actor) and may_answer(actor, question)


def waiting_for(session: Session, actor: Actor, now: datetime) -> list[Approval]:
    """What this person can answer now."""
    return [each for each in open_questions(session, now) if each.kind in KINDS and may_confirm(actor, each)]


def stop(session: Session, actor: Actor, user: User, now: datetime) -> None:
    """Nothing of this person opens any more, at once; the last to agree or to ask cannot be stopped."""
    if user.id == actor.id:
        raise DomainError("自分のアカウントは止められません。", "ほかの人に頼んでください。", "own-account")
    for role in (ADMIN, SUPERVISOR):
        if role in user.roles and user.active and not _another(session, user, role):
            raise DomainError(
                f"{ROLE_LABELS[role]}は、この人だけです。", "先に、ほかの人をこの役割にしてください。", "last-of-role"
            )
    user.active = False
    end_sessions(session, user.id, now)
    revoke_feeds(session, user.id, now)
    tear_up(session, user.id, now)


def _another(session: Session, user: User, role: str) -> bool:
    rows = session.scalars(select(User).where(User.active, User.id != user.id))
    return any(role in each.roles for each in rows)


def _let_in(session: Session, town: Town, user: User, question: Approval, now: datetime) -> str:
    user.roles = list(question.facts["roles"])
    return draw_code(session, town, user, now, opens=True)


def _other_roles(session: Session, town: Town, user: User, question: Approval, now: datetime) -> None:
    user.roles = list(question.facts["roles"])
    # The next sign-in asks for what the new roles ask for.
    end_sessions(session, user.id, now)


def _new_password(session: Session, town: Town, user: User, question: Approval, now: datetime) -> str:
    user.password_hash = no_password()
    end_sessions(session, user.id, now)
    return draw_code(session, town, user, now, opens=False)


def _new_factor(session: Session, town: Town, user: User, question: Approval, now: datetime) -> None:
    take_away(session, user)
    end_sessions(session, user.id, now)


DOES: Final[Mapping[str, CarryOut]] = {JOIN: _let_in, ROLES: _other_roles, PASSWORD: _new_password, SECOND: _new_factor}
