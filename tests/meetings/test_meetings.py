"""Meetings over HTTP: a plan decided with the city at the table, a case without consent under secrecy, and who hears of it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import GUEST
from service.cases.course.models import ProgressNote
from service.cases.feedback.models import Feedback
from service.cases.models import SupportCase
from service.cases.referrals.models import Referral
from service.kernel.audit import AuditEntry
from service.kernel.db import new_id
from service.meetings.models import ActionItem, AgendaItem, Meeting, NumberedCopy, Seat
from service.resources.models import ResourceGap
from tests.cast import NOW, OTHERS, TODAY, Visitor, World, hire_staff, open_case

JUSO = {"kind": "juso", "name": "重層的支援会議（11月）", "on": "R8.11.24", "convenor": "社協"}
SUPPORT = {"kind": "support", "name": "支援会議", "on": "R8.11.24", "convenor": "福祉総務課", "convenor_is_municipal": "y"}
TABLE = (("真鍋", "汐見市", "y"), ("大野", "地域包括支援センター", ""))


@pytest.fixture
def office(world: World) -> World:
    """佐倉 with consent and a sheet from 大野, 田村 without consent; 真鍋 of the city's office."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        for name, agreed in (("佐倉 みお", True), ("田村 りく", False)):
            person = open_case(session, world.ids["青木"], name, consent=agreed)
            case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
            case.status = "in_review" if agreed else "no_consent_track"
            world.ids |= {name: person.id, f"{name}の番号": case.number, f"{name}のケース": case.id}
        session.add(Referral(case_id=world.ids["佐倉 みおのケース"], came_by="phone", received_on=TODAY, received_at=NOW,
                             from_agency="地域包括支援センター", from_person="大野", acknowledge_due_on=TODAY,
                             screening_due_on=TODAY, acknowledged_on=TODAY))  # fmt: skip
    return world


def once() -> dict[str, str]:
    return {"_once": new_id()}


def call(visitor: Visitor, form: dict[str, str]) -> str:
    answer = visitor.submit("/meetings/new", {**form, **once()})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).split("?")[0]


def version(world: World) -> dict[str, str]:
    with world.reading() as session:
        return {"_version": str(session.scalars(select(Meeting)).one().version)}


def prepare(visitor: Visitor, here: str, *items: dict[str, str]) -> None:
    for name, agency, municipal in TABLE:
        form = {"seat-name": name, "seat-agency": agency, "seat-is_municipal": municipal, "seat-role": "member"}
        assert visitor.submit(f"{here}/seats", {**form, **once()}).status_code == 303
    for item in items:
        assert visitor.submit(f"{here}/items", {**{f"item-{k}": v for k, v in item.items()}, **once()}).status_code == 303


def hold(visitor: Visitor, world: World, here: str, **said: str) -> Any:
    with world.reading() as session:
        seats = {f"attended-{row.id}": said.get(row.name, "yes") for row in session.scalars(select(Seat))}
    return visitor.submit(f"{here}/hold", {**seats, **version(world), **once()})


def rule(visitor: Visitor, world: World, here: str, decision: str, **typed: str) -> Any:
    with world.reading() as session:
        item = session.scalars(select(AgendaItem).where(AgendaItem.decision == "")).first()
    assert item is not None
    form = {f"{item.id[:8]}-{key}": value for key, value in {"decision": decision, "text": "案のとおり", **typed}.items()}
    return visitor.submit(f"{here}/items/{item.id}/decide", {**form, "_version": str(item.version), **once()})


def test_a_plan_is_decided_the_case_knows_and_nobody_is_forgotten(office: World) -> None:
    with office.visit() as aoki:
        here = call(aoki, JUSO)
        assert "会議にかけられた" in aoki.get(here).text or office.ids["佐倉 みおの番号"] in aoki.get(here).text
        prepare(aoki, here, {"purpose": "plan", "case_number": office.ids["佐倉 みおの番号"]})
        assert rule(aoki, office, here, "approve").status_code == 409
        assert hold(aoki, office, here, 大野="no").status_code == 303
        task = {"what0": "見学の日を決める", "owner0": "青木", "due0": "R8.12.1"}
        assert rule(aoki, office, here, "approve", **{**task, "owner0": ""}).status_code == 422
        assert rule(aoki, office, here, "approve", **task).status_code == 303
        page = aoki.get(here).text
        assert "見学の日を決める" in page
        assert "まだ報告していない相手が2人います" in page
        assert aoki.submit(f"{here}/finish", {**version(office), **once()}).status_code == 409
        with office.reading() as session:
            owed = session.scalars(select(Feedback).order_by(Feedback.to_role)).all()
            decision = session.scalars(select(ProgressNote).where(ProgressNote.kind == "decision")).one()
        assert [(row.to_role, row.to_name) for row in owed] == [("absent", "大野"), ("referrer", "大野")]
        assert decision.facts["by"] == "juso"
        assert decision.facts["municipal"] is True
        for row in owed:
            form = {"_version": "1", "told_state": "given", "told_text": "プランが決まりました", **once()}
            assert aoki.submit(f"/feedback/{row.id}", form).status_code == 303
        assert aoki.submit(f"{here}/finish", {**version(office), **once()}).status_code == 303
        assert "報告まで済み" in aoki.get(here).text


