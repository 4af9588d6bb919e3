"""資源開発: who asks whom until when, what came of it, and how the unmet need's own status follows."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.resources.agencies.developments import STATES, due_of
from service.resources.agencies.models import ResourceDevelopment
from service.resources.gaps import record_gap
from service.resources.models import ResourceGap
from tests.cast import NOW, TODAY, World, add_host
from tests.web.test_document_paper import text_of

BODY = {"what": "夕方に一日、部屋を使えないか聞く", "who": "青木", "with_whom": "海の台所", "until_on": "令和9年3月31日"}


def lacking(world: World, summary: str = "夕方の居場所がない", code: str = "R-TIME") -> str:
    """An unmet need; its id."""
    with world.writing() as session:
        return record_gap(session, world.actor("青木"), NOW, code, summary, "20代", "岡本").id


def undertaken(world: World, gap_id: str, until_on: date | None = TODAY, who: str = "青木") -> str:
    """Something under way; its id."""
    with world.writing() as session:
        row = ResourceDevelopment(gap_id=gap_id, what="電話する", who=who, until_on=until_on, made_at=NOW, made_by="青木")
        session.add(row)
        session.get_one(ResourceGap, gap_id).status = "developing"
        session.flush()
        return row.id


def status_of(world: World, gap_id: str) -> str:
    with world.reading() as session:
        return session.get_one(ResourceGap, gap_id).status


def answer(world: World, gap_id: str, row_id: str, **said: str) -> Any:
    """青木 says how it ended."""
    with world.visit() as browser:
        return browser.submit(f"/gaps/{gap_id}/developments/{row_id}", {"_version": "1", "state": "not_now"} | said)


def test_a_double_click_undertakes_one_thing_and_the_need_is_in_development(world: World) -> None:
    gap_id = lacking(world)
    with world.visit() as browser:
        for _ in range(2):
            assert browser.submit(f"/gaps/{gap_id}/developments", BODY | {"_once": "a"}).status_code == 303
        page = browser.get("/gaps").text
    assert "資源開発中" in page
    assert "令和9年3月31日(水) まで" in page
    with world.reading() as session:
        assert session.scalars(select(ResourceDevelopment.what)).all() == [BODY["what"]]


def test_an_undertaking_needs_a_doer_and_a_day_and_keeps_what_was_typed(world: World) -> None:
    gap_id = lacking(world)
    with world.visit() as browser:
        refused = browser.submit(f"/gaps/{gap_id}/developments", BODY | {"who": "", "until_on": ""})
    assert refused.status_code == 422
    for words in ("だれがするかを入れてください", "いつまでにするかを入れてください", BODY["what"]):
        assert words in refused.text
    assert status_of(world, gap_id) == "open"


def test_a_place_that_was_won_is_linked_to_its_opening_and_resolves_the_need(world: World) -> None:
    gap_id = lacking(world)
    row_id = undertaken(world, gap_id)
    with world.writing() as session:
        host, opening = add_host(session)
        host_id, opening_id = host.id, opening.id
    without = answer(world, gap_id, row_id, state="won", result="来月から夕方に一日")
    assert without.status_code == 422
    assert "枠が選ばれていません" in without.text
    assert "来月から夕方に一日" in without.text
    found = answer(world, gap_id, row_id, state="won", result="来月から夕方に一日", q="台所", find="1")
    assert f'value="{opening_id}"' in found.text
    assert "来月から夕方に一日" in found.text
    assert answer(world, gap_id, row_id, state="won", opening=opening_id).status_code == 303
    assert status_of(world, gap_id) == "resolved"
    with world.visit() as browser:
        assert f'href="/hosts/{host_id}"' in browser.get(f"/gaps/{gap_id}").text


@pytest.mark.parametrize("state", ["not_now", "given_up"])
def test_what_came_to_nothing_sends_the_need_back_to_the_meeting(world: World, state: str) -> None:
    gap_id = lacking(world)
    first, second = undertaken(world, gap_id), undertaken(world, gap_id)
    assert answer(world, gap_id, first, state=state).status_code == 303
    assert status_of(world, gap_id) == "developing"
    assert answer(world, gap_id, second, state=state, result="人手がない").status_code == 303
    assert status_of(world, gap_id) == "open"
    with world.visit() as browser:
        page = browser.get(f"/gaps/{gap_id}").text
    assert STATES[state] in page
    assert "人手がない" in page


def test_of_two_who_answer_at_once_the_second_is_told(world: World) -> None:
    gap_id = lacking(world)
    row_id = undertaken(world, gap_id)
    assert answer(world, gap_id, row_id).status_code == 303
    late = answer(world, gap_id, row_id, state="given_up", result="書きかけ")
    assert late.status_code == 409
    with world.reading() as session:
        assert session.get_one(ResourceDevelopment, row_id).state == "not_now"


def test_a_result_has_to_be_chosen(world: World) -> None:
    gap_id = lacking(world)
    row_id = undertaken(world, gap_id)
    refused = answer(world, gap_id, row_id, state="maybe", result="書きかけ")
    assert refused.status_code == 422
    assert "結果が選ばれていません" in refused.text
    assert "書きかけ" in refused.text


def test_an_undertaking_of_another_need_is_not_found(world: World) -> None:
    row_id = undertaken(world, lacking(world))
    other = lacking(world, "手話の場がない")
    assert answer(world, other, row_id).status_code == 404


def test_a_need_is_put_aside_with_a_reason_only_and_comes_back(world: World) -> None:
    gap_id = lacking(world)
    here = f"/gaps/{gap_id}/close"
    with world.visit() as browser:
        assert "終える理由がありません" in browser.submit(here, {"_version": "1", "reason": " "}).text
        assert browser.submit(here, {"_version": "1", "reason": "別の町で足りた"}).status_code == 303
        assert "当てはまる不足資源はありません" in browser.get("/gaps").text
        assert "別の町で足りた" in browser.get("/gaps", params={"status": "closed"}).text
        assert "もう終えています" in browser.submit(f"/gaps/{gap_id}/developments", BODY).text
        assert browser.submit(here, {"_version": "1", "reopen": "1"}).status_code == 409
        assert browser.submit(here, {"_version": "2", "reopen": "1"}).status_code == 303
    assert status_of(world, gap_id) == "open"


def test_a_need_somebody_is_still_at_is_not_put_aside(world: World) -> None:
    gap_id = lacking(world)
    undertaken(world, gap_id)
    with world.visit() as browser:
        refused = browser.submit(f"/gaps/{gap_id}/close", {"_version": "2", "reason": "もういい"})
    assert refused.status_code == 409
    assert "まだ進めている資源開発があります" in refused.text
    assert "もういい" in refused.text


def test_what_is_overdue_stands_first_and_is_counted(world: World) -> None:
    late = lacking(world, "古い不足")
    undertaken(world, late, date(2026, 1, 5))
    lacking(world, "新しい不足")
    with world.visit() as browser:
        page = browser.get("/gaps").text
    assert page.index("古い不足") < page.index("新しい不足")
    assert "期日を過ぎた資源開発が 1件" in page


def test_only_ones_own_that_are_due_are_ones_own_and_due(world: World) -> None:
    gap_id = lacking(world)
    mine = undertaken(world, gap_id, TODAY - timedelta(days=3))
    undertaken(world, gap_id, TODAY + timedelta(days=1))
    undertaken(world, gap_id, TODAY, "石井")
    with world.reading() as session:
        assert [row.id for row in due_of(session, "青木", TODAY)] == [mine]


def test_the_paper_for_a_meeting_says_who_does_what_and_no_person(world: World, tmp_path: Path) -> None:
    gap_id = lacking(world)
    undertaken(world, gap_id, date(2026, 1, 5))
    with world.visit("北条") as browser:
        text = text_of(browser.get("/gaps/list.pdf").content, tmp_path)
        bare = text_of(browser.get("/gaps/list.pdf?status=closed").content, tmp_path)
    for words in ("夕方の居場所がない", "20代", "岡本", "電話する", "期日を過ぎたもの 1件", "会議資料"):
        assert words in text
    assert "当てはまる不足資源はありません" in bare
