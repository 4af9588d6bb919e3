"""The card of a host, a new host, and the host's own words."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_CATALOGUE, READ_CATALOGUE
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.kernel.timetable import SlotProblem, parse_slots
from service.resources import hosts
from service.resources.catalogue import read_host
from service.resources.edit_pages import FormView, NewHostView
from service.resources.forms import HostForm, NewHostForm, PersonForm, RemarkForm, differences, problems_of
from service.resources.host_page import host_view
from service.resources.models import Host
from service.resources.places import places_of
from service.resources.sending import done, last_change, sent_before
from service.resources.vocabulary import current_vocabulary
from service.resources.words import ASSESSED
from service.web.call import Call
from service.web.forms import Form, FormBody, Posted
from service.web.page import go, render
from service.web.params import FromPath, known_id, typed_text, version_of

AnyRequest = Request[Any, Any, Any]
Answer = Response[Any]


class NewHosts(Controller):
    """A new host in one short form."""

    @get("/hosts/new", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def blank(self, call: NamedDependency[Call]) -> Response[str]:
        """The empty form."""
        return _show_new(call.request, call.session, NewHostForm(), ())

    @post("/hosts/new", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def create(self, call: NamedDependency[Call], data: FormBody) -> Answer:
        """Keep the new host with its first place and opening."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, activities = NewHostForm(posted), current_vocabulary(call.session).activities
        tags = [tag for tag in posted.getlist("tags") if tag in {choice.key for choice in activities}]
        opening = _read_opening(form, tags) if form.validate() else None
        if opening is None:
            return _show_new(call.request, call.session, form, tags, 422)
        values = {name: form.data[name] for name in ("name", "kana", "kind", "organisation", "contact_person", "phone")}
        new = hosts.NewHost(values, form.address.said, opening, day_in_japan(call.now), call.actor.label)
        host = hosts.create_host(call.session, new, places_of(call.town.code), activities)
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}", "added")


def _read_opening(form: NewHostForm, tags: Sequence[str]) -> hosts.NewOpening | None:
    try:
        slots = parse_slots(form.times.said) if form.times.said else ()
    except SlotProblem as problem:
        form.times.errors = [str(problem)]
        return None
    return hosts.NewOpening(form.activity.said, tags, slots, form.free.number)


def _show_new(
    request: AnyRequest, session: Session, form: NewHostForm, tags: Sequence[str], status: int = 200
) -> Response[str]:
    activities = tuple((choice.key, choice.label) for choice in current_vocabulary(session).activities)
    view = NewHostView(form, activities, tuple(tags), new_id())
    return render(request, "resources/host_new.html", "受け入れ先の登録", view, status)


class Hosts(Controller):
    """One host."""

    path = "/hosts/{host_id:str}"

    @get(perm=READ_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], host_id: FromPath[str]) -> Response[str]:
        """The card."""
        host = read_host(call.session, known_id(host_id))
        vocabulary = current_vocabulary(call.session)
        view = host_view(call.session, host, call.actor, day_in_japan(call.now), places_of(call.town.code), vocabulary)
        return render(call.request, "resources/host.html", host.name, view)

    @get("/edit", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def edit(self, call: NamedDependency[Call], host_id: FromPath[str]) -> Response[str]:
        """The host's words as a form."""
        host = read_host(call.session, known_id(host_id))
        return _show_edit(call.request, host, HostForm.of(host))

    @post("/edit", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], host_id: FromPath[str], data: FormBody) -> Answer:
        """Keep the host's words."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host, form = read_host(call.session, known_id(host_id)), HostForm(posted)
        if not form.validate():
            return _show_edit(call.request, host, form, 422, posted.text("_version"))
        try:
            version = version_of(posted.text("_version"))
            hosts.save_host(host, version, form.values(), current_vocabulary(call.session).activities)
        except Conflict:
            rows, by = differences(form, HostForm.of(host)), last_change(call.session, host.id)
            return _show_edit(call.request, host, form, 409, conflict=rows, by=by)
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}")

    @post("/remarks", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def remark(self, call: NamedDependency[Call], host_id: FromPath[str], data: FormBody) -> Answer:
        """Add a remark among staff."""
        posted, host = Posted.read(data), read_host(call.session, known_id(host_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = RemarkForm(posted)
        if not form.validate():
            return go(f"/hosts/{host.id}", "nothing-to-save")
        hosts.add_remark(call.session, host, form.text.said, call.actor, call.now)
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}", "added")

    @post("/people", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def person(self, call: NamedDependency[Call], host_id: FromPath[str], data: FormBody) -> Answer:
        """Add somebody who is met there."""
        posted, host = Posted.read(data), read_host(call.session, known_id(host_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = PersonForm(posted)
        if not form.validate():
            return go(f"/hosts/{host.id}", "nothing-to-save")
        hosts.add_person(call.session, host, form.name.said, form.role.said)
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}", "added")

    @post("/assessments", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def assess(self, call: NamedDependency[Call], host_id: FromPath[str], data: FormBody) -> Answer:
        """Record what was found at the host today."""
        posted, host = Posted.read(data), read_host(call.session, known_id(host_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        facts = {key: text for key in ASSESSED if (text := typed_text(posted.text(key), 1000))}
        if not facts:
            return go(f"/hosts/{host.id}", "nothing-to-save")
        hosts.add_assessment(call.session, host, facts, call.actor, day_in_japan(call.now))
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}", "added")

    @post("/openings", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def add_opening(self, call: NamedDependency[Call], host_id: FromPath[str], data: FormBody) -> Answer:
        """One more opening; its hours and places are asked on the next page."""
        posted, host = Posted.read(data), read_host(call.session, known_id(host_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        title = typed_text(posted.text("title"), 200)
        if not title or not host.sites:
            return go(f"/hosts/{host.id}", "nothing-to-save")
        opening = hosts.add_opening(call.session, host, host.sites[0], title)
        return done(call.session, call.actor, posted, call.now, f"/openings/{opening.id}/edit", "added")


def _show_edit(
    request: AnyRequest,
    host: Host,
    form: Form,
    status: int = 200,
    version: str = "",
    conflict: Sequence[tuple[str, str, str]] = (),
    by: tuple[str, str] = ("", ""),
) -> Response[str]:
    view = FormView(
        form=form, action=f"/hosts/{host.id}/edit", back=f"/hosts/{host.id}", title=f"{host.name}を直す",
        version=version or str(host.version), once=new_id(), conflict=tuple(conflict), changed_by=by,
        problems=tuple(problems_of([form])),
    )  # fmt: skip
    return render(request, "resources/host_edit.html", view.title, view, status)
