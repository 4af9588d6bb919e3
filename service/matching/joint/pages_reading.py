"""From the database to what the pages of a joint run are made of, in few questions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.kernel.clock import day_in_japan
from service.kernel.queue.jobs import Job
from service.matching.gather import load_catalogue
from service.matching.joint.differing import Comparison, compare, known_of_plans, known_of_runs
from service.matching.joint.models import DONE, JointRun
from service.matching.joint.pages_progress import Progress, progress_of_run
from service.matching.joint.pages_rows import Reader
from service.matching.joint.people import people_by_id
from service.matching.joint.service import RunView, run_of, shown_state
from service.matching.joint.sizes import current_sizes
from service.web.actor import Actor, Town


def reader_of(
    session: Session,
    town: Town,
    actor: Actor,
    view: RunView,
    now: datetime,
    *,
    earlier: JointRun | None = None,
    with_reasons: bool = True,
) -> Reader:
    """The run before today's catalogue, with everybody its page may have to name; reasons where lines are shown."""
    missing = (_named(view) | _named_before(earlier)) - view.people.keys()
    people = {**view.people, **(people_by_id(session, town, actor, missing) if missing else {})}
    reasons = {reason.key: reason.label for reason in current_sizes(session).overrides} if with_reasons else {}
    return Reader(view.run, people, load_catalogue(session, town), actor, day_in_japan(now), reasons)


def _named(view: RunView) -> set[str]:
    """People that decisions or contradictions speak of."""
    pairs: Iterable[list[str]] = (view.run.problem or {}).get("pairs", ())
    return {pin.person_id for pin in view.ask.pins} | {person for person, _ in pairs}


def _named_before(earlier: JointRun | None) -> set[str]:
    """People who had a place in the run before."""
    return {line.person_id for line in earlier.lines} if earlier else set()


def before_of(session: Session, town: Town, actor: Actor, run: JointRun) -> JointRun | None:
    """The run this one grew out of, with its lines; None where there is none or one of the two came to no plan."""
    if run.parent_id is None or run.state != DONE:
        return None
    earlier = run_of(session, town, actor, run.parent_id)
    query = select(JointRun).where(JointRun.id == earlier.id).options(selectinload(JointRun.lines))
    loaded = session.scalars(query.execution_options(populate_existing=True)).one()
    return loaded if loaded.state == DONE else None


def comparison_of(reader: Reader, earlier: JointRun | None, *, with_causes: bool = True) -> Comparison | None:
    """What changed since the earlier run; without causes it asks for no more than the lines."""
    if earlier is None:
        return None
    run, people = reader.run, reader.people
    if with_causes:
        known = known_of_runs(run, earlier, people, reader.loaded.records, reader.today)
    else:
        known = known_of_plans(run, earlier)
    return compare(run, earlier, people, known)


def look_at(town: Town, actor: Actor, run_id: str) -> Progress:
    """How far a run is, in a short transaction of its own; NotFound for whoever may not see it."""
    with town.database.read() as session:
        run = run_of(session, town, actor, run_id)
        job = session.get(Job, run.job_id) if run.job_id else None
        return progress_of_run(run, shown_state(run, job), job.progress if job else {}, actor)
