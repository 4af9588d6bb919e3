"""The week moved by hand: it says what it breaks, gives no promise back in silence, and can be undone."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Person, SupportCase
from service.followup.planning.models import StaffTime
from service.followup.tasks.models import CONFIRMED, PLANNED, FollowUp
from service.kernel.audit import AuditEntry
from service.kernel.clock import TOKYO
from service.resources.models import Host, OpeningSlot
from tests.cast import TODAY, World, open_case
from tests.feeds.planned import plan
from tests.planning.asking import FIRST

MONDAY = TODAY + timedelta(days=(7 - TODAY.weekday()) % 7 or 7)
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def visited(busy: World) -> World:
    """A visit to 佐倉's place stands with 青木 on Monday at two; she attends on Mondays and Wednesdays from one to four."""
    _stand(busy, "予定1")
    return busy


def _stand(world: World, key: str, **changed: Any) -> None:
    values = {"on": MONDAY, "start_min": 840, "staff_id": world.ids["青木"], "state": PLANNED}
    window = {"early_on": FIRST, "due_on": MONDAY, "late_on": MONDAY + timedelta(days=7)}
    with world.writing() as session:
        row = session.get_one(FollowUp, world.ids[key])
        for name, value in (values | window | changed).items():
            setattr(row, name, value)


def _row(world: World, key: str = "予定1") -> FollowUp:
    with world.reading() as session:
        return session.get_one(FollowUp, world.ids[key])


def _put(world: World, name: str = "青木", key: str = "予定1", **said: str) -> Any:
    row = _row(world, key)
    fields = {
        "staff": row.staff_id or "", "day": WEDNESDAY.isoformat(), "time": "", "_once": f"p{row.version}",
        "_version": str(row.version),
    }  # fmt: skip
    with world.visit(name) as browser:
        browser.follow_redirects = True
        return browser.submit(f"/followup/{row.id}/put", fields | said)


def test_the_week_says_how_many_stand_and_how_many_have_no_day(visited: World) -> None:
    with visited.visit() as aoki:
        shown = aoki.get(f"/followup/week?from={MONDAY}").text
    assert "この週の予定 <b>1</b>件（約束済み 0件）" in shown
    assert "日が組めなかったもの <b>5</b>件" in shown
    assert shown.count('draggable="true"') == 1
    assert f"/followup/week?from={MONDAY}&amp;hand={visited.ids['予定1']}#hand" in shown


def test_a_visit_in_hand_is_put_by_a_form_and_the_page_says_where_it_stands_now(visited: World) -> None:
    with visited.visit() as aoki:
        held = aoki.get(f"/followup/week?hand={visited.ids['予定1']}").text
    assert "合わないところは見つかっていません" in held
    assert held.count(">ここへ<") == 10
    answer = _put(visited, day="令和8年12月2日", time="13:30")
    assert answer.status_code == 200
    assert "動かしました。" in answer.text
    assert "13:30–14:15" in answer.text
    assert "移動 めやす" in answer.text
    row = _row(visited)
    assert (row.on, row.start_min, row.is_pinned, row.state) == (WEDNESDAY, 810, True, PLANNED)
    with visited.reading() as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.object_id == row.id, AuditEntry.action == "change")).all()
    assert {"on", "start_min", "is_pinned"} <= set(kept[-1].fields)


def test_a_tap_on_a_cell_looks_for_the_nearest_hour_that_fits(visited: World) -> None:
    _stand(visited, "予定3", on=WEDNESDAY, start_min=840, state=CONFIRMED)
    answer = _put(visited, cell=f"{visited.ids['青木']}|{WEDNESDAY}", time="9:00", day="")
    assert "と重なります" not in answer.text
    row = _row(visited)
    assert (row.on, row.start_min) in ((WEDNESDAY, 795), (WEDNESDAY, 885))


def test_a_double_click_moves_once_and_an_old_page_is_told_what_was_typed(visited: World) -> None:
    _put(visited, _once="twice")
    version = _row(visited).version
    _put(visited, _once="twice", day=(WEDNESDAY + timedelta(days=2)).isoformat())
    assert (_row(visited).on, _row(visited).version) == (WEDNESDAY, version)
    old = _put(visited, _version="1", day="令和8年12月4日", time="10:10")
    assert old.status_code == 409
    assert "ほかの人が先に保存しました" in old.text
    assert 'value="10:10"' in old.text


def _colleague_is_there(world: World) -> None:
    _stand(world, "予定3", on=WEDNESDAY, start_min=820, staff_id=world.ids["石井"])


