"""The way of the cases in the demo: steps that the table of steps has, and meetings that their rules allow."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from seed.load_demo import demo_id
from seed.make_demo import DEMO
from service.cases.course.flow import OVER, STEPS, Status
from service.cases.course.log import last_decision
from service.cases.models import SupportCase
from service.cases.referrals.models import Referral
from service.followup.closing.models import AfterCare
from service.followup.placements.gathering import is_attending
from service.followup.tasks.models import DONE, PLANNED, FollowUp
from service.kernel.clock import day_in_japan
from service.meetings.models import Meeting
from service.meetings.rules import ANSWERS, JUSO, OF_A_CASE, SUPPORT
from service.resources.policies import town_calendar
from tests.seed.test_demo_town import demo_town
from tests.towns import Ground

LOADED = [
    datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
    datetime(2028, 12, 27, 1, 0, tzinfo=UTC),
    datetime(2027, 4, 2, tzinfo=UTC),
]


@lru_cache
def rows(table: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((DEMO / f"{table}.json").read_text("utf-8"))
    return read


def test_every_step_in_the_log_is_one_of_the_table_and_the_last_one_is_where_the_case_stands() -> None:
    known = {(before.value, step.after.value) for step in STEPS for before in step.before}
    stands = {row["id"]: row.get("status", "assessing") for row in rows("support_case")}
    moves: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows("progress_note"):
        if row["kind"] == "move":
            moves[row["case_id"]].append(row)
    for case, way in moves.items():
        assert [row["on"] for row in way] == sorted(row["on"] for row in way), case
        assert way[-1]["to_status"] == stands[case], case
        for row in way:
            closes = row["to_status"] == Status.CLOSED
            begins = row["to_status"] == Status.REFERRED
            assert closes or begins or (row["from_status"], row["to_status"]) in known, (case, row["text"])


def test_whoever_goes_to_a_place_or_rests_from_one_has_a_case_whose_support_has_begun() -> None:
    cases = {row["household_id"]: row for row in rows("support_case")}
    homes = {row["id"]: row["household_id"] for row in rows("person")}
    begun = {Status.SUPPORTING, Status.IN_REVIEW, Status.SUSPENDED}
    for row in rows("placement"):
        if is_attending(row["step"], row.get("before_hold", "")):
            case = cases[homes[row["person_id"]]]
            assert case["status"] in begun, row["id"]
            assert case["plan_start_on"] <= 0, row["id"]


def test_sheets_stand_at_every_stage_a_desk_sees() -> None:
    cases = {row["id"]: row for row in rows("support_case")}
    sheets = rows("referral")
    stands = {cases[row["case_id"]]["status"] for row in sheets}
    assert stands >= {"referred", "screening", "ordinary", "no_consent_track", "supporting"}
    assert any(row.get("is_anonymous") for row in sheets)
    assert any(row.get("is_urgent") for row in sheets)
    assert any(row["received_on"] == 0 for row in sheets)
    assert any(row["received_on"] <= -4 and "acknowledged_on" not in row for row in sheets)
    assert {row["referrer_id"] for row in sheets if "referrer_id" in row} == {"tsubaki"}


def test_what_is_over_has_its_day_and_whoever_is_without_consent_has_the_day_of_the_next_look() -> None:
    for row in rows("support_case"):
        assert (row.get("status") in OVER) == ("closed_on" in row), row["id"]
        assert row.get("status") != Status.NO_CONSENT or 0 < row["review_on"] <= 60, row["id"]


def test_meetings_of_the_demo_keep_the_rules_of_their_kind() -> None:
    kinds = {row["id"]: row["kind"] for row in rows("meeting")}
    consents = {row["person_id"] for row in rows("consent") if (row["scope"], row["state"]) == ("service", "given")}
    assert set(kinds.values()) == {JUSO, SUPPORT}
    for item in rows("agenda_item"):
        kind = kinds[item["meeting_id"]]
        assert item["purpose"] not in OF_A_CASE or kind == JUSO, item["id"]
        assert kind != JUSO or "case_id" not in item or item["case_id"] in consents, item["id"]
        assert item.get("decision", "share") in {*ANSWERS[item["purpose"]], "share"}, item["id"]
    for meeting, kind in kinds.items():
        seats = [row for row in rows("meeting_seat") if row["meeting_id"] == meeting and row.get("attended") == "yes"]
        sworn = {(row["name"], row["agency"]) for row in rows("secrecy_acknowledgement")}
        assert not seats or any(row.get("is_municipal") for row in seats), meeting
        assert kind != SUPPORT or all((row["name"], row["agency"]) in sworn for row in seats), meeting


@pytest.mark.parametrize("now", LOADED)
def test_on_any_day_of_loading_meetings_fall_on_open_days_and_contacts_after_the_closing_go_on(
    ground: Ground, tmp_path: Path, now: datetime
) -> None:
    today = day_in_japan(now)
    with demo_town(ground, tmp_path, now) as (town, _), town.database.read() as session:
        calendar = town_calendar(session, today)
        assert all(calendar.is_open(day) for day in session.scalars(select(Meeting.on)))
        late = session.get_one(Referral, demo_id("referral", "P39"))
        assert late.acknowledge_due_on < today
        care = session.get_one(AfterCare, demo_id("after_care", "P43"))
        contacts = session.scalars(
            select(FollowUp).where(FollowUp.case_id == care.case_id).order_by(FollowUp.sequence)
        ).all()
        assert [row.state for row in contacts if row.sequence <= 2] == [DONE, DONE]
        assert {row.state for row in contacts if row.sequence > 2} == {PLANNED}
        waiting = session.scalars(select(SupportCase).where(SupportCase.status == Status.IN_REVIEW)).all()
        assert [last_decision(session, case.id) for case in waiting] == [None, None]
