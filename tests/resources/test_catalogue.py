"""The list of places and the card: found by any spelling, read by those who may, in a fixed number of queries."""

from dataclasses import replace

import pytest

from service.accounts.models import User
from service.kernel.timetable import parse_slots
from service.resources.catalogue import Search, catalogue_version, search_hosts
from service.resources.facts import catalogue_rows
from service.resources.hosts import NewHost, NewOpening, add_person, add_remark, create_host
from service.resources.models import Condition, Host, Opening
from service.resources.places import places_of
from service.resources.vocabulary import current_vocabulary
from tests.cast import NOW, TODAY, World
from tests.sql import counted_queries


def open_place(world: World, name: str, times: str = "月水金 13:00-16:00", **more: object) -> tuple[str, str]:
    """A host as the form makes it; its id and its opening's."""
    values = {"name": name, "kana": "", "kind": "farm", "organisation": ""} | more
    opening = NewOpening("草取りと袋詰め", ["farming"], parse_slots(times), 2)
    with world.writing() as session:
        new = NewHost(values, "汐見市大船二丁目", opening, TODAY, "青木")
        host = create_host(session, new, places_of("149993"), current_vocabulary(session).activities)
        return host.id, host.openings[0].id


@pytest.mark.parametrize("typed", ["ﾉｳｴﾝ", "のうえん", "ノウエン", "農作業", "大船", "ほし　農家", "星空"])
def test_a_place_is_found_by_any_spelling_of_any_of_its_words(world: World, typed: str) -> None:
    open_place(world, "星空の畑", kana="ほしぞらのうえん")
    open_place(world, "べつの場所", kind="company")
    with world.visit() as browser:
        page = browser.get("/hosts", params={"q": typed}).text
    assert "星空の畑" in page
    assert ("べつの場所" in page) == (typed in ("農作業", "大船"))


def test_one_letter_is_too_little_to_search_for_and_the_page_says_so(world: World) -> None:
    open_place(world, "星空の畑")
    with world.visit() as browser:
        page = browser.get("/hosts", params={"q": "星"}).text
    assert "短すぎる" in page
    assert "星空の畑" in page


def test_percent_and_underscore_are_letters_like_any_other(world: World) -> None:
    open_place(world, "百パーセント")
    with world.visit() as browser:
        assert "はありません" in browser.get("/hosts", params={"q": "%_"}).text


def test_the_list_is_narrowed_by_weekday_free_places_and_confirmation(world: World) -> None:
    open_place(world, "月曜の畑", "月 9:00-12:00")
    _, opening_id = open_place(world, "土曜の畑", "土 9:00-12:00")
    with world.writing() as session:
        opening = session.get_one(Opening, opening_id)
        opening.free, opening.confirmed_on = 0, None
    with world.reading() as session:

        def names(search: Search) -> list[str]:
            return [host.name for host in search_hosts(session, search, 1, TODAY).hosts]

        assert names(Search(weekday="5")) == ["土曜の畑"]
        assert names(Search(free=True)) == ["月曜の畑"]
        assert names(Search(freshness="stale")) == ["土曜の畑"]
        assert names(Search(freshness="fresh")) == ["月曜の畑"]
        assert names(Search(kind="home")) == []


def test_an_empty_list_says_why_and_what_to_do(world: World) -> None:
    with world.visit() as browser:
        assert "まだ一か所も登録されていません" in browser.get("/hosts").text
        assert "しぼり込みをすべて外す" in browser.get("/hosts", params={"kind": "farm"}).text


def test_the_list_takes_as_many_queries_for_forty_places_as_for_one(world: World) -> None:
    open_place(world, "はじめの畑")
    with world.visit() as browser:
        browser.get("/hosts")
        with counted_queries(world) as few:
            browser.get("/hosts")
        for at in range(40):
            open_place(world, f"畑 {at}")
        with counted_queries(world) as many:
            assert "全 <b>41</b>" in browser.get("/hosts").text
    assert len(few) == len(many) <= 10


def test_the_card_is_read_in_as_many_queries_whatever_it_holds(world: World) -> None:
    host_id, _ = open_place(world, "星空の畑")
    with world.visit() as browser:
        browser.get(f"/hosts/{host_id}")
        with counted_queries(world) as few:
            browser.get(f"/hosts/{host_id}")
        with world.writing() as session:
            for attribute in ("noise", "crowd", "cost"):
                value = "quiet" if attribute == "noise" else 3
                session.add(Condition(host_id=host_id, attribute=attribute, value=value))
        with counted_queries(world) as many:
            browser.get(f"/hosts/{host_id}")
    assert len(few) == len(many)


@pytest.mark.parametrize("path", ["/hosts/{absent}", "/hosts/1", "/hosts/{absent}/edit", "/openings/{absent}/edit"])
def test_what_is_not_there_is_not_there(world: World, path: str) -> None:
    with world.visit() as browser:
        answer = browser.get(path.format(absent="0" * 32))
    assert answer.status_code == 404
    assert "見つかりませんでした" in answer.text


