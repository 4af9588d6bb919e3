"""記録: writing down a follow-up, correcting it, and the histories of a person and of a host."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_FOLLOWUP, READ_FOLLOWUP
from service.cases.access import read_person
from service.followup.placements.seeing import words_of_host
from service.followup.tasks.reading import Known, change_follow_up
from service.followup.visits.forms import RecordForm
from service.followup.visits.pages import history_view, record_view, rows_of
from service.followup.visits.reading import read_visit, visits_at_host, visits_of_person
from service.followup.visits.recording import correct_visit, record_visit
from service.kernel.audit import attempt, note
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.resources.models import Host
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, page_number, version_of


class Recording(Controller):
    """The 90-second record of one follow-up."""

    path = "/followup/{follow_up_id:str}/record"

    @get(perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], follow_up_id: FromPath[str]) -> Response[str]:
        """The form: today, and nothing chosen for anybody."""
        known = change_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        return _page(call, known, RecordForm(done_on=format_wareki(day_in_japan(call.now))))

    @post(perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep it; a second sending leads to where the first one led."""
        posted = Posted.read(data)
        known = change_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = RecordForm(posted)
        if not form.validate():
            return _page(call, known, form, 422)
        try:
            with attempt(call.session):
                record_visit(call.session, call.actor, known, form.record(posted.text("_once") or new_id()), call.now)
        except DomainError as problem:
            if isinstance(problem, NotFound):
                raise
            return _page(call, known, form, problem.status, str(problem))
        return done(call.session, call.actor, posted, call.now, f"/followup/{known.row.id}", "recorded")


class Correcting(Controller):
    """Another record in the place of one that was wrong."""

    path = "/visits/{record_id:str}"

    @get("/correct", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], record_id: FromPath[str]) -> Response[str]:
        """The form with what was written."""
        visit, known = self._both(call, record_id)
        met = "both" if visit.met_person and visit.met_host else "person" if visit.met_person else "host"
        kept = {name: "" if value is None else str(value) for name, value in vars(visit).items() if not name.startswith("_")}
        form = RecordForm(data=kept | {"met": met, "done_on": format_wareki(visit.done_on), "next_on": ""})
        return _page(call, known, form, action=f"/visits/{visit.id}/correct", version=visit.version)

    @post("/correct", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], record_id: FromPath[str], data: FormBody) -> Response[Any]:
        """The record before stays."""
        posted = Posted.read(data)
        visit, known = self._both(call, record_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, action = RecordForm(posted), f"/visits/{visit.id}/correct"
        if not form.validate():
            return _page(call, known, form, 422, action=action, version=visit.version)
        record = replace(form.record(posted.text("_once") or new_id()), arrangement=None)
        try:
            with attempt(call.session):
                correct_visit(call.session, call.actor, visit, version_of(posted.text("_version")), record, call.now)
        except DomainError as problem:
            return _page(call, known, form, problem.status, str(problem), action=action, version=visit.version)
        return done(call.session, call.actor, posted, call.now, f"/followup/{known.row.id}", "recorded")

    def _both(self, call: Call, record_id: str) -> tuple[Any, Known]:
        visit = read_visit(call.session, call.town, call.actor, known_id(record_id))
        if visit.follow_up_id is None:
            raise NotFound()
        return visit, change_follow_up(call.session, call.town, call.actor, visit.follow_up_id)


class Histories(Controller):
    """What was seen and heard, the newest first."""

    @get("/people/{person_id:str}/visits", perm=READ_FOLLOWUP, sync_to_thread=True)
    def person(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Of one person."""
        _, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        rows = rows_of(visits_of_person(call.session, person.id), {person.id: person.name})
        view = history_view(
            f"{person.name} さんの記録", (f"/people/{person.id}", f"{person.name} さん"), rows,
            "訪問や連絡の記録は、まだありません。", page=_page_asked(call), path=f"/people/{person.id}/visits",
        )  # fmt: skip
        return render(call.request, "followup/visits.html", view.title, view)

    @get("/hosts/{host_id:str}/visits", perm=READ_FOLLOWUP, sync_to_thread=True)
    def host(self, call: NamedDependency[Call], host_id: FromPath[str]) -> Response[str]:
        """At one host, of the cases one may read."""
        host = call.session.get(Host, known_id(host_id))
        if host is None:
            raise NotFound()
        found = visits_at_host(call.session, call.town, call.actor, host.id)
        note(call.session, "view", "host", host.id, ("visits",))
        rows = rows_of((visit for visit, _ in found), {person.id: f"{person.name} さん" for _, person in found})
        view = history_view(
            f"{host.name} の記録", (f"/hosts/{host.id}", host.name), rows,
            "見られる記録は、まだありません。", page=_page_asked(call), path=f"/hosts/{host.id}/visits",
            words=words_of_host(call.session, host.id),
        )  # fmt: skip
        return render(call.request, "followup/visits.html", view.title, view)


def _page_asked(call: Call) -> int:
    return page_number(call.request.query_params.get("page", "1"))


def _page(
    call: Call,
    known: Known,
    form: RecordForm,
    status: int = 200,
    problem: str = "",
    *,
    action: str = "",
    version: int | None = None,
) -> Response[str]:
    wishes = [visit.wish for visit in visits_of_person(call.session, known.person.id) if visit.wish]
    view = record_view(
        known,
        form,
        day_in_japan(call.now),
        action=action,
        version=version,
        last_wish=next(iter(wishes), ""),
        problem=problem,
    )
    return render(call.request, "followup/record.html", "記録する", view, status)
