"""An address finds its town however it is written, and nothing is guessed or asked of the internet."""

from __future__ import annotations

import socket

import pytest
from geopy.exc import GeocoderUnavailable
from hypothesis import given, settings
from hypothesis import strategies as st

from service.kernel.geo.address import fold_address, read_numeral
from service.kernel.geo.geocoder import TownGeocoder
from service.kernel.geo.towns import SOURCE, TownTable
from tests.geo.places import DEMO_CODE, geocoder, towns_of


@pytest.mark.parametrize(
    "spelling",
    [
        "神奈川県鎌倉市由比ガ浜二丁目",
        "神奈川県鎌倉市由比ヶ浜2丁目3番4号",
        "鎌倉市由比ケ浜２丁目",
        "鎌倉市由比が浜2-3-4",
        "由比ｶﾞ浜２－３",
        "由比ガ浜 二丁目",
        "神奈川県　鎌倉市　由比ガ浜　２ー３ー４",
        "由比ガ浜2の3",
        "由比ガ浜二-三",
        "由比ガ浜２丁目 海の家ビル3階",
        "鎌倉市大字由比ガ浜2−3",
    ],
)
def test_every_spelling_of_a_chome_finds_it(spelling: str) -> None:
    place = geocoder(DEMO_CODE).geocode(spelling)
    assert place is not None
    assert (place.raw["town"], place.raw["level"]) == ("由比ガ浜二丁目", "chome")
    assert place.raw["source"] == SOURCE


@pytest.mark.parametrize(
    ("query", "town", "level"),
    [
        ("大船2135", "大船", "oaza"),
        ("大船2番地", "大船", "oaza"),
        ("大船1-2", "大船一丁目", "chome"),
        ("大船9-9", "大船", "oaza"),
        ("津1010", "津", "oaza"),
        ("津西1-2-3", "津西一丁目", "chome"),
        ("浄明寺", "浄明寺", "oaza"),
        ("台", "台", "oaza"),
        ("鎌倉市", "", "city"),
        ("鎌倉", "", "city"),
        ("神奈川県鎌倉市どこにもない町3-4", "", "city"),
    ],
)
def test_the_level_says_how_finely_the_place_is_known(query: str, town: str, level: str) -> None:
    place = geocoder(DEMO_CODE).geocode(query)
    assert place is not None
    assert (place.raw["town"], place.raw["level"]) == (town, level)


@pytest.mark.parametrize(
    ("query", "code", "town", "level"),
    [
        ("埼玉県さいたま市大宮区高鼻町1-1", "11103", "高鼻町一丁目", "chome"),
        ("大宮区高鼻町１丁目", "11103", "高鼻町一丁目", "chome"),
        ("さいたま市南区文蔵2-24-7\u3000文蔵サロン内", "11108", "文蔵二丁目", "chome"),
        ("大宮", "11103", "", "city"),
        ("大宮区", "11103", "", "city"),
        ("さいたま市", "11100", "", "city"),
        ("秩父市大宮4625", "11207", "大宮", "oaza"),
        ("八潮市鶴ケ曽根561−1", "11234", "大字鶴ケ曽根", "oaza"),
        ("八潮市大字鶴ヶ曽根1673-3", "11234", "大字鶴ケ曽根", "oaza"),
        ("三芳町藤久保817", "11324", "大字藤久保", "oaza"),
        ("埼玉県入間郡三芳町藤久保817", "11324", "大字藤久保", "oaza"),
        ("深谷市岡2丁目", "11218", "岡", "oaza"),
    ],
)
def test_the_prefecture_is_found_from_a_ward_a_county_or_a_bare_name(query: str, code: str, town: str, level: str) -> None:
    for asked in (geocoder(), geocoder(DEMO_CODE)):
        place = asked.geocode(query)
        assert place is not None
        assert (place.raw["code"], place.raw["town"], place.raw["level"]) == (code, town, level)


