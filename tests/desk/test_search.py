"""さがす: the box in the head finds what this person may read, and is not there where it would find nothing."""

import pytest
from sqlalchemy import select

from service.cases.models import SupportCase
from service.cases.referrals.models import Referral
from tests.cast import NOW, OTHERS, TODAY, World, add_host, hire_staff, open_case


@pytest.fixture
def office(world: World) -> World:
    """佐倉 and the locked 藤沢 came by a sheet each; 海の台所 is in the catalogue."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        add_host(session)
        for name, locked in (("佐倉 みお", False), ("藤沢 ゆき", True)):
            person = open_case(session, world.ids["青木"], name, locked=locked)
            case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
            sheet = Referral(case_id=case.id, came_by="phone", received_on=TODAY, received_at=NOW, from_agency="包括",
                             from_person="大野", acknowledge_due_on=TODAY, screening_due_on=TODAY)  # fmt: skip
            session.add(sheet)
            session.flush()
            world.ids |= {name: person.id, f"{name}のシート": sheet.id}
    return world


def test_the_office_finds_the_sheet_of_a_person_and_no_case_it_may_not_open(office: World) -> None:
    with office.visit("真鍋") as manabe:
        assert 'placeholder="シートの氏名・ケース番号"' in manabe.get("/").text
        page = manabe.submit("/search", {"q": "佐倉"}).text
        assert f'href="/referrals/{office.ids["佐倉 みおのシート"]}"' in page
        assert f"/people/{office.ids['佐倉 みお']}" not in page
        assert manabe.get(f"/referrals/{office.ids['佐倉 みおのシート']}").status_code == 200
        hidden = manabe.submit("/search", {"q": "藤沢"}).text
        assert "合うシート" in hidden
        assert office.ids["藤沢 ゆきのシート"] not in hidden
        assert "海の台所</a>" in manabe.submit("/search", {"q": "台所"}).text


def test_who_reads_cases_finds_the_person(office: World) -> None:
    with office.visit() as aoki:
        page = aoki.submit("/search", {"q": "佐倉"}).text
    assert f"/people/{office.ids['佐倉 みお']}" in page
    assert "つなぐシート <span" not in page


def test_a_system_admin_is_offered_places_and_hears_of_no_people(office: World) -> None:
    with office.visit("遠野") as tono:
        assert 'placeholder="受け入れ先の名前・住所"' in tono.get("/").text
        page = tono.submit("/search", {"q": "佐倉"}).text
    assert "<h2>人" not in page
    assert "<h2>つなぐシート" not in page
    assert 'href="/people"' not in page


@pytest.mark.parametrize("name", ["大野", "宮本", "土屋", "鏡"])
def test_to_whom_it_would_show_nothing_the_box_is_not_shown(office: World, name: str) -> None:
    with office.visit(name) as somebody:
        home = somebody.get("/", follow_redirects=True).text
    assert 'id="find"' not in home
