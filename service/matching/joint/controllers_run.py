"""One joint run: watch it, stop it, read it, accept its lines, ask again with what was decided."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from service.accounts.roles import READ_MATCHES, RECORD_MATCHES
from service.kernel.db import new_id
from service.matching.joint.forms import read_ids, read_pins
from service.matching.joint.pages_reading import before_of, comparison_of, reader_of
from service.matching.joint.pages_run import CHANGES, LEFT, Settled, run_page
from service.matching.joint.pages_settled import all_went_well, settled_of
from service.matching.joint.pinning import pins_again
from service.matching.joint.service import accept_lines, cancel_run, read_run, rerun
from service.matching.joint.stream import stream_progress
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, is_partial, render
from service.web.params import known_id, page_number

AnyRequest = Request[Any, Any, Any]


class JointRuns(Controller):
    """One run."""

    path = "/joint/{run_id:str}"

    @get(perm=READ_MATCHES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], run_id: FromPath[str]) -> Response[str]:
        """How far it is, or what it proposes; the script that heard of the end is told to load the page anew."""
        if is_partial(call.request):
            return Response("", headers={"hx-refresh": "true"})
        return _page(call, known_id(run_id), new_id())

    @get("/events", perm=READ_MATCHES, uncompressed=True, include_in_schema=False)
    async def events(self, request: AnyRequest, run_id: FromPath[str]) -> ServerSentEvent:
        """Progress as it comes."""
        town, is_leaving = request.scope["state"]["town"], request.app.state.leaving.is_set
        return await stream_progress(town, request.scope["user"], known_id(run_id), is_leaving)

    @post("/cancel", perm=RECORD_MATCHES, sync_to_thread=True)
    def cancel(self, call: NamedDependency[Call], run_id: FromPath[str]) -> Response[Any]:
        """Stop a run; nothing of it is kept."""
        run = cancel_run(call.session, call.town, call.actor, known_id(run_id), call.now)
        return go(f"/joint/{run.id}", "cancelled")

    @post("/accept", perm=RECORD_MATCHES, sync_to_thread=True)
    def accept(self, call: NamedDependency[Call], run_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Make the ticked lines candidates, each looked at again as of now; what has changed since is said."""
        posted, target = Posted.read(data), f"/joint/{known_id(run_id)}"
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        view = read_run(call.session, call.town, call.actor, known_id(run_id))
        ticked = [line for line in view.lines if line.id in read_ids(posted.getlist("line"))]
        outcomes = accept_lines(call.session, call.town, call.actor, [line.id for line in ticked], call.now)
        remember_result(call.session, call.actor.id, posted.text("_once"), target, call.now)
        if outcomes and all_went_well(outcomes):
            return go(target, "accepted")
        settled = settled_of(reader_of(call.session, call.town, call.actor, view, call.now), ticked, outcomes)
        status = 200 if any(each.is_done for each in settled) else 409
        return _page(call, view.run.id, new_id(), settled, status=status)

    @post("/again", perm=RECORD_MATCHES, sync_to_thread=True)
    def again(self, call: NamedDependency[Call], run_id: FromPath[str], data: FormBody) -> Response[Any]:
        """The same question with what was decided meanwhile; earlier lines are held where they can be."""
        posted = Posted.read(data)
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        view = read_run(call.session, call.town, call.actor, known_id(run_id))
        pins = pins_again(view, read_pins(posted), read_ids(posted.getlist("line")))
        run = rerun(call.session, call.town, call.actor, view.run.id, pins, call.now)
        remember_result(call.session, call.actor.id, posted.text("_once"), f"/joint/{run.id}", call.now)
        return go(f"/joint/{run.id}")


def _page(call: Call, run_id: str, once: str, settled: tuple[Settled, ...] = (), *, status: int = 200) -> Response[str]:
    query = call.request.query_params
    view = read_run(call.session, call.town, call.actor, run_id)
    tab = query.get("tab", "")
    earlier = before_of(call.session, call.town, call.actor, view.run)
    reader = reader_of(call.session, call.town, call.actor, view, call.now, earlier=earlier, with_reasons=tab != LEFT)
    page = run_page(
        view,
        reader,
        tab=tab,
        number=page_number(query.get("page", "")),
        once=once,
        compared=comparison_of(reader, earlier, with_causes=tab == CHANGES),
        settled=settled,
    )
    return render(call.request, "joint/run.html", "合同照合の結果", page, status=status)
