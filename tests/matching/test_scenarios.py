"""The agreed scenarios come out as written, and any other file of the format is read or refused in Japanese."""

import copy
import json
import random
from pathlib import Path

import pytest

from service.matching.bands import Band
from service.matching.scenario_file import ScenarioProblem, read_person
from service.matching.scenarios import describe, run, run_scenarios
from service.matching.verdict import evaluate
from tests.matching.cast import SCENARIOS, TODAY, catalogue, scenarios, vocabulary


def test_every_scenario_equals_what_was_agreed() -> None:
    report = run(SCENARIOS)
    assert report.is_equal, "\n".join(line for line in describe(report).splitlines() if "×" in line)
    assert [result.id for result in report.results] == ["S01", "S02", "S03", "S04", "S05", "S06", "S08"]
    assert [joint.id for joint in report.joint] == ["S07"]
    assert describe(report).splitlines()[-1] == "一致 8／8"


@pytest.mark.parametrize(
    ("who", "fitting"), [("P1", {"A01", "A07"}), ("P2", {"A07"}), ("P3", {"A01", "A12"}), ("P4", {"A12"})]
)
def test_each_of_the_four_people_of_s07_has_the_places_worked_out_by_hand(who: str, fitting: set[str]) -> None:
    facts = read_person(scenarios()["joint"]["S07"]["participants"][who], who, vocabulary())
    verdicts = evaluate(catalogue(), facts, today=TODAY)
    assert {catalogue().ids[place] for place in verdicts.in_band(Band.FITS)} == fitting


def test_s08_with_the_fathers_day_service_rearranged_opens_two_places() -> None:
    participant = {**scenarios()["participants"]["S08"], "windows": "月水 13:00-16:00"}
    verdicts = evaluate(catalogue(), read_person(participant, "S08", vocabulary()), today=TODAY)
    assert {catalogue().ids[place] for place in verdicts.in_band(Band.FITS)} == {"A01", "A12"}


def test_s03_reaches_two_more_places_with_five_more_minutes() -> None:
    participant = {**scenarios()["participants"]["S03"], "max_travel": 35}
    verdicts = evaluate(catalogue(), read_person(participant, "S03", vocabulary()), today=TODAY)
    assert {catalogue().ids[place] for place in verdicts.in_band(Band.FITS)} == {"A06", "A12", "A15"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("S01", "feasible"), ["A01", "A12"]),
        (("S05", "needs_check"), {}),
        (("S01", "excluded", "A03", "reasons"), ["R-TIME", "R-NOISE"]),
        (("S04", "excluded", "A14", "unknown"), []),
        (("S01", "usable_days", "A01"), "月水"),
        (("S02", "relax"), {}),
    ],
)
def test_a_wrong_expectation_of_any_part_is_reported(path: tuple[str, ...], value: object) -> None:
    content = scenarios()
    part = content["expected"]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    report = run_scenarios(content, vocabulary())
    assert not report.is_equal
    assert [result.id for result in report.results if not result.is_equal] == [path[0]]
    assert "期待:" in describe(report)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"hosts": 3}', '{"participants": {"S": 1}}', '{"expected": {"S9": {}}}'])
def test_a_file_that_is_no_scenario_file_is_refused_in_japanese(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.json"
    file.write_text(text, "utf-8")
    with pytest.raises(ScenarioProblem) as problem:
        run(file)
    assert "FORMAT.md" in problem.value.remedy


def test_a_missing_or_misencoded_file_is_refused_in_japanese(tmp_path: Path) -> None:
    with pytest.raises(ScenarioProblem, match="開けません"):
        run(tmp_path / "nowhere.json")
    (tmp_path / "sjis.json").write_bytes('{"hosts": "汐見"}'.encode("cp932"))
    with pytest.raises(ScenarioProblem, match="UTF-8"):
        run(tmp_path / "sjis.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [("slots", "いつでも 9-"), ("noise", 7), ("age", [30, 20]), ("lat", 369.56), ("customer", "maybe"), ("exp", "mental")],
)
def test_a_value_outside_the_format_names_the_host_and_the_key(key: str, value: object) -> None:
    content = scenarios()
    content["hosts"][0][key] = value
    with pytest.raises(ScenarioProblem, match=f"A01.*{key}"):
        run_scenarios(content, vocabulary())


def test_keys_left_out_or_null_never_break_a_run_and_mean_the_same() -> None:
    dice = random.Random(3)
    for _ in range(12):
        nulled, absent = scenarios(), scenarios()
        for hosts in zip(nulled["hosts"], absent["hosts"], strict=True):
            for key in [key for key in hosts[0] if key != "id" and dice.random() < 0.4]:
                hosts[0][key] = None
                del hosts[1][key]
        for id_, participant in nulled["participants"].items():
            for key in [key for key in participant if dice.random() < 0.3]:
                participant[key] = None
                del absent["participants"][id_][key]
        results = [run_scenarios(content, vocabulary()).results for content in (nulled, absent)]
        assert [[line.got for line in r.lines] for r in results[0]] == [[line.got for line in r.lines] for r in results[1]]


def test_a_host_without_any_value_needs_checking_and_is_never_excluded() -> None:
    content = copy.deepcopy(scenarios())
    content["hosts"] = [{"id": "B01"}]
    report = run_scenarios(content, vocabulary())
    assert {line.got.band for result in report.results for line in result.lines if line.host == "B01"} == {"要確認"}


def test_the_kept_copy_is_a_plain_json_object() -> None:
    assert {"hosts", "participants", "expected", "joint"} <= set(json.loads(SCENARIOS.read_text("utf-8")))
