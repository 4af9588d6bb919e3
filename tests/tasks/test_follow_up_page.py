"""One follow-up on its page: tries, promises, other days, calling off, and what rises to the supervisor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.followup.tasks.escalating import escalate_due, handle
from service.followup.tasks.models import CANCELLED, CONFIRMED, MISSED, PLANNED, Attempt, FollowUp
from tests.cast import Visitor, World, open_case
from tests.feeds.planned import SOON, plan

LATER = SOON + timedelta(days=5)


@pytest.fixture
def planned(town_with_a_case: World) -> World:
    town_with_a_case.ids["予定"] = plan(town_with_a_case, "佐倉")
    return town_with_a_case


def row_of(world: World) -> FollowUp:
    with world.reading() as session:
        return session.get_one(FollowUp, world.ids["予定"])


def act(visitor: Visitor, world: World, what: str, once: str = "", **typed: Any) -> Any:
    path = f"/followup/{world.ids['予定']}/{what}"
    return visitor.submit(path, {"_once": once or what, "_version": str(row_of(world).version), **typed})


def test_a_try_is_kept_once_however_often_it_is_sent_and_changes_no_state(planned: World) -> None:
    with planned.visit() as aoki:
        for _ in range(2):
            assert act(aoki, planned, "tries", channel="phone", result="no_answer").status_code == 303
    with planned.reading() as session:
        (attempt,) = session.scalars(select(Attempt)).all()
    assert (attempt.channel, attempt.result) == ("phone", "no_answer")
    assert row_of(planned).state == PLANNED


def test_a_promised_visit_nobody_kept_is_missed_and_stays_on_the_list(planned: World) -> None:
    with planned.visit() as aoki:
        assert act(aoki, planned, "confirm").status_code == 303
        assert row_of(planned).state == CONFIRMED
        assert act(aoki, planned, "tries", channel="visit", result="absent", note="留守でした").status_code == 303
        row = row_of(planned)
        assert (row.state, row.state_reason, row.priority, row.on) == (MISSED, "留守でした", 3, None)
        assert row.early_on < row.due_on < row.late_on
        assert "会えず" in aoki.get("/followup").text


def test_another_day_by_hand_gives_the_promise_back_with_a_reason_alone_and_can_be_taken_back(planned: World) -> None:
    with planned.visit() as aoki:
        act(aoki, planned, "confirm")
        silent = act(aoki, planned, "move", day=LATER.isoformat(), time="13:30")
        assert silent.status_code == 409
        assert "約束済みの予定です。まだ動かしていません。" in silent.text
        assert (row_of(planned).state, row_of(planned).on) == (CONFIRMED, SOON)
        told = act(aoki, planned, "move", day=LATER.isoformat(), time="13:30", reason="先方の都合", once="why")
        assert told.status_code == 303
        row = row_of(planned)
        assert row.state_reason == "先方の都合"
        assert (row.state, row.on, row.start_min, row.is_pinned, row.is_edited) == (PLANNED, LATER, 810, True, True)
        assert act(aoki, planned, "undo").status_code == 303
    row = row_of(planned)
    assert (row.on, row.start_min) == (SOON, 600)


def test_a_promise_is_not_taken_back_by_undoing_the_move_before_it(planned: World) -> None:
    with planned.visit() as aoki:
        act(aoki, planned, "move", day=LATER.isoformat(), time="13:30")
        act(aoki, planned, "confirm")
        refused = act(aoki, planned, "undo")
    assert refused.status_code == 409
    assert "元の日に戻す" not in refused.text
    assert (row_of(planned).state, row_of(planned).on) == (CONFIRMED, LATER)


@pytest.mark.parametrize(
    ("what", "typed", "said"),
    [
        ("move", {"day": "あした"}, "日付として読めません"),
        ("move", {"day": LATER.isoformat(), "time": "昼ごろ"}, "時刻を読めませんでした"),
        ("cancel", {"reason": ""}, "ひとこと入れてください"),
        ("tries", {"channel": "phone"}, "結果を選んでください"),
        ("undo", {}, "元に戻せる動きがありません"),
    ],
)
def test_what_cannot_be_done_is_refused_with_words(planned: World, what: str, typed: dict[str, str], said: str) -> None:
    with planned.visit() as aoki:
        refused = act(aoki, planned, what, **typed)
    assert refused.status_code in (409, 422)
    assert said in refused.text
    assert row_of(planned).version == 1


def test_calling_off_keeps_the_row_with_its_reason(planned: World) -> None:
    with planned.visit() as aoki:
        assert act(aoki, planned, "cancel", reason="本人が入院した").status_code == 303
        assert (row_of(planned).state, row_of(planned).state_reason) == (CANCELLED, "本人が入院した")
        assert act(aoki, planned, "confirm", once="again").status_code == 409


def test_two_people_at_one_row_are_told(planned: World) -> None:
    with planned.visit() as aoki:
        old = {"_once": "x", "_version": "1", "day": LATER.isoformat()}
        act(aoki, planned, "confirm")
        refused = aoki.submit(f"/followup/{planned.ids['予定']}/move", old)
    assert refused.status_code == 409
    assert row_of(planned).on == SOON


def test_what_is_stuck_rises_to_the_supervisor_who_says_how_it_was_dealt_with(planned: World) -> None:
    with planned.writing() as session:
        row = session.get_one(FollowUp, planned.ids["予定"])
        row.late_on = row.early_on = row.due_on = SOON - timedelta(days=60)
        assert escalate_due(session, datetime.now(UTC)) == 1
        assert escalate_due(session, datetime.now(UTC)) == 0
    with planned.visit("北条") as hojo:
        assert "手が要る予定" in hojo.get("/").text
        assert act(hojo, planned, "handled", note="").status_code == 422
        assert act(hojo, planned, "handled", once="h2", note="包括と相談して、家族に連絡").status_code == 303
        assert "手が要る予定" not in hojo.get("/").text
    assert row_of(planned).state == PLANNED


def test_what_was_dealt_with_in_words_alone_is_told_anew_after_ten_open_days(planned: World) -> None:
    with planned.writing() as session:
        row = session.get_one(FollowUp, planned.ids["予定"])
        row.late_on = row.early_on = row.due_on = SOON - timedelta(days=60)
        now = datetime.now(UTC)
        assert escalate_due(session, now) == 1
        handle(row, "次の週に入れる", now)
        assert escalate_due(session, now + timedelta(days=7)) == 0
        assert escalate_due(session, now + timedelta(days=30)) == 1
        assert row.escalation_handled_at is None


def test_one_person_alarms_once_in_ten_open_days(planned: World) -> None:
    plan(planned, "佐倉", sequence=2)
    with planned.writing() as session:
        for row in session.scalars(select(FollowUp)):
            row.late_on = SOON - timedelta(days=60)
        assert escalate_due(session, datetime.now(UTC)) == 1


def test_a_colleagues_follow_up_asks_to_be_covered_and_a_locked_one_is_not_there(planned: World) -> None:
    with planned.writing() as session:
        planned.ids["石田"] = open_case(session, planned.ids["石井"], "石田 けい", locked=True).id
    hidden = plan(planned, "石田", sequence=3, staff_id=planned.ids["石井"])
    with planned.visit("石井") as ishii:
        assert act(ishii, planned, "confirm").status_code == 403
    with planned.visit() as aoki:
        foreign, absent = aoki.get(f"/followup/{hidden}"), aoki.get(f"/followup/{'0' * 32}")
        assert foreign.status_code == absent.status_code == 404
        assert foreign.text == absent.text
        assert "石田" not in aoki.get("/followup?who=all").text
