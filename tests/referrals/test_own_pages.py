"""A つなぎ元's own pages: they send, they read what they were told — and nothing of the case beside that."""

from typing import Any

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import REFERRER
from service.cases.feedback.models import Feedback
from service.cases.models import Person, SupportCase
from service.cases.referrals.models import Referral, ReferralStep
from service.kernel.db import new_id
from tests.cast import NOW, OTHERS, TODAY, Visitor, World, hire_staff

SHEET = {
    "from_agency": "地域包括支援センター 北", "from_person": "大野", "from_phone": "0467-1", "name": "浜田 とも", "age_band": "50代",
    "troubles": ["withdrawn"], "tried": "訪問を三度", "story": "家から出ていない", "knows": "unknown",
}  # fmt: skip


@pytest.fixture
def sent(world: World) -> World:
    """大野 has sent a sheet; 別の方 is another つなぎ元."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        other = User(login_name="other", name="別の方", password_hash="x", roles=[REFERRER])
        session.add(other)
        session.flush()
        world.ids["別の方"] = other.id
    with world.visit("大野") as ono:
        assert send(ono).status_code == 303
    return world


def send(visitor: Visitor, **changes: Any) -> Any:
    return visitor.submit("/refer/new", {**SHEET, "_once": new_id(), **changes})


def here(world: World) -> str:
    with world.reading() as session:
        return f"/refer/{session.scalars(select(Referral.id)).one()}"


def test_what_is_sent_arrives_in_the_inbox_and_somebody_has_it(sent: World) -> None:
    with sent.visit() as aoki:
        assert "浜田 とも" in aoki.get("/referrals").text
    with sent.reading() as session:
        assert session.scalars(select(Referral)).one().came_by == "own"
        assert session.scalars(select(SupportCase)).one().assigned_id in (sent.ids["青木"], sent.ids["石井"])


def test_the_sender_reads_what_was_told_and_nothing_of_the_person(sent: World) -> None:
    with sent.writing() as session:
        case = session.scalars(select(SupportCase)).one()
        case.status = "assessing"
        session.scalars(select(Person)).one().address = "汐見市岡本一丁目"
        for state, text in (("given", "重層でお受けしました"), ("owed", "まだ言わないこと")):
            session.add(Feedback(case_id=case.id, about="screening", to_role="referrer", to_name="大野", due_on=TODAY,
                                 settled_on=TODAY, state=state, text=text, made_at=NOW))  # fmt: skip
    with sent.visit("大野") as ono:
        page = ono.get(here(sent)).text
        assert "50代の方" in ono.get("/refer").text
    assert "重層でお受けしました" in page
    assert "支援に向けて進めています" in page
    for hidden in ("まだ言わないこと", "浜田", "岡本", "アセスメント"):
        assert hidden not in page


def test_another_sender_and_the_staff_find_nothing_there(sent: World) -> None:
    for name in ("別の方", "青木"):
        with sent.visit(name) as visitor:
            assert visitor.get(here(sent)).status_code == 404
            assert visitor.submit(f"{here(sent)}/answer", {"text": "x", "_once": new_id()}).status_code == 404


def test_an_answer_reaches_the_sheet(sent: World) -> None:
    with sent.visit("大野") as ono:
        assert ono.submit(f"{here(sent)}/answer", {"text": "", "_once": new_id()}).status_code == 422
        assert ono.submit(f"{here(sent)}/answer", {"text": "弟さんがいます", "_once": new_id()}).status_code == 303
        assert "弟さんがいます" in ono.get(here(sent)).text
    with sent.reading() as session:
        assert session.scalars(select(ReferralStep.kind)).all() == ["answer"]


def test_the_next_sheet_begins_with_who_is_writing_and_keeps_what_was_typed(sent: World) -> None:
    with sent.visit("大野") as ono:
        assert "地域包括支援センター 北" in ono.get("/refer/new").text
        refused = send(ono, tried="", story="ここは残る")
        assert refused.status_code == 422
        assert "ここは残る" in refused.text
        assert ono.get("/refer/blank.pdf").content.startswith(b"%PDF")


def test_a_sender_signs_in_to_their_own_pages_without_a_search(sent: World) -> None:
    with sent.visit("大野") as ono:
        page = ono.get("/refer").text
        assert 'id="find"' not in page
        assert "/people" not in page
        assert ono.get("/").status_code == 404