@pytest.mark.parametrize("path", ["/hosts", "/hosts/{id}", "/hosts/{id}/edit", "/hosts/import", "/gaps", "/settings"])
def test_somebody_without_a_role_learns_nothing(world: World, path: str) -> None:
    host_id, _ = open_place(world, "星空の畑")
    with world.writing() as session:
        outsider = session.get_one(User, world.ids["石井"])
        outsider.roles = []
    with world.visit("石井") as browser:
        assert browser.get(path.format(id=host_id)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/hosts/new", "/hosts/{id}/edit", "/hosts/{id}/conditions", "/openings/{o}/edit", "/hosts/import"]
)
def test_a_supervisor_reads_and_may_not_edit(world: World, path: str) -> None:
    host_id, opening_id = open_place(world, "星空の畑")
    with world.visit("北条") as browser:
        assert browser.get(f"/hosts/{host_id}").status_code == 200
        assert browser.get(path.format(id=host_id, o=opening_id)).status_code == 403


def test_remarks_and_people_are_for_staff_and_never_leave_the_house(world: World) -> None:
    host_id, _ = open_place(world, "星空の畑")
    with world.writing() as session:
        host = session.get_one(Host, host_id)
        add_remark(session, host, "秘密のメモ", world.actor("青木"), NOW)
        add_person(session, host, "畑山太郎", "職員")
    for name, reads in (("青木", True), ("北条", True), ("遠野", False)):
        with world.visit(name) as browser:
            page = browser.get(f"/hosts/{host_id}").text
        assert ("秘密のメモ" in page, "畑山太郎" in page) == (reads, reads)
    with world.visit() as browser:
        outputs = [browser.get("/hosts/export.csv").text, browser.get(f"/api/v1/hosts/{host_id}").text]
    assert not any("秘密のメモ" in text or "畑山太郎" in text for text in outputs)


def test_the_export_has_a_bom_or_is_shift_jis_with_the_lost_letters_named(world: World) -> None:
    open_place(world, "𠮷田さんの畑", organisation="=1+1")
    with world.visit() as browser:
        new, old = browser.get("/hosts/export.csv"), browser.get("/hosts/export.csv", params={"encoding": "cp932"})
        book = browser.get("/hosts/export.xlsx")
    assert new.content.startswith(b"\xef\xbb\xbf")
    assert "𠮷田さんの畑" in new.content.decode("utf-8-sig")
    assert "'=1+1" in new.content.decode("utf-8-sig")
    assert "〓田さんの畑" in old.content.decode("cp932")
    assert old.headers["x-unmappable-letters"] == "%F0%A0%AE%B7"
    assert book.content.startswith(b"PK")


def test_the_matcher_gets_every_opening_in_few_queries_with_the_nearer_answer(world: World) -> None:
    host_id, opening_id = open_place(world, "星空の畑", "第2・第4土 9:00-11:00")
    with world.writing() as session:
        session.add(Condition(host_id=host_id, attribute="noise", value="quiet", negotiable=True))
        session.add(Condition(host_id=host_id, opening_id=opening_id, attribute="noise", value="lively"))
        session.add(Condition(host_id=host_id, attribute="crowd", value=5))
        session.add(Condition(host_id=host_id, opening_id=opening_id, attribute="crowd", value=None))
        session.get_one(Opening, opening_id).dates = ["2026-11-01", "2026-12-05 10:00-12:00"]
    with world.reading() as session, counted_queries(world) as seen:
        row = catalogue_rows(session, TODAY)[0]
    assert len(seen) <= 6
    assert row.values["noise"] == "lively"
    assert "crowd" not in row.values
    assert row.values["interests"] == ["farming"]
    assert row.negotiable == frozenset()
    assert [(slot.weekday, slot.start_min, slot.nth) for slot in row.slots or ()] == [(5, 540, (2, 4)), (5, 600, (1,))]
    assert (row.free, row.status, row.lat is not None) == (2, "open", True)


def test_a_paused_host_pauses_its_openings_and_an_ended_one_is_gone(world: World) -> None:
    host_id, _ = open_place(world, "星空の畑")
    for status, expected in (("paused", ["paused"]), ("ended", [])):
        with world.writing() as session:
            session.get_one(Host, host_id).status = status
        with world.reading() as session:
            assert [row.status for row in catalogue_rows(session)] == expected


def test_the_counter_of_the_catalogue_moves_with_a_change(world: World) -> None:
    with world.reading() as session:
        before = catalogue_version(session)
    open_place(world, "星空の畑")
    with world.reading() as session:
        assert catalogue_version(session) == before + 1


def test_every_condition_of_a_search_survives_the_way_through_an_address() -> None:
    search = Search(q="畑", kind="farm", weekday="0", status="open", free=True, freshness="stale", unplaced=True)
    assert Search.read(dict(search.pairs())) == search
    assert Search.read({"weekday": "9", "kind": "x", "status": "?", "q": "\ud800"}) == replace(Search(), q="")
