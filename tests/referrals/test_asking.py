"""A つなぎ元 finds the right desk, and asks for advice without handing anybody over."""

from typing import Any

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import REFERRER
from service.cases.models import SupportCase
from service.cases.referrals.models import AdviceRecord, AdviceRequest
from service.kernel.db import new_id
from service.reports.gathering import _advice
from service.resources.agencies.catalogue import index_agency
from service.resources.agencies.models import Agency
from tests.cast import OTHERS, Visitor, World, hire_staff

ASKED = {"from_agency": "地域包括 北", "field": "aged", "asked": "母の介護で仕事を辞めた方に、どう声をかけたらよいか"}


@pytest.fixture
def office(world: World) -> World:
    """大野 and another つなぎ元, and two desks of which one is out of use."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        other = User(login_name="other", name="別の方", password_hash="x", roles=[REFERRER])
        desks = [
            Agency(name="ひきこもり相談室", kana="ひきこもりそうだんしつ", kind="health", phone="0467-11", handles="家から出られない方"),
            Agency(name="旧ひきこもり相談所", kind="health", phone="0467-22", active=False),
        ]  # fmt: skip
        for desk in desks:
            index_agency(desk)
        session.add_all([other, *desks])
        session.flush()
        world.ids["別の方"] = other.id
    return world


def ask(visitor: Visitor, **changed: str) -> Any:
    return visitor.submit("/refer/advice", ASKED | changed | {"_once": new_id()})


def answer(visitor: Visitor, world: World, advice: str, version: str = "1") -> Any:
    with world.reading() as session:
        id_ = session.scalars(select(AdviceRequest.id)).one()
    return visitor.submit(f"/advice/requests/{id_}/answer", {"advice": advice, "_version": version, "_once": new_id()})


def test_half_width_kana_find_a_desk_that_can_be_called_with_one_tap(office: World) -> None:
    with office.visit("大野") as ono:
        page = ono.get("/refer/desks", params={"q": "ﾋｷｺﾓﾘ"}).text
        paper = ono.get("/refer/desks/list.pdf", params={"q": "ﾋｷｺﾓﾘ"})
    assert 'href="tel:0467-11"' in page
    assert "全 <b>1</b>件" in page
    assert "旧ひきこもり" not in page
    assert (paper.status_code, paper.content[:4]) == (200, b"%PDF")


def test_nothing_of_the_office_can_be_changed_or_narrowed_to_from_there(office: World) -> None:
    with office.visit("大野") as ono:
        page = ono.get("/refer/desks", params={"state": "all"}).text
        assert ono.get("/agencies").status_code == 404
    assert "旧ひきこもり" not in page
    assert "登録する" not in page


def test_a_question_waits_on_the_first_page_and_its_answer_reaches_whoever_asked(office: World) -> None:
    with office.visit("大野") as ono:
        assert ask(ono).status_code == 303
        assert "答えを待っています" in ono.get("/refer/advice").text
    with office.visit("真鍋") as manabe:
        assert "つなぎ元からの相談" in manabe.get("/").text
        assert ASKED["asked"] in manabe.get("/advice").text
        assert answer(manabe, office, "まず体の心配から").status_code == 303
        assert "つなぎ元からの相談" not in manabe.get("/").text
    with office.visit("大野") as ono:
        page = ono.get("/refer/advice").text
    assert "まず体の心配から" in page
    assert "答えを待っています" not in page


def test_an_answered_question_is_counted_as_advice_and_opens_no_case(office: World) -> None:
    with office.visit("大野") as ono:
        ask(ono)
    with office.reading() as session:
        assert _advice(session) == []
    with office.visit() as aoki:
        answer(aoki, office, "まず体の心配から")
    with office.reading() as session:
        assert [fact.values["field"] for fact in _advice(session)] == ["aged"]
        assert session.scalars(select(SupportCase)).all() == []


def test_another_asker_reads_nothing_of_it(office: World) -> None:
    with office.visit("大野") as ono:
        ask(ono)
    with office.visit("別の方") as other:
        page = other.get("/refer/advice").text
    assert ASKED["asked"] not in page
    assert "これまでの相談はありません" in page


def test_of_two_who_answer_one_question_the_second_keeps_what_was_typed(office: World) -> None:
    with office.visit("大野") as ono:
        ask(ono)
    with office.visit() as aoki:
        assert answer(aoki, office, "まず体の心配から").status_code == 303
    with office.visit("石井") as ishii:
        late = answer(ishii, office, "仕事の話はあとで")
    assert late.status_code == 409
    assert "仕事の話はあとで" in late.text
    with office.reading() as session:
        assert session.scalars(select(AdviceRecord.advice)).all() == ["まず体の心配から"]


def test_an_empty_question_and_an_empty_answer_are_refused_and_keep_what_was_typed(office: World) -> None:
    with office.visit("大野") as ono:
        refused = ask(ono, asked="", from_agency="地域包括 南")
        assert ask(ono).status_code == 303
    assert (refused.status_code, "地域包括 南" in refused.text) == (422, True)
    with office.visit() as aoki:
        empty = answer(aoki, office, " ")
    assert (empty.status_code, "一言書いてから" in empty.text) == (422, True)


def test_a_question_sent_twice_is_one(office: World) -> None:
    once = new_id()
    with office.visit("大野") as ono:
        for _ in range(2):
            assert ono.submit("/refer/advice", ASKED | {"_once": once}).status_code == 303
    with office.reading() as session:
        assert len(session.scalars(select(AdviceRequest.id)).all()) == 1
