"""No exported cell is ever a formula, and what was written is read back."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from service.resources.interchange.reading import read_table
from service.resources.interchange.writing import write_csv, write_xlsx

TRIGGERS = (
    "=1+1",
    "+81-90",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "|calc",
    "%x",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\ufeff=1",
    " \x00=1",
)


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(["式"], [[text] for text in TRIGGERS])))["一覧"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:4]] == list(TRIGGERS[:4])


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    data = write_csv(["式"], [[text] for text in TRIGGERS]).data
    cells = [row[0] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))][1:]
    assert all(cell.startswith("'") for cell in cells)


@pytest.mark.parametrize("text", ["=1+1", "+81-90-0000", "'quoted'", "海の台所", "1,000", "改行\nあり"])
def test_a_guarded_cell_comes_back_as_it_was(text: str) -> None:
    assert read_table(write_csv(["名称"], [[text]]).data).rows[0].cells["名称"] == text


def test_numbers_stay_numbers_and_flags_become_words() -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(["a", "b", "c", "d"], [[3, 35.5, True, None]])))["一覧"]
    assert [cell.value for cell in sheet[2]] == [3, 35.5, "はい", None]


def test_csv_for_excel_has_a_mark_and_windows_line_ends() -> None:
    assert write_csv(["名称"], [["海"]]).data == "\ufeff名称\r\n海\r\n".encode()


def test_letters_that_shift_jis_lacks_are_listed_and_shown_as_geta() -> None:
    written = write_csv(["名称"], [["𠮷野家♡髙﨑①㈱～"]], "cp932")
    assert written.unmappable == ("♡", "𠮷")
    assert written.data.decode("cp932") == "名称\r\n〓野家〓髙﨑①㈱～\r\n"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=40), min_size=1, max_size=5))
def test_any_text_can_be_written(texts: list[str]) -> None:
    rows = [["x", text] for text in texts]
    write_csv(["a", "b"], rows)
    write_csv(["a", "b"], rows, "cp932").data.decode("cp932")
    load_workbook(io.BytesIO(write_xlsx(["a", "b"], rows)))
