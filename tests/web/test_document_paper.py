"""Papers of a case: boxes ticked and not, blanks for what is unknown, readings above the words a person signs."""

import subprocess
from pathlib import Path

import pytest

from service.web.print.document import (
    Check,
    Checks,
    Document,
    Fact,
    Facts,
    Rows,
    Signatures,
    Words,
    document_data,
    rows_or_blank,
)
from service.web.print.render import render_pdf
from service.web.print.sheets import Letterhead

HEAD = Letterhead("申込票兼同意書", "汐見市", "汐見市社会福祉協議会", "取扱注意", "青木", "令和8年11月24日 10:00")
PAPER = Document(
    HEAD,
    (
        Facts((Fact("氏名", "髙﨑 みお", must=True), Fact("生年月日"), Fact("住所", "汐見市岡本", wide=True)), "本人"),
        Words(("｜参加支援《さんかしえん》を｜利用《りよう》します。",), "同意"),
        Checks((Check("住まい", ticked=True), Check("介護")), "困りごと", 2),
        Rows(("だれが", "何を"), (1, 3), rows_or_blank([("社協", "訪問する")], 2), "役割分担"),
        Signatures(("署名",)),
    ),
)


def text_of(pdf: bytes, folder: Path) -> str:
    """What a reader finds in a PDF."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("size", ["normal", "large"])
def test_a_paper_says_what_is_known_and_leaves_the_rest_blank(size: str, tmp_path: Path) -> None:
    document = Document(PAPER.head, PAPER.blocks, size=size)  # type: ignore[arg-type]
    text = text_of(render_pdf("document", document_data(document)), tmp_path)
    for words in ("髙﨑 みお", "汐見市岡本", "困りごと", "訪問する", "さんかしえん", "取扱注意", "1／1"):
        assert words in text
    assert "None" not in text


def test_a_fact_left_alone_on_its_line_takes_all_of_it() -> None:
    facts = document_data(PAPER)["blocks"][0]["facts"]
    assert [fact["wide"] for fact in facts] == [False, False, True]
    alone = Document(HEAD, (Facts((Fact("氏名"), Fact("住所", wide=True), Fact("電話"))),))
    assert [fact["wide"] for fact in document_data(alone)["blocks"][0]["facts"]] == [True, True, True]


def test_readings_are_cut_out_of_the_text_and_stand_above_their_word() -> None:
    assert document_data(PAPER)["blocks"][1]["paragraphs"] == [
        [["参加支援", "さんかしえん"], ["を", ""], ["利用", "りよう"], ["します。", ""]]
    ]
