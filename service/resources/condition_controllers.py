"""What a host answered about each condition, on the host itself, one site or one opening."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_CATALOGUE
from service.kernel.clock import day_in_japan
from service.resources.catalogue import read_host
from service.resources.condition_sheet import Sheet, read_level
from service.resources.conditions import Told
from service.resources.sending import done, last_change, sent_before
from service.resources.vocabulary import current_vocabulary
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, typed_text

AnyRequest = Request[Any, Any, Any]


class Conditions(Controller):
    """The conditions of a host."""

    path = "/hosts/{host_id:str}/conditions"

    @get(perm=EDIT_CATALOGUE, sync_to_thread=True)
    def edit(self, call: NamedDependency[Call], host_id: FromPath[str]) -> Response[str]:
        """Every condition of one level as a form."""
        host = read_host(call.session, known_id(host_id))
        sheet = Sheet(host, read_level(host, call.request.query_params), current_vocabulary(call.session))
        return render(call.request, "resources/conditions.html", f"{host.name} 条件", sheet.view())

    @post(perm=EDIT_CATALOGUE, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], host_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Write only the answers that were changed, each with who answered and who wrote it down."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host = read_host(call.session, known_id(host_id))
        sheet = Sheet(host, read_level(host, call.request.query_params), current_vocabulary(call.session))
        sheet.read(posted)
        if sheet.errors:
            return render(call.request, "resources/conditions.html", f"{host.name} 条件", sheet.view(posted), 422)
        if sheet.conflicts:
            by = (
                last_change(call.session, sheet.known[sheet.first_conflict].id)
                if sheet.first_conflict in sheet.known
                else ("", "")
            )
            return render(call.request, "resources/conditions.html", f"{host.name} 条件", sheet.view(posted, by), 409)
        told = Told(typed_text(posted.text("answered_by"), 100), call.actor.label, day_in_japan(call.now))
        written = sheet.write(call.session, told)
        return done(
            call.session, call.actor, posted, call.now, f"/hosts/{host.id}", "saved" if written else "nothing-to-save"
        )
