"""The use cases of 合同照合, readable aloud: ask, watch, stop, ask again with pins, accept or decline line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload, undefer

from service.accounts.roles import CASE_STAFF, COORDINATOR
from service.cases.models import Person, SupportCase
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, Forbidden, NotFound
from service.kernel.queue.jobs import Job, ask_to_stop, enqueue
from service.matching.engine.problem import Problem
from service.matching.engine.solution import Plan
from service.matching.joint.accepting import Accepted, accept_line, accept_lines
from service.matching.joint.asking import JointAsk, Pin, check_pins
from service.matching.joint.declining import decline_line, override_counts, override_reasons
from service.matching.joint.gather import Scope, check_page_size, check_scope, scope_of
from service.matching.joint.models import CANCELLED, DONE, FAILED, RUNNING, WAITING, JointLeft, JointLine, JointRun
from service.matching.joint.people import people_by_id
from service.matching.joint.running import JOB, execute_run
from service.matching.joint.stored import ask_of, stored_plan, stored_problem, times_of
from service.web.actor import Actor, Town

__all__ = [
    "Accepted",
    "RunView",
    "Scope",
    "accept_line",
    "accept_lines",
    "cancel_run",
    "decline_line",
    "execute_run",
    "list_runs",
    "note_print",
    "override_counts",
    "override_reasons",
    "preview",
    "read_run",
    "rerun",
    "run_of",
    "solved",
    "start_run",
]
MOST_RUNS = 50


@dataclass(frozen=True)
class RunView:
    """A run with its lines and those left, as far as the reader may see the people; `hidden` counts the others.

    `people` and `lines` and `left` hold only people whose case the reader may read.
    """

    run: JointRun
    state: str
    progress: Mapping[str, Any]
    lines: tuple[JointLine, ...]
    left: tuple[JointLeft, ...]
    people: Mapping[str, tuple[SupportCase, Person]]
    hidden: int

    @property
    def ask(self) -> JointAsk:
        """What the run was asked."""
        return ask_of(self.run)


def preview(session: Session, town: Town, actor: Actor, ask: JointAsk, now: datetime) -> Scope:
    """Whom and where a run would be about; refuses what a page cannot take, with what to widen or narrow."""
    scope = scope_of(session, town, actor, ask, day_in_japan(now))
    check_scope(scope)
    check_page_size(scope)
    return scope


def start_run(
    session: Session,
    town: Town,
    actor: Actor,
    ask: JointAsk,
    now: datetime,
    *,
    parent_id: str | None = None,
    is_limited: bool = True,
    has_job: bool = True,
) -> JointRun:
    """Put a run down together with its job; what is asked is checked before, what is found is checked by the job.

    `has_job` False = whoever asks computes it themselves, as a command does.
    """
    if COORDINATOR not in actor.roles:
        raise Forbidden()
    check_pins(ask.pins)
    if is_limited:
        preview(session, town, actor, ask, now)
    run = JointRun(
        asked_by_id=actor.id,
        author=actor.label,
        asked_at=now,
        filters=ask.filters,
        settings=ask.settings.to_json(),
        pins=ask.kept_pins,
        parent_id=parent_id,
        is_limited=is_limited,
        state=WAITING,
    )
    session.add(run)
    session.flush()
    if has_job:
        run.job_id = enqueue(session, JOB, {"run": run.id}, now=now).id
        session.flush()
    return run


def rerun(session: Session, town: Town, actor: Actor, run_id: str, pins: Sequence[Pin], now: datetime) -> JointRun:
    """The same question with other pins; the earlier lines are held, so that as little as possible changes."""
    run = run_of(session, town, actor, run_id)
    before = ask_of(run)
    return start_run(
        session, town, actor, JointAsk(before.people, before.openings, before.settings, tuple(pins)), now, parent_id=run.id
    )


def cancel_run(session: Session, town: Town, actor: Actor, run_id: str, now: datetime) -> JointRun:
    """Stop a run that has not ended; whoever asked for it may, and nothing of it is kept but that it was asked."""
    run = run_of(session, town, actor, run_id)
    if run.asked_by_id != actor.id:
        raise Forbidden()
    if run.state != WAITING:
        raise DomainError("この計算は、もう終わっています。", "結果の画面を開いてください。", "run-ended", 409)
    run.state, run.ended_at = CANCELLED, now
    if run.job_id is not None:
        ask_to_stop(session, run.job_id, now)
    note(session, "cancel", "joint_run", run.id)
    return run


def list_runs(session: Session, town: Town, actor: Actor) -> list[tuple[JointRun, str]]:
    """The newest runs this person may see, with the state of each."""
    query = _visible_runs(town, actor).order_by(JointRun.asked_at.desc(), JointRun.id).limit(MOST_RUNS)
    runs = session.scalars(query).all()
    jobs = _jobs(session, [run.job_id for run in runs if run.job_id and run.state == WAITING])
    return [(run, shown_state(run, jobs.get(run.job_id or ""))) for run in runs]


def run_of(session: Session, town: Town, actor: Actor, run_id: str) -> JointRun:
    """A run this person may see; absent and forbidden are one answer."""
    run = session.scalars(_visible_runs(town, actor).where(JointRun.id == run_id)).one_or_none()
    if run is None:
        raise NotFound()
    return run


def read_run(session: Session, town: Town, actor: Actor, run_id: str) -> RunView:
    """A run with all that its page shows; looking is recorded."""
    query = _visible_runs(town, actor).where(JointRun.id == run_id)
    shown = (selectinload(JointRun.lines), selectinload(JointRun.left), undefer(JointRun.prospects))
    run = session.scalars(query.options(*shown)).one_or_none()
    if run is None:
        raise NotFound()
    job = session.get(Job, run.job_id) if run.job_id and run.state == WAITING else None
    named: list[JointLine | JointLeft] = [*run.lines, *run.left]
    people = people_by_id(session, town, actor, {row.person_id for row in named})
    note(session, "view", "joint_run", run.id)
    return RunView(
        run=run,
        state=shown_state(run, job),
        progress=job.progress if job and run.state == WAITING else {},
        lines=tuple(line for line in run.lines if line.person_id in people),
        left=tuple(left for left in run.left if left.person_id in people),
        people=people,
        hidden=len({row.person_id for row in named} - people.keys()),
    )


def shown_state(run: JointRun, job: Job | None) -> str:
    """The run's own end, or how far its job is; a job that died without a word has failed."""
    if run.state != WAITING or job is None:
        return run.state
    return {RUNNING: RUNNING, WAITING: WAITING, CANCELLED: CANCELLED, DONE: WAITING}.get(job.state, FAILED)


def solved(run: JointRun) -> tuple[Problem, Plan]:
    """The arrays a run solved and the plan it proposed, for explaining it and for asking what if."""
    problem, _ = stored_problem(run)
    return problem, stored_plan(problem, [(line.person_id, line.opening_id, times_of(line.sessions)) for line in run.lines])


def note_print(session: Session, town: Town, actor: Actor, run_id: str, how: str = "print") -> None:
    """Record that a run was printed or taken out as a file."""
    note(session, how, "joint_run", run_of(session, town, actor, run_id).id)


def _visible_runs(town: Town, actor: Actor) -> Select[JointRun]:
    """Whoever may read cases sees the runs of the team; where cases are one's own, so are the runs."""
    query = select(JointRun)
    if town.case_access == "team" or not actor.roles & CASE_STAFF:
        return query
    return query.where(JointRun.asked_by_id == actor.id)


def _jobs(session: Session, ids: Sequence[str]) -> dict[str, Job]:
    return {job.id: job for job in session.scalars(select(Job).where(Job.id.in_(ids)))} if ids else {}
