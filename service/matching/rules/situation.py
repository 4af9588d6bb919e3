"""What structural rules need beside a value: the person, the day, distances and usable weekdays, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.dates import age_on
from service.kernel.geo.distance import distance_km
from service.kernel.vocab import Attribute, Kind, Strength
from service.matching.facts import PersonFacts, Unknown
from service.matching.instance import Catalogue
from service.matching.schedules import DAYS

Findings = NDArray[np.int8]
MET: Final = 0
UNKNOWN: Final = 1
VIOLATED: Final = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A need that was put to every opening."""

    attribute: Attribute
    value: Any
    strength: Strength


@dataclass(frozen=True)
class Situation:
    """One person before one catalogue on one day."""

    catalogue: Catalogue
    person: PersonFacts
    today: date

    @cached_property
    def age(self) -> int | Unknown | None:
        born_on = self.person.birth_on
        return self.person.age if born_on is None else age_on(born_on, self.today)

    @cached_property
    def windows(self) -> tuple[tuple[int, int, int], ...] | None:
        """The person's windows; None = no need of time."""
        value = self._value_of(Kind.TIME)
        return None if value is None else tuple((day, start, end) for day, start, end in value)

    @cached_property
    def max_days(self) -> int | None:
        value: int | None = self._value_of(Kind.FREQUENCY)
        return value

    @cached_property
    def travel(self) -> tuple[tuple[str, ...], int] | None:
        """Allowed modes and the limit in minutes; None unless both are given."""
        value = self._value_of(Kind.TRAVEL)
        if value is None or not value.get("modes") or value.get("max_min") is None:
            return None
        return tuple(value["modes"]), value["max_min"]

    @cached_property
    def time_answers(self) -> NDArray[np.uint8]:
        return self.catalogue.schedules.answers(self.windows)

    @cached_property
    def usable_days(self) -> NDArray[np.uint8]:
        """Bit d set = weekday d can be used."""
        return self.time_answers & np.uint8(DAYS)

    @cached_property
    def km(self) -> NDArray[np.float64]:
        """Distance from home, NaN where either end is not known."""
        person, catalogue = self.person, self.catalogue
        if person.lat is None or person.lon is None:
            return np.full(len(catalogue), np.nan)
        return distance_km(person.lat, person.lon, catalogue.lats, catalogue.lons)

    def _value_of(self, kind: Kind) -> Any:
        for attribute in self.catalogue.vocabulary.of_kind(kind):
            need = self.person.need(attribute.key)
            return None if need is None else need.value
        return None


def violated_where(mask: NDArray[np.bool_]) -> Findings:
    """int8 findings: violated where the mask is set, met elsewhere."""
    ones = mask.view(np.int8)
    # Twice as a sum: numpy adds bytes several times faster than it shifts them.
    findings: Findings = ones + ones
    return findings


def unknown_where(mask: NDArray[np.bool_]) -> Findings:
    """int8 findings: unknown where the mask is set, met elsewhere."""
    findings: Findings = mask.view(np.int8)
    return findings


def as_findings(
    is_violated: NDArray[np.bool_], is_unknown: NDArray[np.bool_], *, unknown_counts_as_violated: bool
) -> Findings:
    """int8 findings from two masks; says whether the first mask is already set where the second is."""
    findings = violated_where(is_violated)
    change = np.subtract if unknown_counts_as_violated else np.add
    change(findings, is_unknown.view(np.int8), out=findings)
    return findings
