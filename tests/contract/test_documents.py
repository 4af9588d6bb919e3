"""The documents keep their word: names in them exist, links lead somewhere, decisions are short, notices complete."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
HEADINGS = ("## Context", "## Decision", "## Consequences", "## Alternatives")
LONGEST_DECISION = 40
NAMES_COLUMN = 2
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"[A-Za-z_]\w*")
_FENCE = re.compile(r"^(?:```.*?^```|(?: {4}|\t).*?)$", re.MULTILINE | re.DOTALL)


def names_in_glossary() -> list[str]:
    """Every name of code in the third column of the glossary's tables."""
    rows = [line.split("|")[1:-1] for line in read("docs/glossary.md").splitlines() if line.startswith("|")]
    assert {len(row) for row in rows} == {4}
    return [name for row in rows for code in _CODE.findall(row[NAMES_COLUMN]) for name in _NAME.findall(code)]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def words_of_the_code() -> set[str]:
    return {word for file in (ROOT / "service").rglob("*.py") for word in _NAME.findall(file.read_text(encoding="utf-8"))}


def test_every_name_in_the_glossary_is_a_name_in_the_code() -> None:
    names = names_in_glossary()
    assert len(names) > 50
    assert sorted(set(names) - words_of_the_code()) == []


def test_every_term_of_the_glossary_stands_there_once_with_its_reading() -> None:
    rows = [line.split("|")[1:-1] for line in read("docs/glossary.md").splitlines() if line.startswith("|")]
    terms = [[cell.strip() for cell in row] for row in rows if set(row[0].strip()) != {"-"} and row[0].strip() != "用語"]
    assert [row for row in terms if not all(row)] == []
    assert [row[0] for row in terms if not re.fullmatch(r"[ぁ-ゖァ-ヺー・]+", row[1])] == []
    assert len({row[0] for row in terms}) == len(terms)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_to_a_file(document: Path) -> None:
    links = _LINK.findall(_FENCE.sub("", document.read_text(encoding="utf-8")))
    inside = [link.split("#")[0] for link in links if not link.startswith(("http://", "https://", "#"))]
    assert [link for link in inside if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_is_short_and_has_its_four_headings(record: Path) -> None:
    lines = record.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_DECISION
    assert tuple(line for line in lines if line.startswith("## ")) == HEADINGS


def test_decisions_are_numbered_without_a_gap_and_all_listed() -> None:
    assert [int(record.name[:4]) for record in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = _LINK.findall(read("docs/decisions/README.md"))
    assert listed == [record.name for record in DECISIONS]


def test_the_notice_names_every_file_taken_from_elsewhere_with_version_and_licence() -> None:
    notice = read("NOTICE")
    for entry in json.loads(read("vendor.json")):
        for fact in ("name", "version", "licence"):
            assert entry[fact] in notice, f"{entry['file']}: {entry[fact]}"
        assert Path(entry["file"]).name in notice, entry["file"]


def test_the_notice_names_the_source_of_the_ground_and_what_was_changed() -> None:
    notice = read("NOTICE")
    for fact in ("Geolonia 住所データ", "CC BY 4.0", "国土交通省", "位置参照情報", "Changes made", "全国地方公共団体コード"):
        assert fact in notice


def test_the_readme_is_short_and_japanese_comes_first() -> None:
    lines = read("README.md").splitlines()
    assert len(lines) <= 120
    assert lines[0].startswith("# つなぎ")
    assert next(i for i, line in enumerate(lines) if "動かす" in line) < next(
        i for i, line in enumerate(lines) if "in English" in line
    )


def test_every_sign_in_of_the_demo_stands_in_the_readme() -> None:
    readme = read("README.md")
    for user in json.loads(read("seed/demo/user.json")):
        assert f"`{user['login_name']}`" in readme
