"""A plan taken back alone: what rests on it rests, nothing new is asked or planned, and the log tells of each answer."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.course.models import ProgressNote
from service.cases.models import Placement
from service.cases.placements import place_candidate
from service.followup.tasks.models import CANCELLED, OPEN, FollowUp
from service.kernel.db import new_id
from tests.cast import Visitor, World
from tests.closing.journey import begin, keep, set_clock

pytestmark = pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
TODAY, TOMORROW = date(2026, 7, 6), date(2026, 7, 7)


@pytest.fixture
def going(town_with_a_case: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """佐倉 attends 海の台所 by a plan that was agreed to."""
    begin(town_with_a_case)
    set_clock(monkeypatch, TODAY)
    keep(town_with_a_case, TODAY)
    with town_with_a_case.visit() as aoki:
        assert answer(aoki, town_with_a_case, "given").status_code == 303
    return town_with_a_case


def answer(visitor: Visitor, world: World, state: str, **more: str) -> Any:
    typed = {
        "scope": "plan",
        "state": state,
        "method": "paper",
        "given_by": "本人",
        "decided_on": "R8.7.6",
        "reason": "迷っている",
    }
    return visitor.submit(f"/people/{world.ids['佐倉']}/consent", typed | more | {"_once": new_id()})


def states(world: World) -> set[str]:
    with world.reading() as session:
        return set(session.scalars(select(FollowUp.state)))


def step(world: World) -> str:
    with world.reading() as session:
        return session.get_one(Placement, world.ids["利用"]).step


def resume(visitor: Visitor, world: World) -> Any:
    with world.reading() as session:
        version = session.get_one(Placement, world.ids["利用"]).version
    return visitor.submit(
        f"/placements/{world.ids['利用']}/resume", {"_version": str(version), "_once": new_id(), "note": "戻る"}
    )


@pytest.mark.parametrize("said", ["withdrawn", "refused"])
def test_what_rests_on_the_plan_rests_until_it_is_agreed_again(
    going: World, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    assert states(going) & OPEN
    with going.visit() as aoki:
        assert answer(aoki, going, said).status_code == 303
        keep(going, TODAY)
        assert states(going) == {CANCELLED}
        assert step(going) == "on_hold"
        refused = resume(aoki, going)
        assert refused.status_code == 409
        assert "プランへの同意がないため" in refused.text
        assert "もう一度同意をいただくまで" in aoki.get(f"/people/{going.ids['佐倉']}/consents").text
        set_clock(monkeypatch, TOMORROW)
        assert answer(aoki, going, "given").status_code == 303
        assert "プランへの同意がないため" not in resume(aoki, going).text
    keep(going, TOMORROW)
    assert states(going) & OPEN


def test_agreed_again_the_person_goes_back_to_the_place_they_had_and_is_led_to_what_is_still_missing(
    going: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = f"/people/{going.ids['佐倉']}/share/{going.ids['海の台所']}"
    with going.visit() as aoki:
        assert answer(aoki, going, "withdrawn").status_code == 303
        set_clock(monkeypatch, TOMORROW)
        assert answer(aoki, going, "given").status_code == 303
        led = resume(aoki, going)
        assert led.status_code == 409
        assert share in led.text
        told = {"items": "name", "method": "paper", "given_by": "本人", "decided_on": "R8.7.7", "_once": new_id()}
        assert aoki.submit(share, told).status_code == 303
        assert resume(aoki, going).status_code == 303
    assert step(going) == "settling"
    assert states(going) & OPEN


def test_a_share_given_before_outlives_the_plan_that_was_taken_back(going: World, monkeypatch: pytest.MonkeyPatch) -> None:
    share = f"/people/{going.ids['佐倉']}/share/{going.ids['海の台所']}"
    with going.visit() as aoki:
        told = {"items": "name", "method": "paper", "given_by": "本人", "decided_on": "R8.7.6", "_once": new_id()}
        assert aoki.submit(share, told).status_code == 303
        assert answer(aoki, going, "withdrawn").status_code == 303
        assert resume(aoki, going).status_code == 409
        set_clock(monkeypatch, TOMORROW)
        assert answer(aoki, going, "given").status_code == 303
        assert resume(aoki, going).status_code == 303
    assert step(going) == "settling"


def test_a_plan_whose_consent_has_run_out_plans_nothing_more(going: World, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, TOMORROW)
    with going.visit() as aoki:
        assert answer(aoki, going, "given", decided_on="R8.7.1", until="R8.7.5").status_code == 303
    keep(going, TOMORROW)
    assert not states(going) & OPEN


def test_nobody_is_sounded_out_without_the_plan(going: World) -> None:
    with going.visit() as aoki:
        assert answer(aoki, going, "withdrawn").status_code == 303
    with going.writing() as session:
        session.get_one(Placement, going.ids["利用"]).step = "ended"
        row = place_candidate(session, going.ids["佐倉"], going.ids["枠"], (), since=TODAY, recorded_by="青木", origin="x")
        going.ids["候補"], version = row.id, row.version
    with going.visit() as aoki:
        typed = {"_version": str(version), "_once": new_id(), "channel": "phone"}
        refused = aoki.submit(f"/placements/{going.ids['候補']}/sound", typed)
    assert refused.status_code == 409
    assert "プランへの同意がないため" in refused.text


def test_the_log_tells_of_each_answer(going: World) -> None:
    with going.visit() as aoki:
        assert answer(aoki, going, "withdrawn").status_code == 303
        page = aoki.get(f"/people/{going.ids['佐倉']}/course").text
    with going.reading() as session:
        told = [row.text for row in session.scalars(select(ProgressNote).where(ProgressNote.kind == "consent"))]
    assert [text.split("：")[-1] for text in told] == ["同意あり", "撤回"]
    assert all(text in page for text in told)
