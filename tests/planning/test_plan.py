"""Plans: what is asked, what would change, and nothing written before a person accepts."""

from datetime import datetime, time, timedelta
from typing import Any

from service.followup.planner.solve import solve
from service.followup.planner.verify import check
from service.followup.planning.accepting import apply_plan
from service.followup.planning.gathering import gather
from service.followup.planning.models import PlanRun, StaffTime
from service.followup.planning.running import broken_promises, carry_out, changes_in
from service.followup.tasks.models import CONFIRMED, FollowUp
from service.kernel.clock import TOKYO
from service.kernel.queue.claims import Claim
from service.resources.models import Opening
from tests.cast import NOW, TODAY, World, open_case
from tests.feeds.planned import plan
from tests.planning.asking import FIRST, OFFICE, STOP, ask, rows


def placed(world: World) -> list[Any]:
    return [(row.on, row.start_min, row.staff_id) for row in rows(world)]


def test_asking_for_a_plan_writes_no_day(busy: World) -> None:
    run = ask(busy)
    assert {row.on for row in rows(busy)} == {None}
    assert run.counts["new"] == 6
    assert len(changes_in(run)) == 6


def test_the_question_holds_no_name_and_the_answer_keeps_every_rule(busy: World) -> None:
    with busy.reading() as session:
        gathered = gather(session, busy.town, busy.actor("青木"), TODAY)
    text = str(gathered.instance.to_json())
    assert not any(word in text for word in ("佐倉", "海の台所", "青木", "岡本"))
    assert check(gathered.instance, solve(gathered.instance, seed=1, stop=STOP)) == []


def test_what_has_no_day_and_gets_none_loses_none(busy: World) -> None:
    with busy.writing() as session:
        session.get_one(Opening, busy.ids["枠"]).status = "paused"
        row = session.get_one(FollowUp, busy.ids["予定1"])
        row.on, row.start_min = FIRST + timedelta(days=(7 - FIRST.weekday()) % 7), 840
    run = ask(busy)
    assert (run.counts["dropped"], run.counts["dayless"]) == (1, 2)


def test_visits_are_planned_for_the_hours_she_is_there(busy: World) -> None:
    run = ask(busy)
    visits = [change.after for change in changes_in(run) if change.after and change.after.start_min >= 780]
    assert {slot.on.weekday() for slot in visits} <= {0, 2}
    assert visits


def test_accepted_lines_stand_and_the_others_do_not(busy: World) -> None:
    run = ask(busy)
    wanted = [changes_in(run)[0].follow_up_id, changes_in(run)[1].follow_up_id]
    with busy.writing() as session:
        assert apply_plan(session, busy.town, busy.actor("青木"), session.merge(run), wanted, NOW) == (2, [])
    assert {row.id for row in rows(busy) if row.on is not None} == set(wanted)


def test_a_promised_visit_is_never_moved_whatever_the_plan(busy: World) -> None:
    day = FIRST + timedelta(days=(7 - FIRST.weekday()) % 7)
    with busy.writing() as session:
        row = session.get_one(FollowUp, busy.ids["予定1"])
        row.state, row.is_pinned, row.on, row.start_min = CONFIRMED, True, day, 840
    run = ask(busy)
    assert busy.ids["予定1"] not in {change.follow_up_id for change in changes_in(run)}


def test_a_line_that_changed_meanwhile_is_named_and_left_alone(busy: World) -> None:
    run = ask(busy)
    everything = [change.follow_up_id for change in changes_in(run)]
    with busy.writing() as session:
        session.get_one(FollowUp, everything[0]).minutes = 50
    before = {row.id: row.on for row in rows(busy)}
    with busy.writing() as session:
        count, stale = apply_plan(session, busy.town, busy.actor("青木"), session.merge(run), everything, NOW)
    assert (count, stale) == (5, [everything[0]])
    assert {row.id: row.on for row in rows(busy)}[everything[0]] == before[everything[0]]


def test_leave_keeps_a_day_free_and_half_a_day_is_a_block(busy: World) -> None:
    with busy.writing() as session:
        for name, first, last in (("青木", time(0), time(23, 59)), ("石井", time(13), time(15))):
            day = FIRST
            session.add(
                StaffTime(
                    user_id=busy.ids[name], kind="leave", start_at=datetime.combine(day, first, TOKYO),
                    end_at=datetime.combine(day, last, TOKYO),
                )
            )  # fmt: skip
    with busy.reading() as session:
        gathered = gather(session, busy.town, busy.actor("青木"), TODAY)
    shifts = {member.key: member.shifts for member in gathered.instance.staff}
    assert 0 not in shifts[busy.ids["青木"]]
    (block,) = shifts[busy.ids["石井"]][0].blocks
    assert (block.start_min, block.end_min, block.location) == (780, 900, None)


def test_a_locked_case_of_a_colleague_is_in_nobody_elses_question(busy: World) -> None:
    with busy.writing() as session:
        busy.ids["石田"] = open_case(session, busy.ids["石井"], "石田 けい", locked=True).id
    hidden = plan(busy, "石田", sequence=9, staff_id=busy.ids["石井"], **OFFICE)
    with busy.reading() as session:
        asked = gather(session, busy.town, busy.actor("青木"), TODAY)
        own = gather(session, busy.town, busy.actor("石井"), TODAY)
    assert hidden not in {task.key for task in asked.instance.tasks}
    (task,) = [task for task in own.instance.tasks if task.key == hidden]
    assert task.backups == ()


