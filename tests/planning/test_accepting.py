"""Some lines of a plan put into force: with all that stays they must make a calendar that holds, or nothing is written."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from service.followup.planner.verify import Rule
from service.followup.planning.accepting import DoesNotFit, apply_plan
from service.followup.planning.checking import clashes_of
from service.followup.planning.differing import Change, Slot
from service.followup.planning.models import PlanRun, StaffTime
from service.followup.planning.running import changes_in
from service.followup.tasks.models import MISSED, PLANNED, FollowUp
from service.followup.tasks.rows import say_day
from service.kernel.clock import TOKYO, now_utc
from service.resources.models import Opening
from tests.cast import NOW, World
from tests.planning.asking import FIRST, SOON, ask, propose, question, rows


@pytest.fixture
def swap(busy: World) -> World:
    """青木 telephones the day after tomorrow at nine; a plan would move that call to eleven and put another one at nine."""
    with busy.writing() as session:
        standing = session.get_one(FollowUp, busy.ids["予定0"])
        standing.on, standing.start_min = SOON, 540
    with busy.reading() as session:
        first, second = (session.get_one(FollowUp, busy.ids[name]) for name in ("予定0", "予定2"))
    busy.ids["案"] = propose(
        busy,
        Change(first.id, first.version, "moved", _slot(busy, 540), _slot(busy, 660)),
        Change(second.id, second.version, "new", None, _slot(busy, 540)),
    )
    return busy


def _slot(world: World, start_min: int, on: date = SOON, name: str = "青木") -> Slot:
    return Slot(world.ids[name], on, start_min)


def accept(world: World, *names: str, now: datetime | None = None) -> tuple[int, list[str]]:
    with world.writing() as session:
        run = session.get_one(PlanRun, world.ids["案"])
        chosen = [world.ids[name] for name in names]
        return apply_plan(session, world.town, world.actor("青木"), run, chosen, now or now_utc())


def standing(world: World) -> dict[str, Any]:
    return {row.id: (row.on, row.start_min, row.staff_id, row.version) for row in rows(world)}


def test_a_line_that_runs_into_what_was_left_out_is_not_written(swap: World) -> None:
    before = standing(swap)
    with pytest.raises(DoesNotFit) as caught:
        accept(swap, "予定2")
    (clash,) = caught.value.clashes
    assert (clash.rule, clash.ids, clash.staff_id, clash.on) == (Rule.OVERLAP, (swap.ids["予定2"],), swap.ids["青木"], SOON)
    assert standing(swap) == before
    with swap.reading() as session:
        assert (session.get_one(PlanRun, swap.ids["案"]).state, session.get_one(PlanRun, swap.ids["案"]).applied_at) == (
            "done",
            None,
        )


def test_both_lines_together_are(swap: World) -> None:
    assert accept(swap, "予定0", "予定2") == (2, [])
    kept = standing(swap)
    assert [kept[swap.ids[name]][1] for name in ("予定0", "予定2")] == [660, 540]


def test_the_page_says_in_words_what_clashes_and_which_tick_helps(swap: World) -> None:
    with swap.visit() as aoki:
        sent = {"_once": "c", "line": [swap.ids["予定2"]], "plan": "f"}
        refused = aoki.submit(f"/followup/plan/{swap.ids['案']}/accept", sent)
        assert refused.status_code == 409
        text = refused.text
        assert "まだ何も書き込んでいません" in text
        assert f"青木さんの{say_day(SOON)}：同じ時間に二つのことが入っています。" in text
        assert "佐倉 みお さんの「本人へ連絡」は、案ではこの時間から動きます。その行にも印を付けるか" in text
        ticks = {line.split('"')[0]: " checked" in line.split(">")[0] for line in text.split('name="line" value="')[1:]}
        assert ticks == {swap.ids["予定0"]: False, swap.ids["予定2"]: True}
        both = sent | {"line": [swap.ids["予定0"], swap.ids["予定2"]]}
        assert aoki.submit(f"/followup/plan/{swap.ids['案']}/accept", both).status_code == 303


def test_leave_written_down_after_the_plan_is_seen_when_it_is_accepted(swap: World) -> None:
    with swap.writing() as session:
        day = {"start_at": datetime.combine(SOON, time(), TOKYO), "end_at": datetime.combine(SOON, time(23, 59), TOKYO)}
        session.add(StaffTime(user_id=swap.ids["青木"], kind="leave", **day))
    with pytest.raises(DoesNotFit) as caught:
        accept(swap, "予定0", "予定2")
    assert {clash.rule for clash in caught.value.clashes} == {Rule.LEAVE}


def test_what_was_wrong_before_on_another_day_is_not_held_against_a_line(swap: World) -> None:
    with swap.writing() as session:
        for name in ("予定4", "予定5"):
            row = session.get_one(FollowUp, swap.ids[name])
            row.on, row.start_min, row.kind = SOON + timedelta(days=1), 600, "phone"
    assert accept(swap, "予定0", "予定2") == (2, [])


def test_whatever_a_plan_proposes_as_a_whole_can_be_accepted_as_a_whole(busy: World) -> None:
    with busy.writing() as session:
        busy.ids["案"] = session.merge(ask(busy)).id
    with busy.reading() as session:
        lines = {change.follow_up_id: change.after for change in changes_in(session.get_one(PlanRun, busy.ids["案"]))}
    assert clashes_of(question(busy), lines) == []
    assert accept(busy, *(f"予定{at}" for at in range(6)), now=NOW) == (6, [])


def test_where_every_line_has_changed_nothing_is_applied_and_the_plan_stays_open(swap: World) -> None:
    with swap.writing() as session:
        for name in ("予定0", "予定2"):
            session.get_one(FollowUp, swap.ids[name]).minutes = 20
    with swap.visit() as aoki:
        sent = {"_once": "s", "line": [swap.ids["予定0"], swap.ids["予定2"]], "plan": "f"}
        refused = aoki.submit(f"/followup/plan/{swap.ids['案']}/accept", sent)
    assert refused.status_code == 409
    assert "何も決めていません。2件は、組んだあとに変わったので" in refused.text
    with swap.reading() as session:
        run = session.get_one(PlanRun, swap.ids["案"])
        assert (run.state, run.applied_at, run.applied_by) == ("done", None, "")


def test_a_plan_that_got_better_meanwhile_is_looked_at_again_before_it_is_accepted(swap: World) -> None:
    before = standing(swap)
    with swap.visit() as aoki:
        sent = {"_once": "b", "line": [swap.ids["予定0"], swap.ids["予定2"]], "plan": "an older one"}
        refused = aoki.submit(f"/followup/plan/{swap.ids['案']}/accept", sent)
    assert refused.status_code == 409
    assert "案が新しくなりました" in refused.text
    assert standing(swap) == before


def test_what_was_missed_gets_a_day_and_is_planned_again(busy: World) -> None:
    with busy.writing() as session:
        session.get_one(FollowUp, busy.ids["予定0"]).state = MISSED
    with busy.writing() as session:
        busy.ids["案"] = session.merge(ask(busy)).id
    assert accept(busy, "予定0", now=NOW) == (1, [])
    row = next(row for row in rows(busy) if row.id == busy.ids["予定0"])
    assert (row.state, row.on is not None) == (PLANNED, True)


def test_a_day_the_plan_would_give_up_is_a_line_of_its_own(busy: World) -> None:
    """The visit has a day, but the host rests: the plan can only take the day away."""
    with busy.writing() as session:
        row = session.get_one(FollowUp, busy.ids["予定1"])
        row.on, row.start_min = FIRST + timedelta(days=(7 - FIRST.weekday()) % 7), 840
        session.get_one(Opening, busy.ids["枠"]).status = "paused"
    with busy.writing() as session:
        busy.ids["案"] = session.merge(ask(busy)).id
    with busy.visit() as aoki:
        text = aoki.get(f"/followup/plan/{busy.ids['案']}").text
    assert f'name="line" value="{busy.ids["予定1"]}"' in text
    assert accept(busy, "予定1", now=NOW) == (1, [])
    assert standing(busy)[busy.ids["予定1"]][:2] == (None, None)


def test_a_line_at_the_hour_a_colleague_is_with_the_same_person_is_not_written(busy: World) -> None:
    with busy.writing() as session:
        standing = session.get_one(FollowUp, busy.ids["予定0"])
        standing.on, standing.start_min, standing.staff_id = SOON, 540, busy.ids["石井"]
    with busy.reading() as session:
        second = session.get_one(FollowUp, busy.ids["予定2"])
    busy.ids["案"] = propose(busy, Change(second.id, second.version, "new", None, _slot(busy, 560)))
    with pytest.raises(DoesNotFit) as caught:
        accept(busy, "予定2")
    (clash,) = caught.value.clashes
    assert (clash.rule, clash.ids) == (Rule.AT_ONCE, (busy.ids["予定2"],))
    with busy.visit() as aoki:
        shown = aoki.submit(
            f"/followup/plan/{busy.ids['案']}/accept", {"line": busy.ids["予定2"], "plan": "f", "_once": "x"}
        )
    assert "同じ人への二つの予定が、同じ時間に重なります。この行の印を外すか、組み直してください。" in shown.text
