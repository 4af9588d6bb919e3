"""Keeping hosts: a new one, its words, its sites, the people there, remarks and assessments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from service.kernel.errors import NotFound
from service.kernel.timetable import SlotText
from service.kernel.vocab import Choice
from service.resources.catalogue import index_host
from service.resources.models import Host, HostAssessment, HostPerson, Opening, OpeningSlot, Remark, Site
from service.resources.places import Places
from service.resources.words import BY_HAND
from service.web.actor import Actor


@dataclass(frozen=True)
class NewOpening:
    """The first thing a new host offers."""

    activity: str
    tags: Sequence[str] = ()
    slots: Sequence[SlotText] = ()
    free: int | None = None


@dataclass(frozen=True)
class NewHost:
    """A host as it is first written down, with one place and one opening."""

    values: Mapping[str, Any]
    address: str
    opening: NewOpening
    confirmed_on: date | None = None
    confirmed_by: str = ""


def create_host(session: Session, new: NewHost, places: Places, activities: Iterable[Choice]) -> Host:
    """Keep a new host with its first site, found on the map by its address, and its first opening."""
    host = Host(**new.values)
    session.add(host)
    session.flush()
    site = Site(host_id=host.id, address=new.address)
    place_by_address(site, places)
    session.add(site)
    session.flush()
    opening = Opening(
        host_id=host.id, site_id=site.id, title=new.values["name"], activity=new.opening.activity,
        activity_tags=list(new.opening.tags), free=new.opening.free,
        confirmed_on=new.confirmed_on, confirmed_by=new.confirmed_by,
    )  # fmt: skip
    session.add(opening)
    session.flush()
    session.add_all(slots_for(opening, new.opening.slots))
    _know(host, [site], [opening])
    index_host(host, activities)
    return host


def slots_for(opening: Opening, slots: Iterable[SlotText]) -> list[OpeningSlot]:
    """Rows for the weekly hours of an opening that has none yet."""
    return [
        OpeningSlot(opening_id=opening.id, host_id=opening.host_id, weekday=slot.weekday,
                    start_min=slot.start_min, end_min=slot.end_min, nth=list(slot.nth))
        for slot in slots
    ]  # fmt: skip


def _know(host: Host, sites: list[Site], openings: list[Opening]) -> None:
    """A row just made knows its parts without asking the database for them."""
    set_committed_value(host, "sites", sites)
    set_committed_value(host, "openings", openings)


def save_host(host: Host, version: int, values: Mapping[str, Any], activities: Iterable[Choice]) -> None:
    """Take over what was typed; Conflict when somebody saved the host meanwhile."""
    host.expect(version)
    assign(host, values)
    index_host(host, activities)


def assign(row: Any, values: Mapping[str, Any]) -> bool:
    """Set the columns that really change, so that saving the same again leaves no trace; whether any did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def add_site(session: Session, host: Host, values: Mapping[str, Any], places: Places, activities: Iterable[Choice]) -> Site:
    """A further place of the same host."""
    site = Site(host_id=host.id, position=len(host.sites))
    session.add(site)
    _fill_site(site, values, places)
    session.flush()
    _know(host, [*host.sites, site], list(host.openings))
    index_host(host, activities)
    return site


def save_site(
    host: Host, site: Site, version: int, values: Mapping[str, Any], places: Places, activities: Iterable[Choice]
) -> None:
    """Take over what was typed; typed degrees are a pin, a new address is looked up."""
    site.expect(version)
    _fill_site(site, values, places)
    index_host(host, activities)


def _fill_site(site: Site, values: Mapping[str, Any], places: Places) -> None:
    was = site.address or "", site.lat, site.lon
    assign(site, {name: values[name] for name in ("name", "address", "building")})
    lat, lon = values["lat"], values["lon"]
    if (lat, lon) != (None, None) and not _same_spot((lat, lon), was[1:]):
        pin_site(site, lat, lon, "typed")
    elif site.address != was[0] and site.coordinate_source != BY_HAND:
        place_by_address(site, places)
    elif (lat, lon) == (None, None) and was[1] is not None:
        assign(site, {"lat": None, "lon": None, "coordinate_level": "", "coordinate_source": ""})


def _same_spot(one: tuple[float, float], other: tuple[float | None, float | None]) -> bool:
    return all(b is not None and abs(a - b) < 1e-6 for a, b in zip(one, other, strict=True))


def place_by_address(site: Site, places: Places) -> None:
    """Look the address up; what is not found leaves the site without coordinates, and usable."""
    spot = places.locate(site.address or "")
    found = (spot.lat, spot.lon, spot.level, spot.source) if spot else (None, None, "", "")
    assign(site, dict(zip(("lat", "lon", "coordinate_level", "coordinate_source"), found, strict=True)))


def pin_site(site: Site, lat: float, lon: float, level: str) -> None:
    """Set the coordinates by hand."""
    assign(site, {"lat": lat, "lon": lon, "coordinate_level": level, "coordinate_source": BY_HAND})


def add_opening(session: Session, host: Host, site: Site, title: str) -> Opening:
    """One more thing the host offers; its hours and places are asked next."""
    opening = Opening(host_id=host.id, site_id=site.id, title=title, position=len(host.openings))
    session.add(opening)
    session.flush()
    return opening


def add_remark(session: Session, host: Host, text: str, actor: Actor, now: datetime) -> None:
    """A remark among staff."""
    session.add(Remark(host_id=host.id, at=now, author=actor.label, text=text))


def add_assessment(session: Session, host: Host, facts: Mapping[str, str], actor: Actor, on: date) -> None:
    """What was found at the host on a day; a prospect becomes one that has been looked at."""
    session.add(HostAssessment(host_id=host.id, assessed_on=on, author=actor.label, facts=dict(facts)))
    if host.status == "prospect":
        host.status = "assessed"


def add_person(session: Session, host: Host, name: str, role: str) -> None:
    """Somebody who is met at this host."""
    session.add(HostPerson(host_id=host.id, name=name, role=role))


def site_of(host: Host, site_id: str) -> Site:
    """A site of this host; any other is NotFound."""
    return next((site for site in host.sites if site.id == site_id), None) or _absent()


def opening_of(host: Host, opening_id: str) -> Opening:
    """An opening of this host; any other is NotFound."""
    return next((opening for opening in host.openings if opening.id == opening_id), None) or _absent()


def _absent() -> Any:
    raise NotFound()
