"""The steps of a case: each is taken together with what has to be done from here on."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_CASES
from service.cases.access import change_person
from service.cases.course.controllers import course_page
from service.cases.course.flow import OVER, step_of
from service.cases.course.forms import step_form
from service.cases.course.moving import StepRefused, move_case
from service.cases.course.pages import Typed
from service.followup.rhythms.keeping import CLOSED, cancel_open, keep_case
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.errors import Conflict, NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.params import FromPath, known_id, version_of


class CourseSteps(Controller):
    """The next step of a case."""

    path = "/people/{person_id:str}/course/steps"

    @post("/{step:str}", perm=EDIT_CASES, sync_to_thread=True)
    def step(
        self, call: NamedDependency[Call], person_id: FromPath[str], step: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """One step on."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        known = step_of(step, case.status)
        if known is None:
            raise NotFound()
        form = step_form(call.session, known, day_in_japan(call.now), posted=posted)
        if not form.validate():
            return course_page(call, case, person, Typed(step=form, step_key=step), 422)
        try:
            with attempt(call.session):
                version = version_of(posted.text("_version"))
                move_case(call.session, call.actor, case, person, version, form.move(known), call.now)
                if case.status in OVER:
                    cancel_open(call.session, CLOSED, call.now, case_id=case.id)
                keep_case(call.session, case, call.now)
        except StepRefused as refusal:
            return course_page(call, case, person, Typed(step=form, step_key=step, missing=refusal.missing), 409)
        except Conflict as refusal:
            return course_page(call, case, person, Typed(step=form, step_key=step, problem=str(refusal)), 409)
        return done(call.session, call.actor, posted, call.now, f"/people/{person.id}/course", "moved")
