"""Where an activity takes place: its address, its coordinates, and a pin set by hand on the map."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_CATALOGUE
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.resources import hosts
from service.resources.catalogue import read_host
from service.resources.edit_pages import Conflicts, PinView, SiteEditView
from service.resources.forms import SiteForm, differences
from service.resources.models import Host, Site
from service.resources.pin_map import draw_pin_map, name_of_spot, read_spot, town_choices
from service.resources.places import places_of
from service.resources.sending import done, last_change, sent_before
from service.resources.spots import MapSpot, draw_spots
from service.resources.vocabulary import current_vocabulary
from service.resources.words import say_place
from service.web.actor import Town
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import FromPath, known_id, version_of

AnyRequest = Request[Any, Any, Any]


class Sites(Controller):
    """The places of a host."""

    path = "/hosts/{host_id:str}/sites"

    @get("/new", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def blank(self, call: NamedDependency[Call], host_id: FromPath[str]) -> Response[str]:
        """A further place."""
        return _show(call.request, call.town, read_host(call.session, known_id(host_id)), None, SiteForm())

    @post("/new", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def create(self, call: NamedDependency[Call], host_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep a further place."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host, form = read_host(call.session, known_id(host_id)), SiteForm(posted)
        if not form.validate():
            return _show(call.request, call.town, host, None, form, 422)
        activities = current_vocabulary(call.session).activities
        hosts.add_site(call.session, host, _values(form), places_of(call.town.code), activities)
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}", "added")

    @get("/{site_id:str}", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def edit(self, call: NamedDependency[Call], host_id: FromPath[str], site_id: FromPath[str]) -> Response[str]:
        """The place as a form."""
        host = read_host(call.session, known_id(host_id))
        site = hosts.site_of(host, site_id)
        return _show(call.request, call.town, host, site, SiteForm.of(site))

    @post("/{site_id:str}", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def save(
        self, call: NamedDependency[Call], host_id: FromPath[str], site_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Keep the place; its address is looked up on the way."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host, form = read_host(call.session, known_id(host_id)), SiteForm(posted)
        site = hosts.site_of(host, site_id)
        if not form.validate():
            return _show(call.request, call.town, host, site, form, 422, version=posted.text("_version"))
        try:
            activities, version = current_vocabulary(call.session).activities, version_of(posted.text("_version"))
            hosts.save_site(host, site, version, _values(form), places_of(call.town.code), activities)
        except Conflict:
            rows, by = differences(form, SiteForm.of(site)), last_change(call.session, site.id)
            return _show(call.request, call.town, host, site, form, 409, conflict=tuple(rows), by=by)
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}")

    @get("/{site_id:str}/pin", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def point(self, call: NamedDependency[Call], host_id: FromPath[str], site_id: FromPath[str]) -> Response[str]:
        """The map whose towns can be pressed, and the same towns to search for."""
        host = read_host(call.session, known_id(host_id))
        site, places = hosts.site_of(host, site_id), places_of(call.town.code)
        chosen, q = read_spot(call.request.query_params.get("at", "")), call.request.query_params.get("q", "")[:50]
        here = f"/hosts/{host.id}/sites/{site.id}/pin"
        now_at = (site.lat, site.lon) if site.lat is not None and site.lon is not None else None
        view = PinView(
            host_name=host.name, address=site.address, back=f"/hosts/{host.id}/sites/{site.id}", action=here,
            map=draw_pin_map(places, here, chosen or now_at), towns=town_choices(places, q), q=q,
            chosen="" if chosen is None else f"{chosen[0]},{chosen[1]}",
            chosen_name="" if chosen is None else name_of_spot(places, chosen), version=site.version, once=new_id(),
        )  # fmt: skip
        return render(call.request, "resources/pin.html", f"{host.name}の位置", view)

    @post("/{site_id:str}/pin", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def pin(
        self, call: NamedDependency[Call], host_id: FromPath[str], site_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Set the coordinates by hand."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host = read_host(call.session, known_id(host_id))
        site, spot = hosts.site_of(host, site_id), read_spot(posted.text("at"))
        if spot is None:
            return go(f"/hosts/{host.id}/sites/{site.id}/pin")
        site.expect(version_of(posted.text("_version")))
        hosts.pin_site(site, *spot, "pin")
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}")


def _values(form: SiteForm) -> dict[str, Any]:
    texts = {name: form.data[name] for name in ("name", "address", "building")}
    return texts | {"lat": form.lat.degrees, "lon": form.lon.degrees}


def _show(
    request: AnyRequest,
    town: Town,
    host: Host,
    site: Site | None,
    form: SiteForm,
    status: int = 200,
    version: str = "",
    conflict: Conflicts = (),
    by: Sequence[str] = ("", ""),
) -> Response[str]:
    at = "new" if site is None else site.id
    spots = []
    if site is not None and site.lat is not None and site.lon is not None:
        spots = [MapSpot(site.lat, site.lon, "1", site.name or host.name, site.id, "#lat")]
    view = SiteEditView(
        form=form, action=f"/hosts/{host.id}/sites/{at}", back=f"/hosts/{host.id}", host_name=host.name,
        is_new=site is None, precision="" if site is None else say_place(site),
        version=version or ("1" if site is None else str(site.version)), once=new_id(), conflict=conflict,
        changed_by=(by[0], by[1]), map=draw_spots(places_of(town.code), spots, f"{host.name}の場所") if spots else None,
        pin_href=None if site is None else f"/hosts/{host.id}/sites/{site.id}/pin",
    )  # fmt: skip
    return render(request, "resources/site_edit.html", f"{host.name} 住所・位置", view, status)
