"""The table of what is asked for: thirty-four rows, and every page, command and test it names is really there."""

import ast
import re
from pathlib import Path

import pytest

from service.app import build_app
from service.cli import RUNS
from tests.cast import World

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "requirements.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.read_text("utf-8").splitlines()
    if re.match(r"\| \d+ \|", line)
]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_table_has_every_row_once() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 35))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_row_names_a_test_that_is_there(row: list[str]) -> None:
    tests = named(row[4])
    assert tests
    for each in tests:
        file, _, name = each.partition("::")
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, each


def test_every_page_and_command_it_names_is_there(world: World) -> None:
    pages = {re.sub(r":\w+}", "}", path) for route in build_app(world.settings).routes for path in [route.path]}
    for row in ROWS:
        assert named(row[3]), row[0]
        for each in named(row[3]):
            is_there = each.removeprefix("tsunagi ") in RUNS if each.startswith("tsunagi ") else each in pages
            assert is_there, (row[0], each)


def test_what_is_only_partly_there_says_what_is_missing() -> None:
    for row in ROWS:
        assert row[5] == "できる" or re.fullmatch(r"一部：.+(まだ)", row[5]), row[0]
