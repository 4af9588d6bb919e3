"""All follow-ups of a person, what they count from, and the hours one is not there."""

from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import SupportCase
from service.followup.planning.models import StaffTime
from service.followup.tasks.models import CANCELLED, FollowUp
from service.kernel.clock import TOKYO
from tests.cast import Visitor, World
from tests.feeds.planned import plan


def test_a_person_shows_everything_to_come_and_past(town_with_a_case: World) -> None:
    world = town_with_a_case
    plan(world, "佐倉", kind="phone")
    plan(world, "佐倉", sequence=2, state=CANCELLED, state_reason="入院")
    with world.visit() as aoki:
        page = aoki.get(f"/people/{world.ids['佐倉']}/followups").text
    assert "これから <small>1件</small>" in page
    assert "これまで <small>1件</small>" in page


def test_the_start_of_the_plan_brings_monitoring_and_the_meeting(town_with_a_case: World) -> None:
    world = town_with_a_case
    with world.visit() as aoki:
        path = f"/people/{world.ids['佐倉']}/followups"
        refused = aoki.submit(path, {"_once": "a", "_version": "1", "plan_start": "先月"})
        assert refused.status_code == 422
        assert 'value="先月"' in refused.text
        sent = {"_once": "b", "_version": "1", "plan_start": "令和8年11月24日", "backup": world.ids["石井"]}
        assert aoki.submit(path, sent).status_code == 303
    with world.reading() as session:
        case = session.scalars(select(SupportCase)).one()
        kinds = {row.kind: row.due_on.isoformat() for row in session.scalars(select(FollowUp))}
    assert case.backup_id == world.ids["石井"]
    assert kinds == {"monitoring": "2027-02-24", "review_meeting": "2027-05-24"}


def add(visitor: Visitor, once: str = "t", **typed: Any) -> Any:
    return visitor.submit("/followup/times", {"_once": once, "kind": "leave", **typed})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": "R9.1.12"}, "2027-01-12 00:00 2027-01-13 00:00"),
        ({"first": "R9.1.12", "last": "R9.1.14"}, "2027-01-12 00:00 2027-01-15 00:00"),
        ({"first": "2027/1/12", "start": "13:00", "end": "15時半"}, "2027-01-12 13:00 2027-01-12 15:30"),
    ],
)
def test_hours_and_days_are_taken_as_people_write_them(world: World, typed: dict[str, str], said: str) -> None:
    with world.visit() as aoki:
        for _ in range(2):
            assert add(aoki, **typed).status_code == 303
        (row,) = _rows(world)
        assert f"{row.start_at.astimezone(TOKYO):%Y-%m-%d %H:%M} {row.end_at.astimezone(TOKYO):%Y-%m-%d %H:%M}" == said
        assert aoki.submit(f"/followup/times/{row.id}/remove", {"_once": "r"}).status_code == 303
    assert _rows(world) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "日にちがありません"),
        ({"first": "あした"}, "日付として読めません"),
        ({"first": "R9.1.12", "start": "昼"}, "時刻を読めませんでした"),
        ({"first": "R9.1.12", "start": "15:00", "end": "13:00"}, "終わりが始まりより後ではありません"),
        ({"first": "R9.1.12", "kind": "nap"}, "種類が選ばれていません"),
    ],
)
def test_what_cannot_be_read_comes_back(world: World, typed: dict[str, str], said: str) -> None:
    with world.visit() as aoki:
        refused = add(aoki, **typed)
    assert refused.status_code == 422
    assert said in refused.text
    assert _rows(world) == []


def test_anothers_hours_are_not_there(world: World) -> None:
    with world.visit() as aoki:
        add(aoki, first="R9.1.12")
    (row,) = _rows(world)
    with world.visit("石井") as ishii:
        assert ishii.submit(f"/followup/times/{row.id}/remove", {"_once": "r"}).status_code == 404
    assert _rows(world) != []


def _rows(world: World) -> list[StaffTime]:
    with world.reading() as session:
        return list(session.scalars(select(StaffTime)))
