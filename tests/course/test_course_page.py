"""The page of a case's course: steps with what is missing, the log that is never overwritten, the way without consent."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.consent import PLAN
from service.cases.course.bodies import suggest_body
from service.cases.course.log import Entry, write
from service.cases.course.models import ProgressNote
from service.cases.course.moving import note_decision
from service.cases.feedback.models import Feedback
from service.cases.models import Consent, Need, SupportCase
from service.cases.plans.models import Evaluation, Plan, PlanGoal
from service.cases.referrals.models import Referral
from service.followup.tasks.models import FollowUp
from service.kernel.db import new_id
from service.resources.vocabulary import current_vocabulary
from tests.cast import NOW, TODAY, Visitor, World, open_case

DRAFT = {
    "_version": "0", "kind": "participation", "person_words": "静かな所に行ってみたい", "goal0_text": "週に一度、外に出る",
    "goal0_term": "short", "task0_what": "見学に付き添う", "task0_agency": "社協", "task0_who": "青木", "task0_until": "R8.12.25",
}  # fmt: skip
CORE_ANSWERED = "基本の項目"


@pytest.fixture
def case_at(world: World) -> World:
    """佐倉's case, at 意向確認, without any answer to consent."""
    with world.writing() as session:
        person = open_case(session, world.ids["青木"], consent=False)
        case = session.scalars(select(SupportCase)).one()
        case.status = "intent_check"
        world.ids |= {"佐倉": person.id, "ケース": case.id}
    return world


def sheet_of(world: World) -> None:
    with world.writing() as session:
        session.add(Referral(case_id=world.ids["ケース"], came_by="phone", received_on=TODAY, received_at=NOW, from_agency="包括",
                             from_person="大野", acknowledge_due_on=TODAY, screening_due_on=TODAY))  # fmt: skip


def here(world: World) -> str:
    return f"/people/{world.ids['佐倉']}/course"


def case(world: World) -> SupportCase:
    with world.reading() as session:
        return session.scalars(select(SupportCase)).one()


def take(visitor: Visitor, world: World, step: str, **typed: str) -> Any:
    form = {"_version": str(case(world).version), "_once": new_id(), **{f"{step}-{k}": v for k, v in typed.items()}}
    return visitor.submit(f"{here(world)}/steps/{step}", form)


def consent(world: World, scope: str = "service", state: str = "given") -> None:
    with world.writing() as session:
        session.add(Consent(person_id=world.ids["佐倉"], scope=scope, state=state, decided_on=TODAY,
                            recorded_at=NOW.replace(year=2027), recorded_by="青木"))  # fmt: skip


def decide(world: World, decision: str, **facts: Any) -> None:
    with world.writing() as session:
        row = session.get_one(SupportCase, world.ids["ケース"])
        note_decision(
            session,
            world.actor("青木"),
            row,
            decision,
            "決まった",
            {"by": "juso", "municipal": True} | facts,
            datetime.now(UTC),
        )


def test_without_consent_the_way_is_outreach_with_a_day_to_look_again(case_at: World) -> None:
    with case_at.visit() as aoki:
        assert "福祉支援会議" in aoki.get(here(case_at)).text
        refused = take(aoki, case_at, "no_consent", reason="", review_on="R9.3.1")
        assert refused.status_code == 409
        assert "60日以内" in refused.text
        assert take(aoki, case_at, "no_consent", reason="refused", review_on="R9.1.20", body="aged").status_code == 303
        tried = {
            "o-on": "R8.11.24",
            "o-method": "letter",
            "o-reaction": "none",
            "o-text": "手紙を置いた",
            "o-next_step": "来月もう一度",
        }
        assert aoki.submit(f"{here(case_at)}/outreach", {**tried, "_once": new_id()}).status_code == 303
        page = aoki.get(here(case_at)).text
        assert aoki.submit(f"/people/{case_at.ids['佐倉']}/plans", {**DRAFT, "_once": new_id()}).status_code == 409
    for words in ("同意なしの支援", "地域ケア個別会議", "手紙を置いた", "反応がなかった", "来月もう一度"):
        assert words in page
    assert (case(case_at).status, case(case_at).review_on) == ("no_consent_track", date(2027, 1, 20))


