"""年度・四半期・月: the spans figures are counted over, as an address writes them and as the screen says them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from service.kernel.calendar import add_months
from service.kernel.dates import era_of, fiscal_year

YEAR, QUARTER, MONTH = "year", "quarter", "month"
KINDS: Final = {YEAR: "年度", QUARTER: "四半期", MONTH: "月"}
EARLIEST: Final = 2000
LATEST: Final = 2190
_ADDRESS: Final = re.compile(r"(\d{4})(?:q([1-4])|m(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """Some months of a fiscal year, counted from April (0 … 11)."""

    year: int
    start: int = 0
    months: int = 12

    @property
    def kind(self) -> str:
        """年度, 四半期 or 月."""
        return {12: YEAR, 3: QUARTER}.get(self.months, MONTH)

    @cached_property
    def first(self) -> date:
        """The first day."""
        return add_months(date(self.year, 4, 1), self.start)

    @cached_property
    def last(self) -> date:
        """The last day."""
        return add_months(date(self.year, 4, 1), self.start + self.months) - timedelta(days=1)

    @property
    def key(self) -> str:
        """As an address says it: 2026, 2026q1, 2026m04."""
        if self.kind == QUARTER:
            return f"{self.year}q{self.start // 3 + 1}"
        return str(self.year) if self.kind == YEAR else f"{self.year}m{self.first.month:02}"

    @property
    def label(self) -> str:
        """令和8年度, 令和8年度 第1四半期（4〜6月）, 令和8年4月."""
        if self.kind == MONTH:
            return f"{_year(self.first)}年{self.first.month}月"
        whole = f"{_year(date(self.year, 4, 1))}年度" if self.year != 2019 else "令和元年度"
        quarter = f" 第{self.start // 3 + 1}四半期（{self.first.month}〜{self.last.month}月）"
        return whole if self.kind == YEAR else whole + quarter

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def months_of(self) -> tuple[Period, ...]:
        """Each of its months."""
        return tuple(Period(self.year, self.start + at, 1) for at in range(self.months))

    def as_of(self, today: date) -> date:
        """The day the end of it is looked at: its last one, or today while it is running."""
        return min(self.last, today)


def read_period(text: str, today: date) -> Period:
    """The period an address names; what names none is the running fiscal year."""
    found = _ADDRESS.fullmatch(text)
    if found is None or not EARLIEST <= int(found[1]) <= LATEST:
        return Period(fiscal_year(today))
    year = int(found[1])
    if found[2]:
        return Period(year, 3 * (int(found[2]) - 1), 3)
    return Period(year, (int(found[3]) - 4) % 12, 1) if found[3] else Period(year)


def _year(day: date) -> str:
    era = era_of(day)
    if era is None:
        return str(day.year)
    number = day.year - era.year_zero
    return f"{era.name}{'元' if number == 1 else number}"
