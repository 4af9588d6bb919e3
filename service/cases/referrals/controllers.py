"""つなぐシート: the inbox, taking one in, acknowledging it, what is done about it, and the decision."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_PROCESS, READ_PROCESS
from service.cases.course.moving import StepRefused
from service.cases.referrals.desks import desks_of
from service.cases.referrals.forms import ScreeningForm, StaffSheetForm, StepForm
from service.cases.referrals.inbox import Arrived, arrived, sheet_in_hand
from service.cases.referrals.pages import SheetFormView, inbox_view, sheet_view
from service.cases.referrals.paper import blank_sheet, filled_sheet
from service.cases.referrals.receiving import acknowledge, note_step, receive
from service.cases.referrals.screening import begin_screening, screen
from service.kernel.audit import attempt, note
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki_short, parse_date
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted, said
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, typed_text, version_of
from service.web.print.document import document_data
from service.web.print.render import render_pdf

TITLE = "つなぐシート"


class Referrals(Controller):
    """What comes in."""

    path = "/referrals"

    @get(perm=READ_PROCESS, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """Those to be decided, urgent and oldest first."""
        return _inbox(call, "", is_open=call.request.query_params.get("all") != "1")

    @post("/search", perm=READ_PROCESS, sync_to_thread=True, status_code=200)
    def search(self, call: NamedDependency[Call], data: FormBody) -> Response[str]:
        """Names are searched by a posted form: they would otherwise stay in addresses and logs."""
        return _inbox(call, typed_text(Posted.read(data).text("q"), 100), is_open=False)

    @get("/new", perm=EDIT_PROCESS, sync_to_thread=True)
    def new(self, call: NamedDependency[Call]) -> Response[str]:
        """A blank sheet."""
        form = StaffSheetForm(data={"received_on": format_wareki_short(day_in_japan(call.now))})
        view = SheetFormView(form.choosing_from(desks_of(call.session)), new_id())
        return render(call.request, "cases/referral_form.html", TITLE, view)

    @get("/blank.pdf", perm=READ_PROCESS, sync_to_thread=True)
    def blank(self, call: NamedDependency[Call]) -> Response[bytes]:
        """A sheet to be filled in with a pen."""
        return pdf_answer(
            render_pdf("document", document_data(blank_sheet(call.session, call.town, call.actor, call.now))), "sheet.pdf"
        )

    @post("/new", perm=EDIT_PROCESS, sync_to_thread=True)
    def create(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Take a sheet in: a case begins with it."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = StaffSheetForm(posted).choosing_from(desks_of(call.session))
        if not form.validate():
            view = SheetFormView(form, posted.text("_once"))
            return render(call.request, "cases/referral_form.html", TITLE, view, 422)
        sheet = form.sheet(form.came_by.data, said(form.received_on))
        referral = receive(call.session, call.town, call.actor, sheet, call.now)
        return done(call.session, call.actor, posted, call.now, f"/referrals/{referral.id}", "received")

    @get("/{referral_id:str}", perm=READ_PROCESS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], referral_id: FromPath[str]) -> Response[str]:
        """One sheet, with what is next."""
        return _page(call, _in_hand(call, referral_id))

    @get("/{referral_id:str}/print.pdf", perm=READ_PROCESS, sync_to_thread=True)
    def paper(self, call: NamedDependency[Call], referral_id: FromPath[str]) -> Response[bytes]:
        """The sheet as it was filled in, for a meeting or the file."""
        found = _in_hand(call, referral_id)
        note(call.session, "print", "referral", found.referral.id)
        data = document_data(filled_sheet(call.session, call.town, call.actor, found, call.now))
        return pdf_answer(render_pdf("document", data), "sheet.pdf")

    @post("/{referral_id:str}/acknowledge", perm=EDIT_PROCESS, sync_to_thread=True)
    def acknowledge(self, call: NamedDependency[Call], referral_id: FromPath[str], data: FormBody) -> Response[Any]:
        """The referrer has heard that it arrived."""
        found, posted = _in_hand(call, referral_id), Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        acknowledge(call.actor, found.referral, version_of(posted.text("_version")), day_in_japan(call.now))
        return done(call.session, call.actor, posted, call.now, f"/referrals/{found.referral.id}", "acknowledged")

    @post("/{referral_id:str}/step", perm=EDIT_PROCESS, sync_to_thread=True)
    def step(self, call: NamedDependency[Call], referral_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Something done beside the steps."""
        found, posted = _in_hand(call, referral_id), Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = StepForm(posted, prefix="step-")
        if not form.validate():
            return _page(call, found, step=form, status=422)
        day = parse_date(said(form.on))
        note_step(
            call.session, call.actor, found.referral, form.kind.data, day, said(form.text), said(form.by_agency), call.now
        )
        return done(call.session, call.actor, posted, call.now, f"/referrals/{found.referral.id}", "recorded")

    @post("/{referral_id:str}/screen", perm=EDIT_PROCESS, sync_to_thread=True)
    def screen(self, call: NamedDependency[Call], referral_id: FromPath[str], data: FormBody) -> Response[Any]:
        """該当判断."""
        found, posted = _in_hand(call, referral_id), Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = ScreeningForm(posted)
        if not form.validate():
            return _page(call, found, screening=form, status=422)
        try:
            with attempt(call.session):
                found.case.expect(version_of(posted.text("_version")))
                begin_screening(call.session, call.actor, found.case, found.principal, call.now)
                screen(
                    call.session, call.actor, found.case, found.principal, found.referral, found.case.version,
                    form.judgement(), call.now,
                )  # fmt: skip
        except (StepRefused, Conflict) as refusal:
            return _page(call, _in_hand(call, referral_id), screening=form, problem=str(refusal), status=409)
        return done(call.session, call.actor, posted, call.now, f"/referrals/{found.referral.id}", "screened")


def _in_hand(call: Call, referral_id: str) -> Arrived:
    return sheet_in_hand(call.session, call.town, call.actor, known_id(referral_id))


def _inbox(call: Call, typed: str, *, is_open: bool) -> Response[str]:
    found = arrived(call.session, call.town, call.actor, typed=typed, is_open=is_open)
    view = inbox_view(found, typed, is_open, call.actor, day_in_japan(call.now))
    return render(call.request, "cases/referrals.html", TITLE, view)


def _page(
    call: Call, found: Arrived, *, screening: ScreeningForm | None = None, step: StepForm | None = None, problem: str = "",
    status: int = 200,
) -> Response[str]:  # fmt: skip
    today = day_in_japan(call.now)
    view = sheet_view(call.session, found, call.actor, today, new_id(), screening=screening, step=step, problem=problem)
    return render(call.request, "cases/referral.html", f"{TITLE} {found.case.number}", view, status)
