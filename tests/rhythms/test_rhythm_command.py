"""`tsunagi rhythm`, as somebody types it."""

import json
from pathlib import Path

import pytest

from service.cli import main
from tests.towns import Ground

S08 = ["--anchor", "placement_start=2026-06-22", "--anchor", "plan_start=2026-06-22", "--attends", "月水"]


@pytest.fixture(scope="module")
def folder(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("rhythm")
    ground.prepare(made)
    return made


@pytest.fixture(autouse=True)
def in_the_town(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGI_DATA", str(folder))


def rows(capsys: pytest.CaptureFixture[str], *typed: str) -> list[dict[str, str]]:
    assert main(["rhythm", *typed, "--json"]) == 0
    return list(json.loads(capsys.readouterr().out))


def test_the_scenario_with_its_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, *S08, "--until", "2026-12-31")
    assert [(each["kind"], each["raw_on"], each["on"], each["reason"]) for each in found] == [
        ("phone", "2026-06-29", "2026-06-29", ""),
        ("host_visit", "2026-07-06", "2026-07-06", ""),
        ("visit_and_interview", "2026-07-22", "2026-07-22", ""),
        ("visit_and_interview", "2026-08-22", "2026-08-24", "土曜・日曜のため 8/22→8/24"),
        ("monitoring", "2026-09-22", "2026-09-24", "国民の休日・秋分の日のため 9/22→9/24"),
        (
            "visit_and_interview",
            "2026-09-22",
            "2026-09-28",
            "国民の休日・秋分の日のため、通う日（月水）に合わせて 9/22→9/28",
        ),
        ("review_meeting", "2026-12-22", "2026-12-22", ""),
        ("visit_and_interview", "2026-12-22", "2026-12-23", "通う日（月水）に合わせて 12/22→12/23"),
    ]


def test_after_closing_only_the_contacts_remain(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, *S08, "--anchor", "closed=令和8年12月22日", "--until", "R9.12.22")
    assert [each["on"] for each in found if each["on"] > "2026-12-22"] == [
        "2027-01-22",
        "2027-03-23",
        "2027-06-22",
        "2027-12-22",
    ]


def test_until_is_inclusive_on_the_computed_day(capsys: pytest.CaptureFixture[str]) -> None:
    start = ["--anchor", "placement_start=2026-06-22", "--attends", "月水"]
    assert rows(capsys, *start, "--until", "2026-08-22")[-1]["on"] == "2026-08-24"
    assert rows(capsys, *start, "--until", "2026-08-21")[-1]["on"] == "2026-07-22"


def test_without_json_it_is_read_by_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rhythm", *S08, "--until", "2026-09-30"]) == 0
    assert "令和8年9月24日(木)　モニタリング　国民の休日・秋分の日のため 9/22→9/24" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([], "起点の日がありません"),
        (["--anchor", "birthday=2026-06-22"], "使えるのは placement_start"),
        (["--anchor", "placement_start=6月のはじめ"], "日付として読めません"),
        (["--anchor", "placement_start=2026-06-22", "--attends", "火星"], "曜日として読めません"),
        (["--anchor", "placement_start=2026-06-22", "--attends", "日"], "開いている日がありません"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(capsys: pytest.CaptureFixture[str], typed: list[str], said: str) -> None:
    assert main(["rhythm", *typed]) == 1
    assert said in capsys.readouterr().err
