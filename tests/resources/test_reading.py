"""Uploads are read as tables or refused with a Japanese reason; nothing else ever happens."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from service.resources.interchange.reading import FileProblem, read_table
from service.resources.interchange.table import MAX_ROWS
from service.resources.interchange.workbook import cell_text
from service.resources.interchange.writing import write_xlsx

SHEET = "xl/worksheets/sheet1.xml"
Parts = dict[str, bytes]


def sheet_xml(rows: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def repacked(change: Callable[[Parts], None]) -> bytes:
    """A good workbook whose parts were changed."""
    with zipfile.ZipFile(io.BytesIO(write_xlsx(["名称"], [["海の台所"]]))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return repacked(lambda parts: parts.update({name: content}))


def without_workbook(parts: Parts) -> None:
    del parts["xl/workbook.xml"]


def with_lying_sizes() -> bytes:
    """A workbook whose archive states one byte for a part that unpacks to more."""
    data = bytearray(with_part(SHEET, sheet_xml("<row/>" * 2_000)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        size = package.getinfo(SHEET).file_size
    return bytes(data.replace(size.to_bytes(4, "little"), (1).to_bytes(4, "little")))


def encrypted() -> bytes:
    data = bytearray(write_xlsx(["名称"], [["海の台所"]]))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


FIRST_CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c></row>'
HOSTILE = {
    "a bomb": (with_part(SHEET, sheet_xml(f"<!--{'0' * 20_000_000}-->")), "unpacked"),
    "lying sizes": (with_lying_sizes(), "broken"),
    "a macro": (with_part("xl/vbaProject.bin", b"x"), "macro"),
    "an external link": (with_part("xl/externalLinks/externalLink1.xml", b"<a/>"), "external"),
    "a nested zip": (with_part("xl/media/image1.png", write_xlsx(["a"], [["b"]])), "nested"),
    "an embedded file": (with_part("xl/embeddings/oleObject1.bin", b"x"), "nested"),
    "a path upwards": (with_part("../../etc/cron.d/x", b"x"), "path"),
    "an absolute path": (with_part("/etc/passwd", b"x"), "path"),
    "an entity bomb": (with_part(SHEET, b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'), "doctype"),
    "a cell in the far corner": (
        with_part(SHEET, sheet_xml(f'{FIRST_CELL}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        "rows",
    ),
    "a cell far to the right": (
        with_part(SHEET, sheet_xml(f'{FIRST_CELL}<row r="2"><c r="ZZ2"><v>1</v></c></row>')),
        "columns",
    ),
    "a hundred thousand empty rows": (
        with_part(SHEET, sheet_xml(FIRST_CELL + "".join(f'<row r="{n}"/>' for n in range(2, 100_003)))),
        "empty-rows",
    ),
    "too many parts": (repacked(lambda parts: parts.update({f"xl/a{n}.xml": b"<a/>" for n in range(201)})), "parts"),
    "no workbook inside": (repacked(without_workbook), "not-xlsx"),
    "broken XML": (with_part(SHEET, b"<worksheet><sheetData>"), "broken"),
    "half a file": (write_xlsx(["a"], [["b"]])[:700], "broken"),
    "an encrypted part": (encrypted(), "encrypted"),
    "an old or locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
    "more than 5 MB": (b"a\n" + b"1\n" * 2_700_000, "size"),
    "nothing": (b"", "empty"),
    "only a mark": ("\ufeff".encode(), "empty"),
    "only empty lines": (b"\n,,,\n\n", "empty"),
    "a million empty lines": (b"a\n" + b"\n" * 1_048_577 + b"1", "rows"),
    "only a header": ("名称,住所\n".encode(), "no-rows"),
    "a header twice": ("名称,住所,名 称\nあ,い,う\n".encode(), "header"),
    "too many rows": (b"a\n" + b"1\n" * (MAX_ROWS + 10), "rows"),
    "too many columns": (b"a\n" + b"," * 200 + b"x\n", "columns"),
    "an open quote": ('名称\n"海の台所\n山の畑\n'.encode(), "quotes"),
    "NUL characters": (b"a,b\n1,\x00\n", "encoding"),
    "UTF-16 without a mark": ("名称,住所\nあ,い\n".encode("utf-16-le"), "encoding"),
    "half a UTF-16 character": (b"\xff\xfea\x00\n\x00\x00\xd8", "encoding"),
    "lone surrogates": (b"a\n\xed\xa0\x80\n", "encoding"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "encoding"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason_and_a_remedy(name: str) -> None:
    data, code = HOSTILE[name]
    with pytest.raises(FileProblem) as problem:
        read_table(data)
    assert problem.value.code == code
    assert problem.value.message.endswith("。")
    assert problem.value.remedy.endswith("。")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400).filter(lambda data: not data.startswith(b"PK")))
def test_any_bytes_are_a_table_or_a_file_problem(data: bytes) -> None:
    with contextlib.suppress(FileProblem):
        assert read_table(data).rows


@settings(max_examples=5, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 3_000))
def test_any_damage_to_a_workbook_is_a_table_or_a_file_problem(noise: bytes, at: int) -> None:
    data = write_xlsx(["名称"], [["海の台所"]])
    with contextlib.suppress(FileProblem):
        read_table(data[:at] + noise + data[at + len(noise) :])


TEXT = "名称,住 所,備考\r\n海の台所,鎌倉市,㈱①～髙﨑\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_every_usual_encoding_gives_the_same_table(encoding: str) -> None:
    table = read_table(TEXT.encode(encoding))
    assert table.header == ("名称", "住所", "備考")
    assert table.rows[0].cells == {"名称": "海の台所", "住所": "鎌倉市", "備考": "㈱①～髙﨑"}


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_separator_is_seen_in_the_header(delimiter: str) -> None:
    data = delimiter.join(("名称", "住所")) + "\n" + delimiter.join(("海の台所", "鎌倉市")) + "\n"
    assert read_table(data.encode()).rows[0].cells == {"名称": "海の台所", "住所": "鎌倉市"}


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    text = '名称,備考\n海の台所,"1行目\n""2行目"""\n\n山の畑,\n'
    first, second = read_table(text.encode()).rows
    assert (first.number, first.cells["備考"]) == (2, '1行目\n"2行目"')
    assert second.number == 4


