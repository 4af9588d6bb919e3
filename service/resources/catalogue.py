"""Finding places in the catalogue and reading one whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from service.kernel.errors import NotFound
from service.kernel.kana import fold_text, is_searchable, sort_key
from service.kernel.vocab import Choice
from service.resources.interchange.drafts import HOST_KINDS
from service.resources.models import CatalogueState, Host, Opening, OpeningSlot, Site
from service.resources.words import AGING_DAYS, STALE_DAYS, THEMES, kind_label, theme_labels
from service.web.params import typed_text

PAGE_SIZE: Final = 50
MOST_WORDS: Final = 8
STATUSES: Final[Mapping[str, str]] = {
    "open": "受け入れ中",
    "limited": "要相談",
    "full": "空きなし",
    "paused": "休止中",
    "prospect": "候補",
    "ended": "終了",
}
FRESHNESS: Final[dict[str, str]] = {"fresh": "60日以内", "aging": "60日超", "stale": "90日超・未確認"}
UNPLACED: Final = "unplaced"


@dataclass(frozen=True)
class Search:
    """What the list is narrowed to; an empty text is no condition."""

    q: str = ""
    kind: str = ""
    theme: str = ""
    weekday: str = ""
    status: str = ""
    free: bool = False
    freshness: str = ""
    unplaced: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Search":
        """The search an address asks for; what is not one of the choices is no condition."""
        return cls(
            q=typed_text(query.get("q", ""), 100),
            kind=_one_of(query.get("kind", ""), HOST_KINDS),
            theme=_one_of(query.get("theme", ""), THEMES),
            weekday=_one_of(query.get("weekday", ""), "0123456"),
            status=_one_of(query.get("status", ""), STATUSES),
            free=query.get("free") == "1",
            freshness=_one_of(query.get("freshness") or query.get("check", ""), FRESHNESS),
            unplaced="1" in query.get("unplaced", "") or query.get("check") == UNPLACED,
        )

    @property
    def is_empty(self) -> bool:
        """Whether the whole list is asked for."""
        return self == Search()

    @property
    def is_too_short(self) -> bool:
        """Whether something was typed, but too little to search for."""
        return bool(self.q.strip()) and not is_searchable(self.q)

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of each condition, as they stand in an address."""
        texts = [(name, value) for name, value in vars(self).items() if isinstance(value, str) and value]
        return texts + [(name, "1") for name, value in vars(self).items() if value is True]


def _one_of(value: str, choices: Iterable[str]) -> str:
    return value if value and value in list(choices) else ""


@dataclass(frozen=True)
class Found:
    """A page of the list: its hosts, how many there are in all, and which page this is."""

    hosts: Sequence[Host]
    total: int
    page: int
    pages: int


def search_hosts(session: Session, search: Search, page: int, today: date, size: int = PAGE_SIZE) -> Found:
    """A page of hosts with their sites, openings and slots, in 五十音 order; the number of queries is fixed."""
    query = narrow(search, today)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(page, pages)
    ordered = query.order_by(Host.sort_key, Host.id).limit(size).offset((page - 1) * size)
    return Found(session.scalars(ordered.options(*_LISTED)).all(), total, page, pages)


def all_hosts(session: Session, search: Search, today: date) -> Sequence[Host]:
    """Every host of a search with what an export shows."""
    query = narrow(search, today).order_by(Host.sort_key, Host.id)
    return session.scalars(query.options(*_LISTED, selectinload(Host.conditions))).all()


def narrow(search: Search, today: date) -> Select[Host]:
    """The query of a search; ended hosts stand only under 終了."""
    return select(Host).where(*_conditions(search, today))


_LISTED: Final = (
    selectinload(Host.sites),
    selectinload(Host.openings).options(selectinload(Opening.slots)),
)


