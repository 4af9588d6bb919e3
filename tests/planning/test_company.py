"""Two who go together: a promised visit of two is offered its second, or it is said that nobody can."""

from datetime import datetime, time, timedelta

import pytest

from service.followup.planning.accepting import apply_plan
from service.followup.planning.differing import ALONE, SECOND, Change, Slot
from service.followup.planning.models import PlanRun, StaffTime
from service.followup.planning.running import changes_in
from service.followup.tasks.models import CONFIRMED, FollowUp
from service.kernel.clock import TOKYO, now_utc
from tests.cast import World
from tests.planning.asking import FIRST, ask, propose

MONDAY = FIRST + timedelta(days=(7 - FIRST.weekday()) % 7)


@pytest.fixture
def promised(busy: World) -> World:
    """A visit of two that 青木 has promised for Monday at two; nobody goes along yet."""
    with busy.writing() as session:
        row = session.get_one(FollowUp, busy.ids["予定1"])
        row.state, row.is_pinned, row.on, row.start_min, row.needs_two = CONFIRMED, True, MONDAY, 840, True
    return busy


def the_row(world: World) -> FollowUp:
    with world.reading() as session:
        return session.get_one(FollowUp, world.ids["予定1"])


def company(run: PlanRun, world: World) -> Change:
    (found,) = [change for change in changes_in(run) if change.follow_up_id == world.ids["予定1"]]
    return found


def test_a_promised_visit_of_two_is_offered_who_goes_along_and_nothing_else_of_it_changes(promised: World) -> None:
    run = ask(promised)
    change = company(run, promised)
    assert change.kind == SECOND
    assert change.after == Slot(promised.ids["青木"], MONDAY, 840, 0, promised.ids["石井"])
    with promised.visit() as aoki:
        shown = aoki.get(f"/followup/plan/{run.id}").text
        assert "同行を決める <b>1</b>件" in shown
        assert "約束した日と時刻のまま、石井さんがいっしょに行きます" in shown
        sent = {"line": promised.ids["予定1"], "plan": run.plan_fingerprint, "_once": "x"}
        assert aoki.submit(f"/followup/plan/{run.id}/accept", sent).status_code == 303
    row = the_row(promised)
    assert (row.staff_id, row.second_id, row.on, row.start_min) == (
        promised.ids["青木"],
        promised.ids["石井"],
        MONDAY,
        840,
    )
    assert (row.state, row.is_pinned, row.host_answer) == (CONFIRMED, True, "")
    assert [change for change in changes_in(ask(promised)) if change.follow_up_id == row.id] == []


def test_where_nobody_can_go_along_that_is_said_with_the_way_out(promised: World) -> None:
    with promised.writing() as session:
        start, end = (datetime.combine(MONDAY + timedelta(days=at), time(), TOKYO) for at in (0, 1))
        session.add(StaffTime(user_id=promised.ids["石井"], kind="leave", start_at=start, end_at=end))
    run = ask(promised)
    assert (company(run, promised).kind, company(run, promised).after) == (ALONE, None)
    with promised.visit() as aoki:
        shown = aoki.get(f"/followup/plan/{run.id}").text
        assert "同行がいない <b>1</b>件" in shown
        assert "その時間にいっしょに行ける人がいません" in shown
        hand = f"/followup/week?from={MONDAY}&hand={promised.ids['予定1']}#hand"
        assert hand.replace("&", "&amp;") in shown
        assert "もう一人が決まっていません" in aoki.get(hand.split("#")[0]).text
    assert (the_row(promised).on, the_row(promised).second_id) == (MONDAY, None)


@pytest.mark.parametrize("late", [1, 0], ids=["another hour", "another day"])
def test_a_line_that_would_move_a_promise_under_the_name_of_company_is_not_written(promised: World, late: int) -> None:
    row, ishii = the_row(promised), promised.ids["石井"]
    slot = Slot(promised.ids["青木"], MONDAY + timedelta(days=0 if late else 2), 840 + 15 * late, 0, ishii)
    run_id = propose(promised, Change(row.id, row.version, SECOND, None, slot))
    with promised.writing() as session:
        run = session.get_one(PlanRun, run_id)
        count, stale = apply_plan(session, promised.town, promised.actor("青木"), run, [row.id], now_utc())
    assert (count, stale) == (0, [row.id])
    assert (the_row(promised).second_id, the_row(promised).start_min) == (None, 840)
