"""プラン: the draft, what was agreed, the evaluation, and the papers a person signs."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_CASES, READ_CASES
from service.cases.access import change_person, read_person, refuse_when_over
from service.cases.consent import SERVICE, state_of
from service.cases.models import Consent, Person, SupportCase
from service.cases.papers.rules import check_printable
from service.cases.people import load_person
from service.cases.plans.drafting import evaluate, save_draft
from service.cases.plans.forms import EvaluationForm, PlanForm
from service.cases.plans.models import Plan
from service.cases.plans.pages import Typed, plans_view
from service.cases.plans.paper import evaluation_paper, plan_paper
from service.cases.plans.reading import plans_of
from service.kernel.audit import attempt, note
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import Conflict, DomainError, NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, version_of
from service.web.print.document import document_data
from service.web.print.render import render_pdf


class Plans(Controller):
    """The plans of one case; before consent there are none."""

    path = "/people/{person_id:str}/plans"

    @get(perm=READ_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """What was agreed, and the draft."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        return _page(call, case, person, Typed())

    @post(perm=EDIT_CASES, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep the draft."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = PlanForm(posted)
        if not form.validate():
            return _page(call, case, person, Typed(form=form), 422)
        try:
            with attempt(call.session):
                refuse_when_over(case)
                _refuse_without_consent(call.session, person, day_in_japan(call.now))
                version = version_of(posted.text("_version"))
                save_draft(call.session, call.actor, case, form.draft(), version, call.now)
        except Conflict as refusal:
            return _page(call, case, person, Typed(form=form, problem=str(refusal)), 409)
        except DomainError as refusal:
            return _page(call, case, person, Typed(form=form, problem=str(refusal)), refusal.status)
        return done(call.session, call.actor, posted, call.now, f"/people/{person.id}/plans")

    @post("/evaluate/{own_plan_id:str}", perm=EDIT_CASES, sync_to_thread=True)
    def judge(
        self, call: NamedDependency[Call], person_id: FromPath[str], own_plan_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """評価."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        plan, form = _plan(call.session, case, own_plan_id), EvaluationForm(posted, prefix="e-")
        if not form.validate():
            return _page(call, case, person, Typed(evaluation=form, plan_id=plan.id), 422)
        try:
            with attempt(call.session):
                refuse_when_over(case)
                evaluate(call.session, call.actor, case, plan, form.judged(plan, posted), call.now)
        except DomainError as refusal:
            return _page(call, case, person, Typed(evaluation=form, plan_id=plan.id, problem=str(refusal)), refusal.status)
        return done(call.session, call.actor, posted, call.now, f"/people/{person.id}/plans", "recorded")

    @get("/{own_plan_id:str}/plan.pdf", perm=READ_CASES, sync_to_thread=True)
    def paper(self, call: NamedDependency[Call], person_id: FromPath[str], own_plan_id: FromPath[str]) -> Response[bytes]:
        """プラン兼利用申込書, in large type with readings, to be signed."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        plan = _plan(call.session, case, own_plan_id)
        check_printable(load_person(call.session, person).consents, day_in_japan(call.now))
        note(call.session, "print", "plan", plan.id)
        data = document_data(plan_paper(call.town, call.actor, case, person, plan, call.now))
        return pdf_answer(render_pdf("document", data), "plan.pdf")

    @get("/{own_plan_id:str}/evaluation.pdf", perm=READ_CASES, sync_to_thread=True)
    def evaluation(
        self, call: NamedDependency[Call], person_id: FromPath[str], own_plan_id: FromPath[str]
    ) -> Response[bytes]:
        """評価シート, with what is known filled in."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        plan = _plan(call.session, case, own_plan_id)
        note(call.session, "print", "evaluation", plan.id)
        data = document_data(evaluation_paper(call.session, call.town, call.actor, case, person, plan, call.now))
        return pdf_answer(render_pdf("document", data), "evaluation.pdf")


def _plan(session: Session, case: SupportCase, plan_id: str) -> Plan:
    """A plan of this case; another one's is as absent as none."""
    known_id(plan_id)
    plan = next((each for each in plans_of(session, case.id) if each.id == plan_id), None)
    if plan is None:
        raise NotFound()
    return plan


def _is_agreed(session: Session, person: Person, today: date) -> bool:
    return state_of(session.scalars(select(Consent).where(Consent.person_id == person.id)), today, SERVICE) == "given"


def _refuse_without_consent(session: Session, person: Person, today: date) -> None:
    if not _is_agreed(session, person, today):
        raise DomainError(
            "利用申込みの同意がないあいだは、プランを作れません。",
            "経過の画面から、同意の前の働きかけを続けてください。",
            "plan-consent",
            409,
        )


def _page(call: Call, case: SupportCase, person: Person, typed: Typed, status: int = 200) -> Response[str]:
    view = plans_view(call, case, person, _is_agreed(call.session, person, day_in_japan(call.now)), typed, new_id())
    return render(call.request, "cases/plans.html", f"{person.name} さんのプラン", view, status)
