"""緊急に開く: a supervisor's page for what is not open to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.doors import access_setting
from service.accounts.roles import BREAK_GLASS
from service.kernel.audit import attempt
from service.kernel.dates import say_instant
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.oversight.glass import end_glass, open_glass, open_now, stuck_out_of_sight
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import FromPath, known_id, typed_text


@dataclass(frozen=True)
class HeldOpen:
    """What is open now."""

    id: str
    number: str
    person_id: str
    reason: str
    until: str


@dataclass(frozen=True)
class GlassView:
    """The page; `problem` says why nothing was opened, with what was typed kept."""

    minutes: int
    held: tuple[HeldOpen, ...]
    stuck: tuple[tuple[str, str], ...]
    once: str
    number: str = ""
    reason: str = ""
    problem: str = ""


class GlassPages(Controller):
    """緊急に開く."""

    path = "/break-glass"

    @get(perm=BREAK_GLASS, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """What is open, what is stuck out of sight, and the form."""
        return _page(call, number=typed_text(call.request.query_params.get("number", ""), 20))

    @post(perm=BREAK_GLASS, sync_to_thread=True)
    def open(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Open one."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        number, reason = typed_text(posted.text("number"), 20), typed_text(posted.text("reason"), 600)
        try:
            with attempt(call.session):
                open_glass(call.session, call.town, call.actor, number, reason, call.now)
        except DomainError as problem:
            return _page(call, number, reason, str(problem), problem.status)
        return done(call.session, call.actor, posted, call.now, "/break-glass", "glass-opened")

    @post("/{glass_id:str}/end", perm=BREAK_GLASS, sync_to_thread=True)
    def end(self, call: NamedDependency[Call], glass_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Stop reading at once."""
        end_glass(call.session, call.actor, known_id(glass_id), call.now)
        return go("/break-glass", "glass-ended")


def _page(call: Call, number: str = "", reason: str = "", problem: str = "", status: int = 200) -> Response[str]:
    held = tuple(
        HeldOpen(row.id, case_number, person_id, row.reason, say_instant(row.until))
        for row, case_number, person_id in open_now(call.session, call.actor, call.now)
    )
    stuck = tuple(stuck_out_of_sight(call.session, call.town, call.actor))
    minutes = access_setting(call.session).glass_minutes
    view = GlassView(minutes, held, stuck, new_id(), number, reason, problem)
    return render(call.request, "oversight/glass.html", "緊急に開く", view, status)
