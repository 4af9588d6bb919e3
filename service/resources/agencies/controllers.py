"""相談支援機関等一覧: the list, a card, and what is typed about an agency."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_CATALOGUE, READ_CATALOGUE
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki_short
from service.kernel.db import new_id
from service.kernel.errors import Conflict, DomainError
from service.resources.agencies.catalogue import (
    Search,
    add_agency,
    confirm_agency,
    read_agency,
    save_agency,
    search_agencies,
    sections_of,
    use_agency,
)
from service.resources.agencies.forms import AgencyForm, differing
from service.resources.agencies.models import Agency
from service.resources.agencies.pages import AgencyFormView, agency_view, list_view
from service.resources.sending import done, last_change, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, version_of

Answer = Response[Any]


class Agencies(Controller):
    """The directory."""

    path = "/agencies"

    @get(perm=READ_CATALOGUE, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """The list, narrowed; data of desks is not personal, so the address may hold it."""
        search, today = Search.read(call.request.query_params), day_in_japan(call.now)
        found = search_agencies(call.session, search, today)
        view = list_view(found, search, sections_of(call.session), call.actor, today)
        return render(call.request, "resources/agencies.html", "相談支援機関等一覧", view)

    @get("/new", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def blank(self, call: NamedDependency[Call]) -> Response[str]:
        """The empty form, confirmed today unless somebody says otherwise."""
        form = AgencyForm(data={"confirmed_on": format_wareki_short(day_in_japan(call.now))})
        return _show_form(call, None, form)

    @post("/new", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def create(self, call: NamedDependency[Call], data: FormBody) -> Answer:
        """Keep a new agency."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = AgencyForm(posted)
        if not form.validate():
            return _show_form(call, None, form, 422)
        try:
            agency = add_agency(call.session, form.values())
        except DomainError as twin:
            form.name.errors = [str(twin)]
            return _show_form(call, None, form, 422)
        return done(call.session, call.actor, posted, call.now, f"/agencies/{agency.id}", "added")

    @get("/{agency_id:str}", perm=READ_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], agency_id: FromPath[str]) -> Response[str]:
        """The card."""
        agency = read_agency(call.session, known_id(agency_id))
        view = agency_view(agency, call.actor, day_in_japan(call.now))
        return render(call.request, "resources/agency.html", agency.name, view)

    @get("/{agency_id:str}/edit", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def edit(self, call: NamedDependency[Call], agency_id: FromPath[str]) -> Response[str]:
        """The agency as a form."""
        agency = read_agency(call.session, known_id(agency_id))
        return _show_form(call, agency, AgencyForm.of(agency))

    @post("/{agency_id:str}/edit", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], agency_id: FromPath[str], data: FormBody) -> Answer:
        """Keep what was typed; both versions are shown when two people typed."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        agency, form = read_agency(call.session, known_id(agency_id)), AgencyForm(posted)
        if not form.validate():
            return _show_form(call, agency, form, 422, posted.text("_version"))
        try:
            save_agency(call.session, agency, version_of(posted.text("_version")), form.values())
        except Conflict:
            return _show_form(call, agency, form, 409)
        except DomainError as refusal:
            if refusal.code != "agency-twin":
                raise
            form.name.errors = [str(refusal)]
            return _show_form(call, agency, form, 422, posted.text("_version"))
        return done(call.session, call.actor, posted, call.now, f"/agencies/{agency.id}")

    @post("/{agency_id:str}/confirm", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def confirm(self, call: NamedDependency[Call], agency_id: FromPath[str], data: FormBody) -> Answer:
        """Nothing has changed."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        agency = read_agency(call.session, known_id(agency_id))
        confirm_agency(agency, version_of(posted.text("_version")), day_in_japan(call.now))
        return done(call.session, call.actor, posted, call.now, f"/agencies/{agency.id}", "confirmed")

    @post("/{agency_id:str}/use", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def use(self, call: NamedDependency[Call], agency_id: FromPath[str], data: FormBody) -> Answer:
        """Out of use, or back into it."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        agency = read_agency(call.session, known_id(agency_id))
        use_agency(agency, version_of(posted.text("_version")), active=posted.text("active") == "1")
        return done(call.session, call.actor, posted, call.now, f"/agencies/{agency.id}")


def _show_form(call: Call, agency: Agency | None, form: AgencyForm, status: int = 200, version: str = "") -> Response[str]:
    """The form; with status 409 both versions stand above it."""
    is_conflict = agency is not None and status == Conflict().status
    view = AgencyFormView(
        form=form, action=f"/agencies/{agency.id}/edit" if agency else "/agencies/new",
        back=f"/agencies/{agency.id}" if agency else "/agencies", title=f"{agency.name}を直す" if agency else "相談機関の登録",
        version=version or (str(agency.version) if agency else "1"), once=new_id(),
        conflict=differing(form, AgencyForm.of(agency)) if agency and is_conflict else (),
        changed_by=last_change(call.session, agency.id) if agency and is_conflict else ("", ""),
    )  # fmt: skip
    return render(call.request, "resources/agency_edit.html", view.title, view, status)
