"""打診・紹介: every step by its form, what is missing said at once, nothing typed is lost, one row for two clicks."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from service.cases.models import Person, Placement, PlacementMove
from service.cases.sharing import record_share
from service.followup.placements.models import Offer, Sounding
from service.kernel.db import new_id
from service.resources.models import Opening
from tests.cast import NOW, TODAY, Visitor, World, add_host, open_case

DAY = "2026-11-24"


def here(world: World) -> str:
    return f"/placements/{world.ids['候補']}"


def version(world: World) -> str:
    with world.reading() as session:
        return str(session.get_one(Placement, world.ids["候補"]).version)


def step(world: World) -> str:
    with world.reading() as session:
        return session.get_one(Placement, world.ids["候補"]).step


def act(visitor: Visitor, world: World, name: str, **typed: Any) -> Any:
    return visitor.submit(f"{here(world)}/{name}", {"_version": version(world), "_once": new_id(), **typed})


def share(world: World) -> None:
    with world.writing() as session:
        person = session.get_one(Person, world.ids["佐倉"])
        record_share(
            session, world.actor("青木"), person, world.ids["海の台所"], "given", NOW, decided_on=TODAY, items=["name"]
        )


def offered(visitor: Visitor, world: World) -> None:
    """Up to the person's 「行ってみたい」."""
    for name, typed in (
        ("sound", {"channel": "phone"}),
        ("answer", {"answer": "conditional", "conditions": "午後なら", "answered_by": "店主"}),
        ("offer", {}),
        ("reply", {"said": "want", "words": "本の匂いが好き", "on": DAY}),
    ):
        assert act(visitor, world, name, **typed).status_code == 303, name


def test_every_step_from_the_board_to_stable_is_a_link_and_a_button(candidate: World) -> None:
    world = candidate
    with world.visit() as aoki:
        expected = {"candidate": "sound", "sounded": "answer"}
        for at, next_act in expected.items():
            assert f"{here(world)}?act={next_act}#act" in aoki.get("/placements").text, at
            if at == "candidate":
                assert act(aoki, world, "sound", channel="phone").status_code == 303
        assert act(aoki, world, "answer", answer="yes").status_code == 303
        assert "返事 可" in aoki.get("/placements").text
        assert act(aoki, world, "offer").status_code == 303
        assert act(aoki, world, "reply", said="want", words="行きたい", on=DAY).status_code == 303
        share(world)
        assert act(aoki, world, "visit", on=DAY, accompanied="青木").status_code == 303
        ready = {"insured_here": "y", "has_emergency_contact": "y", "costs_explained": "y"}
        assert act(aoki, world, "trial", on=DAY, days="火曜に3回", **ready).status_code == 303
        agreed = {"person_wants": "y", "host_accepts": "y", "slots": "0:780", "tasks": "本の整理", "adjustments": "30分から"}
        assert act(aoki, world, "start", on=DAY, **agreed).status_code == 303
        talk = {"done_on": DAY, "person_says": "want", "host_says": "can", "person_face": "4", "host_face": "5"}
        assert act(aoki, world, "contact", **talk).status_code == 303
        assert act(aoki, world, "settle").status_code == 303
        page = aoki.get(here(world)).text
        for said in ("本の整理", "30分から", "同行 青木", "火曜に3回", "定着支援中"):
            assert said in page
    assert step(world) == "settling"
    with world.reading() as session:
        assert session.get_one(Opening, world.ids["枠"]).free == 2


def test_everything_missing_is_said_at_once_and_what_was_typed_stays(candidate: World) -> None:
    with candidate.visit() as aoki:
        offered(aoki, candidate)
        page = aoki.get(f"{here(candidate)}?act=trial").text
        assert "この受け入れ先に伝えることへの同意がありません" in page
        answer = act(aoki, candidate, "trial", on=DAY, days="木曜に2回", note="急ぎ")
        assert answer.status_code == 409
        for said in ("同意がありません", "保険の確認がまだです", "緊急のときの連絡先", "費用と謝礼の説明", "（4件）"):
            assert said in answer.text
        for typed in ("木曜に2回", "急ぎ", DAY):
            assert f'value="{typed}"' in answer.text
    assert step(candidate) == "offered"


def test_a_refused_start_leaves_neither_days_nor_a_record_of_them(candidate: World) -> None:
    with candidate.visit() as aoki:
        offered(aoki, candidate)
        before = candidate.rows()
        assert act(aoki, candidate, "start", on=DAY, slots=["2:780", "4:780"], note="急ぎ").status_code == 409
        after = candidate.rows()
    for table in ("placement", "placement_session", "placement_move", "field_change"):
        assert before[table] == after[table]
    assert not [row for row in set(after["audit_entry"]) - set(before["audit_entry"]) if "view" not in row]


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("sound", {}, "聞き方を選んでください"),
        ("visit", {"on": "13月1日", "accompanied": "母"}, "母"),
        ("decline", {"note": "忙しい"}, "理由を一つ選んでください"),
        ("hold", {"why": "illness", "note": ""}, "わけを一言添えてください"),
        ("start", {"on": ""}, "日付を入れてください"),
    ],
)
def test_a_form_that_is_not_whole_comes_back(candidate: World, name: str, typed: dict[str, str], said: str) -> None:
    with candidate.visit() as aoki:
        answer = act(aoki, candidate, name, **typed)
        assert answer.status_code == 422
        assert said in answer.text
    assert step(candidate) == "candidate"