def test_without_the_city_at_the_table_nothing_is_decided(office: World) -> None:
    with office.visit() as aoki:
        here = call(aoki, JUSO)
        prepare(aoki, here, {"purpose": "plan", "case_number": office.ids["佐倉 みおの番号"]})
        assert hold(aoki, office, here, 真鍋="no").status_code == 303
        refused = rule(aoki, office, here, "approve", text="よいと思う")
        assert refused.status_code == 409
        assert "市の職員が出席していない" in refused.text
        assert "よいと思う" in refused.text


def test_a_case_without_consent_is_no_matter_of_this_meeting(office: World) -> None:
    with office.visit() as aoki:
        here = call(aoki, JUSO)
        form = {"item-purpose": "share", "item-case_number": office.ids["田村 りくの番号"], **once()}
        refused = aoki.submit(f"{here}/items", form)
        assert refused.status_code == 409
        assert "同意がないケース" in refused.text
        assert "見つかりません" in aoki.submit(f"{here}/items", {**form, "item-case_number": "R8-999", **once()}).text


def test_a_support_meeting_speaks_under_secrecy_and_its_papers_are_numbered(office: World, tmp_path: Path) -> None:
    with office.visit() as aoki:
        assert aoki.submit("/meetings/new", {**SUPPORT, **once()}).status_code == 403
        assert aoki.submit("/meetings/new", {**SUPPORT, "convenor_is_municipal": "", **once()}).status_code == 422
    with office.visit("真鍋") as manabe:
        here = call(manabe, SUPPORT)
        assert office.ids["田村 りくの番号"] in manabe.get(here).text
        prepare(manabe, here, {"purpose": "share", "case_number": office.ids["田村 りくの番号"]})
        refused = hold(manabe, office, here)
        assert "守秘の確認がない出席者が2人います" in refused.text
        with office.reading() as session:
            seats = session.scalars(select(Seat.id)).all()
        for seat in seats:
            assert manabe.submit(f"{here}/seats/{seat}/swear", {"method": "paper", **once()}).status_code == 303
        assert hold(manabe, office, here).status_code == 303
        assert rule(manabe, office, here, "share", text="包括が訪ねる").status_code == 303
        paper = [manabe.submit(f"{here}/minutes.pdf", {"for": name}) for name in ("包括", "保健所")]
    file = tmp_path / "minutes.pdf"
    file.write_bytes(paper[1].content)
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()
    assert "第2号" in text
    assert "非公開・守秘義務" in text
    assert "田村" not in text
    with office.reading() as session:
        assert session.scalars(select(NumberedCopy.number).order_by(NumberedCopy.number)).all() == [1, 2]
        views = session.scalars(
            select(AuditEntry).where(AuditEntry.object_type == "meeting", AuditEntry.action == "view")
        ).all()
    assert len(views) > 3
    with office.visit() as aoki:
        assert aoki.get(here).status_code == 404
        assert "支援会議" not in aoki.get("/meetings").text.split("これから")[1].split("くり返す会議")[0]


