"""Finding people, opening cases, and who may see and change what."""

import pytest

from service.cases.models import Person, SupportCase
from service.kernel.kana import fold_text
from tests.cast import World, open_case


@pytest.fixture
def two_cases(town_with_a_case: World) -> World:
    """佐倉 of 青木, and the locked case of 藤沢, also 青木's."""
    world = town_with_a_case
    with world.writing() as session:
        person = session.get_one(Person, world.ids["佐倉"])
        person.kana, person.phone = "さくら みお", "0467-00-1234"
        person.search_text = fold_text(person.name + person.kana)
        world.ids["藤沢"] = open_case(session, world.ids["青木"], "藤沢 さゆり", locked=True).id
    return world


@pytest.mark.parametrize("typed", ["ｻｸﾗ", "さくら", "佐倉", "サクラ ミオ", "1234", "平成14年5月8日", "2002-05-08"])
def test_one_box_finds_a_person_however_it_is_typed(two_cases: World, typed: str) -> None:
    page = two_cases.visit().submit("/people/search", {"q": typed})
    assert page.status_code == 200
    assert "佐倉 みお" in page.text


def test_an_empty_result_says_why_and_what_to_do(two_cases: World) -> None:
    page = two_cases.visit().submit("/people/search", {"q": "だれもいない名"})
    assert "姓だけ・かなだけ" in page.text


def test_a_locked_case_is_nowhere_for_a_colleague(two_cases: World) -> None:
    colleague = two_cases.visit("石井")
    assert "藤沢" not in colleague.get("/people").text
    assert "藤沢" not in colleague.submit("/people/search", {"q": "藤沢"}).text.replace("「藤沢」", "").replace(
        'value="藤沢"', ""
    )
    assert colleague.get(f"/people/{two_cases.ids['藤沢']}").status_code == 404
    assert two_cases.visit("青木").get(f"/people/{two_cases.ids['藤沢']}").status_code == 200


def test_a_colleague_reads_but_has_to_cover_before_changing(two_cases: World) -> None:
    colleague, here = two_cases.visit("石井"), f"/people/{two_cases.ids['佐倉']}"
    assert colleague.get(here).status_code == 200
    refused = colleague.get(f"{here}/assessment")
    assert refused.status_code == 403
    assert "代わりに担当する" in refused.text
    assert colleague.submit(f"{here}/stand-in", {"reason": "青木さんの休暇中"}).status_code == 303
    assert colleague.get(f"{here}/assessment").status_code == 200


def test_sending_the_form_twice_opens_one_case(world: World) -> None:
    visitor, form = world.visit(), {"name": "浜田 隆", "gender": "M", "_once": "abc", "birth_on": "昭和49年3月2日"}
    first, second = visitor.submit("/people/new", form), visitor.submit("/people/new", form)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"].split("?")[0] == second.headers["location"]
    with world.reading() as session:
        assert session.query(SupportCase).count() == 1
        assert session.query(Person).one().birth_on.isoformat() == "1974-03-02"


def test_a_wrong_date_keeps_everything_typed(world: World) -> None:
    page = world.visit().submit("/people/new", {"name": "浜田 隆", "address": "岡本2丁目", "birth_on": "令和8年13月1日"})
    assert page.status_code == 422
    assert 'value="浜田 隆"' in page.text
    assert 'value="岡本2丁目"' in page.text


def test_an_address_is_located_without_any_network(world: World) -> None:
    world.visit().submit("/people/new", {"name": "浜田 隆", "address": "汐見市岡本二丁目3-1"})
    with world.reading() as session:
        person = session.query(Person).one()
    assert person.coordinate_level == "chome"
    assert person.lat == pytest.approx(35.35, abs=0.03)


def test_the_second_of_two_editors_sees_both_versions_and_keeps_what_was_typed(two_cases: World) -> None:
    here = f"/people/{two_cases.ids['佐倉']}/edit"
    form = {"name": "佐倉 みお", "kana": "さくら みお", "_version": "2", "phone": "080-0000-0001"}
    visitor = two_cases.visit()
    version = visitor.get(here).text.split('name="_version" value="')[1].split('"')[0]
    assert visitor.submit(here, {**form, "_version": version}).status_code == 303
    late = visitor.submit(here, {**form, "_version": version, "phone": "080-9999-9999"})
    assert late.status_code == 409
    assert "080-0000-0001" in late.text
    assert 'value="080-9999-9999"' in late.text
    again = late.text.split('name="_version" value="')[1].split('"')[0]
    assert visitor.submit(here, {**form, "_version": again, "phone": "080-9999-9999"}).status_code == 303


def test_a_refusal_without_a_reason_is_sent_back(two_cases: World) -> None:
    here = f"/people/{two_cases.ids['佐倉']}/consent"
    form = {"scope": "service", "state": "refused", "method": "oral", "given_by": "本人", "decided_on": "R8.11.24"}
    assert two_cases.visit().submit(here, {**form, "reason": ""}).status_code == 422
    assert two_cases.visit().submit(here, {**form, "reason": "いまは話したくない"}).status_code == 303


def test_avoided_areas_are_kept_from_everyone_not_named_on_the_case(two_cases: World) -> None:
    here = f"/people/{two_cases.ids['佐倉']}"
    form = {"kind": "area", "place": "汐見市大町一丁目", "radius_km": "1.2", "note": "元の職場の近く"}
    assert two_cases.visit().submit(f"{here}/avoid", form).status_code == 303
    assert "元の職場の近く" in two_cases.visit().get(here).text
    seen = two_cases.visit("石井").get(here).text
    assert "元の職場の近く" not in seen
    assert "1件の設定があります" in seen


def test_locking_a_case_takes_it_from_everyone_but_its_staff(two_cases: World) -> None:
    here, assigned, colleague = f"/people/{two_cases.ids['佐倉']}", two_cases.visit("青木"), two_cases.visit("石井")
    version = assigned.get(here).text.split("/lock")[1].split('name="_version" value="')[1].split('"')[0]
    assert assigned.submit(f"{here}/lock", {"locked": "1", "_version": version}).status_code == 303
    assert colleague.get(here).status_code == 404
    assert two_cases.visit("北条").get(here).status_code == 404
    assert assigned.submit(f"{here}/lock", {"locked": "0", "_version": version}).status_code == 409
    assert assigned.submit(f"{here}/lock", {"locked": "0", "_version": str(int(version) + 1)}).status_code == 303
    assert colleague.get(here).status_code == 200
