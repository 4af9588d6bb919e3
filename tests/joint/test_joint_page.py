"""合同照合 over HTTP: asking, watching, reading, accepting line by line, going another way, paper."""

import re

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.cases.models import AvoidPair, Placement
from service.kernel.audit import AuditEntry
from service.kernel.queue.jobs import Job
from service.matching.joint.models import JointLeft, JointLine, JointRun
from service.resources.models import Opening, OpeningSlot
from tests.cast import World
from tests.joint.cast import add_person, add_place, case_of, changing, finish, line_of, run_now
from tests.sql import counted_queries


@pytest.fixture
def town(world: World) -> World:
    """海の台所 and 丘の畑 with one place each; 佐倉 and 森 are 青木's, 原 is 石井's."""
    with world.writing() as session:
        world.ids["海の台所"] = add_place(session, "海の台所").id
        world.ids["丘の畑"] = add_place(session, "丘の畑").id
        add_person(session, world, "佐倉 みお", interests={"tags": ["reading"], "text": ""})
        add_person(session, world, "森 彩")
        add_person(session, world, "原 実", by="石井")
    return world


def page(world: World, run_id: str, query: str = "", who: str = "青木") -> str:
    answer = world.visit(who).get(f"/joint/{run_id}{query}")
    assert answer.status_code == 200
    return str(answer.text)


def placements(world: World) -> int:
    with world.reading() as session:
        return session.scalar(select(func.count()).select_from(Placement)) or 0


def test_without_a_run_the_list_says_why_it_is_empty_and_how_to_begin(town: World) -> None:
    text = town.visit().get("/joint").text
    assert "まだ一度も計算していません" in text
    assert 'href="/joint/new"' in text
    assert 'href="/joint/new"' not in town.visit("北条").get("/joint").text


def test_the_form_counts_before_anything_is_computed(town: World) -> None:
    visitor = town.visit()
    assert "<b>3</b>人 × <b>2</b>枠" in visitor.get("/joint/new").text
    mine = visitor.get(f"/joint/new?c={town.ids['青木']}").text
    assert "<b>2</b>人 × <b>2</b>枠" in mine
    assert "佐倉" in mine
    one = visitor.get(f"/joint/new?p={town.ids['森 彩']}").text
    assert "<b>1</b>人 × <b>2</b>枠" in one


def test_an_empty_choice_says_what_to_widen_and_what_cannot_be_read_stays_typed(town: World) -> None:
    visitor = town.visit()
    text = visitor.get("/joint/new?wait=9999").text
    assert "この条件に当てはまる人がいません" in text
    assert "計算する</button>" not in text
    odd = visitor.submit("/joint", {"wait": "二百", "load": "2"})
    assert odd.status_code == 422
    assert "「待っている日数」は、0〜36500の数字で入れてください" in odd.text
    assert 'value="二百"' in odd.text


def test_asking_twice_by_a_double_click_makes_one_run(town: World) -> None:
    visitor, form = town.visit(), {"_once": "ask-1", "load": "1"}
    first, second = visitor.submit("/joint", form), visitor.submit("/joint", form)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    with town.reading() as session:
        assert session.scalar(select(func.count()).select_from(JointRun)) == 1


def test_a_waiting_run_shows_how_far_it_is_and_can_be_stopped_by_whoever_asked(town: World) -> None:
    visitor = town.visit()
    here = visitor.submit("/joint", {"load": "1"}).headers["location"]
    text = visitor.get(here).text
    assert "順番待ち" in text
    assert f'sse-connect="{here}/events"' in text
    assert '<meta http-equiv="refresh" content="3">' in text
    assert "中止する" not in town.visit("石井").get(here).text
    assert town.visit("石井").submit(f"{here}/cancel").status_code == 403
    assert visitor.submit(f"{here}/cancel").status_code == 303
    assert "頼んだ人が中止したので、案はありません" in visitor.get(here).text


def test_the_list_tells_a_stopped_run_from_one_that_failed_and_what_to_do_next(town: World) -> None:
    visitor = town.visit()
    visitor.submit(f"{visitor.submit('/joint', {'load': '1'}).headers['location']}/cancel")
    stopped = visitor.get("/joint").text
    assert "頼んだ人が中止した" in stopped
    assert "途中で止まり" not in stopped
    visitor.submit("/joint", {"load": "1"})
    with town.writing() as session:
        session.execute(update(Job).where(Job.state == "waiting").values(state="failed"))
    assert "計算が途中で止まり、案は残っていません。もう一度始めてください" in visitor.get("/joint").text


