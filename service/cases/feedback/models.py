"""An entry per person who has to hear what became of a case; it stays open until given or not needed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Versioned


class Feedback(Versioned, Base):
    """What one referrer or one absent member has to be told, until when, and what was told."""

    __tablename__ = "feedback"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    about: Mapped[str]
    """received, screening, meeting, closing, asked."""
    about_id: Mapped[str] = mapped_column(default="")
    """The row it is about: a screening, a meeting …"""
    to_role: Mapped[str]
    """referrer or absent."""
    to_name: Mapped[str]
    to_agency: Mapped[str] = mapped_column(default="")
    by: Mapped[str] = mapped_column(default="")
    """How they want to hear it."""
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="owed")
    """owed, given, not_needed."""
    text: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    """Why none is needed."""
    settled_on: Mapped[date | None]
    settled_by: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
