"""Opening an uploaded file: is it CSV or xlsx, may it be read, and what does it say."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from service.resources.interchange.formula import unguard_formula
from service.resources.interchange.table import MAX_FILE_BYTES, FileProblem, Record, Row, Table, build_table
from service.resources.interchange.workbook import read_workbook

__all__ = ["FileProblem", "Row", "Table", "decode_text", "read_table"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Bytes that Shift_JIS as Excel writes it never has; Python's codec lets them through.
_NOT_CP932 = frozenset("\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")
_DELIMITERS = ",\t;"


def read_table(data: bytes, *, required: Sequence[str] = ()) -> Table:
    """The table of a CSV (UTF-8, UTF-16 with mark, Shift_JIS) or xlsx file; what it is, is decided by its content.

    Rows are numbered as a spreadsheet shows them, header included: that is where the reader goes to correct a row,
    so a CSV record with line breaks inside quotes counts once. FileProblem for everything else.
    """
    if not data:
        raise FileProblem("ファイルが空です。", "中身の入ったファイルを選んでください。", "empty")
    if len(data) > MAX_FILE_BYTES:
        raise FileProblem("ファイルが5MBを超えています。", "行を分けるか、不要なシートや画像を除いてください。", "size")
    if data.startswith(_OLE):
        raise FileProblem(
            "パスワードの付いたファイルか、古い形式（.xls）のファイルです。",
            "パスワードを外し、「Excel ブック (.xlsx)」か CSV で保存し直してください。",
            "encrypted",
        )
    records = read_workbook(data) if data.startswith(_ZIP) else _csv_records(decode_text(data))
    return build_table(records, required)


def decode_text(data: bytes) -> str:
    """The text of a file in one of the encodings that town offices use; FileProblem when it is none of them."""
    text = _decode(data)
    if text is None or "\0" in text:
        raise FileProblem(
            "文字コードが分からないか、表のファイルではありません。",
            "CSV（UTF-8 か Shift_JIS）または Excel ブック（.xlsx）で保存し直してください。",
            "encoding",
        )
    return text


def _decode(data: bytes) -> str | None:
    has_utf16_mark = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if has_utf16_mark else ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if encoding == "cp932" and _NOT_CP932 & set(text) else text
    return None


def _csv_records(text: str) -> Iterator[Record]:
    first_line = text.lstrip().split("\n", 1)[0][:10_000]
    delimiter = max(_DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            yield number, [unguard_formula(cell) for cell in record]
    except csv.Error:
        raise FileProblem(
            f'{number + 1}行目から先を読めません。引用符（"）が閉じていないか、1つの欄が長すぎます。',
            "その行の引用符と長さを直してください。",
            "quotes",
        ) from None
