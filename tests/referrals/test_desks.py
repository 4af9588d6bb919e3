"""The desk a sheet comes from is chosen out of the directory, and brings its telephone and address along."""

from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Person
from service.cases.referrals.models import Referral
from service.kernel.db import new_id
from service.resources.agencies.catalogue import add_agency
from service.resources.agencies.models import Agency
from tests.cast import OTHERS, Visitor, World, hire_staff

SHEET = {
    "came_by": "phone", "received_on": "R8.11.20", "from_agency": "地域包括支援センター 北", "from_person": "大野",
    "troubles": ["care"], "tried": "訪問を三度", "knows": "unknown",
}  # fmt: skip
KITA = {
    "name": "地域包括支援センター 北",
    "section": "",
    "kind": "aged_center",
    "phone": "0467-00-2001",
    "email": "kita@example.jp",
}


@pytest.fixture
def office(world: World) -> World:
    """A directory of four desks, two of one name, one out of use; 大野 is a つなぎ元."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        world.ids["北"] = add_agency(session, KITA).id
        for section in ("東支所", "西支所"):
            world.ids[section] = add_agency(session, {"name": "相談窓口", "kind": "section", "section": section}).id
        add_agency(session, {"name": "むかしの窓口", "section": "", "kind": "other", "active": False})
    return world


def send(visitor: Visitor, path: str = "/referrals/new", **changes: Any) -> Any:
    return visitor.submit(path, {**SHEET, "_once": new_id(), **changes})


def newest(world: World) -> Referral:
    with world.reading() as session:
        return session.scalars(select(Referral).order_by(Referral.received_at.desc())).first()  # type: ignore[return-value]


def test_every_form_offers_the_desks_in_use_with_their_telephone(office: World) -> None:
    for name, path in (("青木", "/referrals/new"), ("真鍋", "/referrals/new"), ("大野", "/refer/new")):
        with office.visit(name) as visitor:
            page = visitor.get(path).text
        assert '<option value="地域包括支援センター 北">0467-00-2001</option>' in page
        assert '<option value="相談窓口（東支所）">' in page
        assert "むかしの窓口" not in page


def test_a_desk_that_is_chosen_fills_what_was_left_empty(office: World) -> None:
    with office.visit() as aoki:
        assert send(aoki).status_code == 303
    row = newest(office)
    assert (row.agency_id, row.from_phone, row.from_email) == (office.ids["北"], "0467-00-2001", "kita@example.jp")


@pytest.mark.parametrize("typed", ["地域包括支援センター北", "地域包括支援ｾﾝﾀｰ　北"])
def test_a_desk_is_known_in_any_spelling_and_what_was_typed_beside_it_stays(office: World, typed: str) -> None:
    with office.visit() as aoki:
        assert send(aoki, from_agency=typed, from_phone="090-1").status_code == 303
    assert (newest(office).agency_id, newest(office).from_phone) == (office.ids["北"], "090-1")


def test_two_desks_of_one_name_are_told_apart_by_their_section(office: World) -> None:
    with office.visit() as aoki:
        assert send(aoki, from_agency="相談窓口（西支所）", from_phone="1").status_code == 303
        assert newest(office).agency_id == office.ids["西支所"]


def test_a_neighbour_is_no_desk_and_needs_a_telephone(office: World) -> None:
    with office.visit() as aoki:
        refused = send(aoki, from_agency="住民")
        assert refused.status_code == 422
        assert "連絡できる電話を入れてください" in refused.text
        assert send(aoki, from_agency="住民", from_phone="0467-1").status_code == 303
    assert newest(office).agency_id is None


def test_a_desk_without_a_telephone_in_the_directory_is_asked_for_one(office: World) -> None:
    with office.visit() as aoki:
        assert send(aoki, from_agency="相談窓口（東支所）").status_code == 422


def test_the_own_form_remembers_the_desk_of_the_last_sheet_by_the_name_it_has_now(office: World) -> None:
    with office.visit("大野") as ono:
        assert send(ono, "/refer/new").status_code == 303
        assert newest(office).agency_id == office.ids["北"]
        with office.writing() as session:
            session.get_one(Agency, office.ids["北"]).name = "地域包括支援センター きた"
        assert 'value="地域包括支援センター きた"' in ono.get("/refer/new").text


@pytest.mark.parametrize(("name", "path"), [("青木", "/referrals/new"), ("大野", "/refer/new")])
def test_the_home_is_found_on_the_towns_map_whoever_sends_the_sheet(office: World, name: str, path: str) -> None:
    with office.visit(name) as visitor:
        assert send(visitor, path, address="汐見市岡本一丁目").status_code == 303
    with office.reading() as session:
        person = session.scalars(select(Person)).one()
    assert person.coordinate_level == "chome"
    assert person.lat == pytest.approx(35.33, abs=0.05)
