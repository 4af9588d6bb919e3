"""The command line, as somebody types it."""

import json
from pathlib import Path

import pytest

from seed.load_demo import demo_id
from service.cli import main
from tests.towns import Ground

SCENARIOS = Path(__file__).parent.parent / "scenarios" / "scenarios.json"


@pytest.fixture(scope="module")
def demo_folder(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    ground.prepare(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TSUNAGI_DATA", str(folder))
        assert main(["setup", "--demo"]) == 0
    return folder


@pytest.fixture(autouse=True)
def in_the_demo_town(demo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGI_DATA", str(demo_folder))


def test_setting_up_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup", "--demo"]) == 0
    assert "入れました" not in capsys.readouterr().out


def test_a_match_on_the_command_line_is_json_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", demo_id("person", "S01"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert sum(result["counts"].values()) == len(result["places"]) >= 120
    names = {place["host_name"]: place["band"] for place in result["places"]}
    assert names["みんなの居場所 ひなた"] == "適合"


def test_a_match_is_found_by_the_case_number_too_and_the_look_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "R8-009"]) == 0
    assert "適合" in capsys.readouterr().out
    assert main(["audit", "verify"]) == 0


def test_a_locked_case_or_an_unknown_one_is_refused_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    for person in (demo_id("person", "S06"), "R9-999"):
        assert main(["match", person]) == 1
        assert "見つかりませんでした" in capsys.readouterr().err


def test_scenarios_need_no_town_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TSUNAGI_DATA", str(tmp_path / "none"))
    assert main(["scenarios", str(SCENARIOS)]) == 0
    assert "一致 8／8" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


def test_a_broken_scenario_makes_the_command_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(SCENARIOS.read_text())
    data["expected"]["S01"]["feasible"].remove("A01")
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(data))
    assert main(["scenarios", str(broken)]) == 1
    assert main(["scenarios", str(tmp_path / "absent.json")]) == 1