def test_two_clicks_are_one_step(candidate: World) -> None:
    with candidate.visit() as aoki:
        typed = {"channel": "phone", "_version": "1", "_once": new_id()}
        answers = [aoki.submit(f"{here(candidate)}/sound", typed) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [303] * 3
        assert len({answer.headers["location"] for answer in answers}) == 1
    with candidate.reading() as session:
        assert session.scalar(select(func.count(Sounding.id))) == 1
        assert session.scalar(select(func.count(PlacementMove.id))) == 1


def test_a_step_on_an_old_page_shows_both(candidate: World) -> None:
    with candidate.visit() as aoki:
        old = version(candidate)
        act(aoki, candidate, "sound", channel="phone")
        answer = aoki.submit(f"{here(candidate)}/decline", {"_version": old, "reason": "busy_season", "note": "春まで"})
        assert answer.status_code == 409
        assert "先に保存しました" in answer.text
        assert 'value="春まで"' in answer.text
    assert step(candidate) == "sounded"


@pytest.mark.parametrize(("said", "kept"), [("not_now", "not_now"), ("no", "unwell")])
def test_the_person_may_say_no_in_their_own_words(candidate: World, said: str, kept: str) -> None:
    with candidate.visit() as aoki:
        act(aoki, candidate, "sound", channel="phone")
        act(aoki, candidate, "answer", answer="yes")
        act(aoki, candidate, "offer")
        if said == "no":
            assert act(aoki, candidate, "reply", said="no", words="いまは", on=DAY).status_code == 422
        assert act(aoki, candidate, "reply", said=said, words="春になったら", reason="unwell", on=DAY).status_code == 303
        assert "春になったら" in aoki.get(here(candidate)).text
    with candidate.reading() as session:
        placement = session.get_one(Placement, candidate.ids["候補"])
        assert (placement.step, placement.closing, placement.closed_by) == ("declined", kept, "person")
        assert session.scalars(select(Offer.words)).one() == "春になったら"


def test_resting_coming_back_and_going_back_ask_for_a_word(candidate: World) -> None:
    with candidate.visit() as aoki:
        act(aoki, candidate, "sound", channel="phone")
        assert act(aoki, candidate, "hold", why="host", note="改装が終わるまで").status_code == 303
        assert "再開する" in aoki.get("/placements").text
        assert act(aoki, candidate, "resume").status_code == 303
        assert act(aoki, candidate, "back", to="candidate", note="").status_code == 422
        assert act(aoki, candidate, "back", to="candidate", note="聞き直す").status_code == 303
    assert step(candidate) == "candidate"


def test_the_last_place_gone_says_why_and_what_else_fits(candidate: World) -> None:
    world = candidate
    with world.writing() as session:
        add_host(session, "山の文庫")
        session.get_one(Opening, world.ids["枠"]).free = 1
        rival = open_case(session, world.ids["青木"], "田村 りく")
        session.add(
            Placement(
                person_id=rival.id,
                opening_id=world.ids["枠"],
                step="offered",
                since=TODAY,
                recorded_by="青木",
                reason="先に",
            )
        )
    with world.visit() as aoki:
        act(aoki, world, "sound", channel="phone")
        act(aoki, world, "answer", answer="yes")
        answer = act(aoki, world, "offer")
        assert answer.status_code == 409
        assert "空きがなくなりました" in answer.text
        found = re.search(r"いま、ほかに合う所.*?</section>", answer.text, re.S)
        assert found
        assert "山の文庫" in found[0]
        assert "海の台所" not in found[0]
    assert step(world) == "sounded"


def test_who_may_see_and_who_may_act(candidate: World) -> None:
    path = here(candidate)
    with candidate.visit("北条") as hojo:
        assert hojo.get(path).status_code == 200
        assert "進めるのは、ケースの担当者です" in hojo.get(path).text
        assert act(hojo, candidate, "sound", channel="phone").status_code == 403
    with candidate.visit("石井") as ishii:
        assert act(ishii, candidate, "sound", channel="phone").status_code == 403
    with candidate.visit("遠野") as tono:
        assert tono.get(path).status_code == tono.get("/placements").status_code == 404
    with candidate.visit() as aoki:
        assert aoki.get(f"/placements/{'0' * 32}").status_code == 404
        assert act(aoki, candidate, "nothing").status_code == 404


def test_the_way_last_used_with_a_host_is_filled_in_and_pressing_says_what_it_means(candidate: World) -> None:
    def chosen(page: str) -> list[str]:
        return re.findall(r'name="channel"[^>]*value="(\w+)"[^>]*checked', page)

    with candidate.visit() as aoki:
        page = aoki.get(f"{here(candidate)}?act=sound").text
        assert chosen(page) == ["phone"]
        assert "押すと、上の文だけで聞いたと記録します。" in page
        assert act(aoki, candidate, "sound", channel="visit").status_code == 303
        assert act(aoki, candidate, "back", to="candidate", note="聞き直す").status_code == 303
        page = aoki.get(f"{here(candidate)}?act=sound").text
        assert chosen(page) == ["visit"]
    with candidate.reading() as session:
        text = session.scalars(select(Sounding.text)).one()
        assert text in page
        assert "佐倉" not in text