def _on_leave(world: World) -> None:
    start, end = (datetime.combine(WEDNESDAY + timedelta(days=at), time(), TOKYO) for at in (0, 1))
    with world.writing() as session:
        session.add(StaffTime(user_id=world.ids["青木"], kind="leave", start_at=start, end_at=end))


def _host_rests(world: World) -> None:
    with world.writing() as session:
        host = session.get_one(Host, world.ids["海の台所"])
        host.status, host.paused_until = "paused", WEDNESDAY


def _promised_there(world: World) -> None:
    _stand(world, "予定3", on=WEDNESDAY, start_min=820, state=CONFIRMED)


def _needs_two(world: World) -> None:
    _stand(world, "予定1", needs_two=True)


def _too_many(world: World) -> None:
    for at in range(5):
        plan(
            world,
            "佐倉",
            key=f"full:{at}",
            on=WEDNESDAY,
            start_min=540 + 50 * at,
            minutes=30,
            placement_id=world.ids["利用"],
        )


def _calls_at_noon(world: World) -> None:
    _stand(world, "予定3", kind="phone", on=WEDNESDAY, start_min=760, minutes=60)


def _other_weeks(world: World) -> None:
    with world.writing() as session:
        for slot in session.scalars(select(OpeningSlot).where(OpeningSlot.weekday == WEDNESDAY.weekday())):
            slot.nth = [3]


def _nothing(_: World) -> None:
    pass


TUESDAY = (WEDNESDAY - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("before", "said", "answer"),
    [
        (_nothing, {"day": TUESDAY, "time": "14:00"}, "本人が通う曜日（月・水）ではありません"),
        (_nothing, {"day": TUESDAY, "time": "14:00"}, "受け入れ先が開いている曜日（月・水・金）ではありません"),
        (_nothing, {"time": "10:00"}, "本人が通う時間（13:00–16:00）に入りません"),
        (_nothing, {"time": "17:00"}, "青木さんの勤務の時間（8:30–17:15）に入りません"),
        (_nothing, {"day": "2026-12-16"}, "過ぎています"),
        (_nothing, {"day": "2026-12-05"}, "は休みの日です（土曜）"),
        (_host_rests, {}, "受け入れ先がお休みしています（12/2（水）まで）"),
        (_other_weeks, {"time": "14:00"}, "受け入れ先は、その週・その日は開いていません"),
        (_calls_at_noon, {"time": "11:50"}, "青木さんの昼休み（45分）をとる時間がなくなります"),
        (_on_leave, {}, "青木さんは、その日は休みです"),
        (_promised_there, {"time": "13:30"}, "青木さんの13:40–14:25 訪問・面談（佐倉 みお さん・約束済み） と重なります"),
        (_colleague_is_there, {"time": "13:30"}, "同じ方に、石井さんの13:40–14:25 訪問・面談が同じ時間にあります"),
        (_needs_two, {}, "二人で行く訪問ですが、もう一人が決まっていません"),
        (_too_many, {"time": "14:00"}, "一日の訪問が6件になります（5件まで）"),
        (_nothing, {"staff": "石井"}, "担当（青木さん）ではなく、石井さんが行きます"),
    ],
)
def test_a_move_says_what_it_breaks_and_is_done_all_the_same(
    visited: World, before: Any, said: Mapping[str, str], answer: str
) -> None:
    before(visited)
    fields = dict(said)
    if "staff" in fields:
        fields["staff"] = visited.ids[fields["staff"]]
    shown = _put(visited, **fields)
    assert answer in shown.text
    assert _row(visited).on != MONDAY


def test_a_way_that_has_no_time_left_is_named(visited: World) -> None:
    with visited.writing() as session:
        person = session.get_one(Person, visited.ids["佐倉"])
        person.lat, person.lon = 35.40, 139.60
    _stand(visited, "予定3", kind="person_interview", on=WEDNESDAY, start_min=780, minutes=45)
    shown = _put(visited, time="13:30")
    assert "と重なります" in shown.text
    assert "前の所からの移動（めやす" not in _put(visited, time="15:00").text
    assert "前の所からの移動（めやす" in _put(visited, time="13:35").text


def test_a_promise_is_broken_with_a_reason_alone_and_never_by_dragging(visited: World) -> None:
    _stand(visited, "予定1", state=CONFIRMED, is_pinned=True)
    dragged = _put(visited, cell=f"{visited.ids['石井']}|{WEDNESDAY}")
    assert dragged.status_code == 409
    assert "約束済みの予定です。まだ動かしていません。" in dragged.text
    assert 'name="reason"' in dragged.text
    assert f'<option selected value="{visited.ids["石井"]}">' in dragged.text
    assert _row(visited).on == MONDAY
    assert _put(visited, reason="受け入れ先の都合", _once="r").status_code == 200
    row = _row(visited)
    assert (row.on, row.state, row.state_reason, row.confirmed_at) == (WEDNESDAY, PLANNED, "受け入れ先の都合", None)


