"""前回との違い from real runs: what happens in town between two runs is the cause the page, the paper and the files say."""

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.consent import Answer, record_consent
from service.cases.models import Consent, Need, Person
from service.matching.joint.asking import JointAsk, OpeningFilter, Pin, PinKind
from service.matching.joint.service import accept_lines
from service.resources.models import Opening
from tests.cast import NOW, TODAY, World
from tests.joint.cast import add_person, changing, line_of, placed, run_again, run_now, view
from tests.sql import counted_queries

ONE_PLACE = "海の台所"


@pytest.fixture
def ask(town: World) -> JointAsk:
    """Everybody for 海の台所 alone, which takes one."""
    return JointAsk(openings=OpeningFilter(openings=(town.ids[ONE_PLACE],)))


def file_of(world: World, run_id: str, who: str = "青木") -> dict[str, Any]:
    answer = world.visit(who).get(f"/joint/{run_id}/lines.json")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.text)
    return found


def changes(world: World, run_id: str, who: str = "青木") -> dict[str, str]:
    """What is said of whom; the page says every sentence of the file."""
    page = world.visit(who).get(f"/joint/{run_id}?tab=same").text
    rows = file_of(world, run_id, who)["changes"]["rows"]
    assert page.count('<li class="line change">') == len(rows)
    assert all(row["said"] in page for row in rows)
    names = {id_: name for name, id_ in world.ids.items()}
    return {names[row["person_id"]]: row["said"] for row in rows}


def who_is_there(world: World, run_id: str) -> str:
    (person,) = placed(world, run_id)
    return next(name for name, id_ in world.ids.items() if id_ == person)


def add_waiting(session: Session, world: World, name: str, days: int, by: str = "青木", **options: Any) -> Person:
    """Somebody who applied so many days ago."""
    person = add_person(session, world, name, by, **options)
    consent = session.scalars(select(Consent).where(Consent.person_id == person.id)).one()
    consent.decided_on = TODAY - timedelta(days=days)
    return person


def withdraw(world: World, name: str) -> Callable[[Session], None]:
    answer = Answer("service", "withdrawn", TODAY, "oral", "")

    def change(session: Session) -> None:
        person = session.get_one(Person, world.ids[name])
        record_consent(session, world.actor("青木"), person, answer, NOW + timedelta(minutes=1))

    return change


def test_a_decision_is_said_to_whoever_it_moved_and_to_whoever_it_put_there(town: World, ask: JointAsk) -> None:
    first = run_now(town, ask)
    was = who_is_there(town, first)
    put = next(name for name in ("佐倉", "森") if name != was)
    again = run_again(town, first, (Pin(PinKind.FORCED, town.ids[put], town.ids[ONE_PLACE]),))
    said = changes(town, again)
    assert said[was].endswith(f"なくなり、場所がありません。{put} さんをそこに決めたためです。")
    assert said[put].startswith(f"{put} さんに、新しく{ONE_PLACE}（")
    assert said[put].endswith("案になりました。決めておいたこと（決める・外す・動かす）のためです。")
    third = run_again(town, again, (Pin(PinKind.FORCED, town.ids[put], town.ids[ONE_PLACE]),))
    assert changes(town, third) == {}, "a decision of before is no difference"


def test_a_place_that_is_paused_meanwhile_is_why(town: World) -> None:
    first = run_now(town)
    there = next(name for name in ("佐倉", "森", "原") if placed(town, first).get(town.ids[name]) == town.ids[ONE_PLACE])
    changing(town, lambda session: setattr(session.get_one(Opening, town.ids[ONE_PLACE]), "status", "paused"))
    said = changes(town, run_again(town, first, ()))
    assert said[there].endswith("前の場所が、いまは使えないためです。")
    assert ONE_PLACE in said[there]


def test_a_consent_taken_back_is_why_somebody_is_not_there_and_frees_the_place(town: World, ask: JointAsk) -> None:
    first = run_now(town, ask)
    was = who_is_there(town, first)
    changing(town, withdraw(town, was))
    again = run_again(town, first, ())
    came, said = who_is_there(town, again), changes(town, again)
    assert said[was].startswith(f"{was} さんは、今回の計算に入っていません（前は{ONE_PLACE}")
    assert said[was].endswith("同意が取り下げられたか、期限が過ぎたためです。")
    assert said[came].endswith(f"{was} さんがそこを使わなくなり、空いたためです。")


