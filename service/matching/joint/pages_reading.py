"""From the database to what the pages of a joint run are made of, in few questions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.kernel.clock import day_in_japan
from service.kernel.queue.jobs import Job
from service.matching.gather import load_catalogue
from service.matching.joint.differing import difference
from service.matching.joint.models import DONE, JointRun
from service.matching.joint.pages_rows import Reader
from service.matching.joint.pages_run import Before, Progress, progress_of_run
from service.matching.joint.people import people_by_id
from service.matching.joint.service import RunView, run_of, shown_state
from service.matching.joint.sizes import current_sizes
from service.web.actor import Actor, Town


def reader_of(
    session: Session, town: Town, actor: Actor, view: RunView, now: datetime, *, with_reasons: bool = True
) -> Reader:
    """The run before today's catalogue, with everybody its page may have to name; reasons where lines are shown."""
    missing = _named(view) - view.people.keys()
    people = {**view.people, **(people_by_id(session, town, actor, missing) if missing else {})}
    reasons = {reason.key: reason.label for reason in current_sizes(session).overrides} if with_reasons else {}
    return Reader(view.run, people, load_catalogue(session, town), actor, day_in_japan(now), reasons)


def _named(view: RunView) -> set[str]:
    """People that decisions or contradictions speak of."""
    pairs: Iterable[list[str]] = (view.run.problem or {}).get("pairs", ())
    return {pin.person_id for pin in view.ask.pins} | {person for person, _ in pairs}


def before_of(session: Session, town: Town, actor: Actor, run: JointRun) -> Before | None:
    """What changed since the run this one grew out of; nothing where there is none or it came to no plan."""
    if run.parent_id is None or run.state != DONE:
        return None
    earlier = run_of(session, town, actor, run.parent_id)
    query = select(JointRun).where(JointRun.id == earlier.id).options(selectinload(JointRun.lines))
    loaded = session.scalars(query.execution_options(populate_existing=True)).one()
    accepted = frozenset(line.person_id for line in loaded.lines if line.accepted_at is not None)
    return Before(difference(run, loaded), accepted) if loaded.state == DONE else None


def look_at(town: Town, actor: Actor, run_id: str) -> Progress:
    """How far a run is, in a short transaction of its own; NotFound for whoever may not see it."""
    with town.database.read() as session:
        run = run_of(session, town, actor, run_id)
        job = session.get(Job, run.job_id) if run.job_id else None
        return progress_of_run(run, shown_state(run, job), job.progress if job else {}, actor)
