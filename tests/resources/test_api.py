"""The catalogue for programs: same rights, bounded input, errors as data."""

import pytest

from tests.cast import World


def test_hosts_and_openings_come_with_their_hours(town_with_a_case: World) -> None:
    with town_with_a_case.visit() as browser:
        hosts, openings = browser.get("/api/v1/hosts").json(), browser.get("/api/v1/openings").json()
    assert (hosts["total"], hosts["items"][0]["name"]) == (1, "海の台所")
    assert [slot["weekday"] for slot in openings["items"][0]["slots"]] == [0, 2, 4]


def test_a_host_tells_its_conditions_and_leaves_the_unknown_out(town_with_a_case: World) -> None:
    with town_with_a_case.visit() as browser:
        detail = browser.get(f"/api/v1/hosts/{town_with_a_case.ids['海の台所']}").json()
    assert detail["conditions"] == [{"opening_id": town_with_a_case.ids["枠"], "values": {}, "negotiable": []}]
    assert "remarks" not in detail["host"]


@pytest.mark.parametrize(
    "query", ["page=99999999999999999999", "page=-1", "weekday=9", "kind=%00", "q=%ED%A0%80", "status=x&free=y"]
)
def test_senseless_values_are_bounded(town_with_a_case: World, query: str) -> None:
    with town_with_a_case.visit() as browser:
        assert browser.get(f"/api/v1/hosts?{query}").status_code == 200
        assert browser.get(f"/hosts?{query}").status_code == 200


def test_errors_are_data(world: World) -> None:
    with world.visit() as browser:
        absent = browser.get("/api/v1/hosts/zzz")
    with world.visit(None) as nobody:
        closed = nobody.get("/api/v1/hosts")
    assert (absent.status_code, closed.status_code) == (404, 401)
    assert {"message", "remedy"} <= set(absent.json())


def test_the_description_of_the_api_names_its_answers(world: World) -> None:
    with world.visit() as browser:
        paths = browser.get("/schema/openapi.json").json()["paths"]
    assert {"/api/v1/hosts", "/api/v1/hosts/{host_id}", "/api/v1/openings"} <= set(paths)
    assert "/hosts/{host_id}/edit" in paths, "the forms are described too, so that they can be tried with anything"
