"""Printed sheets: the text is in the PDF, it fits its pages, and data never becomes Typst code."""

import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.web.print import Letterhead, MatchSheet, PhoneSheet, SoundingSheet, render_pdf, to_dict
from service.web.print.glyphs import FOLDER, FONTS, make_printable, read_codes
from service.web.print.sheets import BandBlock, Finding, HostBlock, NeedLine, Pair, PhoneCall, Question, WeekRow

HEAD = Letterhead(
    "照合結果", "由比市", "社会福祉協議会 参加支援係", "取扱注意", "青木（参加支援）", "令和8年11月23日（月） 10:20"
)
WEEK = (WeekRow("午前", ("", "host", "", "host", "")), WeekRow("13–16", ("both", "person", "both", "person", "both")))
HOST = HostBlock(
    "1",
    "みんなの居場所 ひなた",
    "居場所・NPO",
    "徒歩 7分・0円・空き 3・11月12日 確認",
    (Finding("o", "静か・6人くらい", "希望に合う"), Finding("q", "においはありますか"), Finding("x", "空きがありません")),
    WEEK,
    "合う点 7 ／ 気になる点 0",
)
SHEET = MatchSheet(
    HEAD,
    "佐倉 みお さん　24歳",
    (NeedLine("必須", "静か", "音 1", "大きな音で頭が痛くなる"),),
    ("月", "火", "水", "木", "金"),
    (BandBlock("o", "適合", "1か所", (HOST,)), BandBlock("q", "要確認", "0か所", (), "ありません")),
    (Pair("午前も動けると ＋2", "ほしぞら農園"),),
    "「午前中に出られる日はありますか」",
)
PHONE = PhoneSheet(
    replace(HEAD, title="電話で確かめること"),
    (
        PhoneCall(
            "ほしぞら農園",
            "農家",
            "0467-00-0000",
            "井上さん",
            "受け入れの条件について伺います。",
            (Question("においはありますか", ("はい", "いいえ")), Question("何人くらいいますか")),
        ),
    ),
)
SOUNDING = SoundingSheet(
    replace(HEAD, title="受け入れのご相談", mark=""),
    "ひなた　御中",
    "お世話になっております。",
    ("20代の方です。",),
    (Pair("曜日", "月・水"),),
    ("受け入れできる", "難しい"),
    "12月1日（火）",
    "電話 0467-00-0000",
)
INJECTIONS = [
    '#include("/etc/passwd")',
    '#read("sheet.typ")',
    "$x^2$",
    "*bold* _em_ `raw`",
    "= 見出し",
    "#set page(width: 1pt)",
    "\\#panic()",
    '"}; #panic("x")',
    "</script><b>",
    "[#link]",
    "@ref <label>",
    "// コメント",
    "--- ~ \\",
]


def read_text(pdf: bytes) -> str:
    """The text of a PDF without spaces."""
    if shutil.which("pdftotext") is None:
        pytest.fail("pdftotext がありません。apt-get install poppler-utils を実行してください。")
    out = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return re.sub(r"[\s\u200b]", "", out.decode())


def count_pages(pdf: bytes) -> int:
    """Pages according to pdfinfo."""
    out = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return int(re.search(r"Pages:\s+(\d+)", out)[1])  # type: ignore[index]


def test_match_sheet_prints_person_needs_reasons_and_foot() -> None:
    text = read_text(render_pdf("match", to_dict(SHEET)))
    for part in ("佐倉みおさん", "大きな音で頭が痛くなる", "みんなの居場所ひなた", "においはありますか", "取扱注意"):
        assert part in text
    assert "1／1" in text
    assert "令和8年11月23日（月）10:20" in text
    assert "ほしぞら農園" in text


def test_eight_places_fit_on_one_a4_and_thirty_run_over_whole() -> None:
    eight = replace(SHEET, bands=(BandBlock("o", "適合", "8か所", (HOST,) * 8),))
    places = tuple(replace(HOST, number=str(i)) for i in range(30))
    thirty = replace(SHEET, bands=(BandBlock("o", "適合", "30か所", places),))
    assert count_pages(render_pdf("match", to_dict(eight))) == 1
    pdf = render_pdf("match", to_dict(thirty))
    assert count_pages(pdf) >= 3
    assert read_text(pdf).count("みんなの居場所ひなた") == 30


def test_phone_sheet_leaves_room_for_answer_answerer_and_date() -> None:
    text = read_text(render_pdf("phone_script", to_dict(PHONE)))
    assert "□はい□いいえ" in text
    assert "答えた人" in text
    assert "何人くらいいますか" in text


def test_sounding_sheet_carries_the_words_and_the_reply() -> None:
    text = read_text(render_pdf("sounding", to_dict(SOUNDING)))
    assert "20代の方です。" in text
    assert "□受け入れできる" in text
    assert "12月1日（火）までに" in text


def test_empty_sheets_still_print() -> None:
    bare = MatchSheet(HEAD, "", (), (), (BandBlock("o", "適合", "0か所", ()),))
    assert count_pages(render_pdf("match", to_dict(bare))) == 1
    assert count_pages(render_pdf("phone_script", to_dict(PhoneSheet(HEAD, ())))) == 1


@pytest.mark.parametrize("words", INJECTIONS)
def test_typst_code_in_data_is_printed_as_it_was_typed(words: str) -> None:
    host = replace(HOST, name=words, findings=(Finding("o", words, words),))
    pdf = render_pdf("match", to_dict(replace(SHEET, person_line=words, bands=(BandBlock("o", words, words, (host,)),))))
    assert read_text(pdf).count(re.sub(r"\s", "", words)) >= 3
    assert "root:" not in read_text(pdf)


def test_a_character_the_font_lacks_becomes_a_geta_and_is_explained() -> None:
    text = read_text(render_pdf("match", to_dict(replace(SHEET, person_line="𰻞野 髙﨑 さん"))))
    assert "〓野髙﨑さん" in text
    assert "U+30EDE" in text


@pytest.mark.parametrize(
    "name", ["𠮷野", "髙橋", "山﨑", "渡邊", "渡邉", "齋藤", "齊藤", "濵田", "𣘺本", "槗本", "靏田", "𡈽屋", "福神", "德永"]
)
def test_the_name_of_a_person_is_printed_as_it_is_written(name: str) -> None:
    text = read_text(render_pdf("match", to_dict(replace(SHEET, person_line=name))))
    assert name in text
    assert "〓" not in text


def test_every_letter_of_the_cut_font_is_one_that_the_first_lacks() -> None:
    first, second = (read_codes((FOLDER / name).read_bytes()) for name in FONTS)
    assert len(second) > 5000
    assert first.isdisjoint(second)


def test_very_long_words_break_inside_the_page() -> None:
    pdf = render_pdf("match", to_dict(replace(SHEET, person_line="W" * 600)))
    assert count_pages(pdf) == 1
    assert read_text(pdf).count("W") == 600


def test_the_same_data_prints_the_same_bytes() -> None:
    assert render_pdf("sounding", to_dict(SOUNDING)) == render_pdf("sounding", to_dict(SOUNDING))


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(ValueError, match="印刷の型"):
        render_pdf("../sheet", to_dict(SHEET))


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_no_text_whatever_stops_the_printer(words: str) -> None:
    assert render_pdf("sounding", to_dict(replace(SOUNDING, addressee=words, greeting=words))).startswith(b"%PDF")


@given(st.text())
def test_direction_marks_and_lone_surrogates_never_reach_the_paper(words: str) -> None:
    shown, _lost = make_printable(words + "\u202e\ud800")
    assert "\u202e" not in shown
    assert "\ud800" not in shown
