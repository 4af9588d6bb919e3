"""What a plan says beside its lines: ways with what they may be off, days of attendance that are all closed, short notice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from service.cases.models import PlacementSession
from service.followup.planning.attendance import attendance_notice
from service.followup.planning.differing import Change, Slot
from service.followup.planning.models import PlanRun
from service.followup.planning.numbers import current_numbers
from service.followup.policies import PLANNER
from service.followup.tasks.models import FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.kernel.calendar import Calendar
from service.resources.policies import keep
from tests.cast import NOW, World
from tests.planning.asking import FIRST, SOON, ask, propose

OPEN = Calendar(date(2027, 12, 31))
NEW_YEAR = Calendar(date(2027, 12, 31), {date(2026, 12, 7): "庁舎の点検", date(2026, 12, 9): "庁舎の点検"})


def known(world: World, early_on: date, late_on: date, name: str = "予定1") -> Known:
    with world.writing() as session:
        row = session.get_one(FollowUp, world.ids[name])
        row.early_on, row.late_on = early_on, late_on
    with world.reading() as session:
        (found,) = list_follow_ups(session, world.town, world.actor("青木"), FollowUp.id == world.ids[name])
    return found


@pytest.mark.parametrize(
    ("early_on", "late_on", "said"),
    [
        (date(2026, 12, 7), date(2026, 12, 11), "通う曜日（月・水）が、12/7（月）〜12/11（金）の間は休みの日だけです（12/7 庁舎の点検、12/9 庁舎の点検）"),
        (date(2026, 12, 7), date(2026, 12, 14), ""),
        (date(2026, 12, 3), date(2026, 12, 4), "通う曜日（月・水）が、12/3（木）〜12/4（金）の間にありません"),
        (date(2026, 12, 29), date(2027, 1, 3), "（12/30 年末年始）"),
    ],
)  # fmt: skip
def test_a_window_whose_days_of_attendance_are_all_closed_says_so(
    busy: World, early_on: date, late_on: date, said: str
) -> None:
    found = attendance_notice(known(busy, early_on, late_on), NEW_YEAR)
    assert said in found
    assert bool(found) == bool(said)
    if said:
        assert "受け入れ先に聞いてください" in found


def test_a_call_and_a_place_without_fixed_days_have_no_such_days(busy: World) -> None:
    window = (date(2026, 12, 3), date(2026, 12, 4))
    assert attendance_notice(known(busy, *window, "予定0"), OPEN) == ""
    with busy.writing() as session:
        for each in session.scalars(select(PlacementSession)):
            each.weekday = None
    assert attendance_notice(known(busy, *window), OPEN) == ""


def test_the_line_of_the_plan_says_it(busy: World) -> None:
    """Her next Monday and Wednesday are days the town has closed; the plan has to leave the visit out or come late."""
    days = [FIRST + timedelta(days=at) for at in range(14)]
    first = next(day for day in days if day.weekday() == 3)
    known(busy, first, first + timedelta(days=1))
    run = ask(busy)
    with busy.visit() as aoki:
        text = aoki.get(f"/followup/plan/{run.id}").text
    assert "通う曜日（月・水）が、" in text


def test_the_plan_tells_its_ways_with_what_they_may_be_off(busy: World) -> None:
    office = {"office_lat": 35.3193, "office_lon": 139.5467}
    with busy.writing() as session:
        keep(session, busy.actor("青木"), PLANNER, current_numbers(session).changed(office).to_json(), NOW)
    run = ask(busy)
    ways = run.counts["ways"]
    assert ways["now"] == 0
    assert ways["then"] > 0
    assert ways["then_give"] == -(-ways["then"] * 30 // 100)
    with busy.visit() as aoki:
        text = aoki.get(f"/followup/plan/{run.id}").text
    assert f"いま日のある予定で0分（±0分）、この案で{ways['then']}分（±{ways['then_give']}分）" in text
    with busy.writing() as session:
        kept = session.get_one(PlanRun, run.id)
        kept.counts = {name: value for name, value in kept.counts.items() if name != "ways"}
    with busy.visit() as aoki:
        assert "この案で" not in aoki.get(f"/followup/plan/{run.id}").text


def test_a_visit_a_host_hears_of_late_says_how_many_open_days_are_left(busy: World) -> None:
    with busy.reading() as session:
        call, visit = (session.get_one(FollowUp, busy.ids[name]) for name in ("予定0", "予定1"))
    slot = Slot(busy.ids["青木"], SOON, 600)
    lines = [Change(row.id, row.version, "new", None, slot) for row in (call, visit)]
    with busy.visit() as aoki:
        assert aoki.get(f"/followup/plan/{propose(busy, *lines)}").text.count("訪問まで2開庁日です") == 1
        with busy.writing() as session:
            keep(session, busy.actor("青木"), PLANNER, current_numbers(session).changed({"confirm_days": 2}).to_json(), NOW)
        assert "開庁日です" not in aoki.get(f"/followup/plan/{propose(busy, *lines)}").text
