"""The signed-in person, and the municipality they work in."""

from dataclasses import dataclass

from service.kernel.db import Database
from service.kernel.outbox.mailing import MailServer


@dataclass(frozen=True)
class Actor:
    """Whoever acts in a request: the same facts for a page, the API and the command line."""

    id: str
    label: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Town:
    """One municipality: its own database, its own key, its own policies."""

    code: str
    name: str
    database: Database
    key: bytes
    case_access: str = "team"
    mail: MailServer | None = None
    host_url: str = ""
    """Where hosts reach their pages from outside; empty = links are given out by hand only."""
    phone: str = ""
    """Whom a host rings up when a link does not open."""
    refer_url: str = ""
    """Where agencies reach the pages of their links; empty = links are given out by hand only."""
    exchange_key: bytes | None = None
    """What seals the files between the staff's and the hosts' network; None where there is but one."""
