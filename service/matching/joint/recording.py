"""Writing a run's result down: its lines, those left with why, what each aim attained — all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.audit import note
from service.kernel.errors import DomainError
from service.matching.engine.problem import NO_LIMIT, NONE, Problem
from service.matching.engine.solution import Attained, Solution
from service.matching.joint.gather import Gathered, versions_now
from service.matching.joint.models import DONE, FAILED, WAITING, JointLeft, JointLine, JointRun
from service.matching.joint.pins import PinProblem
from service.matching.joint.prospects import Prospects, prospects_json
from service.matching.joint.sizes import current_sizes
from service.matching.joint.stored import Line, fingerprint, plan_fingerprint, plan_lines, times_json
from service.resources.models import CatalogueState


@dataclass(frozen=True)
class Found:
    """A solved and checked run, ready to be kept."""

    problem: Problem
    instance: dict[str, Any]
    solution: Solution
    gathered: Gathered
    prospects: Prospects


def record_result(session: Session, run_id: str, found: Found, now: datetime) -> None:
    """Keep what a run found; one that was cancelled meanwhile stays so."""
    run = _waiting_run(session, run_id)
    if run is None:
        return
    problem, solution = found.problem, found.solution
    lines = plan_lines(problem, solution.plan)
    run.state, run.ended_at = DONE, now
    run.instance, run.fingerprint = found.instance, fingerprint([found.instance, run.settings])
    run.prospects = prospects_json(problem, found.prospects)
    run.plan_fingerprint = plan_fingerprint(lines)
    run.attained = [attained_json(each) for each in solution.attained]
    run.is_proven, run.engine, run.seconds = solution.is_proven, solution.engine, round(solution.seconds, 3)
    run.counts = _counts(found, lines)
    _keep_versions(session, run, found.gathered)
    session.add_all(_lines(run.id, problem, lines))
    session.add_all(_left(run.id, found))
    for person in problem.people.ids:
        note(session, "joint-run", "person", person)


def record_failure(session: Session, run_id: str, refusal: DomainError, now: datetime) -> None:
    """Keep why a run could not be done; nothing else of it is written."""
    if (run := _waiting_run(session, run_id)) is not None:
        run.state, run.ended_at = FAILED, now
        pairs = [list(pair) for pair in refusal.pairs] if isinstance(refusal, PinProblem) else []
        run.problem = {"message": refusal.message, "remedy": refusal.remedy, "code": refusal.code, "pairs": pairs}


def attained_json(each: Attained) -> dict[str, Any]:
    """One aim as it is kept; a bound without end is left open."""
    bound = each.bound if abs(each.bound) < float("inf") else None
    return {"name": each.name, "value": round(each.value, 6), "bound": None if bound is None else round(bound, 6)}


def _waiting_run(session: Session, run_id: str) -> JointRun | None:
    query = select(JointRun).where(JointRun.id == run_id, JointRun.state == WAITING).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _keep_versions(session: Session, run: JointRun, gathered: Gathered) -> None:
    """Which versions the run speaks of, and whether something moved while it was computed."""
    state = session.get(CatalogueState, 1, populate_existing=True)
    now = versions_now(session, state.version if state else 0, current_sizes(session).version)
    then = gathered.versions
    run.vocabulary_version, run.catalogue_version = then.vocabulary, then.catalogue
    run.is_outdated = now != then


def _counts(found: Found, lines: list[Line]) -> dict[str, Any]:
    problem, chosen = found.problem, found.gathered.chosen
    return {
        "people": len(problem.people),
        "openings": len(problem.openings),
        "pairs": len(problem.pairs),
        "placed": len({person for person, _, _ in lines}),
        "without_consent": chosen.without_consent,
        "not_assessed": chosen.not_assessed,
        "placed_before": chosen.placed,
    }


def _lines(run_id: str, problem: Problem, lines: Iterable[Line]) -> Iterable[JointLine]:
    people = {id_: at for at, id_ in enumerate(problem.people.ids)}
    openings = {id_: at for at, id_ in enumerate(problem.openings.ids)}
    for position, (person, opening, times) in enumerate(lines):
        pair = problem.pair_of[people[person], openings[opening]]
        minutes, free = int(problem.pairs.minutes[pair]), int(problem.openings.free[openings[opening]])
        yield JointLine(
            run_id=run_id,
            position=position,
            person_id=person,
            opening_id=opening,
            sessions=[times_json(each) for each in times],
            points=int(problem.pairs.points[pair]),
            minutes=None if minutes == NONE else minutes,
            asks=bool(problem.pairs.asks[pair]),
            free=None if free == NO_LIMIT else free,
        )


def _left(run_id: str, found: Found) -> Iterable[JointLeft]:
    """Those without a place, longest waiting first, each with what keeps them from every opening."""
    people, hindrances = found.problem.people, found.gathered.built.hindrances
    placed = found.problem.has_place.copy()
    placed[found.solution.plan.person] = True
    left = np.flatnonzero(~placed)
    for position, person in enumerate(left[np.argsort(-people.waiting_days[left], kind="stable")].tolist()):
        id_, days = people.ids[person], int(people.waiting_days[person])
        yield JointLeft(run_id=run_id, position=position, person_id=id_, waiting_days=days, why=hindrances[id_].to_json())
