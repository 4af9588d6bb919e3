"""照合: the page, its comparison, its papers, and what may be kept of it."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import EDIT_CASES, READ_MATCHES, RECORD_MATCHES
from service.cases.pages import heading_of
from service.kernel.audit import note
from service.kernel.db import new_id
from service.kernel.digits import whole
from service.kernel.errors import DomainError
from service.matching.asking import asked, asked_by_form
from service.matching.compare import CompareView, compare_view
from service.matching.facts import ConsentMissing
from service.matching.pages import match_view
from service.matching.pages_openings import CountsView, counts_view
from service.matching.paper import match_sheet
from service.matching.refused import RefusedView
from service.matching.service import Ask, ask_for, keep_change, keep_run, keep_travel_time, match, tell_gap
from service.matching.whatif import address_of
from service.resources.places import places_of
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, pdf_answer, render, render_part
from service.web.params import known_id, typed_text
from service.web.print.render import render_pdf
from service.web.print.sheets import to_dict

AnyRequest = Request[Any, Any, Any]
MOST_COMPARED = 3


class Matches(Controller):
    """What fits one person."""

    path = "/people/{person_id:str}/match"

    @get(perm=READ_MATCHES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The three bands, under what the address imagines; nothing is saved."""
        ask = asked(call, known_id(person_id))
        try:
            verdicts = match(ask)
        except ConsentMissing as refusal:
            return _refused(call.request, ask, refusal)
        query = dict(call.request.query_params)
        view = match_view(ask, verdicts, call.actor, places_of(call.town.code), query, _compared(call.request), new_id())
        return render(call.request, "matching/match.html", f"照合 {ask.person.name} さん", view)

    @get("/counts", perm=READ_MATCHES, sync_to_thread=True)
    def counts(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The live counts beside the assessment."""
        ask = ask_for(call.session, call.town, call.actor, known_id(person_id), call.now)
        view: CountsView = counts_view(ask, match(ask))
        return render_part(call.request, "matching/counts.html", view)

    @get("/compare", perm=READ_MATCHES, sync_to_thread=True)
    def compare(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Up to three places side by side."""
        ask = asked(call, known_id(person_id))
        view: CompareView = compare_view(ask, match(ask), _compared(call.request))
        return render(call.request, "matching/compare.html", f"くらべる {ask.person.name} さん", view)

    @get("/print.pdf", perm=READ_MATCHES, sync_to_thread=True)
    def print_match(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """The match on A4; printing is recorded."""
        ask = asked(call, known_id(person_id))
        note(call.session, "print", "person", ask.person.id)
        sheet = match_sheet(ask, match(ask), call.town, call.actor, call.now)
        return pdf_answer(render_pdf("match", to_dict(sheet)), "match.pdf")

    @post("/runs", perm=RECORD_MATCHES, sync_to_thread=True)
    def keep(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep this result with the reason for looking so."""
        posted = Posted.read(data)
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        ask = asked_by_form(call, posted, known_id(person_id))
        keep_run(call.session, call.town, call.actor, ask, typed_text(posted.text("reason"), 200), call.now)
        target = address_of(f"/people/{ask.person.id}/match", ask.what_if, ask.vocabulary)
        remember_result(call.session, call.actor.id, posted.text("_once"), target, call.now)
        return go(target, "saved")

    @post("/needs", perm=EDIT_CASES, sync_to_thread=True)
    def adopt(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Write the imagined needs into the assessment."""
        ask = asked_by_form(call, Posted.read(data), known_id(person_id))
        changed = keep_change(call.session, call.town, call.actor, ask)
        return go(f"/people/{ask.person.id}/match", "saved" if changed else "nothing-to-save")

    @post("/gaps", perm=RECORD_MATCHES, sync_to_thread=True)
    def gap(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Record what the town lacks, without naming anybody."""
        posted = Posted.read(data)
        if done := earlier_result(call.session, call.actor.id, posted.text("_once")):
            return go(done)
        ask = ask_for(call.session, call.town, call.actor, known_id(person_id), call.now)
        tell_gap(call.session, call.actor, ask, posted.text("code"), call.now)
        remember_result(call.session, call.actor.id, posted.text("_once"), f"/people/{ask.person.id}/match", call.now)
        return go(f"/people/{ask.person.id}/match", "gap")

    @post("/travel", perm=EDIT_CASES, sync_to_thread=True)
    def travel(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep the minutes the way to a place really takes."""
        posted = Posted.read(data)
        ask = ask_for(call.session, call.town, call.actor, known_id(person_id), call.now)
        typed = posted.text("minutes").strip()
        minutes = whole(typed or "0", 9999)
        if minutes is None:
            raise DomainError("分を読めませんでした。", "0〜600の数字で入れてください。", "minutes", 422)
        keep_travel_time(call.session, call.town, call.actor, ask, known_id(posted.text("site")), minutes)
        return go(f"/people/{ask.person.id}/match", "saved")


def _compared(request: AnyRequest) -> tuple[str, ...]:
    """The openings put side by side, each once, three at most; ids that are none are left out."""
    typed = [*request.query_params.get("compare", "").split(","), request.query_params.get("add", "")]
    dropped = request.query_params.get("drop", "")
    return tuple(dict.fromkeys(id for id in typed[:8] if len(id) == 32 and id.isalnum() and id != dropped))[:MOST_COMPARED]


def _refused(request: AnyRequest, ask: Ask, refusal: ConsentMissing) -> Response[str]:
    view = RefusedView(heading_of(ask.case, ask.person, ask.today), refusal.message, refusal.remedy)
    return render(request, "matching/refused.html", f"照合 {ask.person.name} さん", view)
