"""相談支援機関等一覧 as its sheet shows it: plain strings, already worded for the reader."""

from dataclasses import asdict, dataclass
from typing import Any

from service.web.print.sheets import Letterhead


@dataclass(frozen=True)
class AgencyEntry:
    """One agency of the directory; what is empty is not known."""

    name: str
    section: str
    handles: str
    phone: str
    fax: str
    hours: str
    address: str
    confirmed: str


@dataclass(frozen=True)
class AgencyGroup:
    """The agencies of one kind."""

    label: str
    entries: tuple[AgencyEntry, ...]


@dataclass(frozen=True)
class AgencySheet:
    """相談支援機関等一覧 (layout agencies.typ)."""

    head: Letterhead
    note: str
    groups: tuple[AgencyGroup, ...]


def directory_data(sheet: AgencySheet) -> dict[str, Any]:
    """The sheet as nested plain data, the second argument of `render_pdf`."""
    return asdict(sheet)
