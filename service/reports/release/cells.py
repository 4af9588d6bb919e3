"""What is published, as the one who would work out the hidden numbers reads it: cells, sums of cells, and how figures hang together.

Periods nest, so the part of one that no other published period covers is a piece of its own: a year of which the first quarter
left before tells of the other three as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.reports.counting import Count
from service.reports.figures import BY_KEY, JOINED, Figure
from service.reports.periods import Period

WHOLE: Final = ""
"""In place of a breakdown and a value: the whole of a figure."""
Place = tuple[str, str, str]
"""A figure, one of its breakdowns, and a value."""
Exact = Mapping[Period, Mapping[str, Count]]
"""The exact counts of every period that has left or is to leave."""


@dataclass(frozen=True)
class Said:
    """One thing somebody outside reads: the sum of these places over this period lies from `least` to `most`; None is no end."""

    places: tuple[Place, ...]
    period: Period
    least: int
    most: int | None


@dataclass(frozen=True)
class Bond:
    """What anybody knows of two figures: the left sum is the right one, or no more than it."""

    left: Place
    right: tuple[Place, ...]
    is_equal: bool


BONDS: Final = (
    Bond(("consents", WHOLE, WHOLE), (("screenings", "result", "juso"),), True),
    Bond(("new_cases", WHOLE, WHOLE), (("referrals", WHOLE, WHOLE),), True),
    Bond(("screenings", "result", "advice_only"), (("advice", WHOLE, WHOLE),), False),
    Bond(("starts", WHOLE, WHOLE), (("steps", "step", "started"),), True),
    Bond(("ended", WHOLE, WHOLE), (("steps", "step", "declined"), ("steps", "step", "ended")), True),
    Bond(("trials", "after", "started"), (("starts", WHOLE, WHOLE),), False),
    Bond(("participants", WHOLE, WHOLE), (("people", WHOLE, WHOLE),), False),
)
"""They are used where they hold in the exact counts: somebody outside would believe them there."""
ALIKE: Final = (("participants", "people"),)
"""Figures of which the first is part of the second in every value of the breakdowns they share."""


def components(figures: Sequence[str]) -> list[list[str]]:
    """Figures that hang together, each group audited as one."""
    groups = {key: {key} for key in figures}
    for bond in BONDS:
        linked = {bond.left[0], *(place[0] for place in bond.right)} & set(groups)
        joined = set().union(*(groups[key] for key in linked)) if linked else set()
        groups |= dict.fromkeys(joined, joined)
    seen = {min(group): sorted(group) for group in groups.values()}
    return [seen[key] for key in sorted(seen)]


def children(period: Period, family: Iterable[Period]) -> list[Period]:
    """The largest published periods inside another one."""
    inside = [each for each in family if each != period and contains(period, each)]
    return [each for each in inside if not any(other != each and contains(other, each) for other in inside)]


def contains(outer: Period, inner: Period) -> bool:
    """Whether every day of one is a day of the other."""
    return outer.first <= inner.first and inner.last <= outer.last


def adds_up(figure: Figure, breakdown: str) -> bool:
    """Whether the parts of a period make up the whole of it in this breakdown."""
    return figure.adds_up and (breakdown == WHOLE or not figure.breakdown(breakdown).moves)


def number_at(counts: Mapping[str, Count], place: Place) -> int:
    """The exact number at a place."""
    figure, breakdown, value = place
    found = counts.get(figure, Count())
    return found.total if breakdown == WHOLE else found.of(breakdown).get(value, 0)


def places_of(figure: str, exact: Exact) -> list[Place]:
    """The whole of a figure, and every value that was ever counted."""
    found = [(figure, WHOLE, WHOLE)]
    for breakdown in BY_KEY[figure].breakdowns:
        values = {value for counts in exact.values() for value in counts.get(figure, Count()).of(breakdown.key)}
        found += [(figure, breakdown.key, value) for value in sorted(values)]
    return found


def sums_within(figure: str, places: Sequence[Place]) -> list[tuple[Place, tuple[Place, ...]]]:
    """What is the sum of what inside a figure: the whole of each breakdown, a value of the ones that several make together."""
    whole, found = (figure, WHOLE, WHOLE), []
    for breakdown in BY_KEY[figure].breakdowns:
        values = tuple(place for place in places if place[1] == breakdown.key)
        found.append((whole, values))
        for at, part in enumerate(breakdown.parts):
            for one in (place for place in places if place[1] == part):
                found.append((one, tuple(each for each in values if each[2].split(JOINED)[at] == one[2])))
    return found
