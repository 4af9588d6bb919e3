"""`tsunagi solve`, as somebody types it: what it prints where, and the number it ends with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.cli import main
from service.commands import solving
from service.matching.engine.settings import WEIGHED, Settings
from service.matching.engine.solution import Attained, Plan, Solution
from service.matching.engine.stored.file import write
from tests.engine.towns import made_up

TOWN: dict[str, Any] = {
    "people": [{"id": "P"}, {"id": "Q", "demand": 1}],
    "openings": [
        {
            "id": "A",
            "free": 1,
            "slots": [{"day": "月", "start": "9:00", "end": "11:00"}, {"day": "火", "start": "9:00", "end": "11:00"}],
        },
        {"id": "B"},
    ],
    "pairs": [{"person": "P", "opening": "A", "slots": [1]}, {"person": "Q", "opening": "B"}],
}
Stored = Callable[[Any], str]


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """Puts a town into a file and answers its name."""

    def put(file: Any) -> str:
        (tmp_path / "town.json").write_text(json.dumps(file, ensure_ascii=False), "utf-8")
        return str(tmp_path / "town.json")

    return put


def test_the_answer_is_json_alone_and_progress_goes_elsewhere(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", stored(TOWN), "--json"]) == 0
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert list(answer) == ["plan", "levels", "proven", "seconds", "engine"]
    assert answer["plan"] == [
        {"person": "P", "opening": "A", "slot": 1, "half": 2},
        {"person": "Q", "opening": "B", "slot": 0, "half": 1},
    ]
    assert answer["levels"][0] == {"name": "場所がある人の数", "value": 2, "bound": 2, "gap": 0}
    assert answer["proven"] is True
    assert "はじめの案" in said.err


def test_in_words_each_line_says_who_where_when_and_how_often(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", stored(TOWN), "--seconds", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["P\tA\t火 9:00–11:00\t毎週", "Q\tB\t曜日なし\t隔週"]
    assert lines[-1].startswith("2人のうち2人に場所があります。最適と証明されています")


@pytest.mark.parametrize("seed", range(4))
def test_a_made_up_town_as_one_weighted_sum_is_solved_from_its_file(
    seed: int, stored: Stored, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(made_up(seed, frozenset({"free", "places", "kept"})), Settings(levels=WEIGHED))
    assert main(["solve", stored(file), "--json"]) == 0
    (level,) = json.loads(capsys.readouterr().out)["levels"]
    assert level["value"] <= level["bound"] + 1e-6


def test_a_town_of_nobody_is_solved_to_nothing(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", stored({"people": [], "openings": [], "pairs": []}), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"] == []


def test_a_wrong_file_is_refused_with_its_row_and_nothing_is_printed(
    stored: Stored, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", stored(TOWN | {"pairs": [{"person": "X", "opening": "A"}]}), "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "pairs の1行目（X・A）の「person」" in said.err


def test_contradictory_pins_are_refused_by_name_with_the_rule(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [{"person": "P", "opening": "A"}, {"person": "Q", "opening": "A"}]
    assert main(["solve", stored(TOWN | {"pairs": pairs, "forced": pairs})]) == 1
    said = capsys.readouterr().err
    assert "P→A、Q→A（枠の空き）" in said
    assert "外してください" in said


def test_a_kept_place_in_the_way_is_named_as_such(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    pin = {"person": "P", "opening": "A"}
    kept = [{"person": "P", "opening": "B"}]
    assert main(["solve", stored(TOWN | {"forced": [pin], "kept": kept})]) == 1
    assert "P→A と 今の場所 P→B（本人の今の量）" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_time_that_is_none_is_refused(seconds: str, stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", stored(TOWN), f"--seconds={seconds}"]) == 1
    assert "--seconds" in capsys.readouterr().err


def test_a_command_typed_wrongly_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["solve"])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_plan_that_fails_its_check_is_not_shown(
    stored: Stored, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine with a planted fault: it sends P to a session that does not suit them."""
    wrong = Plan(np.array([0], np.int32), np.array([0], np.int32), np.array([2], np.int32))
    faulty = Solution(wrong, (Attained("", 1, 1),), True, "", 0.0)
    monkeypatch.setattr(solving, "solve", lambda *_, **__: faulty)
    assert main(["solve", stored(TOWN), "--json"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "検査に通りません" in said.err
    assert "行ける曜日の枠" in said.err
