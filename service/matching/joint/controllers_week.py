"""週の組み立て: one person's week over several places, and making one step of it candidates."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import READ_MATCHES, RECORD_MATCHES
from service.cases.access import read_for_match
from service.cases.pages import heading_of
from service.kernel.clock import day_in_japan
from service.matching.facts import ConsentMissing
from service.matching.gather import load_catalogue
from service.matching.joint.forms_week import read_times, read_week
from service.matching.joint.pages_week import week_view
from service.matching.joint.week import accept_week, week_plan
from service.matching.refused import RefusedView
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, render
from service.web.params import known_id


class Weeks(Controller):
    """One person's week."""

    path = "/people/{person_id:str}/week"

    @get(perm=READ_MATCHES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The steps under what the address asks; nothing is saved."""
        case, person = read_for_match(call.session, call.town, call.actor, known_id(person_id))
        heading = heading_of(case, person, day_in_japan(call.now))
        loaded, query = load_catalogue(call.session, call.town), call.request.query_params
        ask, draft = read_week(lambda name: query.getall(name, []), loaded)
        title = f"週の組み立て {person.name} さん"
        try:
            plan = week_plan(call.session, case, person, loaded, ask, call.now)
        except ConsentMissing as refusal:
            refused = RefusedView(heading, refusal.message, refusal.remedy)
            return render(call.request, "matching/refused.html", title, refused)
        return render(
            call.request, "joint/week.html", title, week_view(case, person, call.actor, loaded, draft, plan, heading)
        )

    @post("/accept", perm=RECORD_MATCHES, sync_to_thread=True)
    def accept(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Make the places of one step candidates: all, or none with what stands in the way."""
        posted, target = Posted.read(data), f"/people/{known_id(person_id)}/week"
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        times = tuple(read_times(posted.getlist("time")).items())
        may_ask = posted.text("ask") == "1"
        accept_week(call.session, call.town, call.actor, known_id(person_id), times, call.now, may_ask=may_ask)
        remember_result(call.session, call.actor.id, posted.text("_once"), target, call.now)
        return go(target, "accepted")