@pytest.mark.parametrize(
    ("key", "reason", "status", "about"),
    [("end_without", "moved", "closed", "終結"), ("stop_without", "lost", "suspended", "中断")],
)
def test_the_way_without_consent_ends_with_its_word_and_the_referrer_hears(
    case_at: World, key: str, reason: str, status: str, about: str
) -> None:
    sheet_of(case_at)
    asked = {"review_on": "R9.1.20"} if key == "stop_without" else {}
    with case_at.visit() as aoki:
        assert take(aoki, case_at, "no_consent", reason="refused", review_on="R9.1.20", body="aged").status_code == 303
        refused = take(aoki, case_at, key, reason="", note="引っ越した", **asked)
        assert refused.status_code == 409
        assert "わけが選ばれていません" in refused.text
        assert "引っ越した" in refused.text
        assert "どうなったかの一言がありません" in take(aoki, case_at, key, reason=reason, **asked).text
        assert take(aoki, case_at, key, reason=reason, note="引っ越した", **asked).status_code == 303
        page = aoki.get(here(case_at)).text
    with case_at.reading() as session:
        moved = session.scalars(select(ProgressNote).where(ProgressNote.to_status == status)).one()
        owed = session.scalars(select(Feedback)).one()
    assert (moved.from_status, moved.facts["reason"]) == ("no_consent_track", reason)
    assert (owed.state, owed.about_id) == ("owed", moved.id)
    assert f"{about}　包括　大野" in page
    assert case(case_at).status == status
    assert case(case_at).review_on == (date(2027, 1, 20) if asked else None)
    assert (case(case_at).closed_on is not None) == (status == "closed")


def test_every_missing_thing_stands_beside_the_step(case_at: World) -> None:
    with case_at.visit() as aoki:
        assert "利用申込みの同意がありません" in aoki.get(here(case_at)).text
        refused = take(aoki, case_at, "apply")
        assert refused.status_code == 409
        consent(case_at)
        assert take(aoki, case_at, "apply", note="申込票を受けた").status_code == 303
    with case_at.reading() as session:
        moved = session.scalars(select(ProgressNote).where(ProgressNote.kind == "move")).one()
    assert (moved.from_status, moved.to_status, moved.text) == ("intent_check", "applied", "申込みを受ける　申込票を受けた")


def test_from_the_application_to_the_start_with_its_dates(case_at: World) -> None:
    consent(case_at)
    with case_at.visit() as aoki:
        assert take(aoki, case_at, "apply").status_code == 303
        assert take(aoki, case_at, "assess").status_code == 303
        assert CORE_ANSWERED in take(aoki, case_at, "plan").text
        _answer_core(case_at)
        assert take(aoki, case_at, "plan").status_code == 303
        refused = take(aoki, case_at, "submit")
        assert "目標がありません" in refused.text
        assert "支援の内容がありません" in refused.text
        assert aoki.submit(f"/people/{case_at.ids['佐倉']}/plans", {**DRAFT, "_once": new_id()}).status_code == 303
        assert take(aoki, case_at, "submit").status_code == 303
        waiting = aoki.get(here(case_at)).text
        assert waiting.count("重層的支援会議の決定がありません") == 1
        assert "プランが決まった・プランを直す・新しいプランで続ける・中断する" in waiting
        assert "重層的支援会議の決定がありません" in take(aoki, case_at, "agree").text
        decide(case_at, "approve", municipal=False)
        assert "市の職員が出席していない" in take(aoki, case_at, "agree").text
        decide(case_at, "approve")
        assert take(aoki, case_at, "agree").status_code == 303
        assert "プランへの本人の同意がありません" in take(aoki, case_at, "start").text
        consent(case_at, PLAN)
        assert take(aoki, case_at, "start").status_code == 303
    with case_at.reading() as session:
        plan = session.scalars(select(Plan)).one()
        kinds = set(session.scalars(select(FollowUp.kind)))
    assert plan.status == "active"
    assert plan.monitoring_on is not None
    assert kinds >= {"monitoring", "review_meeting"}
    assert case(case_at).plan_start_on is not None


def test_a_plan_written_anew_is_a_new_version_and_what_was_agreed_stays(case_at: World) -> None:
    consent(case_at)
    plans = f"/people/{case_at.ids['佐倉']}/plans"
    with case_at.visit() as aoki:
        assert aoki.submit(plans, {**DRAFT, "_once": new_id()}).status_code == 303
        assert aoki.submit(plans, {**DRAFT, "_once": new_id()}).status_code == 409
        again = {**DRAFT, "_version": "1", "goal0_text": "月に一度、外に出る", "_once": new_id()}
        assert aoki.submit(plans, again).status_code == 303
        with case_at.writing() as session:
            session.scalars(select(Plan)).one().status = "active"
        assert aoki.submit(plans, {**DRAFT, "goal0_text": "ひとりで通う", "_once": new_id()}).status_code == 303
        page = aoki.get(plans).text
    assert "月に一度、外に出る" in page
    assert "ひとりで通う" in page
    assert "第2版" in page


