"""What has no day: all of it, by coordinator, with the machine's reason and what would help."""

from datetime import timedelta

from service.followup.planner.plan import Reason
from service.followup.planning.differing import REASON_SAID, Change, to_json
from service.followup.planning.models import PlanRun
from service.followup.tasks.models import CONFIRMED, DONE, FollowUp
from tests.cast import TODAY, World, open_case
from tests.feeds.planned import plan
from tests.planning.asking import FIRST, ask, rows

PAGE = "/followup/unplanned"


def _told(world: World, name: str, row: FollowUp, reason: Reason, *remedies: str) -> None:
    """A plan of somebody's that has left one out."""
    run = ask(world, name)
    with world.writing() as session:
        kept = session.get_one(PlanRun, run.id)
        change = Change(row.id, row.version, "dropped", None, None, str(reason), remedies)
        kept.plan = {**run.plan, "changes": to_json([change])}


def test_everything_without_a_day_is_listed_and_counted_before_a_plan_knows_why(busy: World) -> None:
    with busy.visit() as aoki:
        shown = aoki.get(PAGE).text
    assert "全 <b>6</b>件" in shown
    assert "まだ一度も組んでいないので、わけは分かりません" in shown
    assert shown.count("まだ組んでいません。") == 6
    assert "青木 <small>6件</small>" in shown
    for row in rows(busy):
        assert f"hand={row.id}#hand" in shown


def test_the_reason_is_said_in_words_with_its_remedies_one_tap_each(busy: World) -> None:
    row = rows(busy)[1]
    _told(busy, "青木", row, Reason.NO_COMMON_DAY, "widen", "ask-host")
    with busy.visit() as aoki:
        shown = aoki.get(PAGE).text
        assert REASON_SAID[Reason.NO_COMMON_DAY] in shown
        assert "幅を1週間広げる" in shown
        assert "日を仮に決めて、受け入れ先に聞く" in shown
        sent = {"_once": "w", "_version": str(row.version), "remedy": "widen", "back": "unplanned"}
        assert aoki.submit(f"/followup/{row.id}/help", sent).headers["location"].startswith(PAGE)
        again = aoki.get(PAGE).text
    assert "組んだあとに変わりました" in again
    assert REASON_SAID[Reason.NO_COMMON_DAY] not in again


def test_a_plan_nobody_has_accepted_yet_is_told_as_one(busy: World) -> None:
    ask(busy)
    with busy.visit() as aoki:
        shown = aoki.get(PAGE).text
    assert "案では " in shown
    assert "まだ決めていません" in shown


def test_what_may_wait_until_behind_the_horizon_says_so_once_there_is_a_plan(busy: World) -> None:
    row = rows(busy)[5]
    with busy.writing() as session:
        session.get_one(FollowUp, row.id).late_on = TODAY + timedelta(days=300)
    with busy.visit() as aoki:
        assert "案に入れずに待っています" not in aoki.get(PAGE).text
        _told(busy, "青木", rows(busy)[0], Reason.FULL)
        assert aoki.get(PAGE).text.count("案に入れずに待っています") == 1


def test_a_day_that_has_passed_is_no_day_and_what_is_done_or_stands_is_not_listed(busy: World) -> None:
    yesterday = TODAY - timedelta(days=1)
    with busy.writing() as session:
        for key, values in (
            ("予定0", {"on": yesterday, "start_min": 600}),
            ("予定1", {"on": FIRST + timedelta(days=400), "start_min": 600, "state": CONFIRMED}),
            ("予定2", {"state": DONE, "done_on": yesterday}),
            ("予定3", {"due_on": TODAY + timedelta(days=200), "late_on": TODAY + timedelta(days=200)}),
        ):
            row = session.get_one(FollowUp, busy.ids[key])
            for name, value in values.items():
                setattr(row, name, value)
    with busy.visit() as aoki:
        shown = aoki.get(PAGE).text
    listed = {key for key in ("予定0", "予定1", "予定2", "予定3", "予定4", "予定5") if f'id="{busy.ids[key]}"' in shown}
    assert "の予定のまま、その日が過ぎました" in shown
    assert listed >= {"予定0"}
    assert not listed & {"予定1", "予定2", "予定3"}


def test_each_coordinator_has_a_pile_and_may_look_at_their_own_alone(busy: World) -> None:
    with busy.writing() as session:
        busy.ids["石田"] = open_case(session, busy.ids["石井"], "石田 けい").id
    plan(busy, "石田", on=None, start_min=None, staff_id=busy.ids["石井"], kind="phone")
    with busy.visit("石井") as ishii:
        everybody, mine = ishii.get(PAGE).text, ishii.get(f"{PAGE}?who=mine").text
    assert "青木 <small>6件</small>" in everybody
    assert "石井 <small>1件</small>" in everybody
    assert everybody.count("週で日を決める") == 1
    assert "全 <b>1</b>件" in mine
    assert "佐倉" not in mine


def test_a_locked_case_is_on_nobody_elses_list(busy: World) -> None:
    with busy.writing() as session:
        busy.ids["石田"] = open_case(session, busy.ids["石井"], "石田 けい", locked=True).id
    id_ = plan(busy, "石田", on=None, start_min=None, staff_id=busy.ids["石井"])
    with busy.visit() as aoki:
        assert id_ not in aoki.get(PAGE).text
        assert "日が組めなかったもの <b>6</b>件" in aoki.get("/followup/week").text
        assert aoki.get(f"/followup/week?hand={id_}").status_code == 404
    with busy.visit("石井") as ishii:
        assert id_ in ishii.get(PAGE).text


def test_whoever_never_asks_for_a_plan_reads_the_reasons_of_the_last(busy: World) -> None:
    _told(busy, "青木", rows(busy)[0], Reason.FULL)
    with busy.visit("北条") as hojo:
        shown = hojo.get(PAGE).text
    assert REASON_SAID[Reason.FULL] in shown
    assert "週で日を決める" not in shown


def test_an_empty_list_says_why(busy: World) -> None:
    with busy.writing() as session:
        for row in rows(busy):
            session.get_one(FollowUp, row.id).state = DONE
    with busy.visit() as aoki:
        assert "みな日が決まっています" in aoki.get(PAGE).text
