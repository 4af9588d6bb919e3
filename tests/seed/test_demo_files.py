"""The files of the demo city: made from the manuscript byte for byte, rich enough, and right by the vocabulary."""

import json
import re
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from seed.demo.drawing import GEOGRAPHY, REFERENCE
from seed.demo.people import birthday
from seed.demo.places import KNOWN_SHARES
from seed.make_demo import DEMO, make_tables, write_tables
from service.cases.consent import METHOD_LABELS, SCOPE_LABELS, STATE_LABELS, WAIVED
from service.cases.sharing import HOST_SHARE
from service.followup.closing.keeping import CONTACT
from service.followup.placements.ladder import Step
from service.followup.placements.ladders import seed_ladder
from service.kernel.geo.towns import BoundingBox, TownTable
from service.kernel.vocab import Side, SideType, Strength, check_value, load_vocabulary
from service.resources.interchange.drafts import HOST_KINDS
from service.resources.words import ASSESSED, HOST_STATUS, OPENING_STATUS, PRECISION

TABLES = [
    "user", "resource_gap", "host", "site", "opening", "opening_slot", "condition", "host_person", "remark",
    "host_assessment", "household", "support_case", "stand_in", "person", "consent", "need", "avoid_rule", "travel_time",
    "joint_setting", "avoid_pair", "placement", "placement_session", "host_member", "sounding",
    "placement_move", "offer", "contact_with_both", "host_word", "agency", "resource_development",
    "referral", "referral_step", "screening", "advice_record", "progress_note", "feedback", "support_plan", "plan_goal",
    "plan_task", "evaluation", "after_care", "follow_up", "visit", "meeting_series", "meeting", "meeting_seat",
    "secrecy_acknowledgement", "agenda_item", "action_item",
]  # fmt: skip
KINDS_OF_HOUSEHOLD = {
    "S02": "8050", "S03": "ヤングケアラー", "S01": "ひきこもり（20代）", "P01": "ひきこもり（40代）", "S06": "DV避難",
    "S04": "車いす", "S05": "化学物質過敏", "P02": "ひとり暮らし高齢", "P03": "外国ルーツ", "P04": "高次脳機能障害",
    "P05": "認知症の母と同居", "P06": "ひとり親", "P07": "不登校", "P08": "若年性認知症", "P09": "こころの不調からの回復",
    "P10": "出所後",
}  # fmt: skip


@lru_cache
def rows(table: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((DEMO / f"{table}.json").read_text("utf-8"))
    return read


def test_the_committed_files_are_what_the_manuscript_makes(tmp_path: Path) -> None:
    write_tables(make_tables(), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in DEMO.glob("*.json"))
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (DEMO / file.name).read_bytes(), f"{file.name}: python -m seed.make_demo で作り直す"


def test_the_town_is_as_large_as_a_demo_has_to_be() -> None:
    assert len(rows("host")) >= 60
    assert len(rows("opening")) >= 120
    assert len(rows("household")) >= 20
    assert len(rows("person")) >= 30


@pytest.mark.parametrize("table", TABLES)
def test_no_two_rows_share_a_key(table: str) -> None:
    keys = [row["id"] for row in rows(table)]
    assert keys
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("table", "column"), [("host", "name"), ("host", "kana"), ("host", "description")])
def test_every_host_has_words_of_its_own(table: str, column: str) -> None:
    said = [row[column] for row in rows(table)]
    assert all(said)
    assert len(said) == len(set(said))


def test_every_opening_has_words_of_its_own() -> None:
    said = [row["activity"] for row in rows("opening")]
    assert all(said)
    assert len(said) == len(set(said))


def test_every_kind_of_place_and_every_activity_is_found_in_town() -> None:
    assert set(HOST_KINDS) - {"other"} == {row["kind"] for row in rows("host")}
    tags = {tag for row in rows("opening") for tag in row["activity_tags"]}
    assert tags == {choice.key for choice in load_vocabulary().activities}


def stored(side: Side, value: Any) -> Any:
    checked = check_value(side, value)
    return json.loads(json.dumps(checked))


def test_every_answer_of_a_host_is_one_the_vocabulary_knows() -> None:
    vocabulary = load_vocabulary()
    for row in rows("condition"):
        attribute = vocabulary[row["attribute"]]
        assert stored(attribute.host, row["value"]) == row["value"], row["id"]
        assert attribute.negotiable or not row.get("negotiable"), row["id"]


def test_every_need_of_a_person_is_one_the_vocabulary_knows() -> None:
    vocabulary = load_vocabulary()
    for row in rows("need"):
        attribute = vocabulary[row["attribute"]]
        assert attribute.person.type is not SideType.NONE, row["id"]
        assert stored(attribute.person, row.get("value")) == row.get("value"), row["id"]
        assert Strength(row["strength"]) is not Strength.GATE


