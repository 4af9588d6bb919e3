"""A town adds a condition of its own by a form, and finds it everywhere a condition stands — without a line of code."""

from tests.cast import World

PARKING = {
    "label": "駐車場",
    "key": "parking",
    "code": "R-PARKING",
    "section": "place",
    "kind": "needs_value",
    "person_type": "flag",
    "host_type": "flag",
    "ok": "yes",
    "strength": "hard",
    "suggestable": "y",
    "question": "車をとめる場所はありますか",
    "ask_person": "車で来ますか",
    "reason": "車をとめる場所がありません",
    "need_text": "駐車場がある",
    "fit_text": "車をとめられる",
    "sounding": "車で伺います",
}


def test_a_condition_added_by_form_is_on_the_forms_in_the_search_the_reasons_the_script_and_the_export(
    town_with_a_case: World,
) -> None:
    world = town_with_a_case
    person, host, opening = (world.ids[name] for name in ("佐倉", "海の台所", "枠"))
    assert world.visit("北条").submit("/settings/vocabulary/new", PARKING).status_code == 303
    visitor = world.visit()
    assert "駐車場" in visitor.get(f"/people/{person}/assessment").text
    assert "駐車場" in visitor.get(f"/hosts/{host}/conditions").text
    saved = visitor.submit(
        f"/people/{person}/assessment/parking", {"a-parking": "yes", "s-parking": "hard", "v-parking": "0"}
    )
    assert saved.status_code == 200
    asked = visitor.get(f"/people/{person}/match?band=ask").text
    assert "車をとめる場所はありますか" in asked
    assert "駐車場がある" in asked
    answer = {"a-parking": "no", "answered_by": "店長"}
    assert visitor.submit(f"/people/{person}/match/phone/{opening}", answer).status_code == 303
    assert "車をとめる場所がありません" in visitor.get(f"/people/{person}/match?band=no").text
    verdict = visitor.get(f"/api/v1/people/{person}/match").json()
    assert [f["code"] for f in verdict["places"][0]["reasons"]] == ["R-PARKING"]
    assert verdict["relaxations"][0]["code"] == "R-PARKING"
    assert "車で伺います" in visitor.get(f"/people/{person}/match/sounding").text
    export = visitor.get("/hosts/export.csv").content.decode("utf-8-sig")
    header, row = export.splitlines()[:2]
    assert row.split(",")[header.split(",").index("駐車場")] == "いいえ"
