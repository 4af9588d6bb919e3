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
from service.cases.course.flow import Status
from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import GIVEN, REFERRER
from service.cases.models import SupportCase
from service.cases.referrals.forms import SheetForm
from service.cases.referrals.inbox import steps_of
from service.cases.referrals.models import Referral
from service.cases.referrals.paper import blank_sheet
from service.cases.referrals.receiving import ANSWER, QUESTION, STEP_KINDS, note_step, receive
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, format_wareki_short
from service.kernel.db import new_id
from service.kernel.errors import NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, typed_text
from service.web.print.document import document_data
from service.web.print.render import render_pdf

OWN: Final = "own"
SAID: Final = {
    Status.REFERRED: "受け付けました", Status.SCREENING: "どこで受けるかを相談しています", Status.ADVICE_ONLY: "助言でお返ししました",
    Status.ORDINARY: "担当の機関にお返ししました", Status.CLOSED: "支援を終えました",
}  # fmt: skip
GOING_ON: Final = "支援に向けて進めています"
"""All a つなぎ元 hears of the steps in between: how far a case has come is the person's own matter."""


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
    """その後: what became of a sheet."""

    id: str
    when: str
    about: str
    state: str
    acknowledged: str
    story: str
    told: tuple[tuple[str, str], ...]
    talk: tuple[tuple[str, str], ...]
    is_withdrawn: bool
    once: str


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
        """A sheet begun with who is writing, as last time."""
        rows = _own(call.session, call.actor.id)
        last = rows[0][0] if rows else None
        name = call.actor.label.split("（")[0]
        data = {"from_person": name} | ({"from_agency": last.from_agency, "from_phone": last.from_phone} if last else {})
        return _form(call, SheetForm(data=data), new_id())

    @get("/blank.pdf", perm=REFER, sync_to_thread=True)
    def blank(self, call: NamedDependency[Call]) -> Response[bytes]:
        """A sheet to be filled in with a pen."""
        return pdf_answer(render_pdf("document", document_data(blank_sheet(call.town, call.actor, call.now))), "sheet.pdf")

    @post("/new", perm=REFER, sync_to_thread=True)
    def send(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Hand somebody over."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = SheetForm(posted)
        if not form.validate():
            return _form(call, form, posted.text("_once"), 422)
        sheet = form.sheet(OWN, format_wareki_short(day_in_japan(call.now)))
        row = receive(call.session, call.town, call.actor, sheet, call.now, referrer_id=call.actor.id)
        return done(call.session, call.actor, posted, call.now, f"/refer/{row.id}", "sent")

    @get("/{own_referral_id:str}", perm=REFER, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], own_referral_id: FromPath[str]) -> Response[str]:
        """その後."""
        row, case = _one(call, own_referral_id)
        note(call.session, "view", "referral", row.id)
        return render(call.request, "cases/own_referral.html", "その後", _view(call.session, row, case))

    @post("/{own_referral_id:str}/answer", perm=REFER, sync_to_thread=True)
    def answer(self, call: NamedDependency[Call], own_referral_id: FromPath[str], data: FormBody) -> Response[Any]:
        """An answer to what was asked, or a word more."""
        posted, (row, _) = Posted.read(data), _one(call, own_referral_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        text = typed_text(posted.text("text"), 400)
        note_step(call.session, call.actor, row, ANSWER, day_in_japan(call.now), text, row.from_agency, call.now)
        return done(call.session, call.actor, posted, call.now, f"/refer/{row.id}", "sent")


def _own(session: Session, user_id: str) -> Sequence[tuple[Referral, SupportCase]]:
    query = select(Referral, SupportCase).join(SupportCase, Referral.case_id == SupportCase.id)
    query = query.where(Referral.referrer_id == user_id).order_by(Referral.received_at.desc(), Referral.id)
    return [(row, case) for row, case in session.execute(query)]


def _one(call: Call, id_: str) -> tuple[Referral, SupportCase]:
    """A sheet of one's own; another's is as absent as none."""
    known_id(id_)
    found = next((each for each in _own(call.session, call.actor.id) if each[0].id == id_), None)
    if found is None:
        raise NotFound()
    return found


def _line(row: Referral, case: SupportCase) -> OwnLine:
    about = f"{row.age_band}の方" if row.age_band else "匿名の方" if row.is_anonymous else "お送りいただいた方"
    return OwnLine(row.id, format_wareki(row.received_on), f"{about}　{case.number}", _state(row, case))


def _state(row: Referral, case: SupportCase) -> str:
    return "取り下げ" if row.withdrawn_on is not None else SAID.get(Status(case.status), GOING_ON)


def _view(session: Session, row: Referral, case: SupportCase) -> OwnSheetView:
    query = select(Feedback).where(Feedback.case_id == case.id, Feedback.to_role == REFERRER, Feedback.state == GIVEN)
    told = session.scalars(query.order_by(Feedback.settled_on, Feedback.id))
    talk = [each for each in steps_of(session, row.id) if each.kind in (QUESTION, ANSWER)]
    line = _line(row, case)
    return OwnSheetView(
        row.id, line.when, line.about, line.state,
        f"{format_wareki(row.acknowledged_on)}に受け取りを確かめました" if row.acknowledged_on else "まだ受け取りの確認をしていません",
        row.story, tuple((format_wareki_short(each.settled_on or each.due_on), each.text) for each in told),
        tuple((f"{STEP_KINDS[each.kind]}　{format_wareki_short(each.on)}", each.text) for each in talk),
        row.withdrawn_on is not None, new_id(),
    )  # fmt: skip


def _form(call: Call, form: SheetForm, once: str, status: int = 200) -> Response[str]:
    return render(call.request, "cases/own_form.html", "つなぐシートを送る", OwnFormView(form, once), status)
