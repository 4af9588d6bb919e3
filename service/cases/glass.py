"""緊急に開く (break-glass): a supervisor reads a case that is not open to them, with a reason, for a while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified


class BreakGlass(Identified, Base):
    """One opening: which case, by whom, why, and until when; ended early it is worth nothing at once."""

    __tablename__ = "break_glass"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    opened_by: Mapped[str]
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def ends_at(self) -> datetime:
        """When reading ends or ended."""
        return min(self.ended_at, self.until) if self.ended_at else self.until


def opened_by(user_id: str, now: datetime) -> Select[str]:
    """The cases somebody has opened and may read at this moment."""
    return select(BreakGlass.case_id).where(
        BreakGlass.user_id == user_id, BreakGlass.ended_at.is_(None), BreakGlass.until > now
    )
