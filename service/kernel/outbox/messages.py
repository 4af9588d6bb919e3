"""A message on its way: written in the transaction of what it is about, with no fact about a person in it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Versioned

WAITING: Final = "waiting"
SENDING: Final = "sending"
SENT: Final = "sent"
HANDED_OVER: Final = "handed_over"
UNSURE: Final = "unsure"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"


class OutboxMessage(Versioned, Base):
    """One message to one addressee; `key` makes the same message one row, `about_id` finds those to cancel.

    `to_type` and `to_id` name the row the address is read from when it leaves; the address itself is kept nowhere.
    """

    __tablename__ = "outbox_message"

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    to_type: Mapped[str]
    to_id: Mapped[str] = mapped_column(Id, index=True)
    about_id: Mapped[str] = mapped_column(Id, default="", index=True)
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default=WAITING, index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    left_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    trouble: Mapped[str] = mapped_column(default="")
    """A code of what went wrong at the last try, without an address."""
