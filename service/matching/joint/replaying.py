"""Solving a kept run again: the same instance, the same settings — and whether the same plan comes out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from service.kernel.errors import DomainError, NotFound
from service.matching.engine.solve import solve
from service.matching.joint.models import DONE, JointRun
from service.matching.joint.running import Solver
from service.matching.joint.stored import Line, fingerprint, plan_fingerprint, plan_lines, start_of, stored_problem


@dataclass(frozen=True)
class Replay:
    """What came out of solving a run again."""

    run_id: str
    is_instance_equal: bool
    is_plan_equal: bool
    was_proven: bool
    is_proven: bool
    seconds: float
    plan: str
    lines: tuple[Line, ...]

    @property
    def is_equal(self) -> bool:
        """The instance is untouched, and the plan is the same."""
        return self.is_instance_equal and self.is_plan_equal


def kept_run(session: Session, run_id: str) -> JointRun:
    """A finished run with its lines, for commands on the server; DomainError while there is nothing to solve again."""
    query = select(JointRun).where(JointRun.id == run_id).options(selectinload(JointRun.lines), undefer(JointRun.instance))
    run = session.scalars(query).one_or_none()
    if run is None:
        raise NotFound()
    if run.state != DONE:
        raise DomainError(
            "この計算には、まだ結果がありません。", "計算が終わってから、もう一度実行してください。", "no-result", 409
        )
    return run


def replay(run: JointRun, solver: Solver = solve) -> Replay:
    """Solve what the run solved, from the same beginning; where time ended a run, the next may end elsewhere."""
    if fingerprint([run.instance, run.settings]) != run.fingerprint:
        return Replay(run.id, False, False, run.is_proven, False, 0.0, "", ())
    problem, settings = stored_problem(run)
    solution = solver(problem, settings, start=start_of(problem))
    lines = tuple(plan_lines(problem, solution.plan))
    plan = plan_fingerprint(lines)
    return Replay(
        run.id,
        True,
        plan == run.plan_fingerprint,
        run.is_proven,
        solution.is_proven,
        round(solution.seconds, 3),
        plan,
        lines,
    )
