"""S07 on the page: four people typed into a town, one run, and the plan worked out by hand read off the page."""

import re

import pytest

from service.kernel.db import new_id
from tests.cast import World
from tests.joint.cast import finish
from tests.joint.scenario_town import build_town
from tests.matching.cast import openings, scenarios

ENTRY = scenarios()["joint"]["S07"]
ROW = re.compile(r'<li class="line[^>]*>.*?class="person"><a[^>]*>(\w+)</a>.*?<h2>.*?<a[^>]*>([^<]+)</a>.*?<b>(.)', re.S)


@pytest.fixture
def town(world: World) -> World:
    with world.writing() as session:
        build_town(session, world, "S07")
    return world


def read_off(text: str) -> dict[str, list[str]]:
    """Who goes where on which day, as the page says it."""
    host = {facts.name: facts.id for facts in openings()}
    return {name: [host[place], day] for name, place, day in ROW.findall(text)}


def test_the_page_gives_the_plan_worked_out_by_hand(town: World) -> None:
    visitor = town.visit()
    assert "<b>4</b>人" in visitor.get("/joint/new").text
    here = visitor.submit("/joint", {"load": "1", "_once": new_id()}).headers["location"]
    finish(town, here.rsplit("/", 1)[1])
    text = visitor.get(here).text
    assert read_off(text) == ENTRY["solution"]
    assert "最良と証明済み" in text
    assert visitor.get(f"{here}?tab=no").text.count('<li class="line left"') == 0
