"""A town on two networks, with 海の台所 and a question to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.cases.models import Placement
from service.cases.placements import SessionTime, place_candidate
from service.followup.placements.asking import sound_out
from service.resources.models import HostAssessment
from tests.cast import NOW, TODAY, World
from tests.exchange.two_networks import Networks, empty_network, side_of
from tests.towns import Ground


@pytest.fixture
def hosts_world(ground: Ground, migrated: Path, tmp_path: Path) -> Iterator[World]:
    """The hosts' network on its first day."""
    with empty_network(ground, migrated, tmp_path / "hosts") as world:
        yield world


@pytest.fixture
def networks(town_with_a_case: World, hosts_world: World) -> Networks:
    """海の台所 is asked about 佐倉; the hosts' network has nothing yet."""
    world = town_with_a_case
    with world.writing() as session:
        session.add(HostAssessment(host_id=world.ids["海の台所"], assessed_on=TODAY, author="青木", facts={}))
        placement = place_candidate(
            session,
            world.ids["佐倉"],
            world.ids["枠"],
            [SessionTime(0, 780, 960)],
            since=TODAY,
            recorded_by="青木",
            reason="本",
        )
        world.ids["候補"] = placement.id
    with world.writing() as session:
        version = session.get_one(Placement, world.ids["候補"]).version
        sounding = sound_out(
            session, world.town, world.actor("青木"), world.ids["候補"], version, "20代の方です。", "phone", NOW
        )
        world.ids["打診"] = sounding.id
    return Networks(side_of(world), side_of(hosts_world))
