"""Our own list: made from the vocabulary, filled in by people, read back without guessing."""

import io
import random
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from service.kernel.timetable import format_slots
from service.kernel.vocab import Attribute, Kind, Side, SideType, Vocabulary, load_vocabulary
from service.resources.interchange.drafts import HostDraft, ReadResult
from service.resources.interchange.own_template import read_own_template, write_template
from service.resources.interchange.reading import FileProblem
from service.resources.interchange.writing import write_csv, write_xlsx

VOCABULARY = load_vocabulary()


def read(header: list[str], *rows: list[str], vocabulary: Vocabulary = VOCABULARY) -> ReadResult:
    return read_own_template(write_csv(header, rows).data, vocabulary)


def draft(**cells: str) -> HostDraft:
    result = read(["名称*", *cells], ["海の台所", *cells.values()])
    assert result.problems == ()
    return result.drafts[0][1]


def headers_of(template: bytes) -> list[str]:
    return [str(cell.value) for cell in load_workbook(io.BytesIO(template)).worksheets[0][1]]


def test_the_template_has_a_column_for_every_condition_of_a_place() -> None:
    headers = headers_of(write_template(VOCABULARY))
    asked = [attribute.label for attribute in VOCABULARY.asked_of_host if attribute.key != "interests"]
    assert all(any(header.startswith(label) for header in headers) for label in asked)
    assert headers[0] == "名称*"


def test_the_second_sheet_lists_the_words_to_use() -> None:
    rows = load_workbook(io.BytesIO(write_template(VOCABULARY))).worksheets[1].iter_rows(values_only=True)
    words = {row[0]: row[1] for row in rows}
    assert "静か・ふつう・にぎやか" in str(words["にぎやかさ"])
    assert "料理" in str(words["活動の種類"])


def test_the_untouched_template_holds_no_place() -> None:
    assert read_own_template(write_template(VOCABULARY), VOCABULARY) == ReadResult((), ())


def test_the_sample_row_is_one_that_would_be_read() -> None:
    book = load_workbook(io.BytesIO(write_template(VOCABULARY)))
    sheet = book.worksheets[0]
    sheet["A2"].value = "海の台所"
    out = io.BytesIO()
    book.save(out)
    result = read_own_template(out.getvalue(), VOCABULARY)
    assert result.problems == ()
    opening = result.drafts[0][1].openings[0]
    assert format_slots(opening.slots) == "月水金 10:00–13:00; 第2・第4土 9:00–11:00"
    assert (opening.free, opening.activity_tags) == (2, ("cooking", "serving"))


@pytest.mark.parametrize(
    ("header", "text", "key", "value"),
    [
        ("段差なし（車いす）", "はい", "step_free", True),
        ("段差なし(車いす)", "×", "step_free", False),
        ("にぎやかさ", "静か", "noise", "quiet"),
        ("noise", "quiet", "noise", "quiet"),
        ("声かけの多さ", "少ない", "talk", "little"),
        ("参加費（円）", "1,000円", "cost", 1000),
        ("参加費", "無料", "cost", 0),
        ("最短分", "６０分", "session", 60),
        ("受け入れ年齢", "18〜64歳", "age", (18, 64)),
        ("受け入れ年齢", "18歳以上", "age", (18, None)),
        ("受け入れ年齢", "64まで", "age", (None, 64)),
        ("医療的な配慮", "なし", "medical", ()),
        ("得意なこと", "絵・デザイン・料理、機械・修理", "strengths", ("drawing", "machines", "cooking")),
        ("伝え方", "筆談；手話", "comm", ("writing", "sign")),
    ],
)
def test_an_answer_becomes_a_value_of_the_vocabulary(header: str, text: str, key: str, value: object) -> None:
    assert draft(**{header: text}).openings[0].conditions == {key: value}


@pytest.mark.parametrize("text", ["", "未確認", "？", "不明", "-"])
def test_an_open_question_stays_open(text: str) -> None:
    assert draft(にぎやかさ=text, 空き=text).openings[0].conditions == {}
    assert draft(にぎやかさ=text, 空き=text).openings[0].free is None


