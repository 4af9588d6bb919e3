"""The brake on guessing: who has failed too often waits a little longer each time, for a name or a link alike."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.accounts.models import SignInBrake
from service.kernel.errors import DomainError

LONGEST_WAIT: Final = timedelta(seconds=60)
FORGOTTEN_AFTER: Final = timedelta(hours=1)


def brake_of(session: Session, what: str, now: datetime, refusal: str) -> SignInBrake:
    """The brake on one guessed thing; DomainError while it holds."""
    key = _key(what)
    brake = session.get(SignInBrake, key)
    if brake is None:
        brake = SignInBrake(name_hash=key, failures=0, blocked_until=now)
        session.add(brake)
    refuse_blocked(brake, now, refusal)
    return brake


def known_brake(session: Session, what: str) -> SignInBrake | None:
    """The brake as far as there is one; for readers, who cannot make it."""
    return session.get(SignInBrake, _key(what))


def refuse_blocked(brake: SignInBrake | None, now: datetime, refusal: str) -> None:
    """Say how long to wait while the brake holds."""
    if brake is None or brake.blocked_until <= now:
        return
    seconds = int((brake.blocked_until - now).total_seconds()) + 1
    raise DomainError(refusal, f"{seconds}秒後に、もう一度お試しください。", "slow-down", 429)


def press(brake: SignInBrake, now: datetime, free_tries: int) -> None:
    """One failure more; after the free ones each makes the next try wait twice as long."""
    brake.failures += 1
    if brake.failures >= free_tries:
        wait = timedelta(seconds=2 ** min(brake.failures - free_tries, 6))
        brake.blocked_until = now + min(wait, LONGEST_WAIT)


def forget_old(brake: SignInBrake, now: datetime) -> None:
    """Failures of another hour say nothing about this one."""
    if now - brake.blocked_until > FORGOTTEN_AFTER:
        brake.failures = 0
    brake.blocked_until = now


def _key(what: str) -> str:
    return hashlib.sha256(what.encode("utf-8", "ignore")).hexdigest()
