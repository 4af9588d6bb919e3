"""報告が残っているもの: who is still waiting to hear, and writing down what they were told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_PROCESS, READ_PROCESS
from service.cases.feedback.forms import SettleForm
from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import ABOUT, entry_in_hand, open_entries, settle, waiting_to_hear
from service.cases.feedback.paper import report_paper
from service.kernel.audit import attempt, note
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki_short
from service.kernel.db import new_id
from service.kernel.errors import Conflict, DomainError, NotFound
from service.resources.sending import done, sent_before
from service.web.actor import Actor, Town
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, version_of
from service.web.print.document import document_data
from service.web.print.render import render_pdf


@dataclass(frozen=True)
class OwedLine:
    """One who has to hear: about which case, of what, until when."""

    id: str
    version: int
    number: str
    whom: str
    about: str
    by: str
    due: str
    is_late: bool
    form: SettleForm
    problem: str = ""
    is_open: bool = False
    """Whether its form stands open: it came back, or somebody came for it."""


@dataclass(frozen=True)
class OwedView:
    """The list."""

    lines: tuple[OwedLine, ...]
    late: int
    may_edit: bool
    once: str


class FeedbackPages(Controller):
    """つなぎ元への報告."""

    path = "/feedback"

    @get(perm=READ_PROCESS, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """Everybody still waiting, the oldest due first; the one somebody came for stands open."""
        return _page(call, call.request.query_params.get("open", ""))

    @post("/{feedback_id:str}", perm=EDIT_PROCESS, sync_to_thread=True)
    def settle(self, call: NamedDependency[Call], feedback_id: FromPath[str], data: FormBody) -> Response[Any]:
        """What was told, or why nothing has to be."""
        posted, id_ = Posted.read(data), known_id(feedback_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        if call.session.scalars(open_entries(call.town, call.actor).where(Feedback.id == id_)).first() is None:
            raise NotFound()
        form = SettleForm(posted)
        if not form.validate():
            return _page(call, id_, form, "", 422)
        try:
            with attempt(call.session):
                settle(call.session, call.town, call.actor, id_, version_of(posted.text("_version")), form.told(), call.now)
        except Conflict as refusal:
            return _page(call, id_, form, str(refusal), 409)
        except DomainError as refusal:
            return _page(call, id_, form, str(refusal), refusal.status)
        leads = f"/feedback/{id_}/letter.pdf" if posted.text("then") == "print" else "/feedback"
        return done(call.session, call.actor, posted, call.now, leads, "told")

    @get("/{feedback_id:str}/letter.pdf", perm=READ_PROCESS, sync_to_thread=True)
    def letter(self, call: NamedDependency[Call], feedback_id: FromPath[str]) -> Response[bytes]:
        """A sheet to send or fax: with what was told, or with room to write it."""
        entry, number = entry_in_hand(call.session, call.town, call.actor, known_id(feedback_id))
        note(call.session, "print", "feedback", entry.id)
        paper = report_paper(call.town, call.actor, entry, number, call.now)
        return pdf_answer(render_pdf("document", document_data(paper)), "report.pdf")


def owed_lines(session: Session, town: Town, actor: Actor, today: date) -> tuple[OwedLine, ...]:
    """Who is still waiting, the oldest due first."""
    return tuple(_line(each.entry, each.number, today) for each in waiting_to_hear(session, town, actor))


def _line(row: Feedback, number: str, today: date) -> OwedLine:
    whom = "　".join(filter(None, (row.to_agency, row.to_name)))
    return OwedLine(
        row.id, row.version, number, whom, ABOUT[row.about], row.by, format_wareki_short(row.due_on), row.due_on < today,
        SettleForm(),
    )  # fmt: skip


def _page(call: Call, id_: str = "", form: SettleForm | None = None, problem: str = "", status: int = 200) -> Response[str]:
    lines = owed_lines(call.session, call.town, call.actor, day_in_japan(call.now))
    shown = tuple(
        replace(line, form=form or line.form, problem=problem, is_open=True) if line.id == id_ else line for line in lines
    )
    view = OwedView(shown, sum(line.is_late for line in lines), EDIT_PROCESS.allows(call.actor), new_id())
    return render(call.request, "cases/feedback.html", "報告が残っているもの", view, status)
