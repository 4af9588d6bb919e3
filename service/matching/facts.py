"""The facts a match is made of: plain frozen data, without names of people, free remarks, clock or database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final, Literal

from service.kernel.errors import DomainError
from service.kernel.timetable import SlotText
from service.kernel.vocab import Strength

# Weekday 0=月, minutes from midnight or None where not said, weeks of the month or () for every week.
Slot = SlotText
Status = Literal["open", "limited", "paused", "full", "ended"]


class Unknown(Enum):
    """A fact about the person that should be there and is not, unlike a need nobody has asked about."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


class ConsentMissing(DomainError):
    """Nothing is computed for a person who has not agreed to the service."""

    def __init__(self) -> None:
        super().__init__(
            "利用申込みと同意がまだ確認できていないため、照合できません。",
            "同意を確認して記録すると、照合できるようになります。",
            "R-CONSENT",
            409,
        )


@dataclass(frozen=True, slots=True)
class Need:
    """What a person needs of one attribute; value None = asked, and there is nothing special."""

    value: Any
    strength: Strength


@dataclass(frozen=True, slots=True)
class Area:
    """A circle the person must not come near: degrees WGS84 and kilometres."""

    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningFacts:
    """One opening as its host describes it; a value absent or None is unknown, which is neither yes nor no.

    `slots` None = weekdays not known, () = asked: none. `linked` are the people to be met there, as ids.
    `negotiable` are the attribute keys the host has marked 相談可. `site_id` is what typed travel minutes refer to.
    """

    id: str
    host_id: str
    name: str = ""
    kind: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    slots: tuple[Slot, ...] | None = None
    lat: float | None = None
    lon: float | None = None
    free: int | None = None
    status: Status = "open"
    paused_until: date | None = None
    waiting: int = 0
    confirmed_on: date | None = None
    linked: frozenset[str] = frozenset()
    negotiable: frozenset[str] = frozenset()
    text: str = ""
    site_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """One person as the match sees them. An attribute absent from `needs` has not been asked: no such need.

    `age` and `gender` None = not part of the question; UNKNOWN = should be known and is not. `birth_on` decides
    over `age`. `lat`/`lon` None = home not known. `travel_minutes` holds one-way minutes typed by the
    coordinator, by site id (or opening id).
    """

    consented: bool
    age: int | Unknown | None = None
    birth_on: date | None = None
    gender: str | Unknown | None = None
    lat: float | None = None
    lon: float | None = None
    needs: Mapping[str, Need] = field(default_factory=dict)
    avoid_persons: frozenset[str] = frozenset()
    avoid_hosts: frozenset[str] = frozenset()
    avoid_areas: tuple[Area, ...] = ()
    travel_minutes: Mapping[str, int] = field(default_factory=dict)

    def need(self, key: str) -> Need | None:
        """The need with something in it, or None: not asked, or asked and nothing special."""
        need = self.needs.get(key)
        return need if need is not None and is_a_need(need.value) else None


def is_a_need(value: Any) -> bool:
    """An empty list, an unticked box or empty wishes ask nothing of a place; a 0 does."""
    if value is None or value is False:
        return False
    if isinstance(value, Mapping):
        return any(is_a_need(part) for part in value.values())
    return not (isinstance(value, str | list | tuple | set | frozenset) and len(value) == 0)
