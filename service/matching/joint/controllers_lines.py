"""One person of a joint run: why there and not elsewhere; leaving a proposal aside, taking an acceptance back."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import READ_MATCHES, RECORD_MATCHES
from service.kernel.db import new_id
from service.kernel.errors import NotFound
from service.matching.joint.accepting import take_back
from service.matching.joint.pages_reading import reader_of
from service.matching.joint.pages_who import who_page
from service.matching.joint.service import decline_line, read_run
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, render
from service.web.params import known_id, typed_text


class JointLines(Controller):
    """One row of a run."""

    path = "/joint/{run_id:str}"

    @get("/who/{row_id:str}", perm=READ_MATCHES, sync_to_thread=True)
    def who(self, call: NamedDependency[Call], run_id: FromPath[str], row_id: FromPath[str]) -> Response[str]:
        """Why there, why not elsewhere."""
        view = read_run(call.session, call.town, call.actor, known_id(run_id))
        reader = reader_of(call.session, call.town, call.actor, view, call.now)
        opening = call.request.query_params.get("opening", "")
        page = who_page(view, reader, known_id(row_id), opening, new_id())
        return render(call.request, "joint/who.html", f"合同照合 {page.heading.name} さん", page)

    @post("/lines/{line_id:str}/decline", perm=RECORD_MATCHES, sync_to_thread=True)
    def decline(
        self, call: NamedDependency[Call], run_id: FromPath[str], line_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Leave a proposal aside, with one reason of the list."""
        posted, target = Posted.read(data), f"/joint/{known_id(run_id)}"
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        line = _line_of(call, known_id(run_id), known_id(line_id))
        words = typed_text(posted.text("note"), 200)
        decline_line(call.session, call.town, call.actor, line, typed_text(posted.text("reason"), 40), words, call.now)
        remember_result(call.session, call.actor.id, posted.text("_once"), target, call.now)
        return go(target, "declined")

    @post("/lines/{line_id:str}/take-back", perm=RECORD_MATCHES, sync_to_thread=True)
    def give_up(self, call: NamedDependency[Call], run_id: FromPath[str], line_id: FromPath[str]) -> Response[Any]:
        """Undo an acceptance as long as nobody was asked."""
        line = _line_of(call, known_id(run_id), known_id(line_id))
        take_back(call.session, call.town, call.actor, line, call.now)
        return go(f"/joint/{known_id(run_id)}", "taken-back")


def _line_of(call: Call, run_id: str, line_id: str) -> str:
    """The line, if it is one of this run that the actor may see."""
    view = read_run(call.session, call.town, call.actor, run_id)
    if all(line.id != line_id for line in view.lines):
        raise NotFound()
    return line_id
