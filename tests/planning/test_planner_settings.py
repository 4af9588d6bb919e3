"""The planner's numbers on 設定: read as people write them, kept as versions, refused with words."""

from typing import Any

import pytest

from service.followup.planning.numbers import LABELS, current_numbers, numbers_of, shipped, sources
from tests.cast import World


def form(**changed: str) -> dict[str, Any]:
    return {"_version": "0", "_once": "s", **changed}


def test_numbers_are_a_version_that_plans_use_from_now_on(world: World) -> None:
    typed = {"office_start_min": "9:00", "limits.most_visits": "４", "office_lat": "35.3193", "office_lon": "139.5467"}
    with world.visit("北条") as hojo:
        for _ in range(2):
            assert hojo.submit("/settings/planner", form(**typed)).status_code == 303
        assert hojo.submit("/settings/planner", form(**typed) | {"_once": "t"}).status_code == 409
        page = hojo.get("/settings/planner").text
    assert 'value="9:00"' in page
    assert 'value="139.5467"' in page, "what is shown is saved again: the office must not wander"
    with world.reading() as session:
        kept = current_numbers(session)
    assert (kept.version, kept.office_start_min, kept.limits.most_visits, kept.office_lat) == (1, 540, 4, 35.3193)
    assert kept.weights == shipped().weights


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"office_start_min": "朝"}, "時刻を読めませんでした"),
        ({"office_start_min": "19:00"}, "一日を組めません"),
        ({"limits.lunch_min": "200"}, "一日を組めません"),
        ({"weights.move": "とても"}, "数として読めません"),
        ({"weights.move": "-1"}, "一日を組めません"),
        ({"speed_kmh": "nan"}, "数として読めません"),
        ({"first_seconds": "0"}, "一日を組めません"),
        ({"first_seconds": "60"}, "一日を組めません"),
        ({"confirm_days": "-1"}, "一日を組めません"),
        ({"travel_give": "200"}, "一日を組めません"),
    ],
)
def test_what_makes_no_day_is_refused_and_kept_on_the_page(world: World, typed: dict[str, str], said: str) -> None:
    with world.visit("北条") as hojo:
        refused = hojo.submit("/settings/planner", form(**typed))
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{next(iter(typed.values()))}"' in refused.text


def test_every_number_has_a_name_and_comes_back_from_its_version(world: World) -> None:
    assert all(shipped().get(name) is not None or name.startswith("office_l") for name in LABELS)


def test_every_number_says_where_it_comes_from_beside_its_first_value(world: World) -> None:
    assert set(sources()) == set(LABELS)
    with world.visit("北条") as hojo:
        typed = {"confirm_days": "3", "first_seconds": "1.5"}
        assert hojo.submit("/settings/planner", form(**typed)).status_code == 303
        page = hojo.get("/settings/planner").text
    assert page.count("出どころ：") == len(LABELS)
    assert "はじめの5開庁日を約束済みとした（はじめの値 5）" in page
    with world.reading() as session:
        kept = current_numbers(session)
    assert (kept.confirm_days, kept.first_seconds) == (3, 1.5)


def test_a_version_from_before_a_number_was_there_is_read_with_the_shipped_one() -> None:
    body = shipped().to_json()
    del body["confirm_days"], body["travel_give"]
    assert numbers_of(4, body).confirm_days == 5
