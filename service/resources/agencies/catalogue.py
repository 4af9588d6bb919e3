"""相談支援機関等一覧: finding an agency, reading one, and keeping what was typed about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from service.kernel.errors import DomainError, NotFound
from service.kernel.kana import fold_text, is_searchable, sort_key
from service.resources.agencies.kinds import FIELDS, KINDS, say_fields, say_kind
from service.resources.agencies.models import Agency
from service.resources.hosts import assign
from service.web.params import typed_text

MOST_WORDS: Final = 8
STALE_DAYS: Final = 365
"""Days after which a telephone number is worth asking about again."""
STATES: Final[Mapping[str, str]] = {"unused": "使わない", "stale": "1年以上 確かめていない", "all": "すべて"}


@dataclass(frozen=True)
class Search:
    """What the list is narrowed to; an empty text is no condition, and `state` empty = those in use."""

    q: str = ""
    kind: str = ""
    section: str = ""
    field: str = ""
    state: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Search":
        """The search an address asks for; what is not one of the choices is no condition."""
        return cls(
            q=typed_text(query.get("q", ""), 100),
            kind=_one_of(query.get("kind", ""), KINDS),
            section=typed_text(query.get("section", ""), 100),
            field=_one_of(query.get("field", ""), FIELDS),
            state=_one_of(query.get("state", ""), STATES),
        )

    @property
    def is_too_short(self) -> bool:
        """Whether something was typed, but too little to search for."""
        return bool(self.q.strip()) and not is_searchable(self.q)

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of each condition, as they stand in an address."""
        return [(name, value) for name, value in vars(self).items() if value]


def _one_of(value: str, choices: Iterable[str]) -> str:
    return value if value and value in list(choices) else ""


def search_agencies(session: Session, search: Search, today: date) -> Sequence[Agency]:
    """The agencies of a search in 五十音 order; a town has hundreds of them, not thousands."""
    found = session.scalars(select(Agency).where(*_conditions(search, today))).all()
    in_field = [each for each in found if not search.field or search.field in each.fields]
    return sorted(in_field, key=lambda each: (sort_key(each.kana or each.name), each.section, each.id))


def _conditions(search: Search, today: date) -> list[ColumnElement[bool]]:
    words = [] if search.is_too_short else search.q.split()[:MOST_WORDS]
    found: list[ColumnElement[bool]] = [
        Agency.search_text.contains(fold, autoescape=True) for word in words if (fold := fold_text(word))
    ]
    if search.kind:
        found.append(Agency.kind == search.kind)
    if search.section:
        found.append(Agency.section == search.section)
    if search.state == "stale":
        found.append(Agency.confirmed_on.is_(None) | (Agency.confirmed_on < today - timedelta(days=STALE_DAYS)))
    if search.state != "all":
        found.append(Agency.active.is_(search.state != "unused"))
    return found


def sections_of(session: Session) -> Sequence[str]:
    """Every 担当課 an agency belongs to."""
    query = select(Agency.section).where(Agency.section != "").distinct().order_by(Agency.section)
    return session.scalars(query).all()


def read_agency(session: Session, agency_id: str) -> Agency:
    """One agency; absent is NotFound."""
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound()
    return agency


def key_of(name: str, section: str) -> str:
    """What makes an agency the same one in a file and here: its name and its 担当課, in any spelling."""
    return f"{fold_text(name)}|{fold_text(section)}"


def by_key(session: Session) -> dict[str, Agency]:
    """Every agency by its key, those no longer used too."""
    return {key_of(each.name, each.section): each for each in session.scalars(select(Agency).order_by(Agency.id))}


def add_agency(session: Session, values: Mapping[str, Any]) -> Agency:
    """Keep a new agency; DomainError when there is one of this name and 担当課."""
    _refuse_twin(session, values, "")
    agency = Agency(**values)
    index_agency(agency)
    session.add(agency)
    session.flush()
    return agency


def save_agency(session: Session, agency: Agency, version: int, values: Mapping[str, Any]) -> None:
    """Take over what was typed; Conflict when somebody saved it meanwhile, DomainError when there is such a one already."""
    agency.expect(version)
    _refuse_twin(session, values, agency.id)
    assign(agency, values)
    index_agency(agency)


def confirm_agency(agency: Agency, version: int, today: date) -> None:
    """Nothing has changed: the entry was confirmed today."""
    agency.expect(version)
    agency.confirmed_on = today


def use_agency(agency: Agency, version: int, *, active: bool) -> None:
    """Take an agency out of use, or back into it; nothing is deleted, for sheets and plans name it."""
    agency.expect(version)
    agency.active = active


def index_agency(agency: Agency) -> None:
    """Bring what an agency is found by up to date."""
    words = (
        agency.name, agency.kana or "", agency.section or "", say_kind(agency.kind), say_fields(agency.fields or ()),
        agency.handles or "", agency.address or "", agency.phone or "", agency.fax or "", agency.contact or "",
    )  # fmt: skip
    text = "|".join(dict.fromkeys(fold_text(word) for word in words if word))
    if agency.search_text != text:
        agency.search_text = text


def is_stale(agency: Agency, today: date) -> bool:
    """Whether nobody has confirmed it within a year."""
    return agency.confirmed_on is None or (today - agency.confirmed_on).days > STALE_DAYS


def _refuse_twin(session: Session, values: Mapping[str, Any], own_id: str) -> None:
    twin = by_key(session).get(key_of(values["name"], values["section"]))
    if twin is not None and twin.id != own_id:
        raise DomainError(
            "同じ名称と担当課の機関が、もう一覧にあります。",
            "一覧でさがして、そちらを直してください。別の機関なら、名称か担当課で区別してください。",
            "agency-twin",
            422,
        )
