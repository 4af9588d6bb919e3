"""A double click, a retry or the back button leaves one row: each form carries a key used once."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from service.kernel.db import Base


class OnceKey(Base):
    """A form that has been acted on, and where its result is."""

    __tablename__ = "once_key"
    audited = False

    key: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[str]
    at: Mapped[datetime]
    location: Mapped[str]


def earlier_result(session: Session, actor_id: str, key: str) -> str | None:
    """Where the first sending of this form led, if there was one."""
    seen = session.get(OnceKey, _own(actor_id, key)) if key else None
    return seen.location if seen else None


def remember_result(session: Session, actor_id: str, key: str, location: str, now: datetime) -> None:
    """Keep where this form led, in the transaction that did its work."""
    if key:
        session.add(OnceKey(key=_own(actor_id, key), actor_id=actor_id, at=now, location=location))


def _own(actor_id: str, key: str) -> str:
    """Keys come from browsers: whatever is sent, one person's never meets another's."""
    return hashlib.sha256(f"{actor_id}|{key}".encode()).hexdigest()
