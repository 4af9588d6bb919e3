"""The address of somebody's own days: without names, for one person, until it is taken back."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.cases.models import SupportCase
from service.followup.feeds.addresses import LASTS, make_feed
from service.followup.feeds.models import CalendarFeed
from service.followup.planning.models import StaffTime
from service.followup.tasks.models import CANCELLED, CONFIRMED, FollowUp
from tests.cast import NOW, Visitor, World, open_case
from tests.feeds.planned import SOON, plan

FILE = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:x\r
BEGIN:VEVENT\r
UID:1\r
SUMMARY:\xe3\x81\xaa\xe3\x81\x84\xe3\x81\x97\xe3\x82\x87\r
DTSTART:%sT000000Z\r
DURATION:PT2H\r
END:VEVENT\r
END:VCALENDAR\r
"""


def new_address(world: World, name: str = "青木") -> str:
    """The address a press of the button tells."""
    with world.visit(name) as visitor:
        page = visitor.submit("/calendar/address", {"_once": "a"}).text
    return page.split('value="http://testserver.local')[1].split('"')[0]


def events(visitor: Visitor, address: str) -> list[Any]:
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.fixture
def planned(town_with_a_case: World) -> World:
    town_with_a_case.ids["予定"] = plan(town_with_a_case, "佐倉")
    return town_with_a_case


def test_it_shows_the_kind_and_the_case_and_nobody(planned: World) -> None:
    address = new_address(planned)
    with planned.visit(None) as phone:
        (event,) = events(phone, address)
        body = event.to_ical().decode()
    with planned.reading() as session:
        number = session.scalars(select(SupportCase.number)).one()
    assert str(event["summary"]) == f"受け入れ先訪問 {number}"
    assert not any(word in body for word in ("佐倉", "みお", "海の台所", "岡本"))


def test_every_change_raises_the_sequence_and_keeps_the_uid(planned: World) -> None:
    address = new_address(planned)
    with planned.visit(None) as phone:
        (first,) = events(phone, address)
        with planned.writing() as session:
            session.get_one(FollowUp, planned.ids["予定"]).state = CONFIRMED
        (second,) = events(phone, address)
        with planned.writing() as session:
            session.get_one(FollowUp, planned.ids["予定"]).state = CANCELLED
        (third,) = events(phone, address)
    assert [str(each["status"]) for each in (first, second, third)] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert first["sequence"] < second["sequence"] < third["sequence"]
    assert {str(each["uid"]) for each in (first, second, third)} == {str(first["uid"])}


def test_it_shows_ones_own_days_alone(planned: World) -> None:
    address = new_address(planned, "石井")
    with planned.visit(None) as phone:
        assert events(phone, address) == []


def test_a_locked_case_of_another_is_not_in_it_even_when_planned(planned: World) -> None:
    with planned.writing() as session:
        planned.ids["石田"] = open_case(session, planned.ids["石井"], "石田 けい", locked=True).id
    plan(planned, "石田", sequence=2)
    address = new_address(planned)
    with planned.visit(None) as phone:
        assert len(events(phone, address)) == 1


def test_taken_back_late_foreign_and_absent_are_one_answer(planned: World) -> None:
    first = new_address(planned)
    with planned.visit() as aoki:
        aoki.submit("/calendar/address/end", {"_once": "e"})
    with planned.writing() as session:
        late = make_feed(session, planned.ids["石井"], NOW - LASTS * 2)
    with planned.visit(None) as phone:
        answers = [phone.get(path) for path in (first, f"/ics/{late}.ics", f"/ics/{'x' * 43}.ics", first[:-4])]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_whoever_may_not_sign_in_any_more_reads_nothing(planned: World) -> None:
    address = new_address(planned)
    with planned.visit(None) as phone:
        with planned.writing() as session:
            session.get_one(User, planned.ids["青木"]).active = False
        assert phone.get(address).status_code == 404


def test_guessing_is_slowed_down(planned: World) -> None:
    with planned.visit(None) as phone:
        codes = [phone.get(f"/ics/{at:043d}.ics").status_code for at in range(24)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_the_address_is_kept_nowhere_and_a_second_sending_makes_none(planned: World) -> None:
    address = new_address(planned)
    with planned.visit() as aoki:
        again = aoki.submit("/calendar/address", {"_once": "a"})
        assert again.status_code == 303
        assert address not in aoki.get("/calendar").text
    token = address.removeprefix("/ics/").removesuffix(".ics")
    assert not any(token in row for rows in planned.rows().values() for row in rows)
    with planned.reading() as session:
        assert len(session.scalars(select(CalendarFeed)).all()) == 1


def test_busy_times_are_blocks_and_the_next_file_replaces_them(town_with_a_case: World) -> None:
    day = SOON.strftime("%Y%m%d").encode()
    with town_with_a_case.visit() as aoki:
        token = aoki.get("/calendar").text.split('name="_csrf_token" value="')[1].split('"')[0]
        for _ in range(2):
            page = aoki.post("/calendar/busy", data={"_csrf_token": token}, files={"file": ("a.ics", FILE % day)})
            assert page.status_code == 200
            assert "これから<b>1</b>件" in page.text
    with town_with_a_case.reading() as session:
        (row,) = session.scalars(select(StaffTime)).all()
        assert (row.user_id, row.label, row.kind) == (town_with_a_case.ids["青木"], "", "busy")
    assert not any("ないしょ" in row for rows in town_with_a_case.rows().values() for row in rows)


def test_a_file_that_is_no_calendar_leaves_the_blocks_alone(town_with_a_case: World) -> None:
    with town_with_a_case.writing() as session:
        session.add(
            StaffTime(
                user_id=town_with_a_case.ids["青木"], kind="busy", start_at=NOW, end_at=NOW + timedelta(900), source="ics"
            )
        )
    with town_with_a_case.visit() as aoki:
        token = aoki.get("/calendar").text.split('name="_csrf_token" value="')[1].split('"')[0]
        page = aoki.post("/calendar/busy", data={"_csrf_token": token}, files={"file": ("a.txt", b"hello")})
    assert page.status_code == 422
    assert "書き出したファイルを選んでください" in page.text
    assert "これから<b>1</b>件" in page.text
