"""Sign-in and what it opens: a token only the browser holds, a row only its hash can find."""

import hashlib
import secrets
import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.accounts.brake import brake_of, press
from service.accounts.models import CODE, OPEN, SET_UP, AuthSession, User
from service.accounts.second.keeping import is_in_force, is_offered, is_required, offer
from service.kernel.audit import note

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=9)
HALF_OPEN = timedelta(minutes=15)
"""How long a right password waits for the second step."""
TOUCH_EVERY = timedelta(minutes=1)
FREE_TRIES = 5

_hasher = PasswordHasher()
_two_at_once = threading.Semaphore(2)
# Checked against when the name is unknown, so that an unknown name takes as long as a known one.
_NOBODYS = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def open_session(session: Session, login_name: str, password: str, now: datetime, device: str = "") -> str | None:
    """Check the password; answer the token of a new session — open, or waiting for a second factor — or None.

    Raises DomainError while the brake holds.
    """
    brake = brake_of(session, f"sign-in|{login_name}", now, "サインインの失敗が続いたため、少し待つ必要があります。")
    user = session.scalars(select(User).where(User.login_name == login_name)).first()
    matches = verifies(user.password_hash if user else _NOBODYS, password)
    if not (user and user.active and matches):
        press(brake, now, FREE_TRIES)
        return None
    brake.failures, brake.blocked_until = 0, now
    stage = _stage_of(session, user)
    note(session, "sign-in" if stage == OPEN else "password", "user", user.id)
    return issue_token(session, user, now, stage, device)


def _stage_of(session: Session, user: User) -> str:
    """How far the right password leads; whoever still has to set a second factor up is offered one."""
    if is_in_force(session, user.id):
        return CODE
    if not is_required(session, user):
        return OPEN
    if not is_offered(session, user.id):
        offer(session, user)
    return SET_UP


def issue_token(session: Session, user: User, now: datetime, stage: str = OPEN, device: str = "") -> str:
    """A new session of this person; the token is told once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    row = AuthSession(id=digest(token), user_id=user.id, stage=stage, device=device, created_at=now, last_seen_at=now)
    session.add(row)
    return token


def go_in(session: Session, waiting: AuthSession, now: datetime) -> str:
    """The second factor was shown: every half-open session of this person ends, and a new token opens the house."""
    for each in session.scalars(
        select(AuthSession).where(
            AuthSession.user_id == waiting.user_id, AuthSession.stage != OPEN, AuthSession.revoked_at.is_(None)
        )
    ):
        each.revoked_at = now
    note(session, "sign-in", "user", waiting.user_id)
    return issue_token(session, waiting.user, now, OPEN, waiting.device)


def close_session(session: Session, token: str, now: datetime) -> None:
    """Revoke the session of this token; an unknown token is nothing to revoke."""
    row = session.get(AuthSession, digest(token))
    if row and row.revoked_at is None:
        row.revoked_at = now
        note(session, "sign-out", "user", row.user_id)


def end_sessions(session: Session, user_id: str, now: datetime) -> None:
    """Close every door this person has open, at once."""
    query = select(AuthSession).where(AuthSession.user_id == user_id, AuthSession.revoked_at.is_(None))
    for row in session.scalars(query):
        row.revoked_at = now


def end_others(session: Session, user_id: str, kept_id: str, now: datetime) -> None:
    """Close every door of this person but the one they stand in, the half-open ones too."""
    query = select(AuthSession).where(AuthSession.user_id == user_id, AuthSession.revoked_at.is_(None))
    for row in session.scalars(query):
        if row.id != kept_id:
            row.revoked_at = now
    note(session, "sign-out-others", "user", user_id)


def living_sessions(session: Session, user_id: str, now: datetime) -> list[AuthSession]:
    """The open sign-ins of a person, the newest first."""
    query = select(AuthSession).where(
        AuthSession.user_id == user_id, AuthSession.stage == OPEN, AuthSession.revoked_at.is_(None)
    )
    rows = session.scalars(query.order_by(AuthSession.created_at.desc(), AuthSession.id))
    return [row for row in rows if _lives(row, now)]


def find_session(session: Session, token: str, now: datetime) -> AuthSession | None:
    """The living, wholly open session of a token, with its user."""
    row = _of_token(session, token)
    return row if row and row.stage == OPEN and _lives(row, now) else None


def find_waiting(session: Session, token: str, stage: str, now: datetime) -> AuthSession | None:
    """The session of a token that still waits for this second step, with its user."""
    row = _of_token(session, token)
    return row if row and row.stage == stage and now - row.created_at < HALF_OPEN else None


def _of_token(session: Session, token: str) -> AuthSession | None:
    query = select(AuthSession).options(joinedload(AuthSession.user)).where(AuthSession.id == digest(token))
    row = session.scalars(query).first()
    return None if row is None or row.revoked_at is not None or not row.user.active else row


def _lives(row: AuthSession, now: datetime) -> bool:
    return now - row.last_seen_at < IDLE and now - row.created_at < ABSOLUTE


def digest(token: str) -> str:
    """What the row of a token is found by."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def verifies(password_hash: str, password: str) -> bool:
    """Whether this is the password of that hash; two at once at most, for each takes its memory."""
    with _two_at_once:
        try:
            return _hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
