"""Who must not meet whom, and where a household wants to be: small forms on the page of a person."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import EDIT_CASES
from service.cases.access import change_person
from service.cases.pages import ApartView
from service.cases.togetherness import NOTE_LIMIT, keep_apart, seat_household, stop_keeping_apart
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, render
from service.web.params import known_id, typed_text


class Togetherness(Controller):
    """同席と世帯の席."""

    path = "/people/{person_id:str}"

    @get("/apart", perm=EDIT_CASES, sync_to_thread=True)
    def choose(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Somebody who must not be at the same place on the same day."""
        _, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        return render(call.request, "cases/apart.html", "同席を避ける人を足す", ApartView(person.id, person.name, new_id()))

    @post("/apart", perm=EDIT_CASES, sync_to_thread=True)
    def add(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep the two apart; what was typed stays when it is not clear who is meant."""
        _, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        posted, target = Posted.read(data), f"/people/{person.id}"
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        who, note = typed_text(posted.text("who"), 100), typed_text(posted.text("note"), NOTE_LIMIT)
        try:
            keep_apart(call.session, call.town, call.actor, person, who, note)
        except DomainError as problem:
            said = f"{problem.message}{problem.remedy}"
            view = ApartView(person.id, person.name, posted.text("_once") or new_id(), who, note, said)
            return render(call.request, "cases/apart.html", "同席を避ける人を足す", view, status=problem.status)
        remember_result(call.session, call.actor.id, posted.text("_once"), target, call.now)
        return go(target, "saved")

    @post("/apart/{pair_id:str}/remove", perm=EDIT_CASES, sync_to_thread=True)
    def remove(self, call: NamedDependency[Call], person_id: FromPath[str], pair_id: FromPath[str]) -> Response[Any]:
        """Let them meet again."""
        _, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        stop_keeping_apart(call.session, person, known_id(pair_id))
        return go(f"/people/{person.id}", "saved")

    @post("/seating", perm=EDIT_CASES, sync_to_thread=True)
    def seat(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """One place for the household, or several."""
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        seat_household(case.household, Posted.read(data).text("seating"))
        return go(f"/people/{person.id}", "saved")