def answered_by_host() -> dict[str, set[str]]:
    """Which attributes are answered for the whole of each host; activity tags answer the interests."""
    answered: dict[str, set[str]] = defaultdict(set)
    for row in rows("condition"):
        if not row.keys() & {"site_id", "opening_id"}:
            answered[row["host_id"]].add(row["attribute"])
    return answered


def test_every_attribute_of_a_host_is_known_somewhere_and_unknown_somewhere() -> None:
    known = Counter(attribute for answered in answered_by_host().values() for attribute in answered)
    for attribute in load_vocabulary().asked_of_host:
        if attribute.key == "interests":
            continue  # the tags of an opening answer it
        assert 0 < known[attribute.key] < len(rows("host")), attribute.key


def test_every_question_to_a_person_has_an_answer_somewhere() -> None:
    asked = {row["attribute"] for row in rows("need")}
    assert {attribute.key for attribute in load_vocabulary().asked_of_person} == asked


def test_about_half_of_what_could_be_known_of_the_hosts_is_unknown() -> None:
    attributes = len(load_vocabulary().asked_of_host)
    shares = [len(answered_by_host()[row["id"]]) / attributes for row in rows("host")]
    assert 0.4 < sum(shares) / len(shares) < 0.6
    assert min(shares) < 0.15
    assert max(shares) > 0.75
    assert set(KNOWN_SHARES) == {"full", "most", "some", "little"}


def test_conditions_stand_on_hosts_on_sites_and_on_openings() -> None:
    assert any("site_id" in row for row in rows("condition"))
    assert any("opening_id" in row for row in rows("condition"))


def test_openings_are_fresh_aging_stale_and_never_confirmed() -> None:
    days = [-row["confirmed_on"] if "confirmed_on" in row else None for row in rows("opening")]
    assert None in days
    known = [day for day in days if day is not None]
    assert min(known) >= 0
    assert [any(low <= day < high for day in known) for low, high in ((0, 61), (61, 91), (91, 999))] == [True] * 3


def test_some_places_rest_and_say_why() -> None:
    paused = [row for row in rows("opening") + rows("host") if row.get("status") == "paused"]
    assert len(paused) >= 4
    assert all(row["pause_reason"] for row in paused)
    assert any("paused_until" not in row for row in paused)
    assert all(row.get("paused_until", 1) > 0 for row in paused)


def test_some_hours_fall_on_weeks_of_the_month_or_on_single_dates() -> None:
    weeks = [tuple(row["nth"]) for row in rows("opening_slot")]
    assert (2,) in weeks
    assert any(len(week) > 1 for week in weeks)
    assert any(row.get("dates") for row in rows("opening"))


def test_every_place_lies_inside_the_town() -> None:
    towns = TownTable.load([GEOGRAPHY]).towns
    box = BoundingBox.around([(town.lat, town.lon) for town in towns], margin_km=0.3)
    spots = [row for table in ("site", "person", "avoid_rule") for row in rows(table) if "lat" in row]
    assert all(box.holds(row["lat"], row["lon"]) for row in spots)
    assert sum("lat" not in row for row in rows("site")) >= 3
    assert sum(count > 1 for count in Counter(row["host_id"] for row in rows("site")).values()) >= 5


def test_every_address_names_a_town_of_the_geography() -> None:
    names = sorted((town.town for town in TownTable.load([GEOGRAPHY]).towns), key=len, reverse=True)
    for row in rows("site"):
        if "address" in row:
            assert any(row["address"].startswith(f"汐見市{name}") for name in names), row["address"]


def test_words_for_states_are_those_of_the_pages() -> None:
    assert {row["status"] for row in rows("host")} == set(HOST_STATUS) - {"assessed"}
    assert {row.get("status", "open") for row in rows("opening")} <= set(OPENING_STATUS)
    assert {row["coordinate_level"] for row in rows("site")} <= {*PRECISION, ""}
    assert all(set(row["facts"]) == set(ASSESSED) for row in rows("host_assessment"))


@pytest.mark.parametrize(("household", "kind"), sorted(KINDS_OF_HOUSEHOLD.items()))
def test_every_kind_of_household_lives_in_town(household: str, kind: str) -> None:
    principals = {row["household_id"]: row for row in rows("person") if row.get("principal")}
    assert len(principals[household]["situation"]) > 30, kind


