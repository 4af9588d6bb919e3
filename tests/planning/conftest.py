"""A person who attends a place, with six things to be done in the next weeks."""

from datetime import timedelta

import pytest

from service.cases.models import Placement, PlacementSession
from tests.cast import TODAY, World
from tests.feeds.planned import plan
from tests.planning.asking import FIRST, OFFICE


@pytest.fixture
def busy(town_with_a_case: World) -> World:
    """佐倉 attends on Mondays and Wednesdays; six things to be done for her in the next weeks, none with a day."""
    world = town_with_a_case
    with world.writing() as session:
        placement = Placement(
            person_id=world.ids["佐倉"], opening_id=world.ids["枠"], step="started", since=TODAY, recorded_by="青木",
            started_on=TODAY, sessions=[PlacementSession(weekday=day, start_min=780, end_min=960) for day in (0, 2)],
        )  # fmt: skip
        session.add(placement)
        session.flush()
        world.ids["利用"] = placement.id
    for at in range(6):
        due = FIRST + timedelta(days=2 * at)
        kind = "visit_and_interview" if at % 2 else "phone"
        world.ids[f"予定{at}"] = plan(
            world, "佐倉", key=f"r:{at}", sequence=at + 1, kind=kind, placement_id=world.ids["利用"], due_on=due, raw_on=due,
            early_on=due - timedelta(days=7), late_on=due + timedelta(days=7), **OFFICE,
        )  # fmt: skip
    return world