def test_a_guest_reads_the_one_meeting_in_its_window(office: World) -> None:
    with office.writing() as session:
        guest = User(login_name="guest", name="招かれた人", password_hash="x", roles=[GUEST])
        session.add(guest)
        session.flush()
        office.ids["招かれた人"] = guest.id
    with office.visit("真鍋") as manabe:
        here, other = call(manabe, {**SUPPORT, "on": "R13.12.1"}), call(manabe, JUSO)
        with office.writing() as session:
            meeting_id = here.rsplit("/", 1)[1]
            session.add(Seat(meeting_id=meeting_id, user_id=guest.id, name="招かれた人", agency="医師会", role="guest"))
    with office.visit("招かれた人") as visitor:
        assert visitor.get(here).status_code == 404
    with office.visit("真鍋") as manabe:
        form = {"item-purpose": "share", "item-title": "話し合い", **once()}
        assert manabe.submit(f"{here}/items", form).status_code == 303
        with office.reading() as session:
            shown = session.get_one(Meeting, meeting_id).version
        assert manabe.submit(f"{here}/invite", {"_version": str(shown), **once()}).status_code == 303
    with office.visit("招かれた人") as visitor:
        assert visitor.get(here).status_code == 200
        assert visitor.get(other).status_code == 404
        assert visitor.submit(f"{here}/items", {**form, **once()}).status_code == 404
        with office.writing() as session:
            session.get_one(Meeting, meeting_id).window_until = TODAY.replace(year=2020)
        assert visitor.get(here).status_code == 404


def test_two_who_decide_the_same_item_are_told(office: World) -> None:
    with office.visit() as aoki:
        here = call(aoki, JUSO)
        prepare(aoki, here, {"purpose": "plan", "case_number": office.ids["佐倉 みおの番号"]})
        hold(aoki, office, here)
        with office.reading() as session:
            item = session.scalars(select(AgendaItem)).one()
        assert rule(aoki, office, here, "approve").status_code == 303
        late = {
            f"{item.id[:8]}-decision": "reject",
            f"{item.id[:8]}-text": "まだ早い",
            "_version": str(item.version),
            **once(),
        }
        refused = aoki.submit(f"{here}/items/{item.id}/decide", late)
        assert refused.status_code == 409
    with office.reading() as session:
        assert session.scalars(select(AgendaItem.decision)).all() == ["approve"]


def test_an_unmet_need_is_registered_by_the_meeting_and_a_task_is_done(office: World) -> None:
    with office.visit() as aoki:
        here = call(aoki, {**JUSO, "kind": "other", "name": "連携会議"})
        prepare(aoki, here, {"purpose": "gap", "title": "夕方の居場所"})
        hold(aoki, office, here)
        task = {"what0": "公民館に聞く", "owner0": "石井", "due0": "R8.12.1"}
        assert rule(aoki, office, here, "gap_register", text="夕方に行ける所がない", **task).status_code == 303
        with office.reading() as session:
            action = session.scalars(select(ActionItem)).one()
            assert session.scalars(select(ResourceGap.summary)).all() == ["夕方に行ける所がない"]
        form = {"_version": str(action.version), "outcome": "週に一度なら開けられる", **once()}
        assert aoki.submit(f"{here}/actions/{action.id}", form).status_code == 303
        assert "週に一度なら開けられる" in aoki.get(here).text
        assert aoki.submit(f"{here}/finish", {**version(office), **once()}).status_code == 303


def test_a_series_proposes_its_days_and_the_people_of_last_time(office: World) -> None:
    with office.visit() as aoki:
        form = {
            "kind": "juso",
            "name": "定例会",
            "frequency": "monthly",
            "nth": "2",
            "weekday": "2",
            "start": "13:30",
            "convenor": "社協",
        }
        assert aoki.submit("/meetings/series", {**form, **once()}).status_code == 303
        page = aoki.get("/meetings").text
        link = page.split('href="/meetings/new?series=')[1].split('"')[0].replace("&amp;", "&")
        series = link.split("&")[0]
        asked = aoki.get(f"/meetings/new?series={link}").text
        assert "定例会（" in asked
        assert "13:30" in asked
        first = call(aoki, {**JUSO, "series": series})
        prepare(aoki, first)
        second = call(aoki, {**JUSO, "name": "次の会", "series": series})
        assert "地域包括支援センター" in aoki.get(second).text


def test_a_meeting_that_is_not_held_says_why(office: World) -> None:
    with office.visit() as aoki:
        here = call(aoki, JUSO)
        assert aoki.submit(f"{here}/cancel", {**version(office), "why": "", **once()}).status_code == 409
        assert aoki.submit(f"{here}/cancel", {**version(office), "why": "台風のため", **once()}).status_code == 303
        assert aoki.submit(f"{here}/dance", {**version(office), **once()}).status_code == 404
        assert hold(aoki, office, here).status_code == 409
