"""Somebody of another agency on a case: what they read of it, what never, and how it ends."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from service.cases.course.models import CaseMember, ProgressNote
from service.cases.models import Consent, SupportCase
from service.kernel.audit import AuditEntry
from service.kernel.db import new_id
from service.meetings.models import ActionItem, AgendaItem, Meeting
from service.resources.agencies.models import Agency
from tests.cast import NOW, OTHERS, TODAY, World, hire_staff, open_case


@pytest.fixture
def town(world: World) -> World:
    """佐倉 of 青木's with consent and 田村 without; 宮本 of a nursing station; a section of the city."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        for name, agreed in (("佐倉 みお", True), ("田村 りく", False)):
            person = open_case(session, world.ids["青木"], name, consent=agreed)
            person.address, person.situation = "汐見市岡本一丁目", "母と二人"
            case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
            world.ids |= {name: person.id, f"{name}のケース": case.id}
        for name, municipal in (("訪問看護", False), ("こども相談課", True)):
            agency = Agency(name=name, kind="health", is_municipal=municipal, search_text=name)
            session.add(agency)
            session.flush()
            world.ids[name] = agency.id
    return world


def add(world: World, name: str, agency: str) -> int:
    form = {"who": world.ids["宮本"], "agency": world.ids[agency], "_once": new_id()}
    return int(world.visit("青木").submit(f"/people/{world.ids[name]}/members", form).status_code)


def test_a_member_reads_the_shared_parts_and_no_other_case(town: World) -> None:
    miyamoto, case_id = town.visit("宮本"), town.ids["佐倉 みおのケース"]
    assert miyamoto.get(f"/team/{case_id}").status_code == 404
    assert add(town, "佐倉 みお", "訪問看護") == 303
    assert "佐倉 みお" in miyamoto.get("/team").text
    with town.writing() as session:
        by = {"recorded_at": NOW, "recorded_by": "青木", "on": TODAY, "case_id": case_id}
        session.add_all([
            ProgressNote(kind="note", text="母の病気の話", **by), ProgressNote(kind="note", text="鍵の受け渡し", flags=["hand_over"], **by),
            ProgressNote(kind="move", text="プラン作成に進む", to_status="planning", **by),
            ProgressNote(kind="decision", text="虐待の疑い", facts={"by": "support"}, **by),
        ])  # fmt: skip
        for kind, what in (("juso", "電話する"), ("support", "見守る")):
            meeting = Meeting(kind=kind, name="会議", convenor="社協", on=TODAY, made_at=NOW, made_by="青木")
            session.add(meeting)
            session.flush()
            item = AgendaItem(
                meeting_id=meeting.id, position=1, case_id=case_id, title="-", purpose="share", decision="share"
            )
            session.add(item)
            session.flush()
            session.add(ActionItem(item_id=item.id, what=what, owner="青木", due_on=TODAY))
    page = miyamoto.get(f"/team/{case_id}").text
    assert all(said in page for said in ("鍵の受け渡し", "プラン作成に進む", "電話する"))
    assert not any(said in page for said in ("母の病気の話", "虐待の疑い", "見守る", "岡本一丁目", "母と二人"))
    assert miyamoto.get(f"/team/{town.ids['田村 りくのケース']}").status_code == 404
    assert miyamoto.get(f"/people/{town.ids['佐倉 みお']}").status_code == 404
    with town.reading() as session:
        views = select(AuditEntry).where(AuditEntry.actor_id == town.ids["宮本"], AuditEntry.object_id == case_id)
        assert {entry.action for entry in session.scalars(views)} == {"view"}


def test_whoever_is_taken_off_reads_nothing_from_the_next_request_on(town: World) -> None:
    assert add(town, "佐倉 みお", "訪問看護") == 303
    miyamoto, case_id = town.visit("宮本"), town.ids["佐倉 みおのケース"]
    assert miyamoto.get(f"/team/{case_id}").status_code == 200
    with town.reading() as session:
        member_id = session.scalars(select(CaseMember.id)).one()
    here = f"/people/{town.ids['佐倉 みお']}/members/{member_id}/end"
    assert town.visit("青木").submit(here).status_code == 303
    assert miyamoto.get(f"/team/{case_id}").status_code == 404
    assert town.visit("青木").submit(here).status_code == 404


def test_consent_taken_back_shuts_the_door_of_a_member_at_once(town: World) -> None:
    assert add(town, "佐倉 みお", "訪問看護") == 303
    miyamoto, case_id = town.visit("宮本"), town.ids["佐倉 みおのケース"]
    with town.writing() as session:
        session.add(Consent(person_id=town.ids["佐倉 みお"], scope="service", state="withdrawn", decided_on=TODAY,
                            recorded_at=datetime.now(UTC), recorded_by="青木"))  # fmt: skip
    assert miyamoto.get(f"/team/{case_id}").status_code == 404
    assert "佐倉" not in miyamoto.get("/team").text
    assert "いまは見えません" in town.visit("青木").get(f"/people/{town.ids['佐倉 みお']}/members").text


def test_a_locked_case_is_shut_to_its_members(town: World) -> None:
    assert add(town, "佐倉 みお", "訪問看護") == 303
    with town.writing() as session:
        session.get_one(SupportCase, town.ids["佐倉 みおのケース"]).locked = True
    assert town.visit("宮本").get(f"/team/{town.ids['佐倉 みおのケース']}").status_code == 404


def test_without_consent_the_city_itself_and_a_body_of_law_may_be_members(town: World) -> None:
    assert add(town, "田村 りく", "訪問看護") == 409
    with town.writing() as session:
        case = session.get_one(SupportCase, town.ids["田村 りくのケース"])
        case.status, case.body = "no_consent_track", "child"
    assert add(town, "田村 りく", "訪問看護") == 303
    with town.writing() as session:
        session.get_one(SupportCase, town.ids["田村 りくのケース"]).status = "intent_check"
    case_id = town.ids["田村 りくのケース"]
    assert town.visit("宮本").get(f"/team/{case_id}").status_code == 404


def test_a_section_of_the_city_needs_no_consent(town: World) -> None:
    assert add(town, "田村 りく", "こども相談課") == 303
    assert town.visit("宮本").get(f"/team/{town.ids['田村 りくのケース']}").status_code == 200


def test_nobody_chosen_adds_nobody_and_keeps_what_was_chosen(town: World) -> None:
    form = {"who": town.ids["青木"], "agency": town.ids["訪問看護"], "_once": new_id()}
    answer = town.visit("青木").submit(f"/people/{town.ids['佐倉 みお']}/members", form)
    assert answer.status_code == 422
    assert f'<option value="{town.ids["訪問看護"]}" selected>' in answer.text
    with town.reading() as session:
        assert session.scalars(select(CaseMember)).all() == []
