"""Wherever a case stands, once the person takes the consent back no page, paper, feed or meeting shows or plans what it may not."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cases.consent import PLAN, SERVICE
from service.cases.models import Placement
from service.cases.plans.models import Plan
from service.cases.referrals.models import Referral
from service.followup.placements.models import Sounding
from service.followup.tasks.models import OPEN, FollowUp
from service.meetings.models import AgendaItem, Meeting
from tests.cast import World
from tests.journeys.test_two_ways import READY, handed_over
from tests.journeys.walking import Walk, ready

NAME = "浜田"
PAPERS = ("papers/intake.pdf", "papers/national.pdf", "match/print.pdf", "match/sounding.pdf", "match/phone.pdf")


def applied(walk: Walk) -> None:
    walk.agree(SERVICE)
    walk.step("apply")
    walk.step("assess")
    walk.answers_all()


def before_the_meeting(walk: Walk) -> None:
    """The plan is drafted and stands on the agenda of a 重層的支援会議 still to come."""
    applied(walk)
    walk.step("plan")
    walk.drafts("週に一度、外に出る")
    walk.step("submit")
    walk.does("/meetings/new", kind="juso", name="定例会", on="R8.12.10", convenor="福祉総務課")
    here = f"/meetings/{walk.one(Meeting).id}"
    walk.does(
        f"{here}/seats", **{"seat-name": "真鍋", "seat-agency": "汐見市", "seat-is_municipal": "y", "seat-role": "member"}
    )
    walk.does(f"{here}/items", **{"item-purpose": "plan", "item-case_number": walk.case.number})


def supported(walk: Walk) -> None:
    before_the_meeting(walk)
    walk.on(walk.day + timedelta(days=9))
    walk.meets("juso", "plan", "approve")
    walk.step("agree")
    walk.agree(PLAN)
    walk.step("start")


def sounded(walk: Walk) -> None:
    supported(walk)
    walk.does(f"{walk.person}/placements", opening=walk.world.ids["枠"], note="本人が選んだ")
    walk.act("sound", channel="mail")


def started(walk: Walk) -> None:
    sounded(walk)
    host = walk.world.ids["海の台所"]
    walk.act("answer", answer="yes", answered_by="店主")
    walk.act("offer")
    walk.act("reply", said="want", words="行きたい", on=walk.today)
    walk.does(f"/hosts/{host}/assessments", tasks="本の整理")
    walk.does(f"{walk.person}/share/{host}", items=["name", "days"], method="paper", given_by="本人", decided_on=walk.today)
    walk.act("visit", on=walk.today, accompanied="青木")
    walk.act("trial", on=walk.today, days="月曜に2回", **READY)
    walk.act("start", on=walk.today, person_wants="y", host_accepts="y", slots="0:780", tasks="本の整理")


STAGES: tuple[Callable[[Walk], None], ...] = (applied, before_the_meeting, supported, sounded, started)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_after_a_withdrawal_nothing_is_shown_or_planned_that_may_not_be(
    world: World, monkeypatch: pytest.MonkeyPatch, stage: Callable[[Walk], None]
) -> None:
    walk = ready(world, monkeypatch)
    handed_over(walk)
    with walk.by("青木"):
        stage(walk)
        feed = re.search(r"/ics/[\w.-]+", walk.tries("/calendar/address").text)
        assert feed is not None
        walk.does(
            f"{walk.person}/consent", scope=SERVICE, state="withdrawn", method="oral", given_by="本人", decided_on=walk.today,
            reason="やめたい",
        )  # fmt: skip
        for ahead in (1, 40, 200):
            walk.on(walk.day + timedelta(days=ahead))
            nothing_is_left_to_do(walk)
            what_is_shown(walk, feed.group())
        nothing_goes_on(walk)
    with walk.by("大野"):
        mine = walk.reads(f"/refer/{walk.one(Referral).id}")
    assert NAME not in mine
    assert "海の台所" not in mine


def nothing_is_left_to_do(walk: Walk) -> None:
    """No follow-up is asked for, nobody is asked, nothing waits with a host."""
    with walk.world.reading() as session:
        assert session.scalars(select(FollowUp.kind).where(FollowUp.state.in_(OPEN))).all() == []
        assert session.scalars(select(Sounding.state).where(Sounding.state == "open")).all() == []
        steps = set(session.scalars(select(Placement.step)))
    assert steps <= {"on_hold", "declined", "ended"}


def what_is_shown(walk: Walk, feed: str) -> None:
    """Lists and pages that ask for something to be done for a person do not name this one."""
    assert walk.at_screen is not None
    for path in ("/followup", "/followup/week", "/followup/plan"):
        assert NAME not in walk.reads(path), path
    assert walk.case.number not in walk.at_screen.get(feed).text
    for paper in PAPERS:
        assert walk.at_screen.get(f"{walk.person}/{paper}").status_code in (403, 404, 409), paper
    with walk.world.reading() as session:
        meetings = session.scalars(select(Meeting.id).where(Meeting.status == "planned")).all()
    for meeting in meetings:
        assert NAME not in walk.reads(f"/meetings/{meeting}"), "a case taken off by its person is not read out"


def nothing_goes_on(walk: Walk) -> None:
    """No step, no plan, no item, no decision, no candidate."""
    for step in ("apply", "assess", "plan", "submit", "agree", "start", "review", "replan"):
        answer = walk.tries(
            f"{walk.person}/course/steps/{step}", _version=str(walk.case.version), **{f"{step}-note": "続ける"}
        )
        assert answer.status_code in (404, 409), step
    refused = walk.tries(f"{walk.person}/plans", _version="0", kind="coordination", goal0_text="続ける")
    assert refused.status_code in (403, 409)
    assert walk.tries(f"{walk.person}/placements", opening=walk.world.ids["枠"], note="内緒で").status_code in (403, 409)
    with walk.world.reading() as session:
        held = {row.id: row for row in session.scalars(select(Meeting))}
        items = session.scalars(select(AgendaItem).where(AgendaItem.decision == "")).all()
        assert {row.status for row in session.scalars(select(Plan))} <= {"draft", "in_review", "agreed", "active", "ended"}
    for item in items:
        said = {f"{item.id[:8]}-decision": "approve", f"{item.id[:8]}-text": "決める"}
        path = f"/meetings/{held[item.meeting_id].id}/items/{item.id}/decide"
        assert walk.tries(path, _version=str(item.version), **said).status_code == 409
    again = {"item-purpose": "replan", "item-case_number": walk.case.number}
    for meeting in held.values():
        if meeting.status == "planned":
            assert walk.tries(f"/meetings/{meeting.id}/items", **again).status_code == 409
