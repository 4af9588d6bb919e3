"""S08 from 利用開始 to the contacts after the closing, over HTTP, on the days of the scenario."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from service.cases.models import Consent, Household, Person, Placement, SupportCase
from service.cases.plans.models import Evaluation, Plan
from service.followup.closing.ending import Closing, missing_for_closing
from service.followup.closing.keeping import Agreed
from service.followup.closing.models import AfterCare
from service.followup.tasks.models import CANCELLED, PLANNED, FollowUp
from service.resources.models import Opening
from tests.cast import NOW, World
from tests.closing.journey import CLOSED, begin, close, set_clock, told


def test_a_late_visit_leaves_the_next_one_where_it_was(ready: World) -> None:
    planned = told(ready, PLANNED)
    assert ("visit", "2026-08-22", "2026-08-24") in planned
    assert ("monitoring", "2026-09-22", "2026-09-24") in planned
    assert ("visit", "2026-12-22", "2026-12-23") in planned


def test_the_closing_of_the_scenario(ready: World) -> None:
    with ready.reading() as session:
        free = session.get_one(Opening, ready.ids["枠"]).free
    with ready.visit() as aoki:
        answer = close(aoki, ready)
        assert answer.status_code == 303, answer.text
        page = aoki.get(f"/people/{ready.ids['佐倉']}/closing").text
        assert "令和9年1月4日(月)" in page
        assert "書面未了" in page
        assert "終結したケースです" in aoki.get(f"/people/{ready.ids['佐倉']}").text
    assert [row[1:] for row in told(ready, PLANNED)] == [
        ("2027-01-22", "2027-01-22"), ("2027-03-22", "2027-03-23"), ("2027-06-22", "2027-06-22"), ("2027-12-22", "2027-12-22"),
    ]  # fmt: skip
    with ready.reading() as session:
        case = session.scalars(select(SupportCase)).one()
        assert (case.status, case.closed_on) == ("closed", CLOSED)
        visit = session.scalars(select(FollowUp).where(FollowUp.due_on == date(2026, 12, 23))).one()
        assert (visit.state, visit.state_reason) == (CANCELLED, "終結")
        placement = session.scalars(select(Placement)).one()
        assert (placement.step, placement.closing) == ("ended", "closed")
        assert session.get_one(Opening, ready.ids["枠"]).free == (free or 0) + 1
        consent = session.scalars(select(Consent).where(Consent.scope == "contact_after_close")).one()
        assert (consent.state, consent.method) == ("given", "oral")


@pytest.mark.parametrize(("next_step", "said"), [("close", "令和8年12月15日(火)"), ("replan", "")])
def test_the_day_of_the_evaluation_that_spoke_for_closing_is_not_asked_again(
    ready: World, next_step: str, said: str
) -> None:
    with ready.writing() as session:
        by = {"case_id": ready.ids["ケース"], "recorded_at": NOW, "recorded_by": "青木"}
        session.add_all(
            (
                Evaluation(on=date(2026, 12, 15), next_step=next_step, **by),
                Evaluation(on=date(2026, 9, 1), next_step="replan", **by),
            )
        )
    with ready.visit() as aoki:
        page = aoki.get(f"/people/{ready.ids['佐倉']}/closing").text
    field = page[page.index('id="evaluated_on"') :].split(">")[0]
    assert f'value="{said}"' in field


def test_the_same_form_twice_closes_once(ready: World) -> None:
    with ready.visit() as aoki:
        assert close(aoki, ready).status_code == 303
        assert close(aoki, ready).status_code == 409
    with ready.reading() as session:
        assert session.scalar(select(func.count(AfterCare.id))) == 1


@pytest.mark.parametrize("missing", ["contact_name", "contact_agency", "contact_phone"])
def test_without_a_named_contact_nothing_is_closed_and_nothing_typed_is_lost(ready: World, missing: str) -> None:
    with ready.visit() as aoki:
        answer = close(aoki, ready, **{missing: ""})
    assert answer.status_code == 422
    assert "このまま通いたい" in answer.text
    assert "終結後の担当" in answer.text
    with ready.reading() as session:
        assert session.scalars(select(SupportCase)).one().status == "supporting"
        assert session.scalar(select(func.count(AfterCare.id))) == 0


def test_how_the_person_answered_is_asked_and_never_taken_for_granted(ready: World) -> None:
    with ready.visit() as aoki:
        page = aoki.get(f"/people/{ready.ids['佐倉']}/closing").text
        asked = page[page.index('id="consent_method"') :].split("</select>")[0]
        assert '<option selected value="">' in asked or '<option value="">' in asked
        assert 'selected value="paper"' not in asked
        answer = close(aoki, ready, consent_method="")
    assert answer.status_code == 422
    assert "本人がどう答えたか" in answer.text
    assert "このまま通いたい" in answer.text


def test_who_refuses_is_not_contacted(ready: World) -> None:
    with ready.visit() as aoki:
        assert close(aoki, ready, consent="refused").status_code == 303
        assert "本人の希望で、終結後の連絡はしません" in aoki.get(f"/people/{ready.ids['佐倉']}/closing").text
    assert told(ready, PLANNED) == []


def test_only_the_times_agreed_are_planned(ready: World) -> None:
    with ready.visit() as aoki:
        assert close(aoki, ready, offsets="2か月").status_code == 303
    assert [row[1] for row in told(ready, PLANNED)] == ["2027-02-22"]


def test_times_nobody_can_read_are_said(ready: World) -> None:
    with ready.visit() as aoki:
        assert "のように、月か日の数で" in close(aoki, ready, offsets="そのうち").text


def test_a_day_to_come_is_no_day_of_a_decision(ready: World) -> None:
    with ready.visit() as aoki:
        answer = close(aoki, ready, decided_on="R8.12.23")
    assert answer.status_code == 409
    assert "まだ来ていない日" in answer.text


def test_all_that_is_missing_is_said_at_once(town_with_a_case: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(town_with_a_case)
    set_clock(monkeypatch, CLOSED)
    with town_with_a_case.writing() as session:
        session.scalars(select(SupportCase)).one().status = "screening"
    with town_with_a_case.visit() as aoki:
        answer = close(aoki, town_with_a_case)
    assert answer.status_code == 409
    assert "支援に入る前のケースは終結できません" in answer.text
    assert "28日以上あけた二回続けて" in answer.text
    assert "このまま通いたい" in answer.text


def test_the_sheet_says_in_words_whether_the_tie_holds(ready: World) -> None:
    with ready.visit() as aoki:
        page = aoki.get(f"/people/{ready.ids['佐倉']}/stability").text
    assert "安定しています" in page
    assert "令和8年9月28日(月)" in page
    assert "%" not in page.split("<main")[1]


@pytest.mark.parametrize(("agreed", "codes"), [
    (("石井", "地域包括", "0467-11"), []), (("", "地域包括", "0467-11"), ["contact"]),
    (("石井", "", "0467-11"), ["contact"]), (("石井", "地域包括", ""), ["contact"]),
])  # fmt: skip
def test_the_verb_itself_asks_for_a_named_contact(ready: World, agreed: tuple[str, str, str], codes: list[str]) -> None:
    closing = Closing(
        decided_on=CLOSED, decision="終結", evaluated_on=CLOSED, evaluation="通えた", person_wish="通いたい", host_wish="可",
        stays="stays", report="due", report_on=None, report_why="", is_agreed=True, consent_method="oral",
        agreed=Agreed(*agreed, offsets=("1m",)),
    )  # fmt: skip
    household = selectinload(SupportCase.household).selectinload(Household.people)
    with ready.reading() as session:
        case = session.get_one(SupportCase, ready.ids["ケース"], options=[household])
        person = session.get_one(Person, ready.ids["佐倉"])
        assert [each.code for each in missing_for_closing(session, case, person, closing, CLOSED)] == codes


def coordination_alone(world: World) -> None:
    """The same case without a place: its one plan is 多機関協働."""
    begin(world)
    with world.writing() as session:
        placement = session.scalars(select(Placement)).one()
        placement.step = "declined"
        session.add(Plan(case_id=world.ids["ケース"], kind="coordination", seq=1, status="active", made_on=CLOSED, made_at=NOW,
                         made_by="青木"))  # fmt: skip


IN_ORDER = {"issues": "三つの課題を分けた", "outlook": "通院が続く", "shared_roles": "包括＝月1回の訪問"}


def test_agencies_in_order_close_a_case_without_a_place_and_its_checklist_says_how(
    town_with_a_case: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordination_alone(town_with_a_case)
    set_clock(monkeypatch, CLOSED)
    with town_with_a_case.visit() as aoki:
        page = aoki.get(f"/people/{town_with_a_case.ids['佐倉']}/closing").text
        assert "役割分担の合意" in page
        assert "受け入れ先の意向" not in page
        assert close(aoki, town_with_a_case, **IN_ORDER).status_code == 303
        page = aoki.get(f"/people/{town_with_a_case.ids['佐倉']}/closing").text
    assert all(words in page for words in IN_ORDER.values())
    with town_with_a_case.reading() as session:
        assert session.scalars(select(SupportCase)).one().status == "closed"


@pytest.mark.parametrize("missing", IN_ORDER)
def test_without_order_among_the_agencies_it_stays_open_and_keeps_what_was_typed(
    town_with_a_case: World, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    coordination_alone(town_with_a_case)
    set_clock(monkeypatch, CLOSED)
    with town_with_a_case.visit() as aoki:
        answer = close(aoki, town_with_a_case, **IN_ORDER | {missing: ""})
    assert answer.status_code == 422
    assert all(words in answer.text for key, words in IN_ORDER.items() if key != missing)
    with town_with_a_case.reading() as session:
        assert session.scalars(select(SupportCase)).one().status == "supporting"


def test_a_case_that_has_a_place_is_closed_by_its_tie_though_agencies_work_on_it(ready: World) -> None:
    with ready.writing() as session:
        session.add(Plan(case_id=ready.ids["ケース"], kind="coordination", seq=1, status="active", made_on=CLOSED, made_at=NOW,
                         made_by="青木"))  # fmt: skip
    with ready.visit() as aoki:
        assert "受け入れ先の意向" in aoki.get(f"/people/{ready.ids['佐倉']}/closing").text