def test_every_town_of_the_tables_is_found_by_its_own_address() -> None:
    for town in towns_of("14204", "11").towns:
        place = geocoder().geocode(town.address)
        assert place is not None
        assert (place.latitude, place.longitude, place.raw["level"]) == (town.lat, town.lon, town.level)


@pytest.mark.parametrize(
    "query", ["", "　", "本町", "埼玉県", "沖縄県那覇市", "東京都大船", "津久井町3", "？", "!!!", "123"]
)
def test_what_is_unknown_or_may_be_several_places_is_not_guessed(query: str) -> None:
    assert geocoder().geocode(query) is None


def test_a_name_of_several_places_lists_them_and_home_decides() -> None:
    several = geocoder().geocode("本町1-2", exactly_one=False)
    assert several is not None
    assert len({place.raw["code"] for place in several}) > 10
    at_home = geocoder("11201").geocode("小仙波町1-2")
    assert at_home is not None
    assert at_home.raw["code"] == "11201"
    kawaguchi = geocoder("112038").geocode("本町1-2")
    assert kawaguchi is not None
    assert kawaguchi.raw["code"] == "11203"
    chichibu = geocoder("11207").geocode("大宮")
    assert chichibu is not None
    assert chichibu.raw["code"] == "11207"


def test_the_home_of_a_designated_city_covers_its_wards() -> None:
    place = geocoder("111007").geocode("高鼻町1-1")
    assert place is not None
    assert place.raw["code"] == "11103"


def test_a_city_lies_in_the_middle_of_its_towns() -> None:
    place, towns = geocoder().geocode("大宮区"), towns_of("11").of_municipality("11103")
    assert place is not None
    assert place.latitude == pytest.approx(towns.lats.mean())
    assert place.longitude == pytest.approx(towns.lons.mean())


def test_a_home_without_towns_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="13101"):
        TownGeocoder(towns_of("14204"), home="13101")


def test_an_empty_table_knows_nothing() -> None:
    empty = TownGeocoder(TownTable(()))
    assert empty.geocode("鎌倉市大船1") is None
    assert empty.reverse((35.3, 139.5)) is None


def test_the_nearest_town_names_a_pin_on_the_map() -> None:
    town = towns_of("14204").towns[0]
    place = geocoder().reverse((town.lat + 0.0002, town.lon))
    assert place is not None
    assert place.raw["town"] == town.town
    assert geocoder().reverse((43.06, 141.35)) is None


def test_two_letters_are_enough_to_be_offered_towns_of_home_first() -> None:
    assert geocoder(DEMO_CODE).suggest("大") == []
    offered = geocoder(DEMO_CODE).suggest("鎌倉市大町", limit=3)
    assert [place.raw["town"] for place in offered] == ["大町一丁目", "大町二丁目", "大町三丁目"]
    towns = [place.raw["code"] for place in geocoder(DEMO_CODE).suggest("大町", limit=20)]
    assert towns[0] == DEMO_CODE
    assert towns == sorted(towns, key=lambda code: code != DEMO_CODE)


def test_an_address_never_leaves_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert TownGeocoder(towns_of("14204")).geocode("鎌倉市大船1") is not None
    with pytest.raises(GeocoderUnavailable):
        geocoder().adapter.get_json("https://example.com", timeout=1, headers={})


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_no_text_makes_it_fall(query: str) -> None:
    geocoder(DEMO_CODE).geocode(query)
    geocoder().geocode("鎌倉市" + query, exactly_one=False)
    geocoder().suggest(query)


def test_a_very_long_text_is_read_only_at_its_beginning() -> None:
    assert fold_address("一" * 1_000_000) == fold_address("一" * 200)
    place = geocoder().geocode("鎌倉市大船1-2" + "ー1" * 500_000)
    assert place is not None
    assert place.raw["town"] == "大船一丁目"


@pytest.mark.parametrize(
    ("said", "number"), [("一", 1), ("九", 9), ("十", 10), ("十二", 12), ("二十", 20), ("二十四", 24), ("7", 7)]
)
def test_chinese_numerals_are_read(said: str, number: int) -> None:
    assert read_numeral(said) == number