def test_the_stream_tells_the_end_and_a_stranger_nothing(town: World) -> None:
    run = run_now(town)
    answer = town.visit().get(f"/joint/{run}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers.get("content-encoding") is None
    assert "event: done" in answer.text
    assert town.visit("遠野").get(f"/joint/{run}/events").status_code == 404
    assert town.visit().get(f"/joint/{'0' * 32}/events").status_code == 404


def test_the_result_says_who_goes_where_and_who_is_left_and_why(town: World) -> None:
    run = run_now(town)
    text = page(town, run)
    assert "最良と証明済み" in text
    assert len(re.findall('<li class="line', text)) == 2
    assert "海の台所" in text
    assert "丘の畑" in text
    left = page(town, run, "?tab=no")
    assert len(re.findall('<li class="line left"', left)) == 1
    assert "一つ増やすとしたら" in left
    assert "にあと1人分あれば、残っている人のうち1人に場所ができる見込みです" in left


def test_changes_that_help_together_are_said_with_their_bound_and_outside_without_small_numbers(town: World) -> None:
    with town.writing() as session:
        for number in range(2):
            add_person(session, town, f"五島 {number}", interests={"tags": ["reading"], "text": ""})
    left = page(town, run_now(town), "?tab=no")
    together = left.split("合わせて変えるとしたら")[1].split("</p>")[0]
    assert re.search(r"合わせて[23]人に場所ができる見込みです（これより多くはできません）", together)
    assert re.search(r"岡本に[月火水木金]曜の午[前後]の「読書」の場（8人）があれば、残っている人のうち[1-3]人に", left)
    outside = left.split("外に出すときの言い方")[1].split("</details>")[0]
    assert "5人未満" in outside
    assert not re.search(r"[：は][1-4]人|さん|五島", outside)


def test_a_case_the_reader_may_not_see_has_neither_name_nor_place(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "黒木 なお", by="石井", locked=True)
        session.get_one(Opening, town.ids["海の台所"]).free = 3
    run = run_now(town, by="石井")
    assert "黒木 なお" in page(town, run, who="石井")
    for query in ("", "?tab=no"):
        text = page(town, run, query)
        assert "黒木" not in text
        assert "（ほかの担当のケース）の1人は" in text
    hidden = next(line for line in _lines(town, run) if line.person_id == town.ids["黒木 なお"])
    assert town.visit().get(f"/joint/{run}/who/{hidden.id}").status_code == 404
    assert "黒木" not in town.visit().get(f"/joint/{run}/lines.csv").content.decode("utf-8-sig")
    assert town.visit().submit(f"/joint/{run}/lines/{hidden.id}/decline", {"reason": "travel"}).status_code == 404


def _lines(world: World, run_id: str) -> list[JointLine]:
    with world.reading() as session:
        return list(session.scalars(select(JointLine).where(JointLine.run_id == run_id)))


def test_somebody_left_because_of_whom_they_must_not_meet_is_told_so_without_the_name(world: World) -> None:
    with world.writing() as session:
        place = add_place(session, "海の台所", free=3)
        for slot in session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == place.id)).all()[1:]:
            session.delete(slot)
        one, other = add_person(session, world, "佐倉 みお"), add_person(session, world, "森 彩")
        session.add(AvoidPair(first_id=one.id, second_id=other.id, note="けんか"))
    run = run_now(world)
    left = page(world, run, "?tab=no")
    row = left.split('<li class="line left"')[1].split("</li>")[0]
    assert "同席を避ける設定に当たります" in row
    assert len({"佐倉 みお", "森 彩"} & set(re.findall("佐倉 みお|森 彩", row))) == 1
    assert "けんか" not in left


def test_accepting_writes_candidates_once_and_nothing_before(town: World) -> None:
    run = run_now(town)
    lines = {name: line_of(town, run, name).id for name in ("佐倉 みお", "森 彩") if _has_line(town, run, name)}
    assert placements(town) == 0
    visitor, form = town.visit(), {"line": list(lines.values()), "_once": "accept-1"}
    first, second = visitor.submit(f"/joint/{run}/accept", form), visitor.submit(f"/joint/{run}/accept", form)
    assert first.status_code == second.status_code == 303
    assert placements(town) == len(lines)
    assert "候補に決定" in page(town, run)


