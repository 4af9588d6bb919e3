"""Taking jobs in hand, and letting go of them: a claim lasts as long as its lease is renewed.

Whoever lost its claim — because it was silent for longer than its lease — can neither renew it nor end the job: every
step asks again whether the claim still holds, in the transaction that relies on it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from service.kernel.queue.jobs import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job

LEASE: Final = timedelta(seconds=60)
PAUSES: Final = (timedelta(seconds=5), timedelta(seconds=30))
"""How long a job that failed waits for its next try; there is one try more than there are pauses."""
MOST_ATTEMPTS: Final = len(PAUSES) + 1
SILENT, FAULT = "worker-lost", "fault"


class ClaimLost(Exception):
    """The job is somebody else's by now, or has ended."""


@dataclass(frozen=True)
class Claim:
    """A job in the hands of one worker; `ticket` tells this time it was taken from every other."""

    job_id: str
    kind: str
    argument: Mapping[str, Any]
    worker: str
    ticket: int
    attempt: int


def is_due(session: Session, kinds: Collection[str], now: datetime) -> bool:
    """Whether there is anything to take: the look that costs no writer his turn."""
    return session.scalars(select(Job.id).where(_due(kinds, now)).limit(1)).first() is not None


def take(session: Session, worker: str, kinds: Collection[str], now: datetime, lease: timedelta = LEASE) -> Claim | None:
    """The next job, claimed; those whose last try was lost on the way are ended instead."""
    while job := session.scalars(
        select(Job)
        .where(_due(kinds, now))
        .order_by(Job.run_after, Job.created_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first():
        if job.stop_asked:
            job.end(CANCELLED, now)
        elif job.attempts >= MOST_ATTEMPTS:
            job.end(
                FAILED, now, code=SILENT, said="処理が途中で何度も止まりました。対象をしぼるか、管理者に伝えてください。"
            )
        else:
            return _claim(job, worker, now, lease)
        session.flush()
    return None


def _due(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    waits = and_(Job.state == WAITING, Job.run_after <= now)
    abandoned = and_(Job.state == RUNNING, Job.lease_until < now)
    return and_(Job.kind.in_(kinds), or_(waits, abandoned))


def _claim(job: Job, worker: str, now: datetime, lease: timedelta) -> Claim:
    job.state, job.worker, job.lease_until = RUNNING, worker, now + lease
    job.attempts += 1
    job.ticket += 1
    job.started_at = job.started_at or now
    return Claim(job.id, job.kind, job.argument, worker, job.ticket, job.attempts)


def held(session: Session, claim: Claim) -> Job:
    """The job of a claim that still holds; nobody else can take it before this transaction ends."""
    job = session.scalars(_of(claim).with_for_update().execution_options(populate_existing=True)).first()
    if job is None:
        raise ClaimLost()
    return job


def is_stop_asked(session: Session, claim: Claim) -> bool:
    """Whether somebody has asked to stop it: a look that costs no writer his turn."""
    job = session.scalars(_of(claim)).first()
    if job is None:
        raise ClaimLost()
    return job.stop_asked


def _of(claim: Claim) -> Select[Job]:
    return select(Job).where(
        Job.id == claim.job_id, Job.state == RUNNING, Job.worker == claim.worker, Job.ticket == claim.ticket
    )


def renew(session: Session, claim: Claim, now: datetime, lease: timedelta, progress: Mapping[str, Any]) -> None:
    """Say that the work goes on, and how far it is."""
    job = held(session, claim)
    job.lease_until, job.progress = now + lease, dict(progress)


def finish(session: Session, claim: Claim, result: str, now: datetime) -> None:
    """End the job in the transaction that has written its result."""
    held(session, claim).end(DONE, now, result=result)


def refuse(session: Session, claim: Claim, code: str, said: str, now: datetime) -> None:
    """End a job the work does not allow: another try would be refused as well."""
    held(session, claim).end(FAILED, now, code=code, said=said)


def try_again(session: Session, claim: Claim, now: datetime) -> bool:
    """Let a job that met a fault wait for its next try; False when that was the last."""
    job = held(session, claim)
    if job.attempts >= MOST_ATTEMPTS:
        job.end(FAILED, now, code=FAULT, said="処理の途中で不具合がありました。管理者に、ログを見るよう伝えてください。")
        return False
    job.wait(now + PAUSES[job.attempts - 1])
    return True


def give_back(session: Session, claim: Claim, now: datetime) -> None:
    """Leave a job to the others because this worker has to stop: it does not count as a try."""
    job = held(session, claim)
    job.attempts -= 1
    job.wait(now)


def drop(session: Session, claim: Claim, now: datetime) -> None:
    """End a job that stopped because somebody asked for it."""
    held(session, claim).end(CANCELLED, now)
