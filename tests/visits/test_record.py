"""The 90-second record: both sides, kept once, in the words of each, and what follows from it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Placement, SupportCase
from service.followup.placements.models import ContactWithBoth
from service.followup.tasks.models import DONE, PLANNED, FollowUp
from service.followup.visits.models import Adjustment, Visit
from tests.cast import TODAY, Visitor, World
from tests.feeds.planned import SOON, plan

BOTH = {
    "met": "both", "person_face": "4", "person_says": "want", "wish": "週2回にしたい", "host_face": "3", "host_says": "can",
    "state": "stable",
}  # fmt: skip
TODAY_IN_TOWN = SOON - timedelta(days=3)


@pytest.fixture
def attending(town_with_a_case: World) -> World:
    world = town_with_a_case
    with world.writing() as session:
        placement = Placement(
            person_id=world.ids["佐倉"], opening_id=world.ids["枠"], step="started", since=TODAY, recorded_by="青木",
            started_on=TODAY - timedelta(days=60),
        )  # fmt: skip
        session.add(placement)
        session.flush()
        world.ids["利用"] = placement.id
    world.ids["予定"] = plan(world, "佐倉", placement_id=world.ids["利用"], kind="visit_and_interview")
    return world


def record(visitor: Visitor, world: World, once: str = "o", **typed: str) -> Any:
    form = {"_once": once, "_version": "1", "done_on": TODAY_IN_TOWN.isoformat(), **typed}
    return visitor.submit(f"/followup/{world.ids['予定']}/record", form)


def kept(world: World) -> list[Visit]:
    with world.reading() as session:
        return list(session.scalars(select(Visit).order_by(Visit.recorded_at)))


def test_one_sending_writes_the_record_the_talk_with_both_and_ends_the_follow_up(attending: World) -> None:
    with attending.visit() as aoki:
        assert record(aoki, attending, **BOTH).status_code == 303
        assert record(aoki, attending, **BOTH).status_code == 303
    (visit,) = kept(attending)
    assert (visit.wish, visit.person_says, visit.host_says, visit.met_person, visit.met_host) == (
        "週2回にしたい", "want", "can", True, True,
    )  # fmt: skip
    with attending.reading() as session:
        (contact,) = session.scalars(select(ContactWithBoth)).all()
        row = session.get_one(FollowUp, attending.ids["予定"])
    assert visit.contact_id == contact.id
    assert (contact.person_says, contact.host_says, contact.has_problem) == ("want", "can", False)
    assert (row.state, row.done_on) == (DONE, TODAY_IN_TOWN)


def test_a_record_may_be_told_late_and_keeps_both_days(attending: World) -> None:
    done_on = TODAY_IN_TOWN - timedelta(days=9)
    with attending.visit() as aoki:
        assert record(aoki, attending, **(BOTH | {"done_on": f"R8.{done_on.month}.{done_on.day}"})).status_code == 303
    (visit,) = kept(attending)
    assert visit.done_on == done_on
    assert visit.recorded_at.date() > done_on


def test_something_to_arrange_becomes_a_task_and_an_open_problem(attending: World) -> None:
    until = (TODAY_IN_TOWN + timedelta(days=14)).isoformat()
    with attending.visit() as aoki:
        record(aoki, attending, **BOTH, what="作業の順を紙に", who="店主", until=until)
    with attending.reading() as session:
        (task,) = session.scalars(select(Adjustment)).all()
        (contact,) = session.scalars(select(ContactWithBoth)).all()
    assert (task.what, task.who, task.until_on.isoformat(), task.state) == ("作業の順を紙に", "店主", until, "open")
    assert contact.has_problem


def test_one_side_alone_is_a_record_and_no_talk_with_both(attending: World) -> None:
    with attending.visit() as aoki:
        assert record(aoki, attending, **(BOTH | {"met": "person"})).status_code == 303
    (visit,) = kept(attending)
    assert (visit.host_says, visit.host_face, visit.contact_id) == ("", None, None)


def test_whoever_the_plan_has_sent_writes_the_record_of_a_colleagues_case(attending: World) -> None:
    with attending.writing() as session:
        session.get_one(FollowUp, attending.ids["予定"]).staff_id = attending.ids["石井"]
    with attending.visit("石井") as ishii:
        assert record(ishii, attending, **BOTH).status_code == 303
    with attending.reading() as session:
        (contact,) = session.scalars(select(ContactWithBoth)).all()
    assert contact.recorded_by.startswith("石井")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"met": ""}, "会えた人を選んでください"),
        ({"person_says": ""}, "本人のことばが選ばれていません"),
        ({"host_says": ""}, "受け入れ先の答えが選ばれていません"),
        ({"done_on": (SOON + timedelta(days=9)).isoformat()}, "まだ来ていない日"),
        ({"done_on": "きのう"}, "日付として読めません"),
        ({"what": "机を替える"}, "いつまでかが要ります"),
        ({"times_planned": "四回"}, "回数だけを"),
        ({"state": "すてき"}, "選んだ答えを読めません"),
    ],
)
def test_what_is_not_whole_comes_back_with_everything_typed(attending: World, typed: dict[str, str], said: str) -> None:
    with attending.visit() as aoki:
        refused = record(aoki, attending, **(BOTH | typed))
    assert refused.status_code == 422
    assert said in refused.text
    assert "週2回にしたい" in refused.text
    assert kept(attending) == []
    with attending.reading() as session:
        assert session.get_one(FollowUp, attending.ids["予定"]).state == PLANNED


def test_two_records_of_one_visit_are_both_kept(attending: World) -> None:
    with attending.visit() as aoki:
        record(aoki, attending, "first", **BOTH)
        assert record(aoki, attending, "second", **(BOTH | {"wish": "休みたい"})).status_code == 303
        page = aoki.get(f"/followup/{attending.ids['予定']}").text
    first, second = kept(attending)
    assert second.beside_id == first.id
    assert "記録が二つ以上あります" in page


def test_correcting_writes_another_record_and_keeps_the_one_before(attending: World) -> None:
    with attending.visit() as aoki:
        record(aoki, attending, **BOTH)
        (first,) = kept(attending)
        page = aoki.get(f"/visits/{first.id}/correct").text
        assert "週2回にしたい" in page
        form = {
            "_once": "c",
            "_version": str(first.version),
            "done_on": TODAY_IN_TOWN.isoformat(),
            **BOTH,
            "wish": "週1回のまま",
        }
        assert aoki.submit(f"/visits/{first.id}/correct", form).status_code == 303
        history = aoki.get(f"/people/{attending.ids['佐倉']}/visits").text
    assert [visit.replaces_id for visit in kept(attending)] == [None, first.id]
    assert "直されました" in history
    assert "週1回のまま" in history


def test_the_history_of_a_host_shows_only_cases_one_may_read(attending: World) -> None:
    with attending.visit() as aoki:
        record(aoki, attending, **BOTH)
        assert "佐倉" in aoki.get(f"/hosts/{attending.ids['海の台所']}/visits").text
    with attending.writing() as session:
        session.scalars(select(SupportCase)).one().locked = True
    with attending.visit("石井") as ishii:
        assert "佐倉" not in ishii.get(f"/hosts/{attending.ids['海の台所']}/visits").text


def test_the_last_wish_is_shown_and_asked_again(attending: World) -> None:
    with attending.visit() as aoki:
        record(aoki, attending, **BOTH)
        attending.ids["予定"] = plan(attending, "佐倉", sequence=2)
        assert "前は「週2回にしたい」" in aoki.get(f"/followup/{attending.ids['予定']}/record").text
