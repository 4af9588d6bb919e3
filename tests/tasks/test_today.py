"""今日 tells of today's visits what the sheet of the day tells: when to leave, the way, the rules, the last word."""

import re
from typing import Any

from service.followup.planning.numbers import current_numbers
from service.followup.policies import PLANNER
from service.followup.tasks.models import DONE, FollowUp
from service.followup.visits.models import Visit
from service.resources.models import Host
from service.resources.policies import keep
from tests.cast import NOW, TODAY, World
from tests.planning.asking import TODAY_HERE
from tests.planning.conftest import busy

__all__ = ["busy"]

OFFICE: dict[str, Any] = {"office_lat": 35.3193, "office_lon": 139.5467}


def stand_today(world: World) -> None:
    """A visit at ten and a call at eleven today, both 青木's; the office, the host's rules and a record are known."""
    with world.writing() as session:
        keep(session, world.actor("青木"), PLANNER, current_numbers(session).changed(OFFICE).to_json(), NOW)
        for name, start_min in (("予定1", 600), ("予定2", 660)):
            row = session.get_one(FollowUp, world.ids[name])
            row.on, row.start_min, row.early_on, row.late_on = TODAY_HERE, start_min, TODAY_HERE, TODAY_HERE
        host = session.get_one(Host, world.ids["海の台所"])
        host.note, host.phone = "裏口から入る", "0467-00-0001"
        row = session.get_one(FollowUp, world.ids["予定1"])
        session.add(Visit(
            case_id=row.case_id, person_id=row.person_id, placement_id=row.placement_id, client_id="x", kind="phone", done_on=TODAY,
            recorded_at=NOW, recorded_by="青木", recorded_by_id=world.ids["青木"], note="笑顔が増えた",
        ))  # fmt: skip


def today_of(world: World, name: str = "青木") -> str:
    """The group of today, as the first page shows it."""
    with world.visit(name) as visitor:
        page = visitor.get("/")
    assert page.status_code == 200
    found = re.search(r'<section aria-labelledby="h-due-today">.*?</section>', page.text, re.S)
    return found.group() if found else ""


def test_today_tells_what_the_sheet_of_the_day_tells(busy: World) -> None:
    stand_today(busy)
    page = today_of(busy)
    with busy.visit() as aoki:
        sheet = aoki.get("/followup/day").text
    visit, call = page.split('<li class="need due-line">')[1:]
    assert "<b>9:49に出る</b>　事務所から、移動のめやす11分（±4分）" in page
    assert "<b>9:49</b> ごろに事務所を出ます（移動のめやす11分（±4分））。" in sheet
    for said in ("移動のめやす11分（±4分）", "決まり：裏口から入る", "前の記録：笑顔が増えた", 'href="tel:0467-00-0001"'):
        assert said in visit, said
        assert said in sheet, said
    assert busy.ids["予定1"] in visit
    assert busy.ids["予定2"] in call
    assert "移動のめやす" not in call, "a call is made from anywhere"


def test_who_has_been_at_a_place_is_not_told_when_to_leave_and_nobody_is_told_of_others(busy: World) -> None:
    stand_today(busy)
    assert "裏口から入る" not in today_of(busy, "石井")
    with busy.writing() as session:
        row = session.get_one(FollowUp, busy.ids["予定1"])
        row.state, row.done_on = DONE, TODAY_HERE
    assert "に出る" not in today_of(busy)


def test_without_an_office_no_hour_and_no_way_are_told(busy: World) -> None:
    stand_today(busy)
    with busy.writing() as session:
        nowhere = current_numbers(session).changed({"office_lat": None, "office_lon": None})
        keep(session, busy.actor("青木"), PLANNER, nowhere.to_json(), NOW)
    page = today_of(busy)
    assert "に出る" not in page
    assert "移動のめやす" not in page
    assert "決まり：裏口から入る" in page
