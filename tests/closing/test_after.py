"""After the closing: another contact, stopping, the report, and taking the person in again."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.access import list_cases, read_person, readable_people
from service.cases.models import Consent, Need, Placement, SupportCase
from service.cases.people import find_people
from service.cases.placements import everybody_in_touch, live_placements
from service.cases.referrals.models import Referral
from service.followup.closing.models import AfterCare
from service.followup.closing.pages_after import hide_few, say_count
from service.followup.tasks.models import CANCELLED, PLANNED, FollowUp
from service.kernel.db import new_id
from service.kernel.errors import NotFound
from tests.cast import Visitor, World
from tests.closing.journey import CLOSED, at, close, record, set_clock, told

CARE = {"contact_name": "村上", "contact_agency": "社協", "contact_phone": "0467-22", "offsets": "1か月・2か月"}


@pytest.fixture
def closed(ready: World) -> World:
    """佐倉's case, closed."""
    with ready.visit() as aoki:
        assert close(aoki, ready).status_code == 303
    return ready


def send(visitor: Visitor, world: World, what: str, **typed: Any) -> Any:
    with world.reading() as session:
        care = session.scalars(select(AfterCare)).one()
    form = {"_version": str(care.version), "_once": new_id(), **typed}
    return visitor.submit(f"/people/{world.ids['佐倉']}/closing/{what}", form)


def again(world: World, words: str = "電話で、行けなくなったと聞いた") -> Any:
    with world.visit() as aoki:
        return send(aoki, world, "reopen", **{"again-words": words})


def test_another_contact_and_other_times(closed: World) -> None:
    with closed.visit() as aoki:
        assert send(aoki, closed, "care", **CARE).status_code == 303
        assert "村上" in aoki.get(f"/people/{closed.ids['佐倉']}/closing").text
        old = send(aoki, closed, "care", **CARE | {"_version": "1", "contact_name": "大橋"})
        assert old.status_code == 409
        assert "大橋" in old.text
    assert [row[1] for row in told(closed, PLANNED)] == ["2027-01-22", "2027-02-22"]


def test_a_wish_to_be_left_in_peace_is_kept(closed: World) -> None:
    with closed.visit() as aoki:
        assert send(aoki, closed, "stop", **{"stop-words": "もう大丈夫"}).status_code == 303
        assert "もう大丈夫" in aoki.get(f"/people/{closed.ids['佐倉']}/closing").text
        assert send(aoki, closed, "stop", **{"stop-words": "もう大丈夫"}).status_code == 409
    assert told(closed, PLANNED) == []
    with closed.reading() as session:
        rows = session.scalars(select(FollowUp).where(FollowUp.rule == "after_close")).all()
        assert {(row.state, row.state_reason) for row in rows} == {(CANCELLED, "同意の撤回")}
        states = session.scalars(select(Consent.state).where(Consent.scope == "contact_after_close")).all()
        assert set(states) == {"given", "withdrawn"}


