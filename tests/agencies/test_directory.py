"""相談支援機関等一覧: found by any spelling, kept once, both versions shown, out of use rather than gone."""

from typing import Any

import pytest
from sqlalchemy import func, select

from service.resources.agencies.catalogue import add_agency
from service.resources.agencies.models import Agency
from tests.cast import TODAY, World

BODY = {
    "name": "汐見市地域包括支援センター", "kana": "しおみしちいきほうかつしえんセンター", "kind": "aged_center",
    "section": "高齢者いきいき課", "fields": ["aged"], "handles": "65歳以上の方の相談", "phone": "0467-00-5001",
    "confirmed_on": "令和8年11月1日", "_version": "1",
}  # fmt: skip


def keep(world: World, name: str = "汐見市地域包括支援センター", **more: Any) -> str:
    """An agency of the directory; its id."""
    values = {"name": name, "kana": "", "kind": "aged_center", "section": "高齢者いきいき課", "fields": ["aged"],
              "handles": "介護の相談", "phone": "0467-00-5001", "confirmed_on": TODAY} | more  # fmt: skip
    with world.writing() as session:
        return add_agency(session, values).id


def one(world: World, agency_id: str) -> Agency:
    with world.reading() as session:
        return session.get_one(Agency, agency_id)


@pytest.mark.parametrize("typed", ["ﾎｳｶﾂ", "ほうかつ", "包括", "いきいき課", "介護　5001", "高齢"])
def test_a_desk_is_found_by_any_spelling_of_any_of_its_words(world: World, typed: str) -> None:
    keep(world, kana="ちいきほうかつしえんせんたー")
    keep(world, "汐見市保健所", kind="health", section="", fields=["health"], handles="こころの健康", phone="0467-00-5099")
    with world.visit() as browser:
        page = browser.get("/agencies", params={"q": typed}).text
    assert "地域包括支援センター</a>" in page
    assert "汐見市保健所</a>" not in page


def test_the_list_is_narrowed_by_kind_field_section_and_state_and_says_how_many(world: World) -> None:
    keep(world)
    keep(world, "汐見市保健所", kind="health", section="", fields=["health", "any"], confirmed_on=None)
    with world.visit() as browser:
        for query in ({"kind": "health"}, {"field": "any"}, {"state": "stale"}):
            page = browser.get("/agencies", params=query).text
            assert "全 <b>1</b>件" in page
            assert "汐見市保健所</a>" in page
        assert "地域包括支援センター</a>" in browser.get("/agencies", params={"section": "高齢者いきいき課"}).text
        assert "しぼり込みをすべて外す" in browser.get("/agencies", params={"kind": "school"}).text


def test_an_empty_directory_says_how_it_is_filled(world: World) -> None:
    with world.visit() as browser:
        assert "まだ一つも登録されていません" in browser.get("/agencies").text


def test_a_double_click_keeps_one_desk(world: World) -> None:
    with world.visit() as browser:
        first = browser.submit("/agencies/new", BODY | {"_once": "a"})
        again = browser.submit("/agencies/new", BODY | {"_once": "a"})
        page = browser.get(first.headers["location"]).text
    assert again.headers["location"] == first.headers["location"]
    assert "令和8年11月1日(日)" in page
    with world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Agency)) == 1


def test_a_second_desk_of_the_same_name_and_section_is_refused_with_what_was_typed(world: World) -> None:
    keep(world)
    with world.visit() as browser:
        answer = browser.submit("/agencies/new", BODY | {"name": "汐見市 地域包括支援ｾﾝﾀｰ", "note": "書きかけ"})
    assert answer.status_code == 422
    assert "もう一覧にあります" in answer.text
    assert "書きかけ" in answer.text


def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(world: World) -> None:
    with world.visit() as browser:
        answer = browser.submit("/agencies/new", BODY | {"name": "", "confirmed_on": "いつか", "handles": "書きかけ"})
    assert answer.status_code == 422
    for words in ("名称を入れてください", "日付として読めません", "書きかけ", "いつか"):
        assert words in answer.text


def test_two_who_type_at_once_see_both_versions(world: World) -> None:
    agency_id = keep(world)
    here = f"/agencies/{agency_id}/edit"
    with world.visit("石井") as ishii:
        assert ishii.submit(here, BODY | {"phone": "0467-00-7777"}).status_code == 303
    with world.visit() as aoki:
        late = aoki.submit(here, BODY | {"phone": "0467-00-8888", "fields": ["aged", "any"]})
        assert late.status_code == 409
        for words in ("石井（参加支援）さんが先に保存しました", "0467-00-7777", "0467-00-8888", "高齢・どの分野でも"):
            assert words in late.text
        assert aoki.submit(here, BODY | {"phone": "0467-00-8888", "_version": "2"}).status_code == 303
    assert one(world, agency_id).phone == "0467-00-8888"


def test_a_desk_out_of_use_leaves_the_list_and_comes_back(world: World) -> None:
    agency_id = keep(world)
    with world.visit() as browser:
        browser.submit(f"/agencies/{agency_id}/use", {"_version": "1", "active": "0"})
        assert "当てはまる相談機関はありません" in browser.get("/agencies").text
        assert "地域包括支援センター</a>" in browser.get("/agencies", params={"state": "unused"}).text
        assert browser.submit(f"/agencies/{agency_id}/use", {"_version": "1", "active": "1"}).status_code == 409
        browser.submit(f"/agencies/{agency_id}/use", {"_version": "2", "active": "1"})
        assert "地域包括支援センター</a>" in browser.get("/agencies").text


def test_no_change_is_one_press_and_dates_the_entry(world: World) -> None:
    agency_id = keep(world, confirmed_on=None)
    with world.visit() as browser:
        assert "確認の記録なし" in browser.get(f"/agencies/{agency_id}").text
        browser.submit(f"/agencies/{agency_id}/confirm", {"_version": "1"})
        assert "きょう確かめた" not in browser.get(f"/agencies/{agency_id}").text
    assert one(world, agency_id).confirmed_on is not None


def test_whoever_only_reads_finds_no_way_to_change(world: World) -> None:
    agency_id = keep(world)
    with world.visit("北条") as browser:
        assert "登録する" not in browser.get("/agencies").text
        assert "使わない</summary>" not in browser.get(f"/agencies/{agency_id}").text
        assert browser.submit(f"/agencies/{agency_id}/edit", BODY).status_code == 403
