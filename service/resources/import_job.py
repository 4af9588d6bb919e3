"""A large file goes into the catalogue aside, some rows at a time: others can save meanwhile, and a killed worker loses nothing.

Each share of rows is one write together with how far it has come, so that whoever goes on begins where the last one saved.
A row that was written is 変更なし when it is seen again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.audit import Signature
from service.kernel.clock import now_utc
from service.kernel.queue import claims
from service.kernel.queue.claims import Claim
from service.kernel.queue.jobs import CANCELLED, Job, ask_to_stop, enqueue
from service.kernel.queue.working import IsStopped, Save, Stopped, Tell
from service.resources.files import ImportBatch
from service.resources.importing import apply_plan, importing_by, plan_import, read_file, rejected_rows
from service.resources.interchange.drafts import ReadResult
from service.resources.places import places_of
from service.resources.vocabulary import current_vocabulary
from service.web.actor import Actor, Town

JOB: Final = "import"
AT_ONCE: Final = 300
"""Rows of one write."""
LARGE: Final = 200_000
"""Bytes beyond which a file is taken in aside; a smaller one is written while the page waits."""
IMPORTING: Final = "importing"
COUNTED: Final = ("new", "changed", "unchanged")


def put_down(session: Session, batch: ImportBatch, now: datetime) -> None:
    """Ask for a confirmed file to be taken in; the argument is its address and nothing else."""
    batch.state = IMPORTING
    enqueue(session, JOB, {"batch": batch.id}, now=now, key=f"{JOB}:{batch.id}")


def job_of(session: Session, batch_id: str) -> Job | None:
    """The work on a file, while it is open."""
    return session.scalars(select(Job).where(Job.key == f"{JOB}:{batch_id}")).first()


def stop_import(session: Session, batch: ImportBatch, now: datetime) -> None:
    """Before anybody has begun nothing is written; later, what has been written stays and is told."""
    job = job_of(session, batch.id)
    if job is None or ask_to_stop(session, job.id, now).state == CANCELLED:
        begun = batch.outcome is not None
        batch.state, batch.content = ("stopped" if begun else "cancelled"), b""


def carry_out(town: Town, claim: Claim, tell: Tell, is_stopped: IsStopped) -> Save:
    """The queue's handler: share after share, then the end. Raises Stopped where somebody asked to stop or the worker leaves."""
    batch_id = str(claim.argument["batch"])
    with town.database.read() as session:
        # Whoever has lost the claim finds a file that somebody else has put away already.
        claims.is_stop_asked(session, claim)
        batch = session.get_one(ImportBatch, batch_id)
        kind, content, begun = batch.kind, batch.content, batch.outcome or _nothing()
        read = read_file(kind, content, current_vocabulary(session))
    done, total = int(begun["done"]), len(read.drafts)
    while done < total:
        tell({"step": "書き込み", "done": done, "of": total})
        if is_stopped():
            _leave_off(town, claim, batch_id)
            raise Stopped()
        done = _write_some(town, claim, batch_id, read, done)
    return lambda session: _end(session, batch_id, read)


def _write_some(town: Town, claim: Claim, batch_id: str, read: ReadResult, done: int) -> int:
    now = now_utc()
    with town.database.write(signature=_signature(town, now)) as session:
        claims.held(session, claim)
        batch = session.get_one(ImportBatch, batch_id)
        share = ReadResult(read.drafts[done : done + AT_ONCE], ())
        actor = Actor("-", batch.read_by, frozenset())
        how = importing_by(batch.kind, batch.filename, actor, now, places_of(town.code), current_vocabulary(session))
        more = apply_plan(session, plan_import(session, share), how)
        batch.outcome = _added(batch.outcome or _nothing(), more, len(share.drafts))
    return done + AT_ONCE


def _added(before: Mapping[str, Any], more: Mapping[str, Any], rows: int) -> dict[str, Any]:
    counts = {name: before[name] + more[name] for name in COUNTED}
    return {**counts, "saved": [*before["saved"], *more["saved"]], "rejected": [], "done": before["done"] + rows}


def _nothing() -> dict[str, Any]:
    return {"new": 0, "changed": 0, "unchanged": 0, "saved": [], "rejected": [], "done": 0}


def _end(session: Session, batch_id: str, read: ReadResult) -> str:
    _close(session, batch_id, "imported", read)
    return batch_id


def _leave_off(town: Town, claim: Claim, batch_id: str) -> None:
    now = now_utc()
    with town.database.write(signature=_signature(town, now)) as session:
        # A worker that only has to leave hands the rest of the file to the next one.
        if claims.held(session, claim).stop_asked:
            _close(session, batch_id, "stopped", None)


def _close(session: Session, batch_id: str, state: str, read: ReadResult | None) -> None:
    batch = session.get_one(ImportBatch, batch_id)
    outcome = dict(batch.outcome or _nothing())
    outcome["rejected"] = list(rejected_rows(read.problems)) if read else []
    batch.outcome, batch.state, batch.content = outcome, state, b""


def _signature(town: Town, now: datetime) -> Signature:
    return Signature("-", "（取り込み）", now, town.key)
