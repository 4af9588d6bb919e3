"""同意: every answer of everybody of the household on one page, and nothing stands on one that is over."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import read_for_match
from service.cases.consent import state_of
from service.cases.course.moving import CaseMove
from service.cases.course.moving import facts_of as course_facts
from service.cases.models import Consent, Need, Person, Placement, SupportCase
from service.cases.people import load_person
from service.cases.sharing import record_share, share_with
from service.followup.placements.gathering import facts_of, look_at
from service.followup.rhythms.ties import tie_of
from service.kernel.clock import day_in_japan
from service.matching.facts import ConsentMissing
from service.matching.gather import load_catalogue
from service.matching.joint.people import chosen_person
from service.matching.joint.present import Proposal, look_again
from service.matching.joint.week import WeekAsk, week_plan
from service.matching.service import ask_for, match
from service.meetings.reading import has_consent
from service.reports.gathering import gather
from tests.cast import NOW, TODAY, World, open_case

SERVICE_ANSWER = {
    "scope": "service", "state": "given", "method": "oral", "given_by": "本人", "decided_on": "2026-11-24", "reason": "",
    "until": "", "explained_by": "", "witness": "", "document_version": "",
}  # fmt: skip


def principal(world: World, session: Session) -> Person:
    return load_person(session, session.get_one(Person, world.ids["佐倉"]))


def case_of(world: World, session: Session) -> SupportCase:
    person = session.get_one(Person, world.ids["佐倉"])
    return session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()


def answer(world: World, **more: str) -> int:
    with world.visit() as aoki:
        return int(aoki.submit(f"/people/{world.ids['佐倉']}/consent", SERVICE_ANSWER | more).status_code)


def page(world: World) -> str:
    with world.visit() as aoki:
        return str(aoki.get(f"/people/{world.ids['佐倉']}/consents").text)


def let_it_end(world: World) -> None:
    """The consent to the service had its last day yesterday."""
    with world.writing() as session:
        for each in session.scalars(select(Consent).where(Consent.scope == "service")):
            each.until = day_in_japan(datetime.now(UTC)) - timedelta(days=1)


def matches(world: World, session: Session, today: date) -> bool:
    try:
        match(ask_for(session, world.town, world.actor("青木"), world.ids["佐倉"], datetime.now(UTC)))
    except ConsentMissing:
        return False
    return True


def joins(world: World, session: Session, today: date) -> bool:
    return bool(chosen_person(case_of(world, session), principal(world, session), today).people)


def stays_in_a_plan(world: World, session: Session, today: date) -> bool:
    said = look_again(
        session, world.town, world.actor("青木"), Proposal(world.ids["佐倉"], world.ids["枠"], (), True), today
    )
    return not any("同意" in each for each in said.refusals)


def steps_of_a_placement(world: World, session: Session, today: date) -> bool:
    hand = look_at(session, world.town, world.actor("青木"), world.ids["候補"])
    return facts_of(session, hand, "sounded", {}, today).has_consent


def steps_of_a_case(world: World, session: Session, today: date) -> bool:
    case, person = case_of(world, session), principal(world, session)
    return course_facts(session, case, person, CaseMove("apply"), today).has_service_consent


def sits_in_a_meeting(world: World, session: Session, today: date) -> bool:
    return has_consent(session, case_of(world, session), today)


def tells_the_host(world: World, session: Session, today: date) -> bool:
    return share_with(principal(world, session).consents, world.ids["海の台所"], today) is not None


def makes_a_week(world: World, session: Session, today: date) -> bool:
    case, person = read_for_match(session, world.town, world.actor("青木"), world.ids["佐倉"])
    loaded = load_catalogue(session, world.town)
    try:
        week_plan(session, case, person, loaded, WeekAsk(), datetime.now(UTC))
    except ConsentMissing:
        return False
    return True


def plans(world: World, session: Session, today: date) -> bool:
    with world.visit() as aoki:
        return "同意がない" not in aoki.get(f"/people/{world.ids['佐倉']}/plans").text


def is_asked_to_be_visited(world: World, session: Session, today: date) -> bool:
    placement = Placement(
        id=world.ids["候補"], person_id=world.ids["佐倉"], opening_id=world.ids["枠"], started_on=TODAY, step="started"
    )
    tie = tie_of(session, placement, today)
    return tie is not None and tie.is_agreed


def counts_as_given(world: World, session: Session, today: date) -> bool:
    person = world.ids["佐倉"]
    said = [each.state for each in gather(session, today).answers if each.person_id == person and each.on <= today]
    return said[-1] == "given"


def is_given(world: World, session: Session, today: date) -> bool:
    return state_of(principal(world, session).consents, today) == "given"


READERS: Mapping[str, Callable[[World, Session, date], bool]] = {
    "照合": matches, "合同照合": joins, "案の行": stays_in_a_plan, "打診・紹介": steps_of_a_placement, "経過": steps_of_a_case,
    "週": makes_a_week, "プラン": plans, "訪問": is_asked_to_be_visited, "会議": sits_in_a_meeting, "受け入れ先": tells_the_host, "統計": counts_as_given, "状態": is_given,
}  # fmt: skip


@pytest.fixture
def agreed(candidate: World) -> World:
    """佐倉 agreed to the service and to tell 海の台所, is a candidate there, and has been asked what she needs."""
    with candidate.writing() as session:
        person = session.get_one(Person, candidate.ids["佐倉"])
        session.add(Need(person_id=person.id, attribute="noise", value="normal", strength="wish"))
        record_share(
            session,
            candidate.actor("青木"),
            person,
            candidate.ids["海の台所"],
            "given",
            NOW,
            decided_on=TODAY,
            items=["name"],
        )
    return candidate


@pytest.mark.parametrize("reader", READERS)
def test_what_is_over_counts_for_nothing_with_every_reader(agreed: World, reader: str) -> None:
    today = day_in_japan(datetime.now(UTC))
    with agreed.reading() as session:
        assert READERS[reader](agreed, session, today)
    let_it_end(agreed)
    with agreed.reading() as session:
        assert not READERS[reader](agreed, session, today)


def test_a_host_is_told_nothing_and_visited_no_more_after_the_last_day(agreed: World) -> None:
    today = day_in_japan(datetime.now(UTC))
    with agreed.writing() as session:
        for each in session.scalars(select(Consent).where(Consent.scope == "host_share")):
            each.until = today - timedelta(days=1)
    with agreed.writing() as session:
        placement = session.get_one(Placement, agreed.ids["候補"])
        placement.started_on = TODAY
        tie = tie_of(session, placement, today)
        assert tie
        assert tie.is_agreed
        assert not tie.may_be_visited
    assert "期限が過ぎました" in page(agreed)


@pytest.mark.parametrize("scope", ["plan", "guardian"])
def test_a_plan_or_a_guardian_whose_day_is_over_no_longer_opens_the_next_step(agreed: World, scope: str) -> None:
    today = day_in_japan(datetime.now(UTC))
    for days, there in ((0, True), (-1, False)):
        with agreed.writing() as session:
            session.add(
                Consent(person_id=agreed.ids["佐倉"], scope=scope, state="given", decided_on=TODAY, until=today + timedelta(days=days),
                        recorded_at=NOW + timedelta(minutes=1 - days), recorded_by="青木")
            )  # fmt: skip
        with agreed.reading() as session:
            facts = course_facts(session, case_of(agreed, session), principal(agreed, session), CaseMove("apply"), today)
            assert (facts.has_plan_consent if scope == "plan" else facts.has_guardian) is there


def test_an_oral_consent_waits_for_its_paper_until_somebody_says_it_came(agreed: World) -> None:
    assert answer(agreed, **{"from": "consents"}) == 303
    shown = page(agreed)
    assert '<span class="badge ask">書面未了' in shown
    where = re.search(r'action="(/people/\w+/consent/\w+/paper)"', shown)
    assert where
    with agreed.visit() as aoki:
        assert "口頭の同意です。書面がまだです" in aoki.get("/").text
        assert aoki.submit(where[1]).headers["location"].endswith("/consents?done=paper-in")
        assert "口頭の同意です。書面がまだです" not in aoki.get("/").text
    assert '<span class="badge ask">書面未了' not in page(agreed)
    assert "口頭（書面あり）" in page(agreed)


def test_the_paper_of_somebody_else_is_nobodys(agreed: World) -> None:
    with agreed.writing() as session:
        other = open_case(session, agreed.ids["青木"], "田村 りく")
        theirs = Consent(person_id=other.id, scope="service", state="given", method="oral", decided_on=TODAY,
                         recorded_at=NOW + timedelta(days=1), recorded_by="青木")  # fmt: skip
        session.add(theirs)
        session.flush()
        consent_id = theirs.id
    with agreed.visit() as aoki:
        assert aoki.submit(f"/people/{agreed.ids['佐倉']}/consent/{consent_id}/paper").status_code == 404
        assert aoki.submit(f"/people/{agreed.ids['佐倉']}/consent", SERVICE_ANSWER | {"who": other.id}).status_code == 404


def test_everybody_of_the_household_is_asked_for_themselves(agreed: World) -> None:
    with agreed.writing() as session:
        home = session.get_one(Person, agreed.ids["佐倉"]).household_id
        mother = Person(household_id=home, position=1, relation="母", name="佐倉 よう", birth_on=date(1976, 2, 29))
        session.add(mother)
        session.flush()
        who = mother.id
    assert (
        answer(agreed, who=who, explained_by="青木", witness="民生委員 大野", until="R9.2.28", **{"from": "consents"}) == 303
    )
    shown = page(agreed)
    assert shown.index("佐倉 よう") < shown.index("民生委員 大野")
    assert "いつまで 令和9年2月28日(日)" in shown
    with agreed.reading() as session:
        kept = session.scalars(select(Consent).where(Consent.person_id == who)).one()
        assert (kept.explained_by, kept.witness, kept.until) == ("青木", "民生委員 大野", date(2027, 2, 28))


def test_an_answer_that_says_too_little_is_refused_with_what_to_do_and_kept(agreed: World) -> None:
    for wrong, said in (
        ({"state": "withdrawn"}, "断られた・撤回された理由"),
        ({"state": "waived"}, "保護者・後見人の同意だけ"),
        ({"scope": "guardian", "state": "waived", "given_by": "事務局 真鍋"}, "本人がどう困るか"),
        ({"scope": "guardian", "state": "waived", "reason": "連絡すると手が出る"}, "事務局のだれが"),
        ({"scope": "guardian"}, "続柄か名前"),
        ({"until": "2026-11-01"}, "期限が、同意した日より前"),
        ({"decided_on": "2199-01-01"}, "まだ来ていない日"),
    ):
        with agreed.visit() as aoki:
            back = aoki.submit(
                f"/people/{agreed.ids['佐倉']}/consent", SERVICE_ANSWER | wrong | {"witness": "大野さん", "from": "consents"}
            )
        assert back.status_code == 422
        assert said in back.text
        assert "大野さん" in back.text


def test_below_eighteen_the_guardian_counts_or_the_secretariat_says_why_nobody_asks(agreed: World) -> None:
    today = day_in_japan(datetime.now(UTC))
    with agreed.writing() as session:
        session.get_one(Person, agreed.ids["佐倉"]).birth_on = date(2010, 4, 1)
    assert "18歳未満のため" in page(agreed)
    said = {"scope": "guardian", "method": "oral", "given_by": "事務局 真鍋", "reason": "家に連絡すると手が出るため"}
    assert answer(agreed, state="waived", **said) == 303
    with agreed.reading() as session:
        facts = course_facts(session, case_of(agreed, session), principal(agreed, session), CaseMove("apply"), today)
        assert facts.is_minor
        assert facts.has_guardian
    assert "事務局の判断で求めない" in page(agreed)
    assert "家に連絡すると手が出るため" in page(agreed)


def test_a_guardian_who_takes_it_back_stops_what_stands_on_it(agreed: World) -> None:
    with agreed.writing() as session:
        session.get_one(Person, agreed.ids["佐倉"]).birth_on = date(2010, 4, 1)
    assert answer(agreed, scope="guardian", state="withdrawn", given_by="母", reason="考えなおしたい") == 303
    with agreed.reading() as session:
        assert session.get_one(Placement, agreed.ids["候補"]).step == "declined"


def test_what_was_answered_before_is_folded_below_what_stands(agreed: World) -> None:
    answer(agreed, explained_by="石井")
    assert "これまでの答え（1件）" in page(agreed)
