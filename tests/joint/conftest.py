"""The town most tests of joint runs begin with."""

import pytest

from tests.cast import World
from tests.joint.cast import add_person, add_place


@pytest.fixture
def town(world: World) -> World:
    """海の台所 and 丘の畑 with one place each; 佐倉 and 森 are 青木's, 原 is 石井's."""
    with world.writing() as session:
        world.ids["海の台所"] = add_place(session, "海の台所").id
        world.ids["丘の畑"] = add_place(session, "丘の畑").id
        for name, by in (("佐倉", "青木"), ("森", "青木"), ("原", "石井")):
            add_person(session, world, name, by)
    return world
