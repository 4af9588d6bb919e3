"""The catalogue for programs: the same search and the same rights as the pages; never a staff remark, never a person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from service.accounts.roles import READ_CATALOGUE
from service.kernel.clock import day_in_japan
from service.resources.catalogue import Found, Search, read_host, search_hosts
from service.resources.conditions import effective_conditions, negotiable_keys, with_activities
from service.resources.facts import free_places
from service.resources.models import Host, Opening, Site
from service.resources.words import say_times
from service.web.call import Call
from service.web.params import FromPath, FromQuery, known_id, page_number


@dataclass(frozen=True)
class SlotOut:
    """Hours on one weekday: 0 = Monday, minutes from midnight, weeks of the month (empty = every week, -1 = last)."""

    weekday: int
    start_min: int | None
    end_min: int | None
    weeks: list[int]
    free: int | None


@dataclass(frozen=True)
class SiteOut:
    """A place: address and degrees WGS84, with how the coordinates were found."""

    id: str
    name: str
    address: str
    building: str
    lat: float | None
    lon: float | None
    coordinate_level: str
    coordinate_source: str


@dataclass(frozen=True)
class OpeningOut:
    """What a host offers."""

    id: str
    host_id: str
    site_id: str
    title: str
    activity: str
    activity_tags: list[str]
    status: str
    paused_until: date | None
    free: int | None
    waiting: int
    capacity: int | None
    slots: list[SlotOut]
    dates: list[str]
    times: str
    times_note: str
    confirmed_on: date | None


@dataclass(frozen=True)
class HostOut:
    """A host as it stands in the list."""

    id: str
    name: str
    kana: str
    kind: str
    organisation: str
    status: str
    paused_until: date | None
    description: str
    version: int
    sites: list[SiteOut]
    openings: list[OpeningOut]


@dataclass(frozen=True)
class OpeningConditions:
    """The conditions in force for one opening; a key that is absent is unknown, neither yes nor no."""

    opening_id: str
    values: dict[str, Any]
    negotiable: list[str]


@dataclass(frozen=True)
class HostDetail:
    """A host with the conditions of each opening."""

    host: HostOut
    conditions: list[OpeningConditions]


@dataclass(frozen=True)
class HostPage:
    """A page of hosts."""

    total: int
    page: int
    pages: int
    items: list[HostOut]


@dataclass(frozen=True)
class OpeningPage:
    """The openings of a page of hosts; `total` and `pages` count hosts."""

    total: int
    page: int
    pages: int
    items: list[OpeningOut]


class CatalogueApi(Controller):
    """受け入れ先"""

    path = "/api/v1"
    tags = ("catalogue",)

    @get("/hosts", perm=READ_CATALOGUE, sync_to_thread=True)
    def hosts(
        self,
        call: NamedDependency[Call],
        q: FromQuery[str] = "",
        kind: FromQuery[str] = "",
        theme: FromQuery[str] = "",
        weekday: FromQuery[str] = "",
        status: FromQuery[str] = "",
        free: FromQuery[str] = "",
        freshness: FromQuery[str] = "",
        unplaced: FromQuery[str] = "",
        page: FromQuery[str] = "",
    ) -> HostPage:
        """Hosts that fit the search, fifty a page; a value that is not one of the choices is no condition."""
        asked = {"q": q, "kind": kind, "weekday": weekday, "status": status, "free": free}
        found = _search(call.session, asked | {"theme": theme, "freshness": freshness, "unplaced": unplaced}, page, call.now)
        return HostPage(found.total, found.page, found.pages, [host_out(host) for host in found.hosts])

    @get("/hosts/{host_id:str}", perm=READ_CATALOGUE, sync_to_thread=True)
    def host(self, call: NamedDependency[Call], host_id: FromPath[str]) -> HostDetail:
        """One host with the conditions in force for each opening."""
        host = read_host(call.session, known_id(host_id))
        return HostDetail(host_out(host), [_conditions(host, opening) for opening in host.openings])

    @get("/openings", perm=READ_CATALOGUE, sync_to_thread=True)
    def openings(
        self,
        call: NamedDependency[Call],
        q: FromQuery[str] = "",
        kind: FromQuery[str] = "",
        theme: FromQuery[str] = "",
        weekday: FromQuery[str] = "",
        status: FromQuery[str] = "",
        free: FromQuery[str] = "",
        page: FromQuery[str] = "",
    ) -> OpeningPage:
        """The openings of the hosts that fit the search."""
        asked = {"q": q, "kind": kind, "weekday": weekday, "status": status, "free": free}
        found = _search(call.session, asked, page, call.now)
        items = [opening_out(opening) for host in found.hosts for opening in host.openings]
        return OpeningPage(found.total, found.page, found.pages, items)


def _search(session: Session, asked: dict[str, str], page: str, now: datetime) -> Found:
    return search_hosts(session, Search.read(asked), page_number(page), day_in_japan(now))


def host_out(host: Host) -> HostOut:
    """A host as a program gets it."""
    return HostOut(
        host.id, host.name, host.kana, host.kind, host.organisation, host.status, host.paused_until, host.description,
        host.version, [_site_out(site) for site in host.sites], [opening_out(opening) for opening in host.openings],
    )  # fmt: skip


def _site_out(site: Site) -> SiteOut:
    return SiteOut(
        site.id, site.name, site.address, site.building, site.lat, site.lon, site.coordinate_level, site.coordinate_source
    )


def opening_out(opening: Opening) -> OpeningOut:
    """An opening as a program gets it."""
    slots = [SlotOut(s.weekday, s.start_min, s.end_min, list(s.nth or []), s.free) for s in opening.slots]
    free = free_places(opening.free, [slot.free for slot in opening.slots])
    return OpeningOut(
        opening.id, opening.host_id, opening.site_id, opening.title, opening.activity, list(opening.activity_tags),
        opening.status, opening.paused_until, free, opening.waiting, opening.capacity, slots, list(opening.dates),
        say_times(opening), opening.times_note, opening.confirmed_on,
    )  # fmt: skip


def _conditions(host: Host, opening: Opening) -> OpeningConditions:
    values = with_activities(effective_conditions(host.conditions, opening.site_id, opening.id), opening.activity_tags)
    return OpeningConditions(opening.id, values, sorted(negotiable_keys(host.conditions, opening.site_id, opening.id)))
