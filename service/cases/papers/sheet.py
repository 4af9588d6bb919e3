"""インテーク・アセスメントシート, short or in the ministry's order: which field stands where is data (sheets.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from service.cases.papers.known import Known
from service.cases.referrals.troubles import TROUBLES
from service.kernel.vocab import SEED_FOLDER
from service.web.print.document import Block, Check, Checks, Document, Fact, Facts, NewPage, Rows, rows_or_blank
from service.web.print.sheets import Letterhead

INTAKE, NATIONAL = "intake", "national"
_OPTIONS: Final = {"troubles": TROUBLES}
"""Lists of boxes that stand elsewhere already."""


def sheet_paper(key: str, known: Known, head: Letterhead) -> Document:
    """One sheet with what is known filled in; everything else is a blank to write in."""
    sheet = sheets()[key]
    return Document(head, tuple(_BLOCKS[block["kind"]](block, known) for block in sheet["block"]), sheet["intro"])


@cache
def sheets() -> Mapping[str, Mapping[str, Any]]:
    """The sheets shipped, by their key."""
    rows = tomllib.loads((SEED_FOLDER / "sheets.toml").read_text("utf-8"))["sheet"]
    return {row["key"]: row for row in rows}


def _facts(block: Mapping[str, Any], known: Known) -> Block:
    facts = (
        Fact(row["label"], _said(row["from"], known), row.get("wide", False), row.get("must", False), row.get("lines", 1))
        for row in block["fields"]
    )
    return Facts(tuple(facts), block.get("title", ""))


def _said(fields: str | list[str], known: Known) -> str:
    names = [fields] if isinstance(fields, str) else fields
    return "　".join(filter(None, (known.text(name) for name in names)))


def _checks(block: Mapping[str, Any], known: Known) -> Block:
    options, ticked = block["options"], known.ticks.get(block.get("from", ""), ())
    labels = _OPTIONS[options] if isinstance(options, str) else dict(options)
    most = known.text(block.get("pressing", ""))
    checks = tuple(Check(f"{'◎ ' if key == most else ''}{label}", key in ticked) for key, label in labels.items())
    return Checks(checks, block.get("title", ""), block["columns"])


def _table(block: Mapping[str, Any], known: Known) -> Block:
    heads = tuple(block["heads"])
    rows = rows_or_blank(known.tables.get(block.get("from", ""), ()), len(heads), block["rows"])
    return Rows(heads, tuple(block["widths"]), rows, block.get("title", ""))


def _page(_block: Mapping[str, Any], _known: Known) -> Block:
    return NewPage()


_BLOCKS: Final[Mapping[str, Callable[[Mapping[str, Any], Known], Block]]] = {
    "facts": _facts, "checks": _checks, "table": _table, "page": _page,
}  # fmt: skip