def _conditions(search: Search, today: date) -> list[ColumnElement[bool]]:
    words = [] if search.is_too_short else search.q.split()[:MOST_WORDS]
    found: list[ColumnElement[bool]] = [
        Host.search_text.contains(fold, autoescape=True) for word in words if (fold := fold_text(word))
    ]
    if search.kind:
        found.append(Host.kind == search.kind)
    if search.theme:
        # A list of keys is kept as JSON; as text every database knows it.
        found.append(cast(Host.themes, String).contains(f'"{search.theme}"'))
    if search.weekday:
        found.append(exists().where(OpeningSlot.host_id == Host.id, OpeningSlot.weekday == int(search.weekday)))
    if search.free:
        found += [
            Host.status.not_in(("paused", "ended")),
            _has_opening(Opening.status.in_(("open", "limited")), Opening.free > 0),
        ]
    if search.unplaced:
        found.append(exists().where(Site.host_id == Host.id, Site.lat.is_(None)))
    if search.freshness:
        found.append(_fresh(search.freshness, today))
    found.append(_in_status(search.status))
    return found


def _has_opening(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Opening.host_id == Host.id, Opening.status != "ended", *conditions)


def _in_status(status: str) -> ColumnElement[bool]:
    if status == "ended":
        return Host.status == "ended"
    if status == "prospect":
        return Host.status == "prospect"
    if status == "paused":
        return or_(Host.status == "paused", and_(Host.status != "ended", _has_opening(Opening.status == "paused")))
    if status:
        return and_(Host.status.not_in(("paused", "ended")), _has_opening(Opening.status == status))
    return Host.status != "ended"


def _fresh(freshness: str, today: date) -> ColumnElement[bool]:
    aging, stale = today - timedelta(days=AGING_DAYS), today - timedelta(days=STALE_DAYS)
    if freshness == "stale":
        return _has_opening(or_(Opening.confirmed_on.is_(None), Opening.confirmed_on < stale))
    if freshness == "aging":
        return _has_opening(Opening.confirmed_on < aging, Opening.confirmed_on >= stale)
    return and_(_has_opening(), ~_has_opening(or_(Opening.confirmed_on.is_(None), Opening.confirmed_on < aging)))


def read_host(session: Session, host_id: str) -> Host:
    """A host with everything its card shows; absent is NotFound."""
    query = (
        select(Host)
        .where(Host.id == host_id)
        .options(
            *_LISTED,
            selectinload(Host.conditions),
            selectinload(Host.people),
            selectinload(Host.remarks),
            selectinload(Host.assessments),
        )
    )
    host = session.scalars(query).first()
    if host is None:
        raise NotFound()
    return host


def read_opening(session: Session, opening_id: str) -> tuple[Host, Opening]:
    """An opening with its host as its card shows it."""
    host_id = session.scalar(select(Opening.host_id).where(Opening.id == opening_id))
    if host_id is None:
        raise NotFound()
    host = read_host(session, host_id)
    return host, next(opening for opening in host.openings if opening.id == opening_id)


def catalogue_version(session: Session) -> int:
    """A number that moves with every change of the catalogue."""
    return session.scalar(select(CatalogueState.version).where(CatalogueState.id == 1)) or 0


def index_host(host: Host, activities: Iterable[Choice]) -> None:
    """Bring what the host is found and ordered by up to date; its sites and openings are loaded."""
    labels = {choice.key: choice.label for choice in activities}
    words: list[Any] = [host.name, host.kana, host.organisation, kind_label(host.kind), host.description]
    words += theme_labels(host.themes or ())
    for site in host.sites:
        words += [site.name, site.address, site.building]
    for opening in host.openings:
        words += [opening.title, opening.activity, *(labels.get(tag, tag) for tag in opening.activity_tags)]
    folded = dict.fromkeys(fold_text(word) for word in words if word)
    text, order = "|".join(folded), sort_key(host.kana or host.name)
    if (host.search_text, host.sort_key) != (text, order):
        host.search_text, host.sort_key = text, order
