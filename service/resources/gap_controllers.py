"""資源の不足: what the town lacks, and what is undertaken about it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_CATALOGUE, READ_CATALOGUE
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import Conflict, DomainError
from service.resources.agencies.developments import (
    RESULTS,
    WON,
    Outcome,
    developments_of,
    end_development,
    openings_named,
    put_aside,
    read_development,
    undertake,
    won_places,
)
from service.resources.agencies.gap_forms import DevelopmentForm
from service.resources.agencies.gap_pages import (
    FILTERS,
    RUNNING,
    EndView,
    GapsView,
    Known,
    development_line,
    gap_view,
    gaps_view,
    result_choices,
)
from service.resources.agencies.gap_paper import gaps_paper
from service.resources.agencies.models import ResourceDevelopment
from service.resources.gaps import list_gaps, read_gap, reopen_gap
from service.resources.models import ResourceGap
from service.resources.sending import done, sent_before
from service.resources.vocabulary import current_vocabulary
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, typed_text, version_of
from service.web.print.document import document_data
from service.web.print.render import render_pdf

Answer = Response[Any]


class Gaps(Controller):
    """What no place in town could meet."""

    path = "/gaps"

    @get(perm=READ_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The list: what is overdue, then the newest first."""
        return render(call.request, "resources/gaps.html", "資源の不足", _view(call))

    @get("/list.pdf", perm=READ_CATALOGUE, sync_to_thread=True)
    def sheet(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The list for a meeting, as it is narrowed."""
        view = _view(call)
        note(call.session, "print", "resource_gap", "list")
        paper = gaps_paper(view, FILTERS[view.chosen], call.town, call.actor, call.now)
        return pdf_answer(render_pdf("document", document_data(paper)), "gaps.pdf")

    @get("/{gap_id:str}", perm=READ_CATALOGUE, sync_to_thread=True)
    def one(self, call: NamedDependency[Call], gap_id: FromPath[str]) -> Response[str]:
        """One unmet need, with what is undertaken about it."""
        return _show(call, read_gap(call.session, known_id(gap_id)), _blank(call))

    @post("/{gap_id:str}/developments", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def add(self, call: NamedDependency[Call], gap_id: FromPath[str], data: FormBody) -> Answer:
        """Somebody takes it up."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        gap, form = read_gap(call.session, known_id(gap_id)), DevelopmentForm(posted)
        if not form.validate():
            return _show(call, gap, form, 422)
        try:
            undertake(call.session, call.actor, gap, form.undertaking(), call.now)
        except DomainError as refusal:
            return _show(call, gap, form, refusal.status, problem=str(refusal))
        return done(call.session, call.actor, posted, call.now, f"/gaps/{gap.id}", "added")

    @get("/{gap_id:str}/developments/{development_id:str}", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def ending(self, call: NamedDependency[Call], gap_id: FromPath[str], development_id: FromPath[str]) -> Response[str]:
        """The form that asks how it ended."""
        gap, row = _in_hand(call, gap_id, development_id)
        return _ask(call, gap, row, Posted())

    @post("/{gap_id:str}/developments/{development_id:str}", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def end(
        self, call: NamedDependency[Call], gap_id: FromPath[str], development_id: FromPath[str], data: FormBody
    ) -> Answer:
        """Search for the opening that was won, or say how it ended."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        gap, row = _in_hand(call, gap_id, development_id)
        if posted.text("find"):
            return _ask(call, gap, row, posted)
        state = posted.text("state")
        if state not in RESULTS:
            return _ask(call, gap, row, posted, "結果が選ばれていません。どれか一つを選んでください。", 422)
        outcome = Outcome(state, typed_text(posted.text("result"), 500), typed_text(posted.text("opening"), 32))
        try:
            end_development(call.session, row, version_of(posted.text("_version")), outcome, day_in_japan(call.now))
        except Conflict as moved:
            return _ask(call, gap, row, posted, str(moved), moved.status)
        except DomainError as refusal:
            return _ask(call, gap, row, posted, str(refusal), refusal.status)
        return done(call.session, call.actor, posted, call.now, f"/gaps/{gap.id}")

    @post("/{gap_id:str}/close", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def close(self, call: NamedDependency[Call], gap_id: FromPath[str], data: FormBody) -> Answer:
        """Put it aside with a reason, or take it up again."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        gap, reason = read_gap(call.session, known_id(gap_id)), typed_text(posted.text("reason"), 500)
        try:
            version = version_of(posted.text("_version"))
            if posted.text("reopen"):
                reopen_gap(gap, version)
            else:
                put_aside(call.session, gap, version, reason, day_in_japan(call.now))
        except DomainError as refusal:
            return _show(call, gap, _blank(call), refusal.status, reason, str(refusal))
        return done(call.session, call.actor, posted, call.now, f"/gaps/{gap.id}")


def _view(call: Call) -> GapsView:
    gaps = list_gaps(call.session)
    return gaps_view(
        gaps, call.request.query_params.get("status", RUNNING), _known(call, [gap.id for gap in gaps]), call.actor
    )


def _known(call: Call, gap_ids: list[str]) -> Known:
    found = developments_of(call.session, gap_ids)
    places = won_places(call.session, [row for rows in found.values() for row in rows])
    return Known(found, places, current_vocabulary(call.session), day_in_japan(call.now))


def _in_hand(call: Call, gap_id: str, development_id: str) -> tuple[ResourceGap, ResourceDevelopment]:
    gap = read_gap(call.session, known_id(gap_id))
    return gap, read_development(call.session, gap.id, known_id(development_id))


def _blank(call: Call) -> DevelopmentForm:
    return DevelopmentForm(data={"who": call.actor.label.partition("（")[0]})


def _show(
    call: Call, gap: ResourceGap, form: DevelopmentForm, status: int = 200, reason: str = "", problem: str = ""
) -> Response[str]:
    view = gap_view(gap, _known(call, [gap.id]), call.actor, form, reason, problem)
    return render(call.request, "resources/gap.html", "資源の不足", view, status)


def _ask(
    call: Call, gap: ResourceGap, row: ResourceDevelopment, posted: Posted, problem: str = "", status: int = 200
) -> Response[str]:
    """How did it end; what was typed stays, and the openings a word finds can be chosen."""
    today, q = day_in_japan(call.now), typed_text(posted.text("q"), 100)
    line = development_line(row, Known({}, won_places(call.session, [row]), current_vocabulary(call.session), today))
    view = EndView(
        gap_id=gap.id, summary=gap.summary, line=line, results=result_choices(),
        state=posted.text("state") or (WON if posted.text("find") else ""), result=typed_text(posted.text("result"), 500), q=q,
        found=tuple(openings_named(call.session, q, today)), opening=typed_text(posted.text("opening"), 32),
        searched=bool(posted.text("find")), problem=problem, version=str(row.version), once=new_id(),
    )  # fmt: skip
    return render(call.request, "resources/development.html", "資源開発の結果", view, status)
