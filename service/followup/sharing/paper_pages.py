"""書類: every paper of a person on one page, and why one cannot be printed today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from service.cases.models import Person, SupportCase
from service.cases.pages import Heading, heading_of
from service.cases.papers.known import principal_of, sheet_of
from service.cases.papers.rules import needs_consent
from service.cases.people import load_person
from service.cases.plans.drafting import KINDS, STATUSES
from service.cases.plans.reading import plans_of
from service.followup.closing.keeping import after_care_of
from service.followup.sharing.pages import share_rows


@dataclass(frozen=True)
class PaperRow:
    """One paper: what it is for, where it is, or why not."""

    title: str
    note: str
    href: str
    why_not: str = ""


@dataclass(frozen=True)
class PapersView:
    """All of them, those to sign first."""

    heading: Heading
    rows: tuple[PaperRow, ...]


def papers_view(session: Session, case: SupportCase, person: Person, today: date) -> PapersView:
    """The papers of a person of a case the filter has given."""
    principal = load_person(session, principal_of(case))
    rows = (
        *_to_sign(case), *_plans(session, case, principal, today), *_sheets(session, case, principal, today),
        *_hosts(session, principal, today), _notice(session, case, principal),
    )  # fmt: skip
    return PapersView(heading_of(case, person, today), rows)


def _to_sign(case: SupportCase) -> Iterator[PaperRow]:
    for each in case.household.people:
        whose = "" if each.principal else f"　{each.name}（{each.relation}）"
        here = f"/people/{each.id}/papers"
        yield PaperRow(f"申込票兼同意書{whose}", "署名の用紙。大きな字とふりがな", f"{here}/application.pdf")
        yield PaperRow(f"相談受付票（同意なし）{whose}", "同意がないとき。わけと根拠を書く", f"{here}/no-consent.pdf")


def _plans(session: Session, case: SupportCase, person: Person, today: date) -> Iterator[PaperRow]:
    why = needs_consent(person.consents, today)
    for plan in plans_of(session, case.id):
        here, name = f"/people/{person.id}/plans/{plan.id}", f"{KINDS[plan.kind]} 第{plan.seq}版・{STATUSES[plan.status]}"
        yield PaperRow("プラン兼利用申込書", name, f"{here}/plan.pdf", why)
        yield PaperRow("評価シート", name, f"{here}/evaluation.pdf")


def _sheets(session: Session, case: SupportCase, person: Person, today: date) -> Iterator[PaperRow]:
    here, sheet = f"/people/{person.id}", sheet_of(session, case)
    why = needs_consent(person.consents, today)
    if sheet is not None:
        yield PaperRow("つなぐシート", "受け取った内容", f"/referrals/{sheet.id}/print.pdf")
    yield PaperRow("インテーク・アセスメントシート", "短いもの", f"{here}/papers/intake.pdf", why)
    yield PaperRow("国の様式で印刷", "国の様式の順に4ページ。知らない所は空欄", f"{here}/papers/national.pdf", why)
    yield PaperRow("支援経過記録", "古い順の一覧", f"{here}/course/log.pdf")
    nameless = needs_consent(person.consents, today, until_taken_back=True)
    yield PaperRow("匿名事例", "年代・地区・課題だけ。研修・資源探し", f"{here}/papers/anonymous", nameless)


def _hosts(session: Session, person: Person, today: date) -> Iterator[PaperRow]:
    for row in share_rows(session, person, today):
        here = f"/people/{person.id}/share/{row.host_id}/consent.pdf"
        yield PaperRow("受け入れ先に伝えることの同意書", f"{row.host}　{row.state}", here)


def _notice(session: Session, case: SupportCase, person: Person) -> PaperRow:
    care = after_care_of(session, case.id, person.id)
    why = "" if care else "終結していません。終結の画面で決めたあとに刷れます。"
    return PaperRow("終結のお知らせ", "本人に渡す。大きな字とふりがな", f"/people/{person.id}/closing/notice.pdf", why)