def _has_line(world: World, run_id: str, name: str) -> bool:
    return any(line.person_id == world.ids[name] for line in _lines(world, run_id))


def test_a_place_that_has_gone_meanwhile_is_refused_by_name_and_the_others_go_through(town: World) -> None:
    with town.writing() as session:
        case_of(session, town.ids["原 実"]).assigned_id = town.ids["青木"]
    run = run_now(town)
    lines = _lines(town, run)
    gone = lines[0].opening_id
    changing(town, lambda session: setattr(session.get_one(Opening, gone), "free", 0))
    answer = town.visit().submit(f"/joint/{run}/accept", {"line": [line.id for line in lines]})
    assert answer.status_code == 200
    assert "決められませんでした" in answer.text
    assert "空きがありません" in answer.text or "空きがなくなっています" in answer.text
    assert placements(town) == 1
    again = town.visit().submit(f"/joint/{run}/accept", {"line": lines[0].id})
    assert again.status_code == 409
    assert placements(town) == 1


def test_a_colleagues_line_asks_to_be_covered_first(town: World) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).free = 3
    run = run_now(town)
    line = line_of(town, run, "原 実")
    answer = town.visit().submit(f"/joint/{run}/accept", {"line": line.id})
    assert answer.status_code == 409
    assert "このケースの担当は石井さんです" in answer.text
    assert placements(town) == 0


def test_whoever_only_reads_is_told_so_and_finds_no_button(town: World) -> None:
    run = run_now(town)
    text = page(town, run, who="北条")
    assert "候補に決める" not in text
    assert town.visit("北条").submit(f"/joint/{run}/accept", {}).status_code == 403
    assert town.visit("遠野").get(f"/joint/{run}").status_code == 404


def test_a_declined_line_has_its_reason_and_is_not_proposed_again(town: World) -> None:
    run = run_now(town)
    name = next(name for name in ("佐倉 みお", "森 彩") if _has_line(town, run, name))
    line = line_of(town, run, name)
    visitor, here = town.visit(), f"/joint/{run}/lines/{line.id}/decline"
    assert visitor.submit(here, {"reason": ""}).status_code == 422
    assert visitor.submit(here, {"reason": "other", "note": ""}).status_code == 422
    assert visitor.submit(here, {"reason": "travel"}).status_code == 303
    assert "実際の道のりや乗りかえがむずかしい" in page(town, run)
    again = visitor.submit(f"/joint/{run}/again", {}).headers["location"].rsplit("/", 1)[1]
    finish(town, again)
    assert all((each.person_id, each.opening_id) != (line.person_id, line.opening_id) for each in _lines(town, again))
    text = page(town, again)
    assert "外しておく：" in text
    assert "前回との違い" in text
    assert "が変わりました" in page(town, again, "?tab=same")


def test_a_line_that_is_held_stays_and_a_decision_can_be_undone(town: World) -> None:
    run = run_now(town)
    line = _lines(town, run)[0]
    again = town.visit().submit(f"/joint/{run}/again", {"line": line.id}).headers["location"].rsplit("/", 1)[1]
    finish(town, again)
    assert (line.person_id, line.opening_id) in {(each.person_id, each.opening_id) for each in _lines(town, again)}
    assert "決めておく：" in page(town, again)
    third = town.visit().submit(f"/joint/{again}/again", {}).headers["location"].rsplit("/", 1)[1]
    with town.reading() as session:
        assert session.get_one(JointRun, third).pins == []


def test_decisions_that_contradict_each_other_are_named(town: World) -> None:
    run = run_now(town)
    pins = [f"forced:{town.ids[name]}:{town.ids['海の台所']}::" for name in ("佐倉 みお", "森 彩")]
    again = town.visit().submit(f"/joint/{run}/again", {"pin": pins}).headers["location"].rsplit("/", 1)[1]
    finish(town, again)
    text = page(town, again)
    assert "同時には成り立ちません" in text
    assert "佐倉 みお → 海の台所" in text
    assert "森 彩 → 海の台所" in text


