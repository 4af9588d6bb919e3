"""Asking for a plan, and reading what stands."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from service.followup.planner.stop import Iterations
from service.followup.planning.differing import Change, to_json
from service.followup.planning.gathering import Gathered, gather
from service.followup.planning.models import PlanRun
from service.followup.planning.running import start_plan
from service.followup.tasks.models import FollowUp
from service.kernel.calendar import Calendar, published_until
from service.kernel.clock import day_in_japan, now_utc
from tests.cast import NOW, TODAY, World

FIRST = TODAY + timedelta(days=1)
OFFICE = {"on": None, "start_min": None}
TODAY_HERE = day_in_japan(now_utc())
SOON = Calendar(published_until(TODAY_HERE)).add_open_days(TODAY_HERE, 2)
"""An open day ahead of the pages, which ask the clock themselves."""
STOP = Iterations(300)


def ask(world: World, name: str = "青木") -> PlanRun:
    """A plan of somebody's, searched for by a count of rounds."""
    with world.writing() as session:
        return start_plan(session, world.town, world.actor(name), NOW, STOP)


def propose(world: World, *changes: Change) -> str:
    """青木's plan with these lines, as if it had been found; its id."""
    costs = {"travel": 1, "continuity": 0, "timeliness": 0, "unplanned": 0, "moves": 0}
    with world.writing() as session:
        run = PlanRun(asked_by_id=world.ids["青木"], author="青木", asked_at=NOW, ask={}, state="done",
                      plan={"changes": to_json(changes)}, plan_fingerprint="f", counts={"costs": costs})  # fmt: skip
        session.add(run)
        session.flush()
        return run.id


def question(world: World, name: str = "青木", **more: Any) -> Gathered:
    """What the planner would be told."""
    with world.reading() as session:
        return gather(session, world.town, world.actor(name), TODAY, **more)


def rows(world: World) -> Sequence[FollowUp]:
    """Every follow-up, by its key."""
    with world.reading() as session:
        return session.scalars(select(FollowUp).order_by(FollowUp.key)).all()
