"""The figures of a period out of plain rows: how many, divided how, what percentage, how many days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Final

from service.reports import counting_cases, counting_places, counting_town
from service.reports.facts import Ground
from service.reports.figures import FIGURES, LEAST, SPANS, Breakdown, Figure, Share
from service.reports.periods import MONTH, Period

Values = Mapping[str, str]
"""Of one thing counted: which value of each breakdown it has."""
Counter_ = Callable[[Ground, Period, date], Iterable[Values]]
COUNTERS: Final[Mapping[str, Counter_]] = {
    **counting_cases.COUNTERS, **counting_places.COUNTERS, **counting_town.COUNTERS,
}  # fmt: skip
TIMERS: Final[Mapping[str, Callable[[Ground, Period, date], Iterable[int]]]] = {
    **counting_cases.TIMERS, **counting_places.TIMERS,
}  # fmt: skip


@dataclass(frozen=True)
class Count:
    """One figure: the whole, and each breakdown value by value."""

    total: int = 0
    cells: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, breakdown: str) -> Mapping[str, int]:
        """One breakdown, empty when nothing was counted."""
        return self.cells.get(breakdown, {})


@dataclass(frozen=True)
class Days:
    """A median of days, and of how many."""

    count: int
    days: float | None


@dataclass(frozen=True)
class Report:
    """Every figure of a period as it was on the day of counting."""

    period: Period
    counted_on: date
    counts: Mapping[str, Count]
    spans: Mapping[str, Days]
    months: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Of figures that add up: the whole of each month, for a period longer than one."""


@dataclass(frozen=True)
class Percentage:
    """So many of so many; `percent` is None where they are too few to say."""

    label: str
    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Of a hundred, None below five."""
        return round(100 * self.part / self.whole) if self.whole >= LEAST else None


def make_report(ground: Ground, period: Period, today: date) -> Report:
    """Count everything of a period; what has not come yet is not counted."""
    counts = {figure.key: count(figure, ground, period, today) for figure in FIGURES}
    spans = {span.key: middle(TIMERS[span.key](ground, period, period.as_of(today))) for span in SPANS}
    return Report(period, today, counts, spans, {} if period.kind == MONTH else _by_month(ground, period, today))


def count(figure: Figure, ground: Ground, period: Period, today: date) -> Count:
    """One figure of a period."""
    found = list(COUNTERS[figure.key](ground, period, period.as_of(today)))
    return Count(len(found), {each.key: dict(Counter(map(_reader(each), found))) for each in figure.breakdowns})


def percentage(share: Share, cells: Mapping[str, int]) -> Percentage:
    """The share of a breakdown, with what it is the share of."""
    whole = sum(number for value, number in cells.items() if value not in share.aside)
    return Percentage(share.label, sum(cells.get(value, 0) for value in share.good), whole)


def middle(days: Iterable[int]) -> Days:
    """The median of some days."""
    found = list(days)
    return Days(len(found), float(median(found)) if found else None)


def _reader(breakdown: Breakdown) -> Callable[[Values], str]:
    """What a thing counted is under a breakdown; several of them together are one value."""
    parts = breakdown.parts or (breakdown.key,)
    return lambda values: "｜".join(values.get(part, "") for part in parts)


def _by_month(ground: Ground, period: Period, today: date) -> dict[str, tuple[int, ...]]:
    """The whole of each month of what adds up, in the order of the months."""
    return {
        figure.key: tuple(
            sum(1 for _ in COUNTERS[figure.key](ground, month, month.as_of(today))) for month in period.months_of()
        )
        for figure in FIGURES
        if figure.adds_up
    }
