"""環境調整: the list, one person's, and what came of one."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_FOLLOWUP, READ_FOLLOWUP
from service.cases.access import change_person, may_change, read_person
from service.cases.models import Person, Placement, SupportCase
from service.followup.visits.adjusting import (
    WAITS,
    Arranged,
    arrange,
    correct_adjustment,
    corrections_of,
    end_adjustment,
    list_adjustments,
    places_to_arrange,
    read_adjustment,
)
from service.followup.visits.adjusting_forms import ArrangeForm, EndForm, WordsForm
from service.followup.visits.adjusting_pages import Choice, adjustment_view, adjustments_view, person_adjustments_view
from service.followup.visits.models import Adjustment
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, parse_date
from service.kernel.errors import DomainError, NotFound
from service.resources.models import Host
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, page_number, version_of

HERE: Final = "/adjustments"


class Adjustments(Controller):
    """Everything to be arranged, and one of it."""

    path = HERE

    @get(perm=READ_FOLLOWUP, sync_to_thread=True)
    def list(self, call: NamedDependency[Call]) -> Response[str]:
        """What waits, late ones first; of one coordinator, of one host, and with what has ended, as asked."""
        asked = call.request.query_params
        host, with_ended = _host(call, asked.get("host", "")), asked.get("ended", "") == "1"
        narrowed = [] if with_ended else [Adjustment.state == WAITS]
        found = list_adjustments(call.session, call.town, call.actor, *narrowed, *([Host.id == host[0]] if host[0] else []))
        names = {each.case.assigned_id: each.case.assigned.name for each in found}
        chosen = asked.get("staff", "") if asked.get("staff", "") in names else ""
        staff = [Choice(id_, name, id_ == chosen) for id_, name in sorted(names.items(), key=lambda each: each[1])]
        shown = [each for each in found if chosen in ("", each.case.assigned_id)]
        parts = {"host": host[0], "staff": chosen, "ended": "1" if with_ended else ""}
        base = f"{HERE}?{urlencode({**{key: value for key, value in parts.items() if value}, 'page': ''})}"
        view = adjustments_view(
            shown, staff, host, day_in_japan(call.now), page=page_number(asked.get("page", "1")), base=base, with_ended=with_ended
        )  # fmt: skip
        return render(call.request, "followup/adjustments.html", view.title, view)

    @get("/{adjustment_id:str}", perm=READ_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], adjustment_id: FromPath[str]) -> Response[str]:
        """What, by whom, until when, and the form of what came of it."""
        arranged = read_adjustment(call.session, call.town, call.actor, known_id(adjustment_id))
        return _one(call, arranged, _untouched(call))

    @post("/{adjustment_id:str}", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def correct(self, call: NamedDependency[Call], adjustment_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Other words for what was agreed, while it waits."""
        posted = Posted.read(data)
        arranged = read_adjustment(call.session, call.town, call.actor, known_id(adjustment_id))
        change_person(call.session, call.town, call.actor, arranged.person.id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        words = WordsForm(posted)
        if not words.validate():
            return _one(call, arranged, _untouched(call), 422, words=words)
        version = version_of(posted.text("_version"))
        try:
            with attempt(call.session):
                correct_adjustment(arranged.row, version, words.arrangement())
        except DomainError as problem:
            again = read_adjustment(call.session, call.town, call.actor, arranged.row.id)
            return _one(call, again, _untouched(call), problem.status, str(problem), words=words)
        return done(call.session, call.actor, posted, call.now, f"{HERE}/{arranged.row.id}")

    @post("/{adjustment_id:str}/end", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def end(self, call: NamedDependency[Call], adjustment_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Done, or dropped with the reason."""
        posted = Posted.read(data)
        arranged = read_adjustment(call.session, call.town, call.actor, known_id(adjustment_id))
        change_person(call.session, call.town, call.actor, arranged.person.id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, today = EndForm(posted), day_in_japan(call.now)
        if not form.validate():
            return _one(call, arranged, form, 422)
        version, ended_on = version_of(posted.text("_version")), parse_date(form.ended_on.data or "")
        try:
            with attempt(call.session):
                end_adjustment(arranged.row, version, form.state.data, ended_on, (form.outcome.data or "").strip(), today)
        except DomainError as problem:
            again = read_adjustment(call.session, call.town, call.actor, arranged.row.id)
            return _one(call, again, form, problem.status, str(problem))
        return done(call.session, call.actor, posted, call.now, f"{HERE}/{arranged.row.id}")


class PersonAdjustments(Controller):
    """What is arranged for one person."""

    path = "/people/{person_id:str}/adjustments"

    @get(perm=READ_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """What waits and what has ended, and the form for more."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        return _person_page(call, case, person, ArrangeForm())

    @post(perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def add(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Something more to be arranged."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = ArrangeForm(posted)
        form.placement.choices = list(places_to_arrange(call.session, person.id))
        if not form.validate():
            return _person_page(call, case, person, form, 422)
        arrange(call.session, call.actor, form.placement.data, form.arrangement(), call.now)
        return done(call.session, call.actor, posted, call.now, f"/people/{person.id}/adjustments")


def _host(call: Call, text: str) -> tuple[str, str]:
    """The host the list is narrowed to; none where none was asked for."""
    if not text:
        return "", ""
    host = call.session.get(Host, known_id(text))
    if host is None:
        raise NotFound()
    return host.id, host.name


def _untouched(call: Call) -> EndForm:
    return EndForm(ended_on=format_wareki(day_in_japan(call.now)))


def _one(
    call: Call, arranged: Arranged, form: EndForm, status: int = 200, problem: str = "", *, words: WordsForm | None = None
) -> Response[str]:
    corrections = corrections_of(call.session, arranged.row.id)
    view = adjustment_view(arranged, call.actor, form, words, corrections, day_in_japan(call.now), problem)
    return render(call.request, "followup/adjustment.html", f"環境調整 {view.row.person}", view, status)


def _person_page(call: Call, case: SupportCase, person: Person, form: ArrangeForm, status: int = 200) -> Response[str]:
    places = list(places_to_arrange(call.session, person.id))
    form.placement.choices = places if len(places) == 1 else [("", "選んでください"), *places]
    found = list_adjustments(call.session, call.town, call.actor, Placement.person_id == person.id)
    view = person_adjustments_view(
        person.name, person.id, found, form, day_in_japan(call.now),
        may=may_change(call.actor, case), has_places=bool(places), problem="",
    )  # fmt: skip
    return render(call.request, "followup/person_adjustments.html", f"{person.name} さんの環境調整", view, status)
