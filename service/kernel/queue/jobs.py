"""A job: put down in the transaction of what asked for it, and ended in the transaction that writes its result.

Its argument and its progress hold addresses of rows, settings and counts, never a fact about a person.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Index, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.kernel.db import Base, Identified
from service.kernel.errors import NotFound

WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
ENDED: Final = frozenset({DONE, FAILED, CANCELLED})


class Job(Identified, Base):
    """One piece of work; `attempts` counts the tries that nobody gave back, `ticket` every time it was taken."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_after", "state", "run_after"),)
    audited = False

    kind: Mapped[str]
    argument: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    ticket: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    worker: Mapped[str] = mapped_column(default="")
    stop_asked: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    said: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def has_ended(self) -> bool:
        """Whether nobody will work on it any more."""
        return self.state in ENDED

    def end(self, state: str, now: datetime, *, result: str = "", code: str = "", said: str = "") -> None:
        """Close it, and free its key for the next of its sort."""
        self.state, self.finished_at = state, now
        self.result, self.code, self.said = result, code, said
        self.key, self.lease_until = None, None

    def wait(self, run_after: datetime) -> None:
        """Let whoever is free take it from that instant on."""
        self.state, self.run_after = WAITING, run_after
        self.worker, self.lease_until = "", None


def enqueue(session: Session, kind: str, argument: Mapping[str, Any], *, now: datetime, key: str | None = None) -> Job:
    """Put a job down in the caller's transaction; while one with this key is open, it is answered instead."""
    if found := _open_job(session, key):
        return found
    job = Job(kind=kind, argument=dict(argument), key=key, run_after=now, created_at=now)
    if key is None:
        session.add(job)
        session.flush()
        return job
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        # Somebody else put the same one down between the look and this line.
        if (found := _open_job(session, key)) is None:
            raise
        return found
    return job


def _open_job(session: Session, key: str | None) -> Job | None:
    return None if key is None else session.scalars(select(Job).where(Job.key == key)).first()


def find_job(session: Session, job_id: str) -> Job:
    """A job by its address."""
    if (job := session.get(Job, job_id, populate_existing=True)) is None:
        raise NotFound()
    return job


def ask_to_stop(session: Session, job_id: str, now: datetime) -> Job:
    """Cancel a job that waits; tell the worker of a running one, which hears of it within a few seconds."""
    job = session.scalars(
        select(Job).where(Job.id == job_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if job is None:
        raise NotFound()
    if job.state == WAITING:
        job.end(CANCELLED, now)
    elif job.state == RUNNING:
        job.stop_asked = True
    return job
