"""合同照合: the runs so far, a new question, and the handlers of the slice."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import READ_MATCHES, RECORD_MATCHES
from service.cases.access import list_cases
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.matching.joint.controllers_files import JointFiles
from service.matching.joint.controllers_lines import JointLines
from service.matching.joint.controllers_run import JointRuns
from service.matching.joint.controllers_settings import JointSettings
from service.matching.joint.controllers_week import Weeks
from service.matching.joint.forms import AskDraft, read_ask
from service.matching.joint.gather import check_page_size, check_scope, scope_of
from service.matching.joint.pages import joint_view, new_run_view
from service.matching.joint.service import list_runs, start_run
from service.resources.models import CatalogueState
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, render


class Joint(Controller):
    """合同照合."""

    path = "/joint"

    @get(perm=READ_MATCHES, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """The runs so far."""
        state = call.session.get(CatalogueState, 1)
        runs = list_runs(call.session, call.town, call.actor)
        view = joint_view(runs, call.actor, state.version if state else 0)
        return render(call.request, "joint/list.html", "合同照合", view)

    @get("/new", perm=RECORD_MATCHES, sync_to_thread=True)
    def new(self, call: NamedDependency[Call]) -> Response[str]:
        """Whom and where; the address holds what was ticked, and ids only."""
        query = call.request.query_params
        return _form(call, read_ask(lambda name: query.getall(name, [])), new_id())

    @post(perm=RECORD_MATCHES, sync_to_thread=True)
    def start(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Put a run down; a worker computes it."""
        posted = Posted.read(data)
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        draft = read_ask(posted.getlist)
        try:
            if draft.problems:
                raise DomainError("読めない欄があります。", "直してから、もう一度計算してください。", "joint-form", 422)
            run = start_run(call.session, call.town, call.actor, draft.ask, call.now)
        except DomainError as problem:
            return _form(call, draft, posted.text("_once") or new_id(), problem)
        remember_result(call.session, call.actor.id, posted.text("_once"), f"/joint/{run.id}", call.now)
        return go(f"/joint/{run.id}")


def _form(call: Call, draft: AskDraft, once: str, refused: DomainError | None = None) -> Response[str]:
    scope = scope_of(call.session, call.town, call.actor, draft.ask, day_in_japan(call.now))
    problem = refused
    try:
        check_scope(scope)
        check_page_size(scope)
    except DomainError as found:
        problem = found
    view = new_run_view(
        draft,
        scope,
        list_cases(call.session, call.town, call.actor),
        call.actor,
        once,
        (problem.message, problem.remedy) if problem else None,
    )
    return render(call.request, "joint/new.html", "合同照合を始める", view, status=refused.status if refused else 200)


JOINT_HANDLERS = [Joint, JointRuns, JointLines, JointFiles, Weeks, JointSettings]
