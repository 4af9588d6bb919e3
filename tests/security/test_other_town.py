"""Real ids of another town, of another host and of nobody: one and the same answer, to the byte and in its own good time."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from service.app import build_app
from service.settings import make_exchange_key
from service.setup import open_ready
from tests.cast import Visitor, World, hire_staff
from tests.security.house import (
    ABSENT,
    WORDS_OF_ADDRESSES,
    House,
    ask,
    data_of,
    furnish,
    kept_as_it_was,
    relation_of,
    routes_of,
    who_uses,
    without_marks,
)
from tests.towns import Ground

TOWNS = (
    {"code": "111111", "name": "甲市", "host": "testserver.local"},
    {"code": "222222", "name": "乙市", "host": "b.example"},
)
NO_IDS = {*WORDS_OF_ADDRESSES, "key", "preset_key", "path", "file_path", "site_key"}
"""Places of an address that hold a word, the same in every town."""
FACE = ("/host/", "/l/")
SLOWER = 1.5
"""How many times longer an answer about something that is there may take than one about nothing."""
TRIES = 300


@pytest.fixture(scope="module")
def towns(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    """甲市 and 乙市 in one installation, furnished alike; every id is one of its own."""
    folder: Path = tmp_path_factory.mktemp("towns")
    settings = ground.prepare(folder, TOWNS)
    for entry in settings.entries:
        open_ready(settings, entry).database.close()
        make_exchange_key(folder, entry.code)
    app = build_app(settings)
    houses = []
    for row in TOWNS:
        world = World(settings, app.state.towns[row["host"]], app)
        with world.writing("準備") as session:
            world.ids |= hire_staff(session)
        houses.append(furnish(world))
    yield houses[0], houses[1]
    for house in houses:
        house.world.close()


@pytest.fixture(scope="module")
def visitors(towns: tuple[House, House]) -> dict[str, Visitor]:
    """A browser in 甲市 for whoever uses a page."""
    found = {name: towns[0].world.visit(name) for name in ("青木", "北条", "遠野", "店主", "大野", "鏡", "宮本")}
    for visitor in found.values():
        visitor.get("/sign-in")
    return found


def everything(house: House) -> dict[str, str]:
    """One real id of a house for every place of an address."""
    return {**house.ids["there"], **house.ids["own"], **house.ids["member"]}


def with_at(house: House, path: str, place: str, id_: str) -> House:
    """The same house, where one place of this address holds that id."""
    known: Mapping[str, str] = {**house.ids["there"], **house.ids[relation_of(path)], place: id_}
    return replace(house, ids={**house.ids, relation_of(path): known})


def answers(visitor: Visitor, house: House, method: str, path: str, place: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """What each of the ids is answered in that place; afterwards the town is as it was."""
    found = {}
    for name, id_ in ids.items():
        with kept_as_it_was(house.world):
            found[name] = ask(visitor, with_at(house, path, place, id_), method, path, relation_of(path))
    return found


def places_of(house: House) -> list[tuple[str, str, str, bool]]:
    """(method, path, place, whether it is the first) for every id in an address."""
    return [
        (method, path, place, at == 0)
        for method, path in routes_of(house.world)
        for at, place in enumerate(re.findall(r"{(\w+)}", path))
        if place not in NO_IDS
    ]


def test_an_id_of_another_town_is_answered_like_one_of_nobody(
    towns: tuple[House, House], visitors: dict[str, Visitor]
) -> None:
    here, there = towns
    tried, before = set(), data_of(there.world)
    for method, path, place, is_first in places_of(here):
        if here.world.on_postgresql and not path.startswith(FACE):
            continue  # who may do what is decided before a database is asked; the hosts' pages are tried on both
        visitor = visitors[who_uses(path)]
        got = answers(visitor, here, method, path, place, {"foreign": everything(there)[place], "absent": ABSENT})
        foreign, absent = got["foreign"], got["absent"]
        assert foreign.status_code == absent.status_code, (method, path, place)
        assert not is_first or foreign.status_code == 404, (method, path)
        assert without_marks(foreign.text) == without_marks(absent.text), (method, path, place)
        tried.add(path)
    assert data_of(there.world) == before
    assert len([path for path in tried if path.startswith(FACE)]) >= 11
    assert here.world.on_postgresql or len(tried) > 90


def timed(visitor: Visitor, path: str) -> float:
    began = perf_counter()
    assert visitor.get(path).status_code == 404
    return perf_counter() - began


@pytest.mark.deep
def test_the_time_of_an_answer_does_not_tell_whether_there_is_something(
    towns: tuple[House, House], visitors: dict[str, Visitor]
) -> None:
    here, there = towns
    other_host, locked = here.ids["other-host"], here.ids["locked-other"]
    foreign = {
        ("店主", "/host/openings/{}", "other host"): other_host["opening_id"],
        ("店主", "/host/people/{}", "other host"): other_host["placement_id"],
        ("店主", "/host/soundings/{}", "other host"): other_host["sounding_id"],
        ("店主", "/host/openings/{}", "other town"): there.ids["there"]["opening_id"],
        ("青木", "/people/{}", "locked"): locked["person_id"],
        ("青木", "/placements/{}", "locked"): locked["placement_id"],
        ("青木", "/people/{}", "other town"): there.ids["own"]["person_id"],
    }
    ratios = {}
    for (name, path, whose), id_ in foreign.items():
        pairs = [tuple(timed(visitors[name], path.format(each)) for each in (id_, ABSENT)) for _ in range(TRIES)]
        ratios[path, whose] = median(first for first, _ in pairs) / median(second for _, second in pairs)
    print({" ".join(what): round(ratio, 2) for what, ratio in ratios.items()})  # noqa: T201 — the figures, shown with -s
    assert [what for what, ratio in ratios.items() if not 1 / SLOWER < ratio < SLOWER] == []
