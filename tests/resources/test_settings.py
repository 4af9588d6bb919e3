"""設定: the vocabulary in a town's own words, in versions, and a new condition without a line of code."""

from collections.abc import Mapping
from typing import Any

import pytest

from service.resources.vocabulary import current_vocabulary, history_of
from tests.cast import World

PARKING = {
    "label": "駐車場", "key": "parking", "code": "R-PARKING", "section": "place", "kind": "needs_value", "person_type": "flag",
    "host_type": "flag", "ok": "はい", "strength": "wish", "question": "駐車場はありますか", "reason": "駐車場がありません",
    "negotiable": "1",
}  # fmt: skip


def version_of(world: World, key: str) -> str:
    """The seq of the entry in force."""
    with world.reading() as session:
        return str(history_of(session, key)[0].seq)


def save(world: World, key: str, more: Mapping[str, Any], version: str | None = None, who: str = "北条") -> Any:
    """北条 saves an attribute as it stands but for `more`."""
    with world.reading() as session:
        a = current_vocabulary(session)[key]
    data = {"label": a.label, "strength": str(a.strength), "order": str(a.order), "question": a.question, "ask_person": a.ask_person,
            "reason": a.reason, "need_text": a.need_text, "fit_text": a.fit_text, "sounding": a.sounding,
            "person_hint": a.person.hint, "host_hint": a.host.hint}  # fmt: skip
    data |= {name: "1" for name in ("suggestable", "negotiable", "core") if getattr(a, name)}
    with world.visit(who) as browser:
        form = {**data, **more, "_version": version or version_of(world, key)}
        return browser.submit(
            f"/settings/vocabulary/{key}", {name: value for name, value in form.items() if value is not None}
        )


def test_a_new_condition_appears_on_the_host_form_and_in_the_export(town_with_a_case: World) -> None:
    with town_with_a_case.visit("北条") as browser:
        assert browser.submit("/settings/vocabulary/new", PARKING).status_code == 303
    host_id = town_with_a_case.ids["海の台所"]
    with town_with_a_case.visit() as browser:
        path = f"/hosts/{host_id}/conditions"
        form = browser.get(path).text
        browser.submit(path, {"was-parking": "[null, false, false]", "a-parking": "yes", "n-parking": "1"})
        card, export = browser.get(f"/hosts/{host_id}").text, browser.get("/hosts/export.csv").content.decode("utf-8-sig")
        detail = browser.get(f"/api/v1/hosts/{host_id}").json()
    assert "駐車場はありますか" in form
    assert 'name="n-parking"' in form
    assert "駐車場" in card
    assert "駐車場" in export.splitlines()[0]
    assert "はい" in export.splitlines()[1]
    assert detail["conditions"][0]["values"]["parking"] is True


def test_an_edit_is_a_new_version_and_says_who_when_and_what(world: World) -> None:
    assert save(world, "noise", {"label": "音の大きさ", "h-quiet": "とても静か"}).status_code == 303
    with world.reading() as session:
        attribute = current_vocabulary(session)["noise"]
        assert len(history_of(session, "noise")) == 2
    assert (attribute.label, attribute.host.label("quiet")) == ("音の大きさ", "とても静か")
    with world.visit("北条") as browser:
        page, listing = browser.get("/settings/vocabulary/noise").text, browser.get("/settings").text
    assert "にぎやかさ → 音の大きさ" in page
    assert "北条" in listing
    assert "うち 1項目" in listing


def test_saving_what_is_there_makes_no_version(world: World) -> None:
    assert save(world, "noise", {}).headers["location"].endswith("done=nothing-to-save")
    with world.reading() as session:
        assert len(history_of(session, "noise")) == 1


def test_two_people_editing_one_word_get_both_versions(world: World) -> None:
    seen = version_of(world, "noise")
    save(world, "noise", {"label": "音の大きさ"}, seen)
    late = save(world, "noise", {"label": "静けさ"}, seen, who="遠野")
    assert late.status_code == 409
    assert "音の大きさ" in late.text
    assert "静けさ" in late.text


@pytest.mark.parametrize("key", ["smoke", "physical", "toilet", "status"])
def test_safety_and_gates_are_never_suggested_to_be_dropped(world: World, key: str) -> None:
    answer = save(world, key, {"suggestable": "1"})
    assert answer.status_code == 422
    assert "見直しの候補に出せません" in answer.text


def test_a_gate_keeps_its_strength(world: World) -> None:
    save(world, "status", {"strength": "nice", "label": "受け入れ状況"})
    with world.reading() as session:
        assert str(current_vocabulary(session)["status"].strength) == "gate"


def test_the_short_assessment_has_no_twenty_first_field(world: World) -> None:
    assert "20項目まで" in save(world, "light", {"core": "1"}).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"key": "noise"}, "使われています"),
        ({"key": "Ｐ"}, "項目の名前が使えません"),
        ({"code": "parking"}, "理由の番号が使えません"),
        ({"code": "R-SMOKE", "suggestable": "1"}, "見直しの候補に出せません"),
        ({"kind": "at_most"}, "組み合わせが使えません"),
        ({"host_type": "choice", "ok": "あり"}, "選択肢"),
        ({"reason": "{p"}, "閉じていません"),
        ({"reason": ""}, "合わないときに示す文"),
        ({"kind": "open"}, "くらべ方"),
        ({"section": "nowhere"}, "見出し"),
    ],
)
def test_a_condition_that_cannot_work_is_refused_and_stays_typed(world: World, typed: Mapping[str, str], said: str) -> None:
    with world.visit("北条") as browser:
        answer = browser.submit("/settings/vocabulary/new", {**PARKING, **typed, "fit_text": "ここは残る"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "ここは残る" in answer.text
    with world.reading() as session:
        assert "parking" not in current_vocabulary(session)


def test_a_condition_with_choices_of_its_own(world: World) -> None:
    more = {"host_type": "choice", "choices": "none なし\nfew 少し\nあり", "ok": "少し、あり", "_once": "k"}
    with world.visit("北条") as browser:
        first, again = (browser.submit("/settings/vocabulary/new", {**PARKING, **more}) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    with world.reading() as session:
        attribute = current_vocabulary(session)["parking"]
    assert attribute.ok == ("few", "c3")


def test_a_coordinator_reads_the_settings_and_may_not_change_them(world: World) -> None:
    with world.visit() as browser:
        assert "見るだけの画面です" in browser.get("/settings/vocabulary/noise").text
    assert save(world, "noise", {"label": "x"}, who="青木").status_code == 403


@pytest.mark.parametrize("key", ["nothing", "a" * 300, "..%2f"])
def test_an_unknown_condition_is_not_found(world: World, key: str) -> None:
    with world.visit("北条") as browser:
        assert browser.get(f"/settings/vocabulary/{key}").status_code == 404