def test_somebody_who_waits_longer_is_named_as_the_cause(town: World, ask: JointAsk) -> None:
    first = run_now(town, ask)
    was = who_is_there(town, first)
    changing(town, lambda session: add_waiting(session, town, "今", 400) and None)
    said = changes(town, run_again(town, first, ()))
    assert said[was].endswith("場所がありません。もっと長く待っている今 さんに決まったためです。")
    assert said["今"].endswith("案になりました。今回はじめて計算に入りました。")


def test_a_place_one_more_person_may_take_has_no_cause_that_could_be_known(town: World, ask: JointAsk) -> None:
    first = run_now(town, ask)
    changing(town, lambda session: setattr(session.get_one(Opening, town.ids[ONE_PLACE]), "free", 2))
    again = run_again(town, first, ())
    (said,) = changes(town, again).values()
    assert said.endswith("案になりました。")
    assert "前の計算から変わっています" in file_of(town, again)["changes"]["because"][0]
    assert file_of(town, again)["changes"]["same"] == 1


def test_needs_that_changed_are_why_and_nobody_else(town: World, ask: JointAsk) -> None:
    first = run_now(town, ask)
    was = who_is_there(town, first)

    def change(session: Session) -> None:
        need = session.scalars(select(Need).where(Need.person_id == town.ids[was], Need.attribute == "time")).one()
        need.value = [[6, 480, 600]]
        add_waiting(session, town, "今", 400)

    changing(town, change)
    said = changes(town, run_again(town, first, ()))
    assert said[was].endswith("前の場所が、いまの条件では合わなくなったためです。")


def test_what_was_accepted_meanwhile_is_said_to_be_so(town: World, ask: JointAsk) -> None:
    first = run_now(town, ask)
    was = who_is_there(town, first)
    by = "石井" if was == "原" else "青木"
    with town.writing(by) as session:
        (done,) = accept_lines(session, town.town, town.actor(by), [line_of(town, first, was).id], NOW)
    assert done.refusal is None
    said = changes(town, run_again(town, first, ()))
    assert set(said) == {was}
    assert said[was].endswith("の候補に決まりました。")


def test_whoever_the_reader_may_not_know_is_neither_named_nor_said_to_wait(town: World, ask: JointAsk) -> None:
    first = run_now(town, ask, by="石井")
    was = who_is_there(town, first)
    changing(town, lambda session: add_waiting(session, town, "黒木", 400, "石井", locked=True) and None)
    again = run_again(town, first, (), by="石井")
    assert "もっと長く待っている黒木 さん" in changes(town, again, "石井")[was]
    assert changes(town, again) == {was: changes(town, again)[was]}
    assert changes(town, again)[was].endswith("場所がありません。前の場所には、ほかの人1人が入りました。")
    back = run_again(town, again, (Pin(PinKind.FORBIDDEN, town.ids["黒木"], town.ids[ONE_PLACE]),), by="石井")
    assert "黒木" not in json.dumps(file_of(town, back), ensure_ascii=False)
    assert all(row["person_id"] != town.ids["黒木"] for row in file_of(town, back)["changes"]["rows"])


def test_a_table_and_the_paper_say_the_same_and_a_first_run_nothing(town: World, ask: JointAsk) -> None:
    first = run_now(town, ask)
    assert file_of(town, first)["changes"] is None
    changing(town, lambda session: add_waiting(session, town, "今", 400) and None)
    again = run_again(town, first, ())
    visitor, said = town.visit(), changes(town, again)
    table = visitor.get(f"/joint/{again}/lines.csv").content.decode("utf-8-sig")
    assert "前回との違い" in table.splitlines()[0]
    assert all(sentence in table for sentence in said.values())
    paper = visitor.get(f"/joint/{again}/print.pdf").content
    printed = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    assert all(sentence in "".join(printed.split()) for sentence in ("".join(said[who].split()) for who in said))
    rows = file_of(town, again)["lines"]
    assert [row["前回との違い"] for row in rows if row["氏名"] == "今"] == [said["今"]]


def test_the_difference_of_many_people_asks_the_database_as_often_as_of_few(town: World) -> None:
    def asked(run_id: str) -> int:
        with town.visit() as visitor:
            visitor.get(f"/joint/{run_id}?tab=same")
            with counted_queries(town) as seen:
                visitor.get(f"/joint/{run_id}?tab=same")
        return len(seen)

    first = run_now(town)
    few = asked(run_again(town, first, ()))
    with town.writing() as session:
        session.get_one(Opening, town.ids[ONE_PLACE]).free = 9
        for number in range(8):
            add_person(session, town, f"人{number}")
    many = run_again(town, first, ())
    assert len(view(town, many).lines) > 8
    assert asked(many) == few <= 20
