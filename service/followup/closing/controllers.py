"""終結, what comes after it, taking a person in again, the sheet of stability, and the counts of who is still in touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_CASES, READ_CASES, READ_FOLLOWUP
from service.cases.access import change_person, read_person
from service.cases.feedback.owing import settle_all
from service.cases.models import Person, SupportCase
from service.followup.closing.ending import close_case
from service.followup.closing.forms import CareForm, ReportForm, WordsForm
from service.followup.closing.keeping import after_care_of, change_care, report_done, stop_care
from service.followup.closing.models import AfterCare
from service.followup.closing.pages import Typed, closing_view, form_of
from service.followup.closing.pages_after import after_view
from service.followup.closing.pages_stability import stability_view
from service.followup.closing.paper import notice_paper
from service.followup.closing.reopening import reopen
from service.kernel.audit import attempt, note
from service.kernel.clock import day_in_japan
from service.kernel.dates import parse_date
from service.kernel.errors import DomainError, NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, version_of
from service.web.print.document import document_data
from service.web.print.render import render_pdf


class ClosingPages(Controller):
    """One person's closing, before and after."""

    path = "/people/{person_id:str}/closing"

    @get(perm=READ_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The conditions and the form; once closed, what was agreed for afterwards."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        return _page(call, case, person, Typed())

    @get("/notice.pdf", perm=READ_CASES, sync_to_thread=True)
    def notice(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """終結のお知らせ, to be handed to the person; before the closing there is none."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        care = after_care_of(call.session, case.id, person.id)
        if care is None:
            raise DomainError(
                "終結していないため、お知らせは刷れません。", "先に終結を記録してください。", "not-closed", 409
            )
        note(call.session, "print", "closing_notice", person.id)
        paper = notice_paper(call.town, call.actor, case, person, care, call.now)
        return pdf_answer(render_pdf("document", document_data(paper)), "notice.pdf")

    @post(perm=EDIT_CASES, sync_to_thread=True)
    def close(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """終結する."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = form_of(call.session, case)(posted)
        if not form.validate():
            return _page(call, case, person, Typed(closing=form, status=422))
        version = version_of(posted.text("_version"))

        def work() -> None:
            close_case(call.session, call.town, call.actor, case, person, version, form.closing(), call.now)

        return _tried(call, posted, case, person, work, Typed(closing=form), "closed")

    @post("/care", perm=EDIT_CASES, sync_to_thread=True)
    def change(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Another contact person, or other times."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, care = CareForm(posted), _care(call, case, person)
        if not form.validate():
            return _page(call, case, person, Typed(care=form, status=422))
        version = version_of(posted.text("_version"))

        def work() -> None:
            change_care(call.session, case, care, version, form.agreed(), call.now)

        return _tried(call, posted, case, person, work, Typed(care=form), "saved")

    @post("/stop", perm=EDIT_CASES, sync_to_thread=True)
    def stop(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """The person wishes no more contact."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, care = WordsForm(posted, prefix="stop-"), _care(call, case, person)
        if not form.validate():
            return _page(call, case, person, Typed(stop=form, status=422))

        def work() -> None:
            stop_care(call.session, call.actor, case, person, care, (form.words.data or "").strip(), call.now)

        return _tried(call, posted, case, person, work, Typed(stop=form), "care-stopped")

    @post("/report", perm=EDIT_CASES, sync_to_thread=True)
    def report(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Whoever had referred the person has heard of it."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, care = ReportForm(posted, prefix="report-"), _care(call, case, person)
        if not form.validate():
            return _page(call, case, person, Typed(report=form, status=422))
        version, day = version_of(posted.text("_version")), parse_date(form.on.data or "")

        def work() -> None:
            report_done(care, version, day, day_in_japan(call.now))
            settle_all(call.session, call.actor, case, "closing", "終結を報告した", day)

        return _tried(call, posted, case, person, work, Typed(report=form), "saved")

    @post("/reopen", perm=EDIT_CASES, sync_to_thread=True)
    def again(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """もう一度受け付ける."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = WordsForm(posted, prefix="again-")
        if not form.validate():
            return _page(call, case, person, Typed(again=form, status=422))

        def work() -> None:
            reopen(call.session, call.town, call.actor, person, form.words.data or "", call.now)

        return _tried(call, posted, case, person, work, Typed(again=form), "reopened", "")


class Stability(Controller):
    """How the tie holds, on one sheet."""

    path = "/people/{person_id:str}/stability"

    @get(perm=READ_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Attendance, both sides' words, what is open: for the meeting, on A4."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        view = stability_view(call, case, person)
        return render(call.request, "followup/stability.html", f"つながりの様子 {person.name} さん", view)


class AfterClosing(Controller):
    """終結後のつながり."""

    path = "/followup/after"

    @get(perm=READ_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Who is still in touch with whom, and for supervisors the counts."""
        return render(call.request, "followup/after.html", "終結後のつながり", after_view(call))


CLOSING_HANDLERS: list[Any] = [ClosingPages, Stability, AfterClosing]


def _care(call: Call, case: SupportCase, person: Person) -> AfterCare:
    care = after_care_of(call.session, case.id, person.id) if case.status == "closed" else None
    if care is None:
        raise DomainError("終結後の連絡先の記録がありません。", "終結してから、この画面で変えられます。", "not-closed", 409)
    return care


def _tried(
    call: Call, posted: Posted, case: SupportCase, person: Person, work: Callable[[], None], typed: Typed, message: str,
    below: str = "/closing",
) -> Response[Any]:  # fmt: skip
    """Do it and go on; a refusal is shown on the page, with what was typed."""
    try:
        with attempt(call.session):
            work()
    except NotFound:
        raise
    except DomainError as refusal:
        case, person = read_person(call.session, call.town, call.actor, person.id)
        said = getattr(refusal, "missing", (refusal,))
        problems = tuple(f"{each.message}{each.remedy}" for each in said)
        refused = Typed(**{**vars(typed), "problems": problems, "status": refusal.status})
        return _page(call, case, person, refused)
    return done(call.session, call.actor, posted, call.now, f"/people/{person.id}{below}", message)


def _page(call: Call, case: SupportCase, person: Person, typed: Typed) -> Response[str]:
    view = closing_view(call, case, person, typed)
    title = f"終結後の{person.name} さん" if view.is_closed else f"終結 {person.name} さん"
    return render(call.request, "followup/closing.html", title, view, status=typed.status)
