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
from service.accounts.models import AuthSession, User
from service.kernel.audit import note

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=9)
TOUCH_EVERY = timedelta(minutes=1)
FREE_TRIES = 5

_hasher = PasswordHasher()
_two_at_once = threading.Semaphore(2)
# Checked against when the name is unknown, so that an unknown name takes as long as a known one.
_NOBODYS = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def open_session(session: Session, login_name: str, password: str, now: datetime) -> str | None:
    """Check the password; answer the token of a new session, or None. Raises while the brake holds."""
    brake = brake_of(session, login_name, now, "サインインの失敗が続いたため、少し待つ必要があります。")
    user = session.scalars(select(User).where(User.login_name == login_name)).first()
    matches = _verifies(user.password_hash if user else _NOBODYS, password)
    if not (user and user.active and matches):
        press(brake, now, FREE_TRIES)
        return None
    brake.failures, brake.blocked_until = 0, now
    note(session, "sign-in", "user", user.id)
    return issue_token(session, user, now)


def issue_token(session: Session, user: User, now: datetime) -> str:
    """A new session of this person; the token is told once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(AuthSession(id=_digest(token), user_id=user.id, created_at=now, last_seen_at=now))
    return token


def close_session(session: Session, token: str, now: datetime) -> None:
    """Revoke the session of this token; an unknown token is nothing to revoke."""
    row = session.get(AuthSession, _digest(token))
    if row and row.revoked_at is None:
        row.revoked_at = now
        note(session, "sign-out", "user", row.user_id)


def end_sessions(session: Session, user_id: str, now: datetime) -> None:
    """Close every door this person has open, at once."""
    query = select(AuthSession).where(AuthSession.user_id == user_id, AuthSession.revoked_at.is_(None))
    for row in session.scalars(query):
        row.revoked_at = now


def find_session(session: Session, token: str, now: datetime) -> AuthSession | None:
    """The living session of a token, with its user."""
    query = select(AuthSession).options(joinedload(AuthSession.user)).where(AuthSession.id == _digest(token))
    row = session.scalars(query).first()
    if row is None or row.revoked_at is not None or not row.user.active:
        return None
    alive = now - row.last_seen_at < IDLE and now - row.created_at < ABSOLUTE
    return row if alive else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def _verifies(password_hash: str, password: str) -> bool:
    with _two_at_once:
        try:
            return _hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