def test_a_title_above_the_header_is_passed_over() -> None:
    text = "受け入れ先一覧（令和8年度）\n\nNO,名称\n1,海の台所\n"
    table = read_table(text.encode(), required=("名称",))
    assert (table.header, table.rows[0].number) == (("NO", "名称"), 4)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FileProblem, match="名称"):
        read_table("氏名,住所\nあ,い\n".encode(), required=("名称", "住所"))


def test_headers_are_compared_without_width_spaces_and_the_mark_of_duty() -> None:
    table = read_table("名称＊,料金（基本）, 曜日 時間 \nあ,い,う\n".replace("＊", "*").encode())
    assert table.header == ("名称", "料金(基本)", "曜日時間")


def test_text_under_no_header_is_not_lost() -> None:
    assert read_table("名称,,住所\n海,陸,町,はみ出し\n".encode()).rows[0].surplus == ("陸", "はみ出し")


def test_a_short_row_has_empty_cells() -> None:
    assert read_table("名称,住所\n海\n".encode()).rows[0].text("住所") == ""


def test_control_characters_go_and_line_breaks_stay() -> None:
    assert read_table('名称\n"海\x07の\r\n台所 "\n'.encode()).rows[0].cells["名称"] == "海の\n台所"


def test_a_workbook_is_read_as_it_looks() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["名称", "日付", "時刻", "終わり", "数", "式", "文字の式"])
    sheet.append(["海の台所", date(2026, 6, 22), time(9, 30), timedelta(hours=24), 300.0, "=1+1", "x"])
    sheet["G2"].value = "=cmd|' /C calc'!A1"
    sheet["G2"].data_type = "s"
    sheet.append([])
    sheet.append(["山の畑"])
    out = io.BytesIO()
    book.save(out)
    first, second = read_table(out.getvalue()).rows
    assert first.cells == {
        "名称": "海の台所",
        "日付": "2026-06-22",
        "時刻": "9:30",
        "終わり": "24:00",
        "数": "300",
        "式": "",
        "文字の式": "=cmd|' /C calc'!A1",
    }
    assert (second.number, second.cells["名称"]) == (4, "山の畑")


def test_cells_become_the_words_people_would_write() -> None:
    assert cell_text(datetime(2026, 6, 22, 9, 5)) == "2026-06-22 09:05:00"
    assert cell_text(timedelta(hours=25, minutes=10)) == "25:10"
    assert cell_text(35.905431) == "35.905431"
    assert cell_text(True) == "TRUE"


def test_formatted_cells_far_below_the_table_are_no_rows() -> None:
    rows = f'{FIRST_CELL}<row r="2"><c r="A2"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert [row.number for row in read_table(with_part(SHEET, sheet_xml(rows))).rows] == [2]


def test_twenty_thousand_rows_are_read() -> None:
    assert len(read_table(b"a,b\n" + b"1,2\n" * MAX_ROWS).rows) == MAX_ROWS
