"""Doing a joint run: gather, solve behind a fence, check, explain — and answer how to write all of it down at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.kernel.clock import day_in_japan, now_utc
from service.kernel.errors import DomainError, NotFound
from service.kernel.queue.claims import Claim
from service.kernel.queue.working import Save, Stopped, Tell
from service.matching.engine.explain.standing import Standing
from service.matching.engine.fence import solve_fenced
from service.matching.engine.problem import Problem
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Cancelled, Plan, Solution, Step, Watch
from service.matching.engine.stored.file import read
from service.matching.engine.verify import check
from service.matching.joint.gather import Gathered, Proposed, check_page_size, gather, scope_of
from service.matching.joint.hindrances import blocks_of
from service.matching.joint.models import WAITING, JointLine, JointRun
from service.matching.joint.pins import check_conflicts, check_forced
from service.matching.joint.prospects import STEP, Prospects, find_prospects
from service.matching.joint.recording import Found, record_failure, record_result
from service.matching.joint.stored import ask_of, instance_of, start_of, times_of
from service.web.actor import Town

JOB: Final = "joint-run"


class Solver(Protocol):
    """Any engine that answers a problem with a plan and its proof."""

    def __call__(
        self, problem: Problem, settings: Settings, *, watch: Watch | None = None, start: Plan | None = None
    ) -> Solution: ...


def carry_out(town: Any, claim: Claim, tell: Tell, is_stopped: Callable[[], bool]) -> Save:
    """The queue's handler for a joint run."""
    return execute_run(town, str(claim.argument["run"]), tell, is_stopped)


def execute_run(
    town: Town,
    run_id: str,
    tell: Tell = lambda progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
    solver: Solver = solve_fenced,
) -> Save:
    """Compute a run and answer how to save it; nothing is written before, and a refusal is saved as one.

    Raises Stopped when somebody has asked to end it.
    """
    tell({"step": "読み込み", "seconds": 0.0})
    try:
        found = _compute(town, run_id, tell, is_stopped, solver)
    except Cancelled:
        raise Stopped() from None
    except DomainError as refusal:
        return _saving_refusal(run_id, refusal)
    return lambda session: _save(session, run_id, found)


@dataclass(frozen=True)
class _Asked:
    """A waiting run with everything it needs."""

    run: JointRun
    gathered: Gathered


def _compute(town: Town, run_id: str, tell: Tell, is_stopped: Callable[[], bool], solver: Solver) -> Found | None:
    with town.database.read() as session:
        asked = _gather_for(session, town, run_id, day_in_japan(now_utc()))
    if asked is None:
        return None
    ask = ask_of(asked.run)
    settings = ask.settings.engine_settings
    instance = instance_of(asked.gathered.problem, settings)
    # What is solved is what is kept: reading it back gives the arrays a replay will have.
    problem = read(instance)
    check_forced(problem, ask.pins)
    check_conflicts(problem, settings)
    solution = _solve(problem, settings, tell, is_stopped, solver)
    if broken := check(problem, settings, solution.plan):
        raise RuntimeError(f"the plan breaks {broken[0].rule}")
    prospects = _look_further(problem, settings, solution, asked.gathered, tell, is_stopped)
    return Found(problem, instance, solution, asked.gathered, prospects)


def _solve(problem: Problem, settings: Settings, tell: Tell, is_stopped: Callable[[], bool], solver: Solver) -> Solution:
    def watch(step: Step) -> None:
        tell(progress_of(step))
        if is_stopped():
            raise Cancelled

    return solver(problem, settings, watch=watch, start=start_of(problem))


def _look_further(
    problem: Problem, settings: Settings, solution: Solution, gathered: Gathered, tell: Tell, is_stopped: Callable[[], bool]
) -> Prospects:
    """What could be changed for those left, while nobody waits at a page for it."""
    last = solution.attained[-1:]
    tell(progress_of(Step(STEP, solution.seconds, *((last[0].value, last[0].bound) if last else (0.0, 0.0)))))
    if is_stopped():
        raise Cancelled
    standing, hindrances = Standing.of(problem, settings, solution), gathered.built.hindrances
    left = {person: hindrances[problem.people.ids[person]] for person in standing.left.tolist()}
    found = find_prospects(standing, blocks_of(left, len(problem.openings), gathered.loaded.vocabulary))
    if is_stopped():
        raise Cancelled
    return found


def progress_of(step: Step) -> Mapping[str, Any]:
    """How far a run is, as the page shows it: numbers only."""
    return {"step": step.name, "seconds": round(step.seconds, 2), "value": step.value, "bound": step.bound, "gap": step.gap}


def _gather_for(session: Session, town: Town, run_id: str, today: date) -> _Asked | None:
    """The run with everything it needs as of now; None when it waits no longer."""
    run = session.get(JointRun, run_id)
    if run is None:
        raise NotFound()
    if run.state != WAITING:
        return None
    actor, ask = session.get_one(User, run.asked_by_id).as_actor(), ask_of(run)
    if run.is_limited:
        check_page_size(scope_of(session, town, actor, ask, today))
    gathered = gather(session, town, actor, ask, today, proposed_by(session, run.parent_id))
    if run.is_limited:
        gathered.check_pairs()
    return _Asked(run, gathered)


def proposed_by(session: Session, run_id: str | None) -> tuple[Proposed, ...]:
    """The lines of a run that nobody has declined."""
    if run_id is None:
        return ()
    query = select(JointLine).where(JointLine.run_id == run_id, JointLine.declined_at.is_(None)).order_by(JointLine.position)
    return tuple(Proposed(line.person_id, line.opening_id, times_of(line.sessions)) for line in session.scalars(query))


def _saving_refusal(run_id: str, refusal: DomainError) -> Save:
    def save(session: Session) -> str:
        record_failure(session, run_id, refusal, now_utc())
        return run_id

    return save


def _save(session: Session, run_id: str, found: Found | None) -> str:
    if found is not None:
        record_result(session, run_id, found, now_utc())
    return run_id