def test_a_new_condition_of_the_town_needs_no_code() -> None:
    bath = Attribute(
        "bath",
        "R-BATH",
        "入浴",
        "health",
        Kind.NEEDS_VALUE,
        Side(SideType.FLAG),
        Side(SideType.FLAG),
        ok=("yes",),
        reason="入浴できない",
    )
    vocabulary = VOCABULARY.with_attribute(bath)
    assert "入浴" in headers_of(write_template(vocabulary))
    result = read(["名称", "入浴"], ["海の台所", "はい"], vocabulary=vocabulary)
    assert result.drafts[0][1].openings[0].conditions == {"bath": True}


def test_a_condition_named_like_a_column_gets_a_column_of_its_own() -> None:
    phone = replace(VOCABULARY["skill_phone"], key="call", label="電話")
    vocabulary = VOCABULARY.with_attribute(phone)
    assert "電話〔call〕" in headers_of(write_template(vocabulary))
    assert read_own_template(write_template(vocabulary), vocabulary).problems == ()


def test_columns_of_the_town_itself_are_kept_in_the_note() -> None:
    assert draft(担当="青木", 備考="裏口から").note == "裏口から\n担当: 青木"


def test_places_are_described_in_their_own_words() -> None:
    host = draft(種別="農家", 住所="潮見市1-2", 電話="0467-00-0000、090-0000-0000", メール="a@example.org", 状況="休止中")
    assert (host.kind, host.address, host.openings[0].paused) == ("farm", "潮見市1-2", True)
    assert host.phones == ("0467-00-0000", "090-0000-0000")


BAD = {
    "名称*": "",
    "種別": "宇宙港",
    "緯度": "139.5",
    "電話": "受付まで",
    "メール": "a(at)example",
    "URL": "http:/x",
    "活動の種類": "料理、宇宙遊泳",
    "曜日時間": "土 25:00-26:00",
    "空き": "たくさん",
    "状況": "たぶん",
    "にぎやかさ": "うるさい",
    "段差なし（車いす）": "たぶん",
    "参加費": "300円〜500円",
    "受け入れ年齢": "64-18",
    "医療的な配慮": "魔法",
    "紹介文": "あ" * 2001,
}


@pytest.mark.parametrize("column", BAD)
def test_a_bad_answer_says_which_and_what_to_write(column: str) -> None:
    cells = {"名称*": "海の台所", column: BAD[column], "備考": "x"}
    result = read(list(cells), list(cells.values()))
    assert result.drafts == ()
    assert result.problems[0].row == 2
    assert result.problems[0].remedy.endswith("。")


@pytest.mark.parametrize("kind", ["csv", "cp932", "xlsx"])
def test_of_planted_rows_exactly_the_bad_ones_are_listed(kind: str) -> None:
    chance = random.Random(20261123)
    header = list(BAD)
    good = ["", "居場所", "", "", "", "", "料理", "土 10:00-12:00", "2", "", "静か", "はい", "300", "18-64", "なし", ""]
    rows, bad = [], set()
    for number in range(2, 202):
        row = [f"場所{number}", *good[1:]]
        if chance.random() < 0.3:
            column = chance.choice(header)
            row[header.index(column)] = BAD[column]
            bad.add(number)
        rows.append(row)
    data = (
        write_xlsx(header, rows)
        if kind == "xlsx"
        else write_csv(header, rows, "cp932" if kind == "cp932" else "utf-8-sig").data
    )
    result = read_own_template(data, VOCABULARY)
    assert {problem.row for problem in result.problems} == bad
    assert {row for row, _ in result.drafts} == set(range(2, 202)) - bad


def test_a_place_listed_twice_is_told() -> None:
    result = read(["名称", "住所"], ["海の台所", "潮見市1"], ["海の 台所", "潮見市１"])
    assert [row for row, _ in result.drafts] == [2]
    assert "2行目" in result.problems[0].reason


def test_a_list_without_names_is_refused() -> None:
    with pytest.raises(FileProblem, match="名称"):
        read(["住所"], ["潮見市1"])
