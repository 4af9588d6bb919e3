"""A table out of a file, as every reader sees it, and what makes a whole file unusable."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

MAX_FILE_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
# Empty lines are skipped, but not without end: a spreadsheet has no more rows than this.
MAX_LINES: Final = 1_048_576
# People put titles and notes above the header; further down we no longer look for it.
HEADER_WITHIN: Final = 10

Record = tuple[int, Sequence[str]]


class FileProblem(ValueError):
    """A file that cannot be read at all, with what happened and what to do about it."""

    def __init__(self, message: str, remedy: str, code: str = "file") -> None:
        super().__init__(f"{message}{remedy}")
        self.message = message
        self.remedy = remedy
        self.code = code


@dataclass(frozen=True)
class Row:
    """One line of a table: `number` as a spreadsheet shows it, cells by header, text that stood under no header."""

    number: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()

    def text(self, *headers: str) -> str:
        """The first non-empty cell under these headers, empty when there is none."""
        return next((text for header in headers if (text := self.cells.get(header, ""))), "")


@dataclass(frozen=True)
class Table:
    """Headers (NFKC, without spaces) in their order, and the rows that hold anything."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def header_key(text: str) -> str:
    """A header as it is compared: 料金（基本） and 料金 (基本) are one, and the * of a required column is not part of it."""
    return "".join(clean_text(unicodedata.normalize("NFKC", text)).split()).rstrip("*")


def clean_text(text: str) -> str:
    """A cell without control characters and surrounding spaces; line breaks stay."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if unified.isprintable():
        return unified.strip()
    kept = (char for char in unified if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip().strip("\ufeff").strip()


def build_table(records: Iterable[Record], required: Sequence[str] = ()) -> Table:
    """The table whose header holds all `required` names; FileProblem when there is no header or no row."""
    filled = _filled_records(records)
    start = _find_header(filled, required)
    header = tuple(header_key(text) for text in filled[start][1])
    _check_header(header, required)
    rows = tuple(_row(header, number, cells) for number, cells in filled[start + 1 :])
    if not rows:
        raise FileProblem("見出しだけで、データの行がありません。", "見出しの下に1行以上入れてください。", "no-rows")
    return Table(tuple(name for name in header if name), rows)


def _filled_records(records: Iterable[Record]) -> list[Record]:
    """The records that hold anything, refused as soon as there are too many."""
    filled: list[Record] = []
    for number, cells in records:
        if number > MAX_LINES:
            raise too_many_rows()
        if not any(cells):
            continue
        texts = [clean_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        if len(texts) > MAX_COLUMNS:
            raise FileProblem(
                f"{number}行目に{MAX_COLUMNS}列を超える列があります。",
                "必要な列だけのファイルにしてください。",
                "columns",
            )
        filled.append((number, texts))
        if len(filled) > MAX_ROWS + HEADER_WITHIN:
            raise too_many_rows()
    if not filled:
        raise FileProblem("ファイルに文字がありません。", "中身の入ったファイルを選んでください。", "empty")
    return filled


def too_many_rows() -> FileProblem:
    return FileProblem(f"{MAX_ROWS:,}行を超えています。", "ファイルを分けて取り込んでください。", "rows")


def _find_header(filled: Sequence[Record], required: Sequence[str]) -> int:
    for at, (_, cells) in enumerate(filled[:HEADER_WITHIN]):
        if set(required) <= {header_key(cell) for cell in cells}:
            return at
    return 0


def _check_header(header: Sequence[str], required: Sequence[str]) -> None:
    if missing := [name for name in required if name not in header]:
        raise FileProblem(
            f"必要な列がありません: {'・'.join(missing)}。",
            "見出しの行と、文字コード（UTF-8 か Shift_JIS）を確かめてください。",
            "header",
        )
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise FileProblem(
            f"同じ見出しの列が2つ以上あります: {'・'.join(twice)}。",
            "どちらかの列を消すか、見出しを変えてください。",
            "header",
        )


def _row(header: Sequence[str], number: int, texts: Sequence[str]) -> Row:
    cells = {name: text for name, text in zip(header, texts, strict=False) if name}
    unnamed = [text for name, text in zip(header, texts, strict=False) if text and not name]
    return Row(number, cells, (*unnamed, *(text for text in texts[len(header) :] if text)))
