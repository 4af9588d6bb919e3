"""A joint run somebody asked for: what was asked, the instance it solved, its lines and those left."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.kernel.db import Base, Id, Identified, Versioned

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATE_LABELS = {
    WAITING: "順番待ち",
    RUNNING: "計算中",
    DONE: "案ができました",
    FAILED: "できませんでした",
    CANCELLED: "中止しました",
}
JOINT, WEEK = "joint", "week"


class JointRun(Versioned, Base):
    """One joint run, kept with all it takes to solve it again; the instance holds ids and numbers, no name."""

    __tablename__ = "joint_run"

    kind: Mapped[str] = mapped_column(default=JOINT)
    asked_by_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    author: Mapped[str]
    asked_at: Mapped[datetime]
    filters: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    pins: Mapped[Any] = mapped_column(default=list)
    is_limited: Mapped[bool] = mapped_column(default=True)
    """Asked for on a page, and so bound to what a page can show."""
    parent_id: Mapped[str | None] = mapped_column(Id, ForeignKey("joint_run.id"))
    state: Mapped[str] = mapped_column(default=WAITING)
    job_id: Mapped[str | None] = mapped_column(Id, index=True)
    """The work in the queue; how far it is stands there, so that this row and the log stay quiet meanwhile."""
    ended_at: Mapped[datetime | None]
    vocabulary_version: Mapped[int] = mapped_column(default=0)
    catalogue_version: Mapped[int] = mapped_column(default=0)
    is_outdated: Mapped[bool] = mapped_column(default=False)
    """Vocabulary, catalogue or sizes were changed while it was computed: 当時の版."""
    fingerprint: Mapped[str] = mapped_column(default="")
    plan_fingerprint: Mapped[str] = mapped_column(default="")
    instance: Mapped[Any] = mapped_column(nullable=True, deferred=True)
    """Read only where it is asked for: a list of runs and the acceptance of a line have no use for it."""
    prospects: Mapped[Any] = mapped_column(nullable=True, deferred=True)
    """What could be changed for those left, found behind the run: ids and codes; empty for runs older than the question."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attained: Mapped[Any] = mapped_column(default=list)
    is_proven: Mapped[bool] = mapped_column(default=False)
    engine: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float] = mapped_column(default=0.0)
    problem: Mapped[Any] = mapped_column(nullable=True)
    """Why it failed: message, remedy and code, as the page says them."""
    lines: Mapped[list["JointLine"]] = relationship(lazy="raise", order_by="JointLine.position")
    left: Mapped[list["JointLeft"]] = relationship(lazy="raise", order_by="JointLeft.position")


class JointLine(Versioned, Base):
    """One proposal: this person at this opening at these times; accepted, declined, or neither yet.

    `sessions` holds [weekday or null, start or null, end or null, half units] each.
    """

    __tablename__ = "joint_line"

    run_id: Mapped[str] = mapped_column(Id, ForeignKey("joint_run.id"), index=True)
    position: Mapped[int]
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    opening_id: Mapped[str] = mapped_column(Id, ForeignKey("opening.id"), index=True)
    sessions: Mapped[Any]
    points: Mapped[int]
    minutes: Mapped[int | None]
    asks: Mapped[bool] = mapped_column(default=False)
    free: Mapped[int | None]
    """How many places the opening had when the run was computed."""
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str] = mapped_column(default="")
    placement_id: Mapped[str | None] = mapped_column(Id, ForeignKey("placement.id"))
    declined_at: Mapped[datetime | None]
    declined_by: Mapped[str] = mapped_column(default="")
    override: Mapped[str] = mapped_column(default="", index=True)
    override_note: Mapped[str] = mapped_column(default="")


class JointLeft(Identified, Base):
    """Somebody the run found no place for; `why` holds the conditions between them and each opening of the run, as codes."""

    __tablename__ = "joint_left"

    run_id: Mapped[str] = mapped_column(Id, ForeignKey("joint_run.id"), index=True)
    position: Mapped[int]
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    waiting_days: Mapped[int]
    why: Mapped[dict[str, Any]]


class JointSetting(Identified, Base):
    """One version of what a town has decided for its joint runs; the highest `seq` of a key is in force."""

    __tablename__ = "joint_setting"

    seq: Mapped[int] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(index=True)
    body: Mapped[Any]
    at: Mapped[datetime]
    author: Mapped[str]
