"""Sign-in and what it opens: a token only the browser holds, a row only its hash can find."""

import hashlib
import secrets
import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.accounts.models import AuthSession, SignInBrake, User
from service.kernel.audit import note
from service.kernel.errors import DomainError

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=9)
TOUCH_EVERY = timedelta(minutes=1)
FREE_TRIES = 5
LONGEST_WAIT = timedelta(seconds=60)

_hasher = PasswordHasher()
_two_at_once = threading.Semaphore(2)
# Checked against when the name is unknown, so that an unknown name takes as long as a known one.
_NOBODYS = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def open_session(session: Session, login_name: str, password: str, now: datetime) -> str | None:
    """Check the password; answer the token of a new session, or None. Raises while the brake holds."""
    brake = _brake_of(session, login_name, now)
    user = session.scalars(select(User).where(User.login_name == login_name)).first()
    matches = _verifies(user.password_hash if user else _NOBODYS, password)
    if not (user and user.active and matches):
        _press(brake, now)
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


def _brake_of(session: Session, login_name: str, now: datetime) -> SignInBrake:
    key = hashlib.sha256(login_name.encode("utf-8", "ignore")).hexdigest()
    brake = session.get(SignInBrake, key)
    if brake is None:
        brake = SignInBrake(name_hash=key, failures=0, blocked_until=now)
        session.add(brake)
    if brake.blocked_until > now:
        seconds = int((brake.blocked_until - now).total_seconds()) + 1
        raise DomainError(
            "サインインの失敗が続いたため、少し待つ必要があります。",
            f"{seconds}秒後に、もう一度お試しください。",
            "slow-down",
            429,
        )
    return brake


def _press(brake: SignInBrake, now: datetime) -> None:
    brake.failures += 1
    if brake.failures >= FREE_TRIES:
        wait = timedelta(seconds=2 ** min(brake.failures - FREE_TRIES, 6))
        brake.blocked_until = now + min(wait, LONGEST_WAIT)