def test_the_report_has_its_day(closed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with closed.visit() as aoki:
        assert "つなぎ元への報告 令和9年1月4日(月)まで" in aoki.get("/followup/after").text
        assert send(aoki, closed, "report", **{"report-on": "R8.12.23"}).status_code == 422
        set_clock(monkeypatch, CLOSED + timedelta(days=1))
        assert send(aoki, closed, "report", **{"report-on": "R8.12.23"}).status_code == 303
        assert "つなぎ元への報告 令和9年1月4日(月)まで" not in aoki.get("/followup/after").text


def test_the_list_says_who_and_when_and_few_are_not_counted(closed: World) -> None:
    with closed.visit() as aoki:
        page = aoki.get("/followup/after").text
        assert "佐倉 みお" in page
        assert "石井" in page
        assert "令和9年1月22日(金)" in page
        assert "5人未満" not in page
    with closed.visit("北条") as hojo:
        page = hojo.get("/followup/after").text
        assert "終結した人" in page
        assert "5人未満" in page
        assert page.count("出しません</dd>") == 9
        assert "引き算で分かってしまう" in page


@pytest.mark.parametrize(("count", "said"), [(0, "0人"), (1, "5人未満"), (4, "5人未満"), (5, "5人")])
def test_a_few_are_not_told(count: int, said: str) -> None:
    assert say_count(count) == said


def test_a_number_that_is_left_out_takes_the_others_with_it() -> None:
    assert hide_few({"甲": 20, "乙": 9, "丙": 0}) == {"甲": "20", "乙": "9", "丙": "0"}
    assert set(hide_few({"甲": 20, "乙": 9, "丙": 2}).values()) == {"出しません"}


@pytest.mark.parametrize("total", range(1, 41))
def test_no_division_of_a_known_sum_can_be_read_off(total: int) -> None:
    """Whoever knows the sum and the rule: behind what is hidden there are always several divisions, or nothing was few."""
    seen: dict[tuple[str, ...], set[int]] = {}
    for first in range(total + 1):
        told = tuple(hide_few({"甲": first, "乙": total - first}).values())
        seen.setdefault(told, set()).add(first)
    for told, possible in seen.items():
        few = any(0 < first < 5 or 0 < total - first < 5 for first in possible)
        assert not few or len(possible) > 1, told


def test_taken_in_again_there_are_two_episodes_and_one_person(closed: World) -> None:
    assert again(closed).status_code == 303
    with closed.reading() as session:
        earlier, later = session.scalars(select(SupportCase).order_by(SupportCase.opened_on)).all()
        assert (earlier.status, earlier.closed_on, later.status, later.earlier_id) == (
            "closed",
            CLOSED,
            "screening",
            earlier.id,
        )
        assert later.number.startswith("R8-")
        assert later.number != earlier.number
        assert session.scalars(select(AfterCare)).one().reopened_case_id == later.id
        rows = session.scalars(select(FollowUp).where(FollowUp.rule == "after_close")).all()
        assert {(row.state, row.state_reason) for row in rows} == {(CANCELLED, "再受付")}
    with closed.visit() as aoki:
        page = aoki.get(f"/people/{closed.ids['佐倉']}").text
        assert "令和8年12月22日(火) 終結" in page
        assert later.number in page
        assert "行けなくなったと聞いた" in aoki.get(f"/people/{closed.ids['佐倉']}/closing").text
    assert again(closed).status_code == 409


def test_a_reason_is_asked_for(closed: World) -> None:
    assert again(closed, " ").status_code == 422


def test_no_query_doubles_somebody_with_two_episodes(closed: World) -> None:
    again(closed)
    actor, id_ = closed.actor("青木"), closed.ids["佐倉"]
    with closed.writing() as session:
        session.add(
            Placement(person_id=id_, opening_id=closed.ids["枠"], step="candidate", since=CLOSED, recorded_by="青木")
        )
        session.add(Need(person_id=id_, attribute="noise", value=1, strength="hard"))
    with closed.reading() as session:
        case, person = read_person(session, closed.town, actor, id_)
        assert (case.status, person.id) == ("screening", id_)
        assert [each.status for each, _ in readable_people(session, closed.town, actor)] == ["screening"]
        assert [each.status for each in list_cases(session, closed.town, actor)] == ["screening"]
        assert [each.status for each in find_people(session, closed.town, actor, "")] == ["screening"]
        assert [each.status for each in find_people(session, closed.town, actor, "佐倉")] == ["screening"]
        assert len(everybody_in_touch(session)) == 1
        assert [each.person_id for each in live_placements(session)] == [id_]


def test_an_open_episode_of_long_ago_shows_nobody_who_is_protected_today(closed: World) -> None:
    again(closed)
    with closed.writing() as session:
        session.scalars(select(SupportCase).where(SupportCase.status == "screening")).one().locked = True
    with closed.reading() as session:
        with pytest.raises(NotFound):
            read_person(session, closed.town, closed.actor("石井"), closed.ids["佐倉"])
        assert list_cases(session, closed.town, closed.actor("石井")) == []
        assert find_people(session, closed.town, closed.actor("北条"), "") == []
    with closed.visit("石井") as ishii:
        assert "佐倉" not in ishii.get("/followup/after").text
        with closed.reading() as session:
            old = session.scalars(select(FollowUp).where(FollowUp.rule == "after_close")).first()
        assert old is not None
        assert ishii.get(f"/followup/{old.id}").status_code == 404


def test_a_tie_that_grows_thin_is_seen_and_may_be_taken_up_again(closed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2027, 1, 25)
    set_clock(monkeypatch, day)
    with closed.visit() as aoki:
        answer = record(aoki, closed, date(2027, 1, 22), met="person", connected="thin", done_on="R9.1.25")
        assert answer.status_code == 303, answer.text
        page = aoki.get("/followup/after").text
        assert "細くなっている</span>（令和9年1月25日(月)）" in page
        assert "closing#h-again" in page
        assert "令和9年3月23日(火)" in page
    assert [row[2] for row in told(closed, PLANNED)] == ["2027-03-23", "2027-06-22", "2027-12-22"]


def test_whoever_handed_over_is_owed_a_word_of_the_closing_until_it_is_told(ready: World) -> None:
    with ready.writing() as session:
        session.add(Referral(case_id=ready.ids["ケース"], came_by="phone", received_on=CLOSED, received_at=at(CLOSED),
                             from_agency="包括", from_person="大野", acknowledge_due_on=CLOSED, screening_due_on=CLOSED))  # fmt: skip
    with ready.visit() as aoki:
        assert close(aoki, ready).status_code == 303
        assert "大野" in aoki.get("/feedback").text
        assert "終結を決定" in aoki.get(f"/people/{ready.ids['佐倉']}/course").text
        assert send(aoki, ready, "report", **{"report-on": "R8.12.22"}).status_code == 303
        assert "大野" not in aoki.get("/feedback").text