def test_dragging_keeps_who_goes_along(visited: World) -> None:
    _stand(visited, "予定1", needs_two=True, second_id=visited.ids["石井"])
    row = _row(visited)
    with visited.visit() as aoki:
        aoki.submit(
            f"/followup/{row.id}/put",
            {"cell": f"{visited.ids['青木']}|{WEDNESDAY}", "_once": "d", "_version": str(row.version)},
        )
    row = _row(visited)
    assert (row.on, row.start_min, row.second_id) == (WEDNESDAY, 840, visited.ids["石井"])


def test_the_last_move_is_taken_back_with_who_goes_along(visited: World) -> None:
    _stand(visited, "予定1", needs_two=True, second_id=visited.ids["石井"])
    _put(visited, staff=visited.ids["石井"], second=visited.ids["石井"])
    row = _row(visited)
    assert (row.staff_id, row.second_id, row.on) == (visited.ids["石井"], None, WEDNESDAY)
    with visited.visit() as aoki:
        aoki.follow_redirects = True
        back = aoki.submit(f"/followup/{row.id}/put-back", {"_once": "b", "_version": str(row.version)})
        again = aoki.submit(f"/followup/{row.id}/put-back", {"_once": "c", "_version": str(_row(visited).version)})
    assert "元に戻しました" in back.text
    assert again.status_code == 409
    assert "元に戻せる動きがありません" in again.text
    row = _row(visited)
    assert (row.staff_id, row.second_id, row.on, row.start_min) == (visited.ids["青木"], visited.ids["石井"], MONDAY, 840)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"day": (TODAY - timedelta(days=90)).isoformat()}, "過ぎた日には動かせません"),
        ({"day": ""}, "日付を入れてください"),
        ({"day": "31月"}, "日付"),
        ({"time": "朝から"}, "始まる時刻として読めませんでした"),
        ({"time": "24:00"}, "始まる時刻として読めませんでした"),
        ({"staff": "0" * 32}, "その人は、このケースに行けません"),
        ({"cell": "x|y", "day": "いつか"}, "日付"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_where_it_is(visited: World, said: dict[str, str], answer: str) -> None:
    shown = _put(visited, **said)
    assert shown.status_code == 422
    assert answer in shown.text
    assert _row(visited).on == MONDAY


def test_a_locked_case_is_given_to_nobody_who_is_not_named_on_it(visited: World) -> None:
    with visited.writing() as session:
        person = open_case(session, visited.ids["青木"], "石田 けい", locked=True)
        visited.ids["石田"] = person.id
        case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
        visited.ids["石田のケース"] = case.id
    visited.ids["訪問"] = plan(visited, "石田", on=MONDAY, kind="phone", host_id=None)
    refused = _put(visited, key="訪問", staff=visited.ids["石井"])
    assert refused.status_code == 422
    assert "石井" not in refused.text.partition('id="staff"')[2].partition("</select>")[0]
    assert _put(visited, "石井", key="訪問", staff=visited.ids["石井"]).status_code == 404
    with visited.writing() as session:
        session.get_one(SupportCase, visited.ids["石田のケース"]).backup_id = visited.ids["石井"]
    assert _put(visited, key="訪問", staff=visited.ids["石井"]).status_code == 200
    assert _row(visited, "訪問").staff_id == visited.ids["石井"]


def test_what_may_not_be_seen_is_met_as_hours_alone(visited: World) -> None:
    with visited.writing() as session:
        visited.ids["石田"] = open_case(session, visited.ids["石井"], "石田 けい", locked=True).id
    plan(visited, "石田", on=WEDNESDAY, start_min=840, staff_id=visited.ids["青木"])
    shown = _put(visited, time="14:00")
    assert "青木さんの14:00–14:45 ほかの予定 と重なります" in shown.text
    assert "石田" not in shown.text


def test_a_colleague_and_the_supervisor_see_the_week_and_move_nothing(visited: World) -> None:
    for name in ("石井", "北条"):
        with visited.visit(name) as browser:
            shown = browser.get(f"/followup/week?hand={visited.ids['予定1']}").text
        assert "この予定は、担当の人が動かせます" in shown
        assert ">ここへ<" not in shown
        assert 'draggable="true"' not in shown
        assert _put(visited, name).status_code == 403
    assert _row(visited).on == MONDAY
