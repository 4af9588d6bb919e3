"""Setting a second factor up, asking for it, and taking it away."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.brake import brake_of, press
from service.accounts.doors import access_setting
from service.accounts.models import User
from service.accounts.second.codes import matching_step, new_recovery_codes, recovery_hash, secret_of
from service.accounts.second.models import RecoveryCode, SecondFactor
from service.kernel.audit import note
from service.web.actor import Town

FREE_TRIES: Final = 5
WAIT: Final = "番号の間違いが続いたため、少し待つ必要があります。"


@dataclass(frozen=True)
class Standing:
    """How somebody's second factor stands: since when, how many recovery codes are left, whether their roles ask for it."""

    since: datetime | None
    codes_left: int
    is_required: bool


def factor_of(session: Session, user_id: str) -> SecondFactor | None:
    """Somebody's row, in force or only offered."""
    return session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).first()


def standing_of(session: Session, user: User) -> Standing:
    """What a page says of it."""
    row = factor_of(session, user.id)
    left = select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return Standing(row.since if row and row.nonce else None, session.scalar(left) or 0, is_required(session, user))


def is_in_force(session: Session, user_id: str) -> bool:
    """Whether a code is asked for at sign-in."""
    row = factor_of(session, user_id)
    return row is not None and row.nonce != ""


def is_offered(session: Session, user_id: str) -> bool:
    """Whether one is being set up."""
    row = factor_of(session, user_id)
    return row is not None and row.offered != ""


def is_required(session: Session, user: User) -> bool:
    """Whether the town asks for one from somebody with these roles."""
    return bool(set(user.roles) & set(access_setting(session).second_factor))


def offer(session: Session, user: User) -> None:
    """Begin to set one up; the one in force holds until the new one is proven."""
    row = factor_of(session, user.id)
    if row is None:
        row = SecondFactor(user_id=user.id)
        session.add(row)
    row.offered = secrets.token_hex(16)


def offered_secret(session: Session, town: Town, user: User) -> str | None:
    """The secret to be read by the telephone; None when nothing is being set up."""
    row = factor_of(session, user.id)
    return secret_of(town.key, user.id, row.offered) if row and row.offered else None


def prove(session: Session, town: Town, user: User, typed: str, now: datetime) -> list[str] | None:
    """The first code: from here on the factor is in force; answers the recovery codes, told once. None for a wrong code."""
    row, secret = factor_of(session, user.id), offered_secret(session, town, user)
    brake = brake_of(session, _guessed(user), now, WAIT)
    step = matching_step(secret, typed, now, 0) if secret else None
    if row is None or step is None:
        press(brake, now, FREE_TRIES)
        return None
    brake.failures, brake.blocked_until = 0, now
    row.nonce, row.offered, row.since, row.used_step = row.offered, "", now, step
    return renew_codes(session, town, user)


def passes(session: Session, town: Town, user: User, typed: str, now: datetime) -> bool:
    """Whether this is a code of the telephone, not used before, or one of the recovery codes left."""
    row = factor_of(session, user.id)
    brake = brake_of(session, _guessed(user), now, WAIT)
    if (
        row is None
        or not row.nonce
        or not (_takes(row, town, user, typed, now) or _recovers(session, town, user, typed, now))
    ):
        press(brake, now, FREE_TRIES)
        return False
    brake.failures, brake.blocked_until = 0, now
    return True


def renew_codes(session: Session, town: Town, user: User) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more."""
    _tear_up(session, user)
    codes = new_recovery_codes()
    session.add_all(RecoveryCode(user_id=user.id, code_hash=recovery_hash(town.key, user.id, code)) for code in codes)
    return codes


def take_away(session: Session, user: User) -> None:
    """No second factor and no recovery codes any more."""
    row = factor_of(session, user.id)
    if row is not None:
        row.nonce, row.offered, row.since = "", "", None
    _tear_up(session, user)
    note(session, "second-factor-off", "user", user.id)


def _tear_up(session: Session, user: User) -> None:
    for code in session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id)):
        session.delete(code)


def _takes(row: SecondFactor, town: Town, user: User, typed: str, now: datetime) -> bool:
    step = matching_step(secret_of(town.key, user.id, row.nonce), typed, now, row.used_step)
    if step is None:
        return False
    row.used_step = step
    return True


def _recovers(session: Session, town: Town, user: User, typed: str, now: datetime) -> bool:
    wanted = recovery_hash(town.key, user.id, typed)
    query = select(RecoveryCode).where(
        RecoveryCode.user_id == user.id, RecoveryCode.code_hash == wanted, RecoveryCode.used_at.is_(None)
    )
    code = session.scalars(query).first()
    if code is None:
        return False
    code.used_at = now
    note(session, "recovery-code", "user", user.id)
    return True


def _guessed(user: User) -> str:
    return f"second-factor|{user.id}"
