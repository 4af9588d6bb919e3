"""Plans somebody asked for, and the hours in which staff cannot go anywhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified, Versioned

LEAVE, BUSY, EVENT = "leave", "busy", "event"
WAITING, RUNNING, DONE, FAILED, STOPPED, APPLIED = "waiting", "running", "done", "failed", "cancelled", "applied"


class PlanRun(Versioned, Base):
    """One plan, with all it takes to compute it again; the instance holds ids and numbers, no name."""

    __tablename__ = "plan_run"

    asked_by_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    author: Mapped[str]
    asked_at: Mapped[datetime]
    ask: Mapped[dict[str, Any]]
    """First and last day, seed, seconds: what was asked for."""
    state: Mapped[str] = mapped_column(default=WAITING)
    job_id: Mapped[str | None] = mapped_column(Id, index=True)
    instance: Mapped[Any] = mapped_column(nullable=True, deferred=True)
    plan: Mapped[Any] = mapped_column(nullable=True, deferred=True)
    """For each follow-up who, which day, when and in which place of the day; and those left with their reason."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fingerprint: Mapped[str] = mapped_column(default="")
    plan_fingerprint: Mapped[str] = mapped_column(default="")
    problem: Mapped[Any] = mapped_column(nullable=True)
    ended_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[str] = mapped_column(default="")


class StaffTime(Identified, Base):
    """Hours of a member of staff that are taken: leave, busy elsewhere, or an appointment at a place."""

    __tablename__ = "staff_time"

    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    kind: Mapped[str]
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    label: Mapped[str] = mapped_column(default="")
    """Typed here by hand; the titles of another calendar are never taken over."""
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    source: Mapped[str] = mapped_column(default="")
    """Empty by hand, or the calendar it was read from."""
    source_uid: Mapped[str] = mapped_column(default="", index=True)
