"""A つなぎ元 is invited to a meeting about whom they handed over, and answers in one tap."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import REFERRER
from service.cases.models import Consent, Person, SupportCase
from service.kernel.db import new_id
from service.meetings.models import AgendaItem, Meeting, Seat
from tests.cast import NOW, OTHERS, TODAY, Visitor, World, hire_staff
from tests.referrals.test_own_pages import send


@pytest.fixture
def planned(world: World) -> World:
    """大野's sheet became a case that is on the agenda of a meeting next week; 別の方 has nothing to do with it."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        other = User(login_name="other", name="別の方", password_hash="x", roles=[REFERRER])
        session.add(other)
        session.flush()
        world.ids["別の方"] = other.id
    with world.visit("大野") as ono:
        assert send(ono).status_code == 303
    with world.writing() as session:
        case, person = session.scalars(select(SupportCase)).one(), session.scalars(select(Person)).one()
        meeting = Meeting(kind="juso", name="第8回", convenor="社協", on=TODAY + timedelta(days=7), start_min=600,
                          place="汐見市役所 2階", made_at=NOW, made_by="青木")  # fmt: skip
        session.add(meeting)
        session.flush()
        session.add_all([
            AgendaItem(meeting_id=meeting.id, position=1, case_id=case.id, title=case.number, purpose="plan"),
            Seat(meeting_id=meeting.id, name="真鍋", agency="汐見市", is_municipal=True),
            Consent(person_id=person.id, scope="service", state="given", method="paper", decided_on=TODAY, recorded_at=NOW,
                    recorded_by="青木"),
        ])  # fmt: skip
        world.ids["会議"] = meeting.id
    return world


def meeting(visitor: Visitor, world: World, what: str, **more: Any) -> Any:
    return visitor.submit(f"/meetings/{world.ids['会議']}/{what}", {**more, "_once": new_id()})


def seat_of(world: World) -> Seat:
    with world.reading() as session:
        return session.scalars(select(Seat).where(Seat.user_id == world.ids["大野"])).one()


def invited(world: World) -> None:
    with world.visit("真鍋") as manabe:
        assert "つなぎ元を招く（1人）" in manabe.get(f"/meetings/{world.ids['会議']}").text
        assert meeting(manabe, world, "seats/referrers").status_code == 303
        assert meeting(manabe, world, "invite", _version="1").status_code == 303


def test_who_handed_over_reads_when_and_where_and_no_name_and_answers_in_one_tap(planned: World) -> None:
    invited(planned)
    with planned.visit("大野") as ono:
        page = ono.get("/invitations").text
        seat = seat_of(planned)
        sent = {"reply": "yes", "_version": str(seat.version), "_once": new_id()}
        assert ono.submit(f"/invitations/{seat.id}", sent).status_code == 303
        assert "お返事：出席します" in ono.get("/invitations").text
        assert ono.get(f"/meetings/{planned.ids['会議']}").status_code == 404
    assert "汐見市役所 2階" in page
    for hidden in ("浜田", "第8回", "R8-"):
        assert hidden not in page
    with planned.visit("真鍋") as manabe:
        assert "返事：出席します" in manabe.get(f"/meetings/{planned.ids['会議']}").text


def test_nothing_is_seen_before_the_invitation_went_out_nor_after_the_meeting(planned: World) -> None:
    with planned.visit("真鍋") as manabe:
        assert meeting(manabe, planned, "seats/referrers").status_code == 303
    with planned.visit("大野") as ono:
        assert "会議の案内はありません" in ono.get("/invitations").text
    with planned.writing() as session:
        row = session.get_one(Meeting, planned.ids["会議"])
        row.status, row.invited_on, row.on = "invited", TODAY, TODAY - timedelta(days=1)
    with planned.visit("大野") as ono:
        assert "会議の案内はありません" in ono.get("/invitations").text
        assert ono.submit(f"/invitations/{seat_of(planned).id}", {"reply": "yes", "_version": "1"}).status_code == 404


def test_another_answers_for_nobody_and_an_older_page_overwrites_nothing(planned: World) -> None:
    invited(planned)
    seat = seat_of(planned)
    with planned.visit("別の方") as other:
        assert "会議の案内はありません" in other.get("/invitations").text
        assert other.submit(f"/invitations/{seat.id}", {"reply": "yes", "_version": "1"}).status_code == 404
    with planned.visit("大野") as ono:
        version = str(seat.version)
        assert ono.submit(f"/invitations/{seat.id}", {"reply": "proxy", "_version": version}).status_code == 303
        assert ono.submit(f"/invitations/{seat.id}", {"reply": "no", "_version": version}).status_code == 409
    assert seat_of(planned).reply == "proxy"


def test_whoever_has_a_seat_already_is_not_invited_twice(planned: World) -> None:
    invited(planned)
    with planned.visit("真鍋") as manabe:
        assert "つなぎ元を招く（" not in manabe.get(f"/meetings/{planned.ids['会議']}").text
        assert meeting(manabe, planned, "seats/referrers").status_code == 409
    assert seat_of(planned).agency == "地域包括支援センター 北"
