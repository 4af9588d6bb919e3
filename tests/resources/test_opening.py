"""An opening on the telephone: one screen, one tap when nothing changed, and nobody's words are lost."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select

from service.kernel.dates import format_wareki_short
from service.resources.models import Host, Opening, OpeningSlot, Site
from service.resources.timing import HourRow, read_dates, read_rows, rows_of
from service.resources.words import say_slots
from tests.cast import World

TOLD = {
    "status": "open", "free": "2", "title": "海の台所", "activity": "居場所", "waiting": "", "capacity": "",
    "slots-0-days": ["0", "2"], "slots-0-start": "13:00", "slots-0-end": "16:00",
    "slots-1-days": ["5"], "slots-1-start": "9:00", "slots-1-end": "11:00", "slots-1-weeks": "第2・第4", "slots-1-free": "1",
}  # fmt: skip


def read_opening(world: World) -> Opening:
    """The opening as it stands."""
    with world.reading() as session:
        return session.get_one(Opening, world.ids["枠"])


def hours_of(world: World) -> str:
    """The hours as they stand, in words."""
    with world.reading() as session:
        query = select(OpeningSlot).where(OpeningSlot.opening_id == world.ids["枠"])
        return say_slots(session.scalars(query.order_by(OpeningSlot.weekday)).all())


def edit(world: World, more: Mapping[str, Any], version: int = 1) -> Any:
    """青木 saves the opening."""
    with world.visit() as browser:
        return browser.submit(f"/openings/{world.ids['枠']}/edit", {**TOLD, **more, "_version": str(version)})


def test_saving_after_the_call_keeps_hours_places_and_the_day(town_with_a_case: World) -> None:
    answer = edit(town_with_a_case, {"confirmed_with": "山田さん", "dates": "R8.12.5 10:00-12:00"})
    assert answer.status_code == 303
    opening = read_opening(town_with_a_case)
    assert (opening.free, opening.dates) == (2, ["2026-12-05 10:00-12:00"])
    assert opening.confirmed_on is not None
    assert opening.confirmed_by.startswith("山田さん")
    assert hours_of(town_with_a_case) == "月水 13:00–16:00; 第2・第4土 9:00–11:00"


def test_a_pause_has_an_end_and_a_reason_and_both_go_with_it(town_with_a_case: World) -> None:
    edit(town_with_a_case, {"status": "paused", "paused_until": "令和9年1月10日", "pause_reason": "改修"})
    paused = read_opening(town_with_a_case)
    assert paused.paused_until is not None
    assert (format_wareki_short(paused.paused_until), paused.pause_reason) == ("R9.1.10", "改修")
    edit(town_with_a_case, {"status": "open", "paused_until": "令和9年1月10日", "pause_reason": "改修"}, paused.version)
    assert (read_opening(town_with_a_case).paused_until, read_opening(town_with_a_case).pause_reason) == (None, "")


def test_no_change_is_one_tap_and_returns_to_the_list(town_with_a_case: World) -> None:
    with town_with_a_case.writing() as session:
        session.get_one(Opening, town_with_a_case.ids["枠"]).confirmed_on = None
    with town_with_a_case.visit() as browser:
        data = {"_version": "2", "_once": "k1", "_back": "/hosts?q=%E6%B5%B7&page=1"}
        first = browser.submit(f"/openings/{town_with_a_case.ids['枠']}/confirm", data)
        again = browser.submit(f"/openings/{town_with_a_case.ids['枠']}/confirm", data)
    assert first.headers["location"] == again.headers["location"] == "/hosts?q=%E6%B5%B7&page=1&done=confirmed"
    assert read_opening(town_with_a_case).confirmed_on is not None


def test_a_foreign_way_back_is_not_followed(town_with_a_case: World) -> None:
    with town_with_a_case.visit() as browser:
        data = {"_version": "1", "_back": "https://example.com/"}
        answer = browser.submit(f"/openings/{town_with_a_case.ids['枠']}/confirm", data)
    assert answer.headers["location"].startswith(f"/hosts/{town_with_a_case.ids['海の台所']}")


def test_the_second_writer_sees_both_versions_and_keeps_what_was_typed(town_with_a_case: World) -> None:
    edit(town_with_a_case, {"free": "5"})
    late = edit(town_with_a_case, {"free": "4", "slots-0-days": ["4"], "times_note": "8月は休み"})
    assert late.status_code == 409
    assert "先に保存しました" in late.text
    assert "8月は休み" in late.text
    assert "月水 13:00–16:00" in late.text
    assert 'value="4"' in late.text
    assert read_opening(town_with_a_case).free == 5


def test_a_change_of_hours_alone_also_moves_the_version(town_with_a_case: World) -> None:
    edit(town_with_a_case, {})
    before = read_opening(town_with_a_case).version
    edit(town_with_a_case, {"slots-0-days": ["3"]}, before)
    assert read_opening(town_with_a_case).version == before + 1


def test_confirming_what_somebody_just_changed_shows_the_opening_instead(town_with_a_case: World) -> None:
    edit(town_with_a_case, {"free": "5"})
    with town_with_a_case.visit() as browser:
        answer = browser.submit(f"/openings/{town_with_a_case.ids['枠']}/confirm", {"_version": "1"})
    assert answer.status_code == 409
    assert 'value="5"' in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"slots-0-end": "12:00"}, "終わりの時刻"),
        ({"slots-0-start": "24:00"}, "始まりの時刻が24:00"),
        ({"slots-0-start": "25:00"}, "という時刻はありません"),
        ({"slots-0-days": []}, "曜日が選ばれていません"),
        ({"slots-1-weeks": "隔週"}, "何週目か読めません"),
        ({"free": "99999999999999999999"}, "0から999までの数字"),
        ({"paused_until": "2月30日"}, "日付として読めません"),
        ({"dates": "2026/12/5 夕方"}, "時刻を読めません"),
        ({"status": "nonsense"}, "入力を確かめてください"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_stays_on_the_page(
    town_with_a_case: World, typed: Mapping[str, Any], said: str
) -> None:
    answer = edit(town_with_a_case, {**typed, "times_note": "ここは残る"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "ここは残る" in answer.text
    assert hours_of(town_with_a_case) == "月水金 13:00–16:00"


def test_a_slot_that_stays_keeps_its_row_and_rows_read_back(town_with_a_case: World) -> None:
    with town_with_a_case.reading() as session:
        before = set(session.scalars(select(OpeningSlot.id)))
    edit(town_with_a_case, {})
    with town_with_a_case.reading() as session:
        slots = session.scalars(select(OpeningSlot).order_by(OpeningSlot.weekday)).all()
        kept = before & {slot.id for slot in slots}
        hours = read_rows(rows_of(slots))
    assert len(kept) == 2
    assert sorted((h.when.weekday, h.free) for h in hours) == [(0, None), (2, None), (5, 1)]


def test_a_weekday_without_hours_is_kept_as_such() -> None:
    assert [hours.when.start_min for hours in read_rows([HourRow((1,))])] == [None]
    assert read_dates("") == []


def test_a_new_host_comes_with_its_place_on_the_map_and_its_opening_once(world: World) -> None:
    data = {"name": "ほしぞら農園", "kind": "farm", "address": "汐見市岡本一丁目2-3", "activity": "草取り", "tags": ["farming"],
            "times": "火木 9:00-12:00", "free": "２人", "_once": "k2"}  # fmt: skip
    with world.visit() as browser:
        first, again = browser.submit("/hosts/new", data), browser.submit("/hosts/new", data)
    assert first.headers["location"] == again.headers["location"]
    with world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Host)) == 1
        site, opening = session.scalars(select(Site)).one(), session.scalars(select(Opening)).one()
    assert (site.coordinate_level, opening.free) == ("chome", 2)


def test_a_new_host_that_cannot_be_kept_is_not_half_written(world: World) -> None:
    with world.visit() as browser:
        answer = browser.submit("/hosts/new", {"name": "ほしぞら農園", "kind": "farm", "activity": "x", "times": "25:00"})
    assert answer.status_code == 422
    assert "ほしぞら農園" in answer.text
    with world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Host)) == 0


def save_site(world: World, more: Mapping[str, Any]) -> Any:
    """青木 saves the place of 海の台所."""
    with world.reading() as session:
        site = session.scalars(select(Site)).one()
    data = {"address": site.address, "lat": str(site.lat or ""), "lon": str(site.lon or ""), "_version": str(site.version)}
    with world.visit() as browser:
        return browser.submit(f"/hosts/{site.host_id}/sites/{site.id}", {**data, **more})


def test_coordinates_of_the_file_stay_until_the_address_changes(town_with_a_case: World) -> None:
    for more, source in (({"building": "2階"}, "file"), ({"address": "汐見市大船二丁目"}, "Geolonia 住所データ")):
        save_site(town_with_a_case, more)
        with town_with_a_case.reading() as session:
            assert session.scalars(select(Site)).one().coordinate_source == source


def test_typed_coordinates_are_by_hand_and_swapped_ones_are_explained(town_with_a_case: World) -> None:
    swapped = save_site(town_with_a_case, {"lat": "139.5", "lon": "35.3"})
    assert swapped.status_code == 422
    assert "入れ替わっています" in swapped.text
    assert 'value="139.5"' in swapped.text
    save_site(town_with_a_case, {"lat": "35.31", "lon": "139.55"})
    save_site(town_with_a_case, {"address": "汐見市大船二丁目"})
    with town_with_a_case.reading() as session:
        site = session.scalars(select(Site)).one()
    assert (site.lat, site.lon, site.coordinate_source) == (35.31, 139.55, "手で")


def test_a_pin_is_set_from_the_map_without_a_script(town_with_a_case: World) -> None:
    with town_with_a_case.reading() as session:
        site = session.scalars(select(Site)).one()
    path = f"/hosts/{site.host_id}/sites/{site.id}/pin"
    with town_with_a_case.visit() as browser:
        page = browser.get(path, params={"at": "35.31,139.55", "q": "岡本"}).text
        browser.submit(path, {"at": "35.31,139.55", "_version": "1"})
        browser.submit(path, {"at": "nan,nan", "_version": "2"})
    assert "?at=35." in page
    assert "岡本一丁目" in page
    with town_with_a_case.reading() as session:
        assert session.scalars(select(Site)).one().coordinate_source == "手で"


def test_two_people_editing_a_host_get_both_versions(town_with_a_case: World) -> None:
    path = f"/hosts/{town_with_a_case.ids['海の台所']}/edit"
    mine = {"name": "海の台所", "kind": "ibasho", "status": "active", "phone": "0467-1", "_version": "1"}
    with town_with_a_case.visit() as browser:
        assert browser.submit(path, mine).status_code == 303
        late = browser.submit(path, {**mine, "phone": "0467-2"})
    assert late.status_code == 409
    assert "0467-1" in late.text
    assert "0467-2" in late.text


def test_the_card_tells_what_was_changed_and_by_whom(town_with_a_case: World) -> None:
    edit(town_with_a_case, {"free": "5"})
    with town_with_a_case.visit() as browser:
        page = browser.get(f"/hosts/{town_with_a_case.ids['海の台所']}").text
    assert "空きを 3 → 5" in page
    assert "時間を加えました（第2・第4土 9:00–11:00）" in page
    assert "時間を外しました（金 13:00–16:00）" in page


def test_an_assessment_remark_and_person_are_each_one_row_however_often_sent(town_with_a_case: World) -> None:
    host_id = town_with_a_case.ids["海の台所"]
    with town_with_a_case.visit() as browser:
        for _ in range(2):
            browser.submit(f"/hosts/{host_id}/assessments", {"tasks": "盛りつけ", "_once": "a"})
            browser.submit(f"/hosts/{host_id}/remarks", {"text": "電話は午前", "_once": "r"})
            browser.submit(f"/hosts/{host_id}/people", {"name": "山田", "role": "職員", "_once": "p"})
            browser.submit(f"/hosts/{host_id}/openings", {"title": "畑", "_once": "o"})
        page = browser.get(f"/hosts/{host_id}").text
    assert [page.count(text) for text in ("盛りつけ", "電話は午前", 'id="opening-')] == [1, 1, 2]
