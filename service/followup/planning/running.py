"""Making a plan: a first one while somebody waits, a better one aside, and nothing written before a person accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from service.accounts.models import User
from service.followup.planner.plan import Plan
from service.followup.planner.stop import Seconds, Stop
from service.followup.planning.checking import standing_plan, way_minutes
from service.followup.planning.differing import Change, changes_of, of_json, to_json
from service.followup.planning.gathering import Gathered, gather_now, is_fixed
from service.followup.planning.holding import Held, hold, untouched
from service.followup.planning.models import DONE, RUNNING, STOPPED, PlanRun
from service.kernel.clock import now_utc
from service.kernel.errors import NotFound
from service.kernel.queue.claims import Claim
from service.kernel.queue.jobs import ask_to_stop, enqueue
from service.kernel.queue.working import Save, Tell
from service.web.actor import Actor, Town

JOB: Final = "plan-visits"
SEED: Final = 1
Search = Callable[[Gathered, Stop], Plan]
"""Whoever looks for a plan; what comes of it is checked before anybody sees it."""


def search_for(gathered: Gathered, stop: Stop, watch: Any = None) -> Plan:
    """A plan by the planner."""
    from service.followup.planner.solve import solve

    return solve(gathered.instance, seed=SEED, stop=stop, watch=watch)


def start_plan(
    session: Session, town: Town, actor: Actor, now: datetime, stop: Stop | None = None, search: Search = search_for
) -> PlanRun:
    """A first plan at once, and the search for a better one put down for a worker."""
    gathered = gather_now(session, town, actor, now)
    plan = search(gathered, stop or Seconds(gathered.numbers.first_seconds))
    run = PlanRun(asked_by_id=actor.id, author=actor.label, asked_at=now, ask={"seed": SEED}, state=RUNNING, counts={})
    _keep(run, gathered, hold(gathered.instance, plan))
    session.add(run)
    session.flush()
    run.job_id = enqueue(session, JOB, {"run": run.id}, now=now, key=f"{JOB}:{run.id}").id
    return run


def carry_out(town: Any, claim: Claim, tell: Tell, is_stopped: Callable[[], bool]) -> Save:
    """The queue's handler: the same question, longer; whoever asked may see it is who it is computed for."""
    run_id, now = str(claim.argument["run"]), now_utc()
    with town.database.read() as session:
        run = session.get_one(PlanRun, run_id)
        actor = session.get_one(User, run.asked_by_id).as_actor()
        gathered = gather_now(session, town, actor, now)
    tell({"step": "よりよい案を探しています", "left": len(gathered.rows)})

    def watch(progress: Any) -> bool:
        tell({"step": "よりよい案を探しています", "left": progress.left})
        return is_stopped()

    plan = search_for(gathered, Seconds(gathered.numbers.better_seconds), watch)
    held = hold(gathered.instance, plan)
    return lambda session: _save(session, run_id, gathered, held)


def read_run(session: Session, actor: Actor, id_: str) -> PlanRun:
    """One's own plan; another's is not there."""
    query = select(PlanRun).where(PlanRun.id == id_, PlanRun.asked_by_id == actor.id)
    run = session.scalars(query.options(undefer(PlanRun.plan)).execution_options(populate_existing=True)).one_or_none()
    if run is None:
        raise NotFound()
    return run


def newest_run(session: Session, actor: Actor) -> PlanRun | None:
    """The last plan this person asked for."""
    query = select(PlanRun).where(PlanRun.asked_by_id == actor.id).order_by(PlanRun.asked_at.desc(), PlanRun.id)
    return session.scalars(query.options(undefer(PlanRun.plan)).limit(1)).first()


def stop_run(session: Session, run: PlanRun, now: datetime) -> None:
    """End the search; the plan found so far stays."""
    if run.state == RUNNING:
        run.state, run.ended_at = STOPPED, now
        if run.job_id:
            ask_to_stop(session, run.job_id, now)


def changes_in(run: PlanRun) -> tuple[Change, ...]:
    """What the plan would change."""
    return of_json(run.plan["changes"]) if run.plan else ()


def broken_promises(run: PlanRun) -> list[str]:
    """Promised follow-ups whose member of staff is away on the promised day: a human has to speak with the other side."""
    return list(run.plan.get("broken", ())) if run.plan else []


def _keep(run: PlanRun, gathered: Gathered, held: Held) -> None:
    """Put down what may be offered of a plan found; where nothing may, what was there before stays, and that is counted."""
    refused = {"refused": len(held.refused), "refused_plans": run.counts.get("refused_plans", 0) + (held.plan is None)}
    run.problem = {"rules": [str(rule) for rule in held.rules]} if held.rules else None
    if held.plan is None and run.plan:
        run.counts = {**run.counts, "refused_plans": refused["refused_plans"]}
    else:
        _write_down(run, gathered, held.plan or untouched(gathered.instance))
        run.counts = {**run.counts, **refused}


def _write_down(run: PlanRun, gathered: Gathered, plan: Plan) -> None:
    changes = changes_of(plan, gathered.instance, [known.row for known in gathered.rows])
    kinds: dict[str, int] = {}
    for change in changes:
        kinds[change.kind] = kinds.get(change.kind, 0) + 1
    run.instance = gathered.instance.to_json()
    run.fingerprint, run.plan_fingerprint = gathered.instance.fingerprint, plan.fingerprint
    broken = [gathered.rows[task].row.id for task in sorted({*plan.notes["dropped_pins"], *_given_by_nobody(gathered)})]
    run.plan = {**plan.to_json(), "changes": to_json(changes), "broken": broken}
    found = {"costs": asdict(plan.costs), "tasks": len(gathered.rows), "left": len(plan.left), "ways": _ways(gathered, plan)}
    run.counts = {**kinds, **found}


def _given_by_nobody(gathered: Gathered) -> list[int]:
    """Tasks promised by somebody who no longer goes out: the planner knows of no promise, and still may not move them."""
    tasks = gathered.instance.tasks
    return [at for at, known in enumerate(gathered.rows) if is_fixed(known.row) and tasks[at].pin is None]


def _ways(gathered: Gathered, plan: Plan) -> dict[str, int]:
    """Minutes of travel as things stand and in the plan, each with what it may be off."""
    now = way_minutes(gathered.instance, standing_plan(gathered.instance, {}))
    then, give_of = way_minutes(gathered.instance, plan), gathered.numbers.give_of
    return {"now": now, "now_give": give_of(now), "then": then, "then_give": give_of(then)}


def _save(session: Session, run_id: str, gathered: Gathered, held: Held) -> str:
    run = session.get_one(PlanRun, run_id)
    if run.state == RUNNING:
        _keep(run, gathered, held)
        run.state, run.ended_at = DONE, now_utc()
    return f"/followup/plan/{run_id}"


def terms_of(costs: Mapping[str, float]) -> dict[str, int]:
    """The five terms in whole minutes."""
    return {name: round(value) for name, value in costs.items()}