def test_an_evaluation_and_the_papers(case_at: World, tmp_path: Path) -> None:
    consent(case_at)
    plans = f"/people/{case_at.ids['佐倉']}/plans"
    with case_at.visit() as aoki:
        aoki.submit(plans, {**DRAFT, "_once": new_id()})
        with case_at.writing() as session:
            plan = session.scalars(select(Plan)).one()
            plan.status, plan_id = "active", plan.id
        with case_at.reading() as session:
            goal_id = session.scalars(select(PlanGoal.id)).one()
        form = {"e-on": "R8.11.24", "e-changes": ["outings"], "e-person_words": "外が明るかった", "e-next_step": "replan",
                f"result-{goal_id}": "partly", "_once": new_id()}  # fmt: skip
        assert aoki.submit(f"{plans}/evaluate/{plan_id}", {**form, "e-person_words": ""}).status_code == 422
        assert aoki.submit(f"{plans}/evaluate/{plan_id}", form).status_code == 303
        assert aoki.get(f"{plans}/{'0' * 32}/plan.pdf").status_code == 404
        texts = [_text(aoki.get(f"{plans}/{plan_id}/{name}.pdf").content, tmp_path) for name in ("plan", "evaluation")]
        texts.append(_text(aoki.get(f"{here(case_at)}/log.pdf").content, tmp_path))
    assert "けいかく" in texts[0]
    assert "週に一度、外に出る" in texts[0]
    assert "外が明るかった" in texts[1]
    assert "一部できた" in texts[1]
    assert "支援経過記録" in texts[2]
    assert not any("None" in text for text in texts)
    with case_at.reading() as session:
        assert session.scalars(select(Evaluation)).one().next_step == "replan"


def test_a_correction_stands_beside_what_was_written_first(case_at: World) -> None:
    with case_at.visit() as aoki:
        note = {
            "on": "R8.11.24",
            "at": "13:30",
            "method": "phone",
            "with_whom": "母",
            "text": "月曜に会う",
            "_once": new_id(),
        }
        for impossible in ("25:00", "24:00", "夕方"):
            assert aoki.submit(f"{here(case_at)}/notes", {**note, "at": impossible}).status_code == 422
        assert aoki.submit(f"{here(case_at)}/notes", note).status_code == 303
        with case_at.reading() as session:
            first = session.scalars(select(ProgressNote)).one()
        assert first.at_min == 810
        right = {**note, "text": "火曜に会う", "corrects": first.id, "_once": new_id()}
        assert aoki.submit(f"{here(case_at)}/notes", right).status_code == 303
        page = aoki.get(here(case_at)).text
        assert aoki.submit(f"{here(case_at)}/notes", {**right, "corrects": "0" * 32, "_once": new_id()}).status_code == 404
        late = {**note, "on": "R9.1.1", "_once": new_id()}
        assert aoki.submit(f"{here(case_at)}/notes", late).status_code == 422
    assert "月曜に会う" in page
    assert "火曜に会う" in page
    with case_at.reading() as session:
        assert len(session.scalars(select(ProgressNote)).all()) == 2


def test_an_old_page_takes_no_step_and_an_unknown_step_is_none(case_at: World) -> None:
    consent(case_at)
    with case_at.visit() as aoki:
        old = {"_version": "0", "_once": new_id()}
        assert aoki.submit(f"{here(case_at)}/steps/apply", old).status_code == 409
        assert aoki.submit(f"{here(case_at)}/steps/start", old).status_code == 404
    with case_at.visit("北条") as hojo:
        assert hojo.submit(f"{here(case_at)}/steps/apply", old).status_code == 403


@pytest.mark.parametrize(
    ("troubles", "key"), [(["care"], "aged"), (["care", "children"], "city"), ([], "city"), (["debt", "food"], "poverty")]
)
def test_the_body_follows_the_field_and_the_city_takes_what_belongs_to_several(troubles: list[str], key: str) -> None:
    assert suggest_body(troubles) == key


def _answer_core(world: World) -> None:
    with world.writing() as session:
        for attribute in current_vocabulary(session).core:
            session.add(Need(person_id=world.ids["佐倉"], attribute=attribute.key, value=None, strength="hard"))


def _text(pdf: bytes, folder: Path) -> str:
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()


def test_what_happened_this_morning_can_be_written_while_it_is_still_yesterday_in_greenwich(case_at: World) -> None:
    morning = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    with case_at.writing() as session:
        row = session.get_one(SupportCase, case_at.ids["ケース"])
        assert write(session, case_at.actor("青木"), row, Entry(date(2026, 11, 25), "電話があった"), morning).on.day == 25
