"""Asking for a plan, and reading what stands."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from service.followup.planner.stop import Iterations
from service.followup.planning.gathering import Gathered, gather
from service.followup.planning.models import PlanRun
from service.followup.planning.running import start_plan
from service.followup.tasks.models import FollowUp
from tests.cast import NOW, TODAY, World

FIRST = TODAY + timedelta(days=1)
OFFICE = {"on": None, "start_min": None}
STOP = Iterations(300)


def ask(world: World, name: str = "青木") -> PlanRun:
    """A plan of somebody's, searched for by a count of rounds."""
    with world.writing() as session:
        return start_plan(session, world.town, world.actor(name), NOW, STOP)


def question(world: World, name: str = "青木", **more: Any) -> Gathered:
    """What the planner would be told."""
    with world.reading() as session:
        return gather(session, world.town, world.actor(name), TODAY, **more)


def rows(world: World) -> Sequence[FollowUp]:
    """Every follow-up, by its key."""
    with world.reading() as session:
        return session.scalars(select(FollowUp).order_by(FollowUp.key)).all()