def test_why_not_elsewhere_says_what_it_would_cost_and_offers_to_decide_it(town: World) -> None:
    run = run_now(town)
    row = _lines(town, run)[0]
    other = next(id_ for id_ in (town.ids["海の台所"], town.ids["丘の畑"]) if id_ != row.opening_id)
    who = "青木" if row.person_id != town.ids["原 実"] else "石井"
    text = town.visit(who).get(f"/joint/{run}/who/{row.id}?opening={other}").text
    assert "同じくらい良い案になります" in text or "にもできますが" in text
    assert "ここに決めて計算し直す" in text
    same = town.visit(who).get(f"/joint/{run}/who/{row.id}?opening={row.opening_id}").text
    assert "に決まっています" in same
    assert "ここに決めて計算し直す" not in same


def test_paper_and_tables_carry_the_lines_and_are_recorded(town: World) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).title = "=HYPERLINK(1)"
    run = run_now(town)
    visitor = town.visit()
    assert visitor.get(f"/joint/{run}/print.pdf").content.startswith(b"%PDF")
    assert visitor.get(f"/joint/{run}/lines.xlsx").content.startswith(b"PK")
    table = visitor.get(f"/joint/{run}/lines.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table
    with town.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.object_id == run, AuditEntry.action.in_(("print", "export")))
        assert sorted(session.scalars(query)) == ["export", "export", "print"]


def test_no_paper_before_there_is_a_plan(town: World) -> None:
    here = town.visit().submit("/joint", {"load": "1"}).headers["location"]
    assert town.visit().get(f"{here}/print.pdf").status_code == 409


def test_what_people_typed_stays_text(town: World) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).title = "<script>alert(1)</script>"
    run = run_now(town)
    for query in ("", "?tab=no", "?tab=<script>"):
        assert "<script>alert" not in page(town, run, query)
    row = _lines(town, run)[0]
    assert "<script>alert" not in town.visit().get(f"/joint/{run}/who/{row.id}").text


def test_a_run_from_before_the_reasons_were_kept_still_says_what_one_more_place_would_do(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "夜", time=[[5, 540, 720]])
    run = run_now(town)
    older = {"obstacles": [{"codes": ["R-TIME"], "openings": 2, "asks": False}], "taken": []}
    changing(town, lambda s: _make_older(s, run, older))
    left = page(town, run, "?tab=no")
    assert "この案には、条件の記録がありません。計算し直すと、理由が出ます。" in left
    assert "決まっています" in left
    assert "にあと1人分あれば、残っている人のうち1人に場所ができる見込みです" in left
    assert town.visit().get(f"/joint/{run}/print.pdf").status_code == 200


def _make_older(session: Session, run_id: str, why: dict[str, object]) -> None:
    session.get_one(JointRun, run_id).prospects = None
    for row in session.scalars(select(JointLeft).where(JointLeft.run_id == run_id)):
        row.why = why


def test_a_condition_is_told_only_of_people_whom_the_reader_knows(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "夜 ひとみ", time=[[5, 540, 720]])
        add_place(session, "山の家", free=5)
    run = run_now(town)
    condition = re.compile("の「動ける曜日・時間」が変われば")
    assert condition.search(page(town, run, "?tab=no"))
    changing(town, lambda session: setattr(case_of(session, town.ids["夜 ひとみ"]), "locked", True))
    changing(town, lambda session: setattr(case_of(session, town.ids["夜 ひとみ"]), "assigned_id", town.ids["石井"]))
    left = page(town, run, "?tab=no")
    assert "ひとみ" not in left
    assert not condition.search(left)


def test_a_run_of_an_older_catalogue_says_so(town: World) -> None:
    run = run_now(town)
    assert "当時の版" not in page(town, run)
    changing(town, lambda session: setattr(session.get_one(Opening, town.ids["丘の畑"]), "free", 4))
    assert "当時の版" in page(town, run)
    assert "当時の版" in town.visit().get("/joint").text


@pytest.mark.parametrize("path", ["/joint", "/joint/new", "/joint/{run}", "/joint/{run}?tab=no", "/joint/{run}/who/{row}"])
def test_every_page_of_a_run_needs_few_queries(town: World, path: str) -> None:
    run = run_now(town)
    address = path.format(run=run, row=_lines(town, run)[0].id)
    with town.visit() as visitor:
        visitor.get(address)
        with counted_queries(town) as seen:
            visitor.get(address)
    assert len(seen) <= 12, seen
