"""Recording an answer to a question of consent — and, where it is taken back, stopping what stands on it."""

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import EDIT_CASES
from service.cases.access import change_person
from service.cases.consent import SERVICE, record_consent
from service.cases.forms import ConsentForm
from service.cases.people_controllers import case_page
from service.followup.sharing.withdrawing import withdraw_service
from service.kernel.dates import parse_date
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.params import known_id

TAKEN_BACK = frozenset({"withdrawn", "refused"})


class Consents(Controller):
    """The consents of one person."""

    @post("/people/{person_id:str}/consent", perm=EDIT_CASES, sync_to_thread=True)
    def record(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep the answer; an application taken back stops every placement on its way, in the same write."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = ConsentForm(posted)
        if not form.validate():
            return case_page(call, case, person, consent_form=form)
        answer = form.answer()
        record_consent(call.session, call.actor, person, answer, parse_date(form.decided_on.data or ""), call.now)
        call.session.flush()
        if answer["scope"] == SERVICE and answer["state"] in TAKEN_BACK:
            withdraw_service(call.session, call.town, call.actor, person, call.now)
        return done(call.session, call.actor, posted, call.now, f"/people/{person.id}", "consented")
