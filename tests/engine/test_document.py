"""The examples of docs/matching-model.md do what the text says of them, and it names every field there is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from service.cli import main
from service.matching.engine import verify
from service.matching.engine.search.greedy import greedy
from service.matching.engine.settings import Term
from service.matching.engine.stored.file import OF_THE_FILE, read, read_settings
from service.matching.engine.stored.names import FIELDS
from tests.engine.towns import said

CHAPTER = (
    Path(__file__).parents[2].joinpath("docs/matching-model.md").read_text("utf-8").split("## 5. 合同照合のファイル")[1]
)
EXAMPLES = re.findall(r"### 例：(.*?)\n.*?```json\n(.*?)```.*?```text\n(.*?)```", CHAPTER, re.DOTALL)
each_example = pytest.mark.parametrize(
    ("text", "answer"), [example[1:] for example in EXAMPLES], ids=[each[0] for each in EXAMPLES]
)


def test_there_is_an_example_of_each_kind() -> None:
    assert [name for name, _, _ in EXAMPLES] == ["参加支援", "重さのある割り当て（一般化割当問題）"]


@each_example
def test_the_example_is_solved_to_what_stands_below_it(
    text: str, answer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "例.json").write_text(text, "utf-8")
    assert main(["solve", str(tmp_path / "例.json")]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[: len(answer.splitlines())] == answer.splitlines()
    assert "最適と証明されています" in printed[-1]


def test_who_takes_the_best_fit_first_leaves_somebody_out() -> None:
    """What the text says of the first example: the greedy order by fit places two of the three."""
    problem, asked = read(json.loads(EXAMPLES[0][1])), read_settings(json.loads(EXAMPLES[0][1]))
    plan = greedy(problem, asked, by="fit")
    assert ("北原", "波止場") in said(plan, problem)
    assert verify.attained(problem, asked, plan)[Term.PLACED] == 2


def test_the_text_names_every_field_and_every_term() -> None:
    named = set(re.findall(r"`([^`]+)`", CHAPTER)) | {
        name for pair in re.findall(r"`([\w]+)`・`([\w]+)`", CHAPTER) for name in pair
    }
    fields: set[Any] = {*OF_THE_FILE, *(table for table in FIELDS if table != "slots")}
    fields |= {field for listed in FIELDS.values() for field in listed} | set(map(str, Term))
    assert fields - named == set()