def test_the_better_plan_is_kept_by_the_worker_and_a_stopped_one_stays_as_it_was(busy: World) -> None:
    run = ask(busy)
    save = carry_out(busy.town, Claim("-", "plan-visits", {"run": run.id}, "w", 1, 1), lambda _: None, lambda: True)
    with busy.writing() as session:
        save(session)
        assert session.get_one(PlanRun, run.id).state == "done"
        session.get_one(PlanRun, run.id).state = "applied"
    with busy.writing() as session:
        save(session)
        assert session.get_one(PlanRun, run.id).state == "applied"


def test_the_pages_from_asking_to_the_week(busy: World) -> None:
    with busy.visit() as aoki:
        assert "まだ組んだことがありません" in aoki.get("/followup/plan").text
        sent = aoki.submit("/followup/plan", {"_once": "p"})
        page = sent.headers["location"].split("?")[0]
        assert aoki.submit("/followup/plan", {"_once": "p"}).headers["location"].split("?")[0] == page
        shown = aoki.get(page).text
        assert "まだ何も書き込んでいません" in shown
        nothing = aoki.submit(f"{page}/accept", {"_once": "n"})
        assert nothing.status_code == 422
        assert "決める行に印を付けてください" in nothing.text
        lines = [line.split('"')[0] for line in shown.split('name="line" value="')[1:]]
        assert aoki.submit(f"{page}/accept", {"_once": "a", "line": lines}).status_code == 303
        day = next(row.on for row in rows(busy) if row.on)
        assert "佐倉 みお さん" in aoki.get(f"/followup/week?from={day}").text
        sheet = aoki.get(f"/followup/day?on={day}").text
        assert "一日の用紙" in sheet
    with busy.visit("石井") as ishii:
        assert ishii.get(page).status_code == 404


def test_one_tap_widens_hands_over_or_makes_it_a_call(busy: World) -> None:
    before = rows(busy)[1]
    with busy.visit() as aoki:
        for once, remedy in (("w", "widen"), ("o", "other-staff"), ("b", "by-phone")):
            row = rows(busy)[1]
            sent = {"_once": once, "_version": str(row.version), "remedy": remedy}
            assert aoki.submit(f"/followup/{row.id}/help", sent).status_code == 303
    after = rows(busy)[1]
    assert after.late_on > before.late_on
    assert after.staff_id == busy.ids["石井"]
    assert after.kind == "phone"
    assert after.is_edited


def test_a_promise_of_somebody_who_is_away_is_told_and_not_moved(busy: World) -> None:
    day = FIRST + timedelta(days=(7 - FIRST.weekday()) % 7)
    with busy.writing() as session:
        row = session.get_one(FollowUp, busy.ids["予定1"])
        row.state, row.is_pinned, row.on, row.start_min = CONFIRMED, True, day, 840
        session.add(
            StaffTime(
                user_id=busy.ids["青木"], kind="leave", start_at=datetime.combine(day, time(), TOKYO),
                end_at=datetime.combine(day + timedelta(days=1), time(), TOKYO),
            )
        )  # fmt: skip
    run = ask(busy)
    assert broken_promises(run) == [busy.ids["予定1"]]
    with busy.visit() as aoki:
        assert "約束した人が行けません" in aoki.get(f"/followup/plan/{run.id}").text
    with busy.reading() as session:
        assert session.get_one(FollowUp, busy.ids["予定1"]).on == day


def test_a_promise_of_somebody_who_no_longer_goes_out_is_told_and_not_moved(busy: World) -> None:
    with busy.writing() as session:
        row = session.get_one(FollowUp, busy.ids["予定0"])
        row.state, row.is_pinned, row.on, row.start_min, row.staff_id = CONFIRMED, True, FIRST, 600, busy.ids["北条"]
    run = ask(busy)
    assert broken_promises(run) == [busy.ids["予定0"]]
    assert busy.ids["予定0"] not in {change.follow_up_id for change in changes_in(run)}


def test_two_overdue_things_of_one_person_are_not_given_one_hour_of_two_coordinators(busy: World) -> None:
    past = TODAY - timedelta(days=9)
    window = {"early_on": past, "raw_on": past, "due_on": past, "late_on": past}
    for at, name in enumerate(("青木", "石井")):
        busy.ids[name + "の"] = plan(
            busy, "佐倉", key=f"late:{at}", kind="person_interview", staff_id=busy.ids[name], **window, **OFFICE
        )
    with busy.reading() as session:
        gathered = gather(session, busy.town, busy.actor("青木"), TODAY)
    assert {task.person for task in gathered.instance.tasks} == {0}
    slots = {change.follow_up_id: change.after for change in changes_in(ask(busy)) if change.after}
    one, other = slots[busy.ids["青木の"]], slots[busy.ids["石井の"]]
    assert (one.on, one.staff_id) != (other.on, other.staff_id) or one.start_min != other.start_min
    assert one.on != other.on or one.staff_id == other.staff_id
