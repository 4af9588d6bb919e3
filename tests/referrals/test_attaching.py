"""Papers beside a sheet: what may be sent, under which name it is kept, and who gets it back."""

from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import SupportCase
from service.cases.referrals.attaching import MOST_BYTES, MOST_FILES, clean_name
from service.cases.referrals.models import Referral, ReferralFile
from service.kernel.db import new_id
from tests.cast import OTHERS, Visitor, World, hire_staff
from tests.referrals.test_own_pages import here, send

PDF = b"%PDF-1.7\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def sent(world: World) -> World:
    """大野 has sent a sheet."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
    with world.visit("大野") as ono:
        assert send(ono).status_code == 303
    return world


def attach(visitor: Visitor, world: World, data: bytes, name: str = "通知.pdf") -> Any:
    return visitor.submit(f"{here(world)}/files", {"_once": new_id()}, files={"file": (name, data, "text/html")})


def test_a_paper_reaches_the_office_and_is_saved_rather_than_shown(sent: World) -> None:
    with sent.visit("大野") as ono:
        assert attach(ono, sent, PDF, "../../etc/介護 保険証.HTML").status_code == 303
        assert "介護 保険証.pdf" in ono.get(here(sent)).text
    with sent.reading() as session:
        sheet, paper = session.scalars(select(Referral.id)).one(), session.scalars(select(ReferralFile.id)).one()
    with sent.visit("真鍋") as manabe:
        assert "介護 保険証.pdf" in manabe.get(f"/referrals/{sheet}").text
        answer = manabe.get(f"/referrals/{sheet}/files/{paper}")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "中身のない"),
        (b"<html><script>alert(1)</script>", "PDFと写真"),
        (b"PK\x03\x04 a sheet of Excel", "PDFと写真"),
        (b"GIF89a", "PDFと写真"),
        (b" " + PDF, "PDFと写真"),
        (PDF + b" " * MOST_BYTES, "5MBを超えて"),
    ],
)
def test_what_is_not_a_small_pdf_or_photograph_is_refused_whatever_it_is_called(sent: World, data: bytes, said: str) -> None:
    with sent.visit("大野") as ono:
        refused = attach(ono, sent, data)
    assert refused.status_code in (413, 422)
    assert said in refused.text
    with sent.reading() as session:
        assert session.scalars(select(ReferralFile.id)).all() == []


def test_one_paper_too_many_and_one_for_a_sheet_taken_back_are_refused(sent: World) -> None:
    with sent.visit("大野") as ono:
        for _ in range(MOST_FILES):
            assert attach(ono, sent, PNG, "写真.png").status_code == 303
        assert "五つ付いています" in ono.get(here(sent)).text
        assert attach(ono, sent, PNG).status_code == 409
        ono.submit(f"{here(sent)}/withdraw", {"why": "もとの窓口で", "_version": "1", "_once": new_id()})
        assert attach(ono, sent, PNG).status_code == 409


def test_a_paper_of_another_sheet_and_of_a_locked_case_is_not_there(sent: World) -> None:
    with sent.visit("大野") as ono:
        attach(ono, sent, PDF)
        first = here(sent)
        assert send(ono).status_code == 303
    with sent.writing() as session:
        paper = session.scalars(select(ReferralFile)).one()
        other = session.scalars(select(Referral).where(Referral.id != paper.referral_id)).one()
        case = session.get_one(SupportCase, session.get_one(Referral, paper.referral_id).case_id)
        case.locked, case.assigned_id = True, sent.ids["石井"]
        of_first, of_other = f"/referrals/{paper.referral_id}/files/{paper.id}", f"/referrals/{other.id}/files/{paper.id}"
    with sent.visit("大野") as ono:
        assert ono.get(f"/refer/{other.id}/files/{paper.id}").status_code == 404
        assert ono.get(f"{first}/files/{paper.id}").status_code == 200
    with sent.visit() as aoki:
        assert [aoki.get(path).status_code for path in (of_first, of_other)] == [404, 404]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("C:\\Users\\大野\\メモ.docx", "メモ.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("..", "資料.pdf"),
        ('"x";\r\n: y.pdf', "x; y.pdf"),
        ("長" * 300 + ".pdf", "長" * 80 + ".pdf"),
    ],
)
def test_a_name_keeps_no_path_and_nothing_unseen(typed: str, kept: str) -> None:
    assert clean_name(typed, "pdf") == kept
