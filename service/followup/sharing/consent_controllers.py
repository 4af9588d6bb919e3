"""The consents of a household: what stands, an answer written down — and, where it is taken back, what stands on it stopped."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import EDIT_CASES, READ_CASES
from service.cases.access import change_person, read_person
from service.cases.consent import (
    CONTACT,
    GUARDIAN,
    PLAN,
    SCOPE_LABELS,
    SERVICE,
    STATE_LABELS,
    TAKEN_BACK,
    Answer,
    needs_guardian,
    receive_paper,
    record_consent,
)
from service.cases.course.log import log_consent
from service.cases.forms import ConsentForm, goes_on, not_after
from service.cases.models import Person, SupportCase
from service.cases.people import load_person
from service.cases.people_controllers import case_page
from service.followup.closing.keeping import follow_answer
from service.followup.sharing.consent_pages import consents_view
from service.followup.sharing.paper_pages import papers_view
from service.followup.sharing.withdrawing import withdraw_plan, withdraw_service
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import known_id

ALL_OF_THEM = "consents"
"""Where the answer was typed: on the page of all consents, else on the page of the person."""


class Consents(Controller):
    """The consents of everybody of a household."""

    path = "/people/{person_id:str}"

    @get("/consents", perm=READ_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Every scope of everybody, with how, when and by whom it was answered."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        return _page(call, case, person)

    @get("/papers", perm=READ_CASES, sync_to_thread=True)
    def papers(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """書類: what can be printed of this person."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        view = papers_view(call.session, case, person, day_in_japan(call.now))
        return render(call.request, "followup/papers.html", f"書類　{person.name} さん", view)

    @post("/consent", perm=EDIT_CASES, sync_to_thread=True)
    def record(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep the answer; what is taken back stops everything that stands on it, in the same write."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, together = ConsentForm(posted), posted.text("from") == ALL_OF_THEM
        meant = _meant(case, person, posted.text("who"))
        if not form.validate(extra_validators={"decided_on": [not_after(day_in_japan(call.now))], "scope": [goes_on(case)]}):
            return _page(call, case, person, form) if together else case_page(call, case, person, consent_form=form)
        answer = form.answer()
        record_consent(call.session, call.actor, meant, answer, call.now)
        call.session.flush()
        log_consent(
            call.session, call.actor, case, meant, f"{SCOPE_LABELS[answer.scope]}：{STATE_LABELS[answer.state]}", call.now
        )
        _follow(call, case, meant, answer)
        back = f"/people/{person.id}{'/consents' if together else ''}"
        return done(call.session, call.actor, posted, call.now, back, "consented")

    @post("/consent/{consent_id:str}/paper", perm=EDIT_CASES, sync_to_thread=True)
    def receive(
        self, call: NamedDependency[Call], person_id: FromPath[str], consent_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """書面が届いた: one tap, and what was agreed by word of mouth has its paper."""
        posted = Posted.read(data)
        _, bare = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        person = load_person(call.session, bare)
        receive_paper(person, known_id(consent_id), day_in_japan(call.now))
        return done(call.session, call.actor, posted, call.now, f"/people/{person.id}/consents", "paper-in")


def _meant(case: SupportCase, person: Person, who: str) -> Person:
    """Who of the household answered; somebody else's member is as absent as none."""
    found = next((each for each in case.household.people if each.id == who), None) if who else person
    if found is None:
        raise NotFound()
    return found


def _follow(call: Call, case: SupportCase, person: Person, answer: Answer) -> None:
    """What an answer changes at once: nothing goes on without the application, nor, below 18, without the guardian."""
    guards = answer.scope == GUARDIAN and needs_guardian(person, day_in_japan(call.now))
    if (answer.scope == SERVICE or guards) and answer.state in TAKEN_BACK:
        withdraw_service(call.session, call.town, call.actor, person, call.now)
    if answer.scope == PLAN and answer.state in TAKEN_BACK:
        withdraw_plan(call.session, call.town, call.actor, person, call.now)
    if answer.scope == CONTACT:
        follow_answer(call.session, case, person, answer.state, call.now)


def _page(call: Call, case: SupportCase, person: Person, form: ConsentForm | None = None) -> Response[str]:
    view = consents_view(call.session, call.actor, case, person, day_in_japan(call.now), new_id(), form)
    title = f"同意　{person.name} さんの世帯"
    return render(call.request, "followup/consents.html", title, view, status=422 if form else 200)
