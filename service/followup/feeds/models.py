"""Addresses under which somebody's own days can be read by a calendar."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified


class CalendarFeed(Identified, Base):
    """A secret address of one member of staff; only its hash is kept, here as the id."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
