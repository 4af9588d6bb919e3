"""A sheet that is taken back by whoever sent it, and one two people decide about at a time."""

from typing import Any

import pytest
from sqlalchemy import select

from service.cases.course.models import ProgressNote
from service.cases.feedback.models import Feedback
from service.cases.models import SupportCase
from service.cases.referrals.models import Referral, Screening
from service.kernel.audit import AuditEntry
from service.kernel.db import new_id
from tests.cast import OTHERS, Visitor, World, hire_staff

SHEET = {
    "from_agency": "地域包括支援センター 北", "from_person": "大野", "from_phone": "0467-1", "name": "浜田 とも", "age_band": "50代",
    "troubles": ["withdrawn"], "tried": "訪問を三度",
}  # fmt: skip
JUSO = {
    "criteria": ["is_complex"], "is_tried": "y", "result": "juso", "decider": "真鍋", "decided_on": "R8.11.24",
    "told_state": "owed",
}  # fmt: skip


@pytest.fixture
def sent(world: World) -> World:
    """大野 has sent a sheet."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
    with world.visit("大野") as ono:
        assert ono.submit("/refer/new", {**SHEET, "_once": new_id()}).status_code == 303
    return world


def row(world: World) -> Referral:
    with world.reading() as session:
        return session.scalars(select(Referral)).one()


def case(world: World) -> SupportCase:
    with world.reading() as session:
        return session.scalars(select(SupportCase)).one()


def take_back(visitor: Visitor, world: World, **changes: Any) -> Any:
    form = {"why": "弟さんが来てくれることになった", "_version": str(row(world).version), "_once": new_id(), **changes}
    return visitor.submit(f"/refer/{row(world).id}/withdraw", form)


def acknowledge(visitor: Visitor, world: World) -> Any:
    return visitor.submit(
        f"/referrals/{row(world).id}/acknowledge", {"_version": str(row(world).version), "_once": new_id()}
    )


def screen(visitor: Visitor, world: World, **changes: Any) -> Any:
    form = {"_version": str(case(world).version), "_once": new_id(), **JUSO, **changes}
    return visitor.submit(f"/referrals/{row(world).id}/screen", form)


def test_what_is_taken_back_says_why_and_stays_for_the_office_to_settle(sent: World) -> None:
    with sent.visit("大野") as ono:
        assert "わけがありません" in take_back(ono, sent, why=" ").text
        assert take_back(ono, sent).status_code == 303
        page = ono.get(f"/refer/{row(sent).id}").text
    assert "取り下げ：令和" in page
    assert "/withdraw" not in page
    with sent.visit() as aoki:
        assert "取り下げ：続けるかを決める" in aoki.get("/referrals").text
        assert "弟さんが来てくれることになった" in aoki.get(f"/referrals/{row(sent).id}").text
    with sent.reading() as session:
        assert "弟さんが来てくれる" in session.scalars(select(ProgressNote.text).where(ProgressNote.kind == "note")).one()
        log = session.scalars(select(AuditEntry).where(AuditEntry.object_id == row(sent).id, AuditEntry.action == "change"))
        assert [(each.actor_id, set(each.fields)) for each in log] == [(sent.ids["大野"], {"withdrawn_on", "withdrawn_why"})]


def test_nobody_waits_to_hear_of_a_sheet_that_was_taken_back(sent: World) -> None:
    with sent.visit("大野") as ono:
        take_back(ono, sent)
    with sent.visit("真鍋") as manabe:
        assert acknowledge(manabe, sent).status_code == 409
        said = {"result": "advice_only", "criteria": [], "advice": "弟さんに窓口を伝えた"}
        assert screen(manabe, sent, **said).status_code == 303
    assert case(sent).status == "advice_only"
    with sent.reading() as session:
        assert session.scalars(select(Feedback)).all() == []


def test_a_second_time_an_old_page_and_a_decided_sheet_are_refused_with_what_was_typed(sent: World) -> None:
    with sent.visit() as aoki:
        acknowledge(aoki, sent)
    with sent.visit("大野") as ono:
        refused = take_back(ono, sent, _version="1")
        assert refused.status_code == 409
        assert "弟さんが来てくれることになった" in refused.text
        with sent.writing() as session:
            session.scalars(select(SupportCase)).one().status = "intent_check"
        decided = take_back(ono, sent)
        assert (decided.status_code, "どこで受けるかが決まっています" in decided.text) == (409, True)
        with sent.writing() as session:
            session.scalars(select(SupportCase)).one().status = "screening"
        assert take_back(ono, sent).status_code == 303
        assert take_back(ono, sent).status_code == 409
        assert take_back(ono, sent, _version="x").status_code == 400


def test_of_two_who_decide_at_a_time_the_second_is_told_and_keeps_what_was_typed(sent: World) -> None:
    with sent.visit() as aoki:
        acknowledge(aoki, sent)
        before = str(case(sent).version)
        assert screen(aoki, sent).status_code == 303
    with sent.visit("真鍋") as manabe:
        told = {"told_state": "given", "told_text": "障害福祉課で続けます"}
        late = screen(manabe, sent, _version=before, result="ordinary", returned_to="障害福祉課", reason="足りる", **told)
    assert late.status_code == 409
    assert case(sent).status == "intent_check"
    with sent.reading() as session:
        assert session.scalars(select(Screening.result)).all() == ["juso"]