def test_consents_stand_in_every_state() -> None:
    consents = rows("consent")
    assert {row["state"] for row in consents} | {WAIVED} == set(STATE_LABELS)
    assert {row["method"] for row in consents if "method" in row} == set(METHOD_LABELS)
    assert {row["scope"] for row in consents} == {*SCOPE_LABELS, HOST_SHARE, CONTACT}
    without = {row["id"] for row in rows("support_case")} - {row["person_id"] for row in consents}
    assert without, "someone whom nobody has asked"


def test_assessments_stand_at_every_stage() -> None:
    count = Counter(row["person_id"] for row in rows("need"))
    core = {attribute.key for attribute in load_vocabulary().core}
    answered = Counter(row["person_id"] for row in rows("need") if row["attribute"] in core)
    principals = [row["id"] for row in rows("person") if row.get("principal")]
    assert sum(count[key] == 0 for key in principals) >= 2
    assert sum(0 < answered[key] <= 4 for key in principals) >= 4
    assert max(count.values()) >= 20


def test_the_locked_case_gives_away_neither_address_nor_district() -> None:
    locked = [row["household_id"] for row in rows("support_case") if row.get("locked")]
    assert locked == ["S06"]
    assert next(row for row in rows("support_case") if row["id"] == "S06")["assigned_id"] == "aoki"
    assert "district" not in next(row for row in rows("household") if row["id"] == "S06")
    assert not any("汐見市" in row["address"] for row in rows("person") if row["household_id"] == "S06")


def test_both_coordinators_have_cases() -> None:
    cases = Counter(row["assigned_id"] for row in rows("support_case"))
    assert set(cases) == {"aoki", "ishii"}
    assert min(cases.values()) >= 10


def test_telephones_and_addresses_of_the_net_lead_nowhere() -> None:
    for table in ("host", "person"):
        for row in rows(table):
            assert re.fullmatch(r"0467-00-\d{4}", row.get("phone", "0467-00-0000"))
            assert row.get("email", ".example").endswith(".example")
            assert ".example" in row.get("url", ".example")


def test_no_place_carries_the_name_of_the_real_city() -> None:
    real_towns = "鎌倉山|西鎌倉"
    for table in ("host", "opening", "site", "household", "person", "support_case", "remark"):
        for row in rows(table):
            text = re.sub(real_towns, "", json.dumps(row, ensure_ascii=False))
            assert not re.search("鎌倉|神奈川|江ノ島|江の島|湘南|Libero", text), row["id"]


def test_an_age_is_kept_rather_than_a_birth_date() -> None:
    assert birthday(REFERENCE.replace(year=2002)) == {"age": 24, "birthday": 0}
    assert birthday(REFERENCE.replace(year=2002, day=25)) == {"age": 23, "birthday": -364}


def test_placements_stand_on_every_step_of_the_ladder_and_each_way_is_one_the_ladder_has() -> None:
    ladder = seed_ladder()
    placements = {row["id"]: row for row in rows("placement")}
    assert {row["step"] for row in placements.values()} == {*Step}
    moves: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows("placement_move"):
        moves[row["placement_id"]].append(row)
    for key, way in moves.items():
        assert [row["at"] for row in way] == sorted({row["at"] for row in way}), key
        assert [row["from_step"] for row in way[1:]] == [row["to_step"] for row in way[:-1]], key
        assert all(row["to_step"] in ladder.moves_from(row["from_step"]) for row in way), key
        assert (way[-1]["to_step"], way[-1]["at"]) == (placements[key]["step"], placements[key]["since"]), key


def test_nobody_attends_before_the_host_may_know_and_both_sides_are_asked_before_it_is_called_settled() -> None:
    opened = {row["id"]: row["host_id"] for row in rows("opening")}
    told = {(row["person_id"], row.get("host_id")): row["decided_on"] for row in rows("consent") if "items" in row}
    talks: dict[str, list[int]] = defaultdict(list)
    for row in rows("contact_with_both"):
        talks[row["placement_id"]].append(row["done_on"])
    placements = {row["id"]: row for row in rows("placement")}
    for move in rows("placement_move"):
        placement = placements[move["placement_id"]]
        if move["to_step"] == Step.VISIT:
            assert told[placement["person_id"], opened[placement["opening_id"]]] <= move["at"], placement["id"]
        if move["to_step"] == Step.STABLE:
            days = [day for day in talks[placement["id"]] if day <= move["at"]]
            assert max(days) - min(days) >= seed_ladder().contacts_apart_days, placement["id"]
    assert min(row.get("started_on", 0) for row in placements.values()) < -180


def test_no_opening_of_the_demo_has_promised_more_places_than_it_has() -> None:
    free = {row["id"]: row.get("free") for row in rows("opening")}
    promised = Counter(row["opening_id"] for row in rows("placement") if row["step"] in ("offered", "visit", "trial"))
    assert promised
    assert all(free[key] is None or count <= free[key] for key, count in promised.items())
