"""The sheet of a day: as few questions for many stops as for one, and ways that say what they may be off."""

from datetime import timedelta

from sqlalchemy import select

from service.accounts.models import User
from service.cases.models import SupportCase
from service.followup.planning.day import day_view
from service.followup.planning.numbers import current_numbers
from service.followup.policies import PLANNER
from service.followup.tasks.models import FollowUp
from service.followup.tasks.reading import list_follow_ups
from service.followup.visits.models import Visit
from service.followup.visits.reading import last_note, last_notes
from service.resources.policies import keep
from tests.cast import NOW, World
from tests.planning.asking import FIRST
from tests.sql import counted_queries


def stand(world: World, count: int) -> None:
    """So many of the six stand on one day, an hour apart."""
    with world.writing() as session:
        for at in range(count):
            row = session.get_one(FollowUp, world.ids[f"予定{at}"])
            row.on, row.start_min, row.staff_id = FIRST, 540 + 60 * at, world.ids["青木"]


def record(world: World, note: str, days_ago: int, placement: bool = True) -> None:
    with world.writing() as session:
        case = session.scalars(select(SupportCase)).one()
        session.add(Visit(
            case_id=case.id, person_id=world.ids["佐倉"], placement_id=world.ids["利用"] if placement else None,
            client_id=note, kind="phone", done_on=FIRST - timedelta(days=days_ago), recorded_at=NOW, recorded_by="青木",
            recorded_by_id=world.ids["青木"], note=note,
        ))  # fmt: skip


def sheet(world: World) -> tuple[list[str], int]:
    """The last words on the sheet and the questions it took."""
    with counted_queries(world) as seen, world.reading() as session:
        who = session.get_one(User, world.ids["青木"])
        view = day_view(session, world.town, world.actor("青木"), who, [who], FIRST, NOW)
    return [stop.last for stop in view.stops], len(seen)


def test_five_stops_ask_no_more_than_one_does(busy: World) -> None:
    record(busy, "よく話した", 9)
    stand(busy, 1)
    first = sheet(busy)
    stand(busy, 6)
    assert sheet(busy) == (["よく話した"] * 6, first[1])


def test_the_last_word_is_the_newest_of_the_tie_or_of_the_person(busy: World) -> None:
    record(busy, "はじめ", 30)
    record(busy, "きのう、電話で", 1, placement=False)
    record(busy, "先週", 8)
    record(busy, "", 2)
    with busy.writing() as session:
        session.get_one(FollowUp, busy.ids["予定0"]).placement_id = None
    with busy.reading() as session:
        known = list_follow_ups(session, busy.town, busy.actor("青木"))
        said = last_notes(session, [each.row for each in known])
        assert said == {each.row.id: last_note(session, each) for each in known}
    assert said[busy.ids["予定0"]] == "きのう、電話で"
    assert said[busy.ids["予定1"]] == "先週"


def test_a_way_says_what_it_may_be_off(busy: World) -> None:
    office = {"office_lat": 35.3193, "office_lon": 139.5467}
    with busy.writing() as session:
        keep(session, busy.actor("青木"), PLANNER, current_numbers(session).changed(office).to_json(), NOW)
    stand(busy, 2)
    with busy.visit() as aoki:
        first = aoki.get(f"/followup/day?on={FIRST}&staff={busy.ids['青木']}").text
    assert first.count("移動のめやす11分（±4分）") == 2, "of leaving and of the visit; the call before it has no way"
    assert "<b>9:49</b> ごろに事務所を出ます（移動のめやす11分（±4分））。" in first
    with busy.writing() as session:
        keep(session, busy.actor("青木"), PLANNER, current_numbers(session).changed({"travel_give": 100}).to_json(), NOW)
    with busy.visit() as aoki:
        assert "移動のめやす11分（±11分）" in aoki.get(f"/followup/day?on={FIRST}&staff={busy.ids['青木']}").text
