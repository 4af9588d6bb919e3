"""Papers of a case as data: blocks one under the other (layout document.typ). Nothing known is a blank, never a word for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from service.web.print.sheets import Letterhead

_RUBY: Final = re.compile(r"｜([^《｜]{1,20})《([^》]{1,40})》")
Size = Literal["normal", "large"]


@dataclass(frozen=True)
class Fact:
    """A label with what is known; `wide` takes the whole line, `must` is bold-framed on the paper (※).

    Unknown, it is so many empty `lines` to write on; `reading` stands above what is known.
    """

    label: str
    value: str = ""
    wide: bool = False
    must: bool = False
    lines: int = 1
    reading: str = ""


@dataclass(frozen=True)
class Check:
    """A box and what it stands for."""

    label: str
    ticked: bool = False


@dataclass(frozen=True)
class Facts:
    """Label and value, two to a line."""

    facts: tuple[Fact, ...]
    title: str = ""
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True)
class Words:
    """Paragraphs; ｜漢字《かんじ》 prints the reading above the word."""

    paragraphs: tuple[str, ...]
    title: str = ""
    kind: str = field(default="text", init=False)


@dataclass(frozen=True)
class Checks:
    """Boxes, so many beside each other."""

    checks: tuple[Check, ...]
    title: str = ""
    columns: int = 1
    kind: str = field(default="checks", init=False)


@dataclass(frozen=True)
class Rows:
    """A table; `widths` are shares of the line. Rows of empty cells leave room to write."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Signatures:
    """Lines to write on by hand; the words they stand under are never on another page."""

    lines: tuple[str, ...]
    title: str = ""
    words: tuple[str, ...] = ()
    kind: str = field(default="sign", init=False)


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a page of its own."""

    title: str = field(default="", init=False)
    kind: str = field(default="page", init=False)


Block = Facts | Words | Checks | Rows | Signatures | NewPage


@dataclass(frozen=True)
class Document:
    """One paper: head, a line to begin with, and its blocks; `large` is for what a person reads and signs.

    In whatever we word ourselves — title, intro, labels, paragraphs — ｜漢字《かんじ》 prints the reading above the word;
    the values of facts and tables are printed as they were typed.
    """

    head: Letterhead
    blocks: tuple[Block, ...]
    intro: str = ""
    size: Size = "normal"
    title: str = ""
    """The title with readings; without, that of the head."""


def document_data(document: Document) -> dict[str, Any]:
    """The paper as nested plain data, the second argument of `render_pdf`; facts fill their lines."""
    data = asdict(document)
    data["blocks"] = [_block(block, each) for block, each in zip(document.blocks, data["blocks"], strict=True)]
    return data | {
        "intro": _with_readings(document.intro), "said_title": _with_readings(document.title or document.head.title)
    }  # fmt: skip


def blank_rows(count: int, columns: int) -> tuple[tuple[str, ...], ...]:
    """Rows to write in by hand."""
    return (("",) * columns,) * count


def rows_or_blank(rows: Iterable[Sequence[str]], columns: int, least: int = 3) -> tuple[tuple[str, ...], ...]:
    """The rows there are, and as many empty ones as make up the least."""
    known = tuple(tuple(row) for row in rows)
    return known + blank_rows(max(0, least - len(known)), columns)


def _block(block: Block, data: dict[str, Any]) -> dict[str, Any]:
    data = data | {"title": _with_readings(block.title)}
    if isinstance(block, Words):
        return data | {"paragraphs": [_with_readings(text) for text in block.paragraphs]}
    if isinstance(block, Facts):
        return data | {"facts": [_fact(fact) for fact in _fill_lines(data["facts"])]}
    if isinstance(block, Checks):
        return data | {"checks": [check | {"label": _with_readings(check["label"])} for check in data["checks"]]}
    if isinstance(block, Signatures):
        said = {"lines": block.lines, "words": block.words}
        return data | {name: [_with_readings(text) for text in texts] for name, texts in said.items()}
    if isinstance(block, Rows):
        return data | {"heads": [_with_readings(head) for head in block.heads]}
    return data


def _fact(fact: dict[str, Any]) -> dict[str, Any]:
    value = [[fact["value"], fact["reading"]]] if fact["value"] else []
    return fact | {"label": _with_readings(fact["label"]), "value": value}


def _with_readings(text: str) -> list[list[str]]:
    """(word, reading) pairs in the order of the text."""
    parts, end = [], 0
    for found in _RUBY.finditer(text):
        if found.start() > end:
            parts.append([text[end : found.start()], ""])
        parts.append([found.group(1), found.group(2)])
        end = found.end()
    return [*parts, [text[end:], ""]] if end < len(text) else parts


def _fill_lines(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two facts to a line: one left alone before a wide one takes the line."""
    filled: list[dict[str, Any]] = []
    open_half = False
    for fact in facts:
        if fact["wide"] and open_half:
            filled[-1] |= {"wide": True}
            open_half = False
        elif not fact["wide"]:
            open_half = not open_half
        filled.append(dict(fact))
    if open_half:
        filled[-1] |= {"wide": True}
    return filled
