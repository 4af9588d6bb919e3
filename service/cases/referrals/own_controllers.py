"""A つなぎ元's own pages: sending a sheet, and reading what became of it — nothing of the case beside that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.roles import REFER
from service.cases.models import SupportCase
from service.cases.referrals.attaching import MOST_FILES, FileLine, file_lines
from service.cases.referrals.desks import Desks, desks_of
from service.cases.referrals.forms import SheetForm
from service.cases.referrals.models import Referral
from service.cases.referrals.paper import blank_sheet
from service.cases.referrals.receiving import ANSWER, note_step, receive, withdraw
from service.cases.referrals.sent import NOTHING_TYPED, SentView, Typed, about_of, sent_view, state_of
from service.kernel.audit import attempt, note
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, format_wareki_short
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, typed_text, version_of
from service.web.print.document import document_data
from service.web.print.render import render_pdf

OWN: Final = "own"


@dataclass(frozen=True)
class OwnLine:
    """One sheet as its sender sees it."""

    id: str
    when: str
    about: str
    state: str


@dataclass(frozen=True)
class OwnListView:
    """Everything somebody has sent."""

    lines: tuple[OwnLine, ...]


@dataclass(frozen=True)
class OwnFormView:
    """A sheet being filled in by its sender."""

    form: SheetForm
    once: str


@dataclass(frozen=True)
class OwnSheetView:
    """その後: what became of a sheet, with what its sender wrote."""

    sent: SentView
    story: str
    files: tuple[FileLine, ...]
    may_attach: bool


class OwnReferrals(Controller):
    """What one つなぎ元 has sent."""

    path = "/refer"

    @get(perm=REFER, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """The sheets sent so far, newest first."""
        rows = _own(call.session, call.actor.id)
        return render(
            call.request, "cases/own_referrals.html", "つなぐシート", OwnListView(tuple(_line(*row) for row in rows))
        )

    @get("/new", perm=REFER, sync_to_thread=True)
    def new(self, call: NamedDependency[Call]) -> Response[str]:
        """A sheet begun with who is writing, from the desk of the last time."""
        rows, desks = _own(call.session, call.actor.id), desks_of(call.session)
        name = call.actor.label.split("（")[0]
        data = {"from_person": name} | (_as_last_time(rows[0][0], desks) if rows else {})
        return _form(call, SheetForm(data=data).choosing_from(desks), new_id())

    @get("/blank.pdf", perm=REFER, sync_to_thread=True)
    def blank(self, call: NamedDependency[Call]) -> Response[bytes]:
        """A sheet to be filled in with a pen."""
        return pdf_answer(
            render_pdf("document", document_data(blank_sheet(call.session, call.town, call.actor, call.now))), "sheet.pdf"
        )

    @post("/new", perm=REFER, sync_to_thread=True)
    def send(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Hand somebody over."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = SheetForm(posted).choosing_from(desks_of(call.session))
        if not form.validate():
            return _form(call, form, posted.text("_once"), 422)
        sheet = form.sheet(OWN, format_wareki_short(day_in_japan(call.now)))
        row = receive(call.session, call.town, call.actor, sheet, call.now, referrer_id=call.actor.id)
        return done(call.session, call.actor, posted, call.now, f"/refer/{row.id}", "sent")

    @get("/{own_referral_id:str}", perm=REFER, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], own_referral_id: FromPath[str]) -> Response[str]:
        """その後."""
        row, case = own_sheet(call, own_referral_id)
        note(call.session, "view", "referral", row.id)
        return own_page(call, row, case)

    @post("/{own_referral_id:str}/answer", perm=REFER, sync_to_thread=True)
    def answer(self, call: NamedDependency[Call], own_referral_id: FromPath[str], data: FormBody) -> Response[Any]:
        """An answer to what was asked, or a word more."""
        posted, (row, case) = Posted.read(data), own_sheet(call, own_referral_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        text = typed_text(posted.text("text"), 400)
        try:
            note_step(call.session, call.actor, row, ANSWER, day_in_japan(call.now), text, row.from_agency, call.now)
        except DomainError as refusal:
            return own_page(call, row, case, Typed(answer=text, problem=str(refusal)), refusal.status)
        return done(call.session, call.actor, posted, call.now, f"/refer/{row.id}", "answer-sent")

    @post("/{own_referral_id:str}/withdraw", perm=REFER, sync_to_thread=True)
    def withdraw(self, call: NamedDependency[Call], own_referral_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Take a sheet back, as long as nothing is decided."""
        posted, (row, case) = Posted.read(data), own_sheet(call, own_referral_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        why, version = typed_text(posted.text("why"), 200), version_of(posted.text("_version"))
        try:
            with attempt(call.session):
                withdraw(call.session, call.actor, row, case, version, why, call.now)
        except DomainError as refusal:
            return own_page(call, row, case, Typed(why=why, problem=str(refusal)), refusal.status)
        return done(call.session, call.actor, posted, call.now, f"/refer/{row.id}", "sheet-withdrawn")


def _own(session: Session, user_id: str) -> Sequence[tuple[Referral, SupportCase]]:
    query = select(Referral, SupportCase).join(SupportCase, Referral.case_id == SupportCase.id)
    query = query.where(Referral.referrer_id == user_id).order_by(Referral.received_at.desc(), Referral.id)
    return [(row, case) for row, case in session.execute(query)]


def own_sheet(call: Call, id_: str) -> tuple[Referral, SupportCase]:
    """A sheet of one's own; another's is as absent as none."""
    known_id(id_)
    found = next((each for each in _own(call.session, call.actor.id) if each[0].id == id_), None)
    if found is None:
        raise NotFound()
    return found


def _as_last_time(last: Referral, desks: Desks) -> dict[str, str]:
    return {"from_agency": desks.label_of(last.agency_id) or last.from_agency, "from_phone": last.from_phone}


def _line(row: Referral, case: SupportCase) -> OwnLine:
    return OwnLine(row.id, format_wareki(row.received_on), f"{about_of(row)}　{case.number}", state_of(row, case))


def own_page(call: Call, row: Referral, case: SupportCase, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response[str]:
    """その後, with what came back from a form."""
    sent, files = sent_view(call.session, row, case, f"/refer/{row.id}", typed), file_lines(call.session, row.id)
    view = OwnSheetView(sent, row.story, files, row.withdrawn_on is None and len(files) < MOST_FILES)
    return render(call.request, "cases/own_referral.html", "その後", view, status)


def _form(call: Call, form: SheetForm, once: str, status: int = 200) -> Response[str]:
    return render(call.request, "cases/own_form.html", "つなぐシートを送る", OwnFormView(form, once), status)
