"""佐倉 as a candidate for 海の台所, which somebody of ours has seen."""

import pytest

from service.cases.placements import SessionTime, place_candidate
from service.resources.models import HostAssessment
from tests.cast import TODAY, World

MONDAY = SessionTime(0, 780, 960)


@pytest.fixture
def candidate(town_with_a_case: World) -> World:
    """佐倉 as a candidate for 海の台所 on Mondays."""
    world = town_with_a_case
    with world.writing() as session:
        session.add(HostAssessment(host_id=world.ids["海の台所"], assessed_on=TODAY, author="青木", facts={}))
        placement = place_candidate(
            session, world.ids["佐倉"], world.ids["枠"], [MONDAY], since=TODAY, recorded_by="青木", reason="本がお好き"
        )
        world.ids["候補"] = placement.id
    return world
