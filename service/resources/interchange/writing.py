"""Tables out: CSV and xlsx in which no cell can be taken for a formula. Every export goes through here."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from service.resources.interchange.formula import guard_formula
from service.resources.interchange.table import clean_text

Value = str | int | float | bool | None
Encoding = Literal["utf-8-sig", "cp932"]

MAX_CELL: Final = 32_767
# In place of a letter that Shift_JIS does not have, as printers used to do.
GETA: Final = "〓"


@dataclass(frozen=True)
class CsvFile:
    """A CSV file, and the letters its encoding could not hold (written as 〓)."""

    data: bytes
    unmappable: tuple[str, ...]


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]], encoding: Encoding = "utf-8-sig") -> CsvFile:
    """A CSV file for Excel: UTF-8 with BOM, or Shift_JIS (cp932) for older programs."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([guard_formula(cell_words(value)) for value in row] for row in (header, *rows))
    whole = text.getvalue()
    if encoding == "utf-8-sig":
        return CsvFile(whole.encode(encoding), ())
    lost = tuple(sorted({char for char in set(whole) if not _fits_cp932(char)}))
    for char in lost:
        whole = whole.replace(char, GETA)
    return CsvFile(whole.encode("cp932"), lost)


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Value]], title: str = "一覧") -> bytes:
    """An xlsx file with one sheet; texts are typed as text, whatever they begin with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(list(header_cells(sheet, header)))
    for row in rows:
        sheet.append([text_cell(sheet, value) for value in row])
    return workbook_bytes(book)


def header_cells(sheet: WriteOnlyWorksheet, header: Sequence[str]) -> Iterator[Cell]:
    """The cells of a header line."""
    for name in header:
        cell = text_cell(sheet, name)
        cell.font = Font(bold=True)
        yield cell


def text_cell(sheet: WriteOnlyWorksheet, value: Value) -> Cell:
    """A cell that stays what it is: numbers as numbers, all else as text, never a formula."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, cell_words(value))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def workbook_bytes(book: Workbook) -> bytes:
    """The workbook as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell_words(value: Value) -> str:
    """A value in the words of a table; no control characters, no more than a cell can hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return clean_text(value)[:MAX_CELL] if isinstance(value, str) else str(value)


def _fits_cp932(char: str) -> bool:
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
