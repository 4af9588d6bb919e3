"""One-time codes: drawn for one person, told once, taken once; with one somebody chooses a password of their own."""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.accounts.brake import brake_of, press
from service.accounts.models import OneTimeCode, User
from service.accounts.sessions import FREE_TRIES, end_sessions, hash_password
from service.kernel.audit import note
from service.web.actor import Town

HOLDS: Final = timedelta(days=7)
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that are not taken for one another on paper."""
_WAIT: Final = "番号の間違いが続いたため、少し待つ必要があります。"


def draw_code(session: Session, town: Town, user: User, now: datetime, *, opens: bool) -> str:
    """A new code of sixty bits for this person; the ones before it open nothing any more."""
    tear_up(session, user.id, now)
    plain = "".join(secrets.choice(LETTERS) for _ in range(12))
    session.add(OneTimeCode(user_id=user.id, code_hash=_hash(town, user.id, plain), opens=opens, expires_at=now + HOLDS))
    return "-".join(plain[at : at + 4] for at in range(0, 12, 4))


def tear_up(session: Session, user_id: str, now: datetime) -> None:
    """No code of this person holds any longer."""
    for row in session.scalars(_unused(user_id)):
        row.expires_at = min(row.expires_at, now)


def code_in_force(session: Session, user_id: str, now: datetime) -> OneTimeCode | None:
    """The one that still can be used."""
    return session.scalars(_unused(user_id).where(OneTimeCode.expires_at > now)).first()


def find_code(session: Session, town: Town, login_name: str, typed: str, now: datetime) -> OneTimeCode | None:
    """The code of this person that was typed; None for any other, whatever is wrong with it. Guessing is braked by name."""
    brake = brake_of(session, f"join|{login_name}", now, _WAIT)
    user = session.scalars(select(User).where(User.login_name == login_name)).first()
    row = code_in_force(session, user.id, now) if user else None
    wanted = _hash(town, user.id if user else "", _folded(typed))
    if row is None or not hmac.compare_digest(row.code_hash, wanted):
        press(brake, now, FREE_TRIES)
        return None
    brake.failures, brake.blocked_until = 0, now
    return row


def choose_password(session: Session, row: OneTimeCode, password: str, now: datetime) -> None:
    """Use the code up: this is the password now, and whatever was open before is closed."""
    user = session.get_one(User, row.user_id)
    row.used_at = now
    user.password_hash, user.active = hash_password(password), user.active or row.opens
    end_sessions(session, user.id, now)
    note(session, "joined", "user", user.id)


def no_password() -> str:
    """The hash of a password that nobody knows."""
    return hash_password(secrets.token_urlsafe(32))


def _unused(user_id: str) -> Select[OneTimeCode]:
    return select(OneTimeCode).where(OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None))


def _folded(typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).lower()
    return "".join(each for each in plain if each in LETTERS)


def _hash(town: Town, user_id: str, plain: str) -> str:
    return hmac.new(town.key, f"one-time|{user_id}|{plain}".encode(), hashlib.sha256).hexdigest()
