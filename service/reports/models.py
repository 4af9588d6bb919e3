"""Figures frozen on the day somebody asked to let them leave the office, and what a second person decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified


class ReportSnapshot(Identified, Base):
    """One period as it was counted and cleared; it is never changed, and only what is cleared is ever shown outside."""

    __tablename__ = "report_snapshot"

    period: Mapped[str] = mapped_column(index=True)
    """As an address names it: 2026, 2026q1, 2026m04."""
    few: Mapped[int]
    """Smaller numbers than this do not leave."""
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    asked_by_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"))
    exact: Mapped[dict[str, Any]]
    cleared: Mapped[dict[str, Any]]
    audit: Mapped[dict[str, Any]]
    """What was checked, against which earlier releases."""


class ReportDecision(Identified, Base):
    """What a second person said to one of them, once and for all."""

    __tablename__ = "report_decision"

    snapshot_id: Mapped[str] = mapped_column(Id, ForeignKey("report_snapshot.id"), unique=True)
    released_period: Mapped[str | None] = mapped_column(unique=True)
    """The period when it was let out; no period leaves twice. None when it was turned down."""
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[str]
    by_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"))
