"""From a つなぐシート to the decision: what comes in is kept, answered in time, and the つなぎ元 hears of it."""

import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.course.models import ProgressNote
from service.cases.feedback.models import Feedback
from service.cases.models import Person, SupportCase
from service.cases.people import next_number
from service.cases.referrals.models import AdviceRecord, Referral, Screening
from service.cases.referrals.receiving import INTAKE, Sheet, receive
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.resources.policies import keep
from tests.cast import NOW, OTHERS, TODAY, Visitor, World, hire_staff, open_case

SHEET = {
    "came_by": "phone", "received_on": "R8.11.20", "from_agency": "地域包括支援センター 北", "from_person": "大野",
    "from_phone": "0467-00-1111", "name": "浜田 とも", "troubles": ["withdrawn", "care"], "pressing": "withdrawn",
    "story": "十年家から出ていない", "tried": "訪問を三度", "knows": "unknown", "feedback_by": "電話で",
}  # fmt: skip
JUSO = {
    "criteria": ["is_complex"], "is_tried": "y", "result": "juso", "decider": "真鍋", "decided_on": "R8.11.24",
    "told_state": "owed",
}  # fmt: skip


@pytest.fixture
def office(world: World) -> World:
    """The cast with the city's office and a つなぎ元."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
    return world


def send(visitor: Visitor, **changes: Any) -> Any:
    return visitor.submit("/referrals/new", {**SHEET, "_once": new_id(), **changes})


def sheet(world: World) -> Referral:
    with world.reading() as session:
        return session.scalars(select(Referral)).one()


def case(world: World) -> SupportCase:
    with world.reading() as session:
        return session.scalars(select(SupportCase)).one()


def acknowledge(visitor: Visitor, world: World) -> Any:
    row = sheet(world)
    return visitor.submit(f"/referrals/{row.id}/acknowledge", {"_version": str(row.version), "_once": new_id()})


def screen(visitor: Visitor, world: World, **changes: Any) -> Any:
    form = {"_version": str(case(world).version), "_once": new_id(), **JUSO, **changes}
    return visitor.submit(f"/referrals/{sheet(world).id}/screen", form)


def test_a_sheet_begins_a_case_with_due_days_in_open_days(office: World) -> None:
    with office.visit() as aoki:
        answer = send(aoki)
        assert answer.status_code == 303
        assert "浜田 とも" in aoki.get("/referrals").text
    row = sheet(office)
    # Received on Friday the 20th; the 23rd is a holiday: three open days end on Thursday the 26th, ten on December 7th.
    assert (row.acknowledge_due_on, row.screening_due_on) == (date(2026, 11, 26), date(2026, 12, 7))
    assert (case(office).status, case(office).assigned_id) == ("referred", office.ids["青木"])
    with office.reading() as session:
        assert [note.to_status for note in session.scalars(select(ProgressNote))] == ["referred"]


def test_a_sheet_sent_twice_is_one(office: World) -> None:
    once = new_id()
    with office.visit() as aoki:
        assert send(aoki, _once=once).headers["location"] == send(aoki, _once=once).headers["location"]
    sheet(office)


def test_nobody_need_be_named_but_something_must_be_said(office: World) -> None:
    with office.visit() as aoki:
        refused = send(aoki, name="", troubles=[], tried="", story="ここは残る")
        assert refused.status_code == 422
        assert "ここは残る" in refused.text
        assert send(aoki, name="").status_code == 303
    with office.reading() as session:
        assert session.scalars(select(Person.name)).one() == "匿名"
    assert sheet(office).is_anonymous


def test_the_decision_waits_until_the_referrer_has_heard(office: World) -> None:
    with office.visit() as aoki:
        send(aoki)
        refused = screen(aoki, office)
        assert refused.status_code == 409
        assert "受け取ったことをまだ知らせていません" in refused.text
        assert acknowledge(aoki, office).status_code == 303
        assert acknowledge(aoki, office).status_code == 409
        assert screen(aoki, office).status_code == 303
    assert case(office).status == "intent_check"


@pytest.mark.parametrize("changes", [{"criteria": []}, {"is_tried": ""}])
def test_without_the_criteria_somebody_says_why_all_the_same(office: World, changes: dict[str, Any]) -> None:
    with office.visit() as aoki:
        send(aoki)
        acknowledge(aoki, office)
        refused = screen(aoki, office, **changes)
        assert refused.status_code == 409
        assert case(office).status == "referred"
        assert screen(aoki, office, **changes, override_reason="待つと家を失う").status_code == 303
    with office.reading() as session:
        assert session.scalars(select(Screening.override_reason)).all() == ["待つと家を失う"]


def test_the_secretariat_decides_and_an_ordinary_case_goes_back_with_a_word(office: World) -> None:
    with office.visit() as aoki:
        send(aoki)
    with office.visit("真鍋") as manabe:
        assert acknowledge(manabe, office).status_code == 303
        told = {"result": "ordinary", "criteria": [], "told_state": "given", "told_text": "障害福祉課で続けます"}
        assert screen(manabe, office, **told).status_code == 422
        assert screen(manabe, office, **told, returned_to="障害福祉課", reason="既存の制度で足りる").status_code == 303
        page = manabe.get(f"/referrals/{sheet(office).id}").text
    assert "障害福祉課で続けます" in page
    assert (case(office).status, case(office).closed_on) == ("ordinary", date(2026, 11, 24))
    with office.reading() as session:
        assert session.scalars(select(Feedback.state)).all() == ["given"]


def test_advice_alone_is_kept_and_counted(office: World) -> None:
    with office.visit() as aoki:
        send(aoki)
        acknowledge(aoki, office)
        assert screen(aoki, office, result="advice_only", told_state="not_needed").status_code == 422
        said = {"advice": "まず手紙を", "told_state": "not_needed", "told_reason": "その場で伝えた"}
        assert screen(aoki, office, result="advice_only", **said).status_code == 303
    with office.reading() as session:
        assert session.scalars(select(AdviceRecord)).one().advice == "まず手紙を"


def test_what_is_owed_stays_on_the_list_until_it_is_told(office: World) -> None:
    with office.visit() as aoki:
        send(aoki)
        acknowledge(aoki, office)
        screen(aoki, office)
        assert "大野" in aoki.get("/feedback").text
        with office.reading() as session:
            owed = session.scalars(select(Feedback)).one()
        here, form = f"/feedback/{owed.id}", {"_version": "1", "told_state": "given"}
        assert aoki.submit(here, {**form, "_once": new_id()}).status_code == 422
        assert aoki.submit(here, {**form, "_once": new_id(), "told_text": "重層で受けました"}).status_code == 303
        assert aoki.submit(here, {**form, "_once": new_id(), "told_text": "もう一度"}).status_code == 404
        assert "大野" not in aoki.get("/feedback").text


def test_what_cannot_wait_goes_on_before_any_decision(office: World) -> None:
    with office.visit() as aoki:
        send(aoki, is_urgent="y", urgent_action="食料を届けた", urgent_by="社協")
        row = sheet(office)
        form = {"step-kind": "pre_meeting", "step-on": "R8.11.24", "step-by_agency": "包括", "step-text": "家族と会った"}
        assert aoki.submit(f"/referrals/{row.id}/step", {**form, "_once": new_id()}).status_code == 303
        page = aoki.get(f"/referrals/{row.id}").text
    assert "食料を届けた" in page
    assert "家族と会った" in page
    assert "急ぎです" in page


def test_an_old_page_decides_nothing(office: World) -> None:
    with office.visit() as aoki:
        send(aoki)
        acknowledge(aoki, office)
        assert screen(aoki, office, _version="0").status_code == 409
    assert case(office).status == "referred"


def test_search_finds_half_width_kana_and_the_agency(office: World) -> None:
    with office.visit() as aoki:
        send(aoki, kana="はまだ とも")
        for typed in ("ﾊﾏﾀﾞ", "浜田", "R8-001", "包括支援"):
            assert "浜田 とも" in aoki.submit("/referrals/search", {"q": typed}).text, typed
        assert "合うものはありません" in aoki.submit("/referrals/search", {"q": "だれでもない"}).text


def test_a_locked_case_is_no_matter_of_the_secretariat(office: World) -> None:
    with office.visit() as aoki:
        send(aoki)
    with office.writing() as session:
        session.scalars(select(SupportCase)).one().locked = True
    with office.visit("真鍋") as manabe:
        assert "浜田" not in manabe.get("/referrals").text
        assert manabe.get(f"/referrals/{sheet(office).id}").status_code == 404


def test_whoever_has_the_fewest_takes_up_what_nobody_typed_in(office: World) -> None:
    made = Sheet(
        came_by="own", received_on=TODAY, from_agency="包括", from_person="大野", name="", troubles=["other"], tried="なし"
    )
    with office.writing() as session:
        open_case(session, office.ids["青木"])
        row = receive(session, office.town, office.actor("大野"), made, NOW, office.ids["大野"])
        assert session.get_one(SupportCase, row.case_id).assigned_id == office.ids["石井"]
        keep(session, office.actor("北条"), INTAKE, {"user_id": office.ids["青木"]}, NOW)
        row = receive(session, office.town, office.actor("大野"), made, NOW, office.ids["大野"])
        assert session.get_one(SupportCase, row.case_id).assigned_id == office.ids["青木"]


def test_a_town_without_coordinators_says_so(office: World) -> None:
    made = Sheet(
        came_by="own", received_on=TODAY, from_agency="包括", from_person="大野", name="", troubles=["other"], tried="なし"
    )
    with office.writing() as session:
        from service.accounts.models import User

        for name in ("青木", "石井"):
            session.get_one(User, office.ids[name]).active = False
        session.flush()
        with pytest.raises(DomainError, match="受け付ける職員がいません"):
            receive(session, office.town, office.actor("大野"), made, NOW)


def test_numbers_follow_the_highest_given_not_the_count(office: World) -> None:
    with office.writing() as session:
        person = open_case(session, office.ids["青木"])
        row = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
        row.number = "R8-041"
        session.flush()
        assert next_number(session, TODAY) == "R8-042"


def test_the_papers_print_blank_and_filled_in(office: World, tmp_path: Path) -> None:
    with office.visit() as aoki:
        send(aoki)
        papers = [aoki.get("/referrals/blank.pdf"), aoki.get(f"/referrals/{sheet(office).id}/print.pdf")]
    texts = []
    for paper in papers:
        file = tmp_path / "sheet.pdf"
        file.write_bytes(paper.content)
        texts.append(subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode())
    assert "つなぐシート" in texts[0]
    assert "浜田" not in texts[0]
    assert "浜田 とも" in texts[1]
    assert "None" not in texts[1]
