"""The list of places as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from markupsafe import Markup

from service.accounts.roles import EDIT_CATALOGUE, EXPORT_CATALOGUE, IMPORT_CATALOGUE
from service.kernel.dates import WEEKDAYS
from service.kernel.db import new_id
from service.resources.catalogue import FRESHNESS, STATUSES, UNPLACED, Found, Search
from service.resources.facts import free_places
from service.resources.interchange.drafts import HOST_KINDS
from service.resources.models import Host, Opening
from service.resources.places import Places
from service.resources.spots import MapSpot, draw_spots
from service.resources.words import (
    HOST_STATUS,
    OPENING_STATUS,
    STATUS_LOOK,
    THEMES,
    freshness_of,
    kind_label,
    say_confirmed,
    say_free,
    say_times,
)
from service.web.actor import Actor


@dataclass(frozen=True)
class OpeningLine:
    """One opening in the list."""

    id: str
    title: str
    times: str
    note: str
    status: str
    look: str
    free: str
    freshness: str
    confirmed: str
    version: int
    once: str
    confirmed_today: bool
    never_confirmed: bool


@dataclass(frozen=True)
class HostLine:
    """One host in the list; `number` is its mark on the map."""

    id: str
    number: str
    name: str
    kind: str
    organisation: str
    address: str
    status: str
    look: str
    openings: tuple[OpeningLine, ...]


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class HostListView:
    """The whole page."""

    q: str
    kinds: tuple[Option, ...]
    themes: tuple[Option, ...]
    weekdays: tuple[Option, ...]
    statuses: tuple[Option, ...]
    checks: tuple[Option, ...]
    free: bool
    lines: tuple[HostLine, ...]
    total: int
    first: int
    last: int
    page: int
    pages: int
    base: str
    here: str
    query: str
    filters: tuple[tuple[str, str], ...]
    why_empty: str
    next_step: tuple[str, str] | None
    map: Markup | None
    off_map: int
    may_edit: bool
    may_export: bool
    may_import: bool
    too_short: bool


def list_view(found: Found, search: Search, actor: Actor, today: date, places: Places) -> HostListView:
    """Everything the page shows."""
    first = (found.page - 1) * 50 + 1
    placed = [host for host in found.hosts if _spot_of(host)]
    numbers = {host.id: str(at) for at, host in enumerate(placed, start=1)}
    spots = [_map_spot(host, numbers[host.id]) for host in placed]
    query = urlencode(search.pairs())
    may_edit = EDIT_CATALOGUE.allows(actor)
    return HostListView(
        q=search.q,
        kinds=_options(HOST_KINDS, search.kind),
        themes=_options(THEMES, search.theme),
        weekdays=_options({str(at): f"{day}曜" for at, day in enumerate(WEEKDAYS)}, search.weekday),
        statuses=_options(STATUSES, search.status),
        checks=_options(FRESHNESS | {UNPLACED: "座標なし"}, search.freshness or (UNPLACED if search.unplaced else "")),
        free=search.free,
        lines=tuple(_host_line(host, numbers.get(host.id, ""), today) for host in found.hosts),
        total=found.total,
        first=first,
        last=first + len(found.hosts) - 1,
        page=found.page,
        pages=found.pages,
        base=f"/hosts?{query}{'&' if query else ''}page=",
        here=f"/hosts?{query}{'&' if query else ''}page={found.page}",
        query=query,
        filters=tuple(_filters(search)),
        why_empty=_why_empty(search),
        next_step=("しぼり込みをすべて外す", "/hosts")
        if not search.is_empty
        else (("受け入れ先を登録する", "/hosts/new") if may_edit else None),
        map=draw_spots(places, spots, "受け入れ先の地図"),
        off_map=len(found.hosts) - len(placed),
        may_edit=may_edit,
        may_export=EXPORT_CATALOGUE.allows(actor),
        may_import=IMPORT_CATALOGUE.allows(actor),
        too_short=search.is_too_short,
    )


def _options(choices: Mapping[str, str], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in choices.items())


def _host_line(host: Host, number: str, today: date) -> HostLine:
    address = next((site.address for site in host.sites if site.address), "")
    return HostLine(
        id=host.id,
        number=number,
        name=host.name,
        kind=kind_label(host.kind),
        organisation=host.organisation,
        address=address,
        status="" if host.status == "active" else HOST_STATUS.get(host.status, host.status),
        look=STATUS_LOOK.get(host.status, ""),
        openings=tuple(opening_line(opening, host, today) for opening in host.openings if opening.status != "ended"),
    )


def opening_line(opening: Opening, host: Host, today: date) -> OpeningLine:
    """One opening with its light of freshness, and what its 「変更なし」 button sends."""
    return OpeningLine(
        id=opening.id,
        title="" if opening.title == host.name else opening.title,
        times=say_times(opening),
        note=opening.times_note,
        status=OPENING_STATUS.get(opening.status, opening.status),
        look=STATUS_LOOK.get(opening.status, ""),
        free=say_free(free_places(opening.free, [slot.free for slot in opening.slots])),
        freshness=freshness_of(opening.confirmed_on, today),
        confirmed=say_confirmed(opening.confirmed_on, today),
        version=opening.version,
        once=new_id(),
        confirmed_today=opening.confirmed_on == today,
        never_confirmed=opening.confirmed_on is None,
    )


def _spot_of(host: Host) -> tuple[float, float] | None:
    return next(((site.lat, site.lon) for site in host.sites if site.lat is not None and site.lon is not None), None)


def _map_spot(host: Host, number: str) -> MapSpot:
    lat, lon = _spot_of(host) or (0.0, 0.0)
    return MapSpot(lat, lon, number, host.name, host.id, f"#host-{host.id}")


def _filters(search: Search) -> Sequence[tuple[str, str]]:
    """Each condition in force with the address that leaves it out."""
    labels = {
        "q": f"「{search.q}」",
        "kind": HOST_KINDS.get(search.kind, ""),
        "theme": THEMES.get(search.theme, ""),
        "weekday": f"{WEEKDAYS[int(search.weekday)]}曜" if search.weekday else "",
        "status": STATUSES.get(search.status, ""),
        "freshness": FRESHNESS.get(search.freshness, ""),
        "free": "空きあり",
        "unplaced": "座標なし",
    }
    blank = Search()
    return [
        (labels[name], "/hosts?" + urlencode(replace(search, **{name: getattr(blank, name)}).pairs()))
        for name, _ in search.pairs()
    ]


def _why_empty(search: Search) -> str:
    if search.is_empty:
        return "まだ一か所も登録されていません。登録するか、一覧のファイルを取り込んでください。"
    if search.q and len(search.pairs()) == 1:
        return "名称・よみ・団体・活動・札・住所のどれにも、このことばがありません。短いことばや、別の書き方でさがしてください。"
    return "しぼり込みのすべてに当てはまる所がありません。条件を一つ外すと見つかることがあります。"
