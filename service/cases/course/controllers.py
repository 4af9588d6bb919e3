"""The course of a case: its log and the contacts before consent; its steps are taken in `followup`, which plans what follows."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_CASES, READ_CASES
from service.cases.access import change_person, read_person
from service.cases.course.forms import NoteForm, OutreachForm
from service.cases.course.log import Entry, entries_of, write
from service.cases.course.pages import Typed, course_view
from service.cases.course.paper import log_paper
from service.cases.models import Person, SupportCase
from service.kernel.audit import attempt, note
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id
from service.web.print.document import document_data
from service.web.print.render import render_pdf


class Course(Controller):
    """One case's way, from the first sheet to the end."""

    path = "/people/{person_id:str}/course"

    @get(perm=READ_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The nine steps, what is next, and the log."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        corrects = call.request.query_params.get("correct", "")
        return course_page(call, case, person, Typed(corrects_id=known_id(corrects) if corrects else ""))

    @get("/log.pdf", perm=READ_CASES, sync_to_thread=True)
    def paper(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """支援経過記録 on paper."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        note(call.session, "print", "progress_note", person.id)
        entries = entries_of(call.session, case.id)
        data = document_data(log_paper(call.town, call.actor, case, person, entries, call.now))
        return pdf_answer(render_pdf("document", data), "log.pdf")

    @post("/notes", perm=EDIT_CASES, sync_to_thread=True)
    def write(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """An entry, or one that corrects another; what was written first stays."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        corrects, form = posted.text("corrects"), NoteForm(posted)
        if corrects:
            known_id(corrects)
        if not form.validate():
            return course_page(call, case, person, Typed(note=form, corrects_id=corrects), 422)
        return _kept(
            call, posted, case, person, form.entry(person.id, corrects or None), Typed(note=form, corrects_id=corrects)
        )

    @post("/outreach", perm=EDIT_CASES, sync_to_thread=True)
    def reach_out(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """A contact before consent."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = OutreachForm(posted, prefix="o-")
        if not form.validate():
            return course_page(call, case, person, Typed(outreach=form), 422)
        return _kept(call, posted, case, person, form.entry(person.id), Typed(outreach=form))


def _kept(call: Call, posted: Posted, case: SupportCase, person: Person, entry: Entry, typed: Typed) -> Response[Any]:
    try:
        with attempt(call.session):
            write(call.session, call.actor, case, entry, call.now)
    except NotFound:
        raise
    except DomainError as refusal:
        shown = Typed(note=typed.note, outreach=typed.outreach, corrects_id=typed.corrects_id, problem=str(refusal))
        return course_page(call, case, person, shown, refusal.status)
    return done(call.session, call.actor, posted, call.now, f"/people/{person.id}/course", "noted")


def course_page(call: Call, case: SupportCase, person: Person, typed: Typed, status: int = 200) -> Response[str]:
    """The page, with what came back from a form."""
    view = course_view(call, case, person, typed, new_id())
    return render(call.request, "cases/course.html", f"{person.name} さんの経過", view, status)
