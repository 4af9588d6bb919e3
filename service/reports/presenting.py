"""A report as a page shows it: sections, figures, their divisions with a bar each, percentages and days in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.reports.counting import Days, Report, percentage
from service.reports.figures import FIGURES, JOINED, LEAST, NOT_KNOWN, SECTIONS, SPANS, Breakdown, Figure
from service.reports.periods import Period

WIDE: Final = 240
"""The longest bar of a chart, in the units of its drawing."""
TALL: Final = 90
STEP: Final = 44


@dataclass(frozen=True)
class Bar:
    """One value with its number, and the bar that stands beside it."""

    label: str
    said: str
    long: int


@dataclass(frozen=True)
class Part:
    """One division of a figure."""

    key: str
    title: str
    bars: tuple[Bar, ...]
    share: str
    note: str = ""


@dataclass(frozen=True)
class Column:
    """One month of a figure."""

    label: str
    said: str
    x: int
    y: int
    tall: int


@dataclass(frozen=True)
class Trend:
    """The months of a figure beside each other."""

    columns: tuple[Column, ...]
    width: int
    height: int
    said: str


@dataclass(frozen=True)
class FigureBlock:
    """One figure."""

    key: str
    label: str
    counts: str
    said: str
    """The whole with its unit."""
    parts: tuple[Part, ...]
    trend: Trend | None = None
    note: str = ""


@dataclass(frozen=True)
class SectionBlock:
    """Figures of one matter, and the days it takes."""

    key: str
    label: str
    figures: tuple[FigureBlock, ...]
    spans: tuple[tuple[str, str, str], ...]
    """What it is called, the median in words, and what it counts."""


def section_blocks(report: Report) -> tuple[SectionBlock, ...]:
    """Every figure of a report in its section."""
    return tuple(
        SectionBlock(
            key, label,
            tuple(_block(figure, report) for figure in FIGURES if figure.section == key),
            tuple((span.label, say_days(report.spans[span.key]), span.counts) for span in SPANS if span.section == key),
        )
        for key, label in SECTIONS.items()
    )  # fmt: skip


def ordered(breakdown: Breakdown, cells: Mapping[str, int]) -> list[tuple[str, int]]:
    """The values that were counted: in the order they are declared, then by name — never by size."""
    known = [value for value in breakdown.values if cells.get(value)]
    others = sorted((value for value in cells if value not in breakdown.values), key=breakdown.say)
    return [(value, cells[value]) for value in (*known, *others) if cells[value]]


def say_value(figure: Figure, breakdown: Breakdown, value: str) -> str:
    """The word for a value, or the words of the breakdowns that make it."""
    if not breakdown.parts:
        return breakdown.say(value)
    pairs = zip(breakdown.parts, value.split(JOINED), strict=False)
    return "　".join(figure.breakdown(part).say(each) for part, each in pairs) or NOT_KNOWN


def say_days(days: Days) -> str:
    """A median in words, with how many stand behind it; nothing of fewer than five is called usual."""
    if days.days is None:
        return "0件"
    few = f"　{LEAST}件に満たないので、めやすにはなりません" if days.count < LEAST else ""
    return f"中央値 {days.days:g}日（{days.count}件）{few}"


def say_share(breakdown: Breakdown, cells: Mapping[str, int]) -> str:
    """So many of so many, and the percentage where there are enough."""
    if breakdown.share is None:
        return ""
    found = percentage(breakdown.share, cells)
    if found.percent is None:
        return f"{found.label}：{found.part}／{found.whole}（{LEAST}件に満たないので、割合は出しません）"
    return f"{found.label}：{found.percent}%（{found.part}／{found.whole}）"


def bars_of(lines: Sequence[tuple[str, int | None, str]]) -> tuple[Bar, ...]:
    """Bars in proportion to the longest; a line without a number has none. A line: label, number, how it is said."""
    most = max((number or 0 for _, number, _ in lines), default=0)
    return tuple(Bar(label, said, round(WIDE * (number or 0) / most) if most else 0) for label, number, said in lines)


def _block(figure: Figure, report: Report) -> FigureBlock:
    count = report.counts[figure.key]
    parts = tuple(_parts(figure, report)) if count.total else ()
    months = report.months.get(figure.key, ())
    trend = _trend(report.period, months) if count.total and months else None
    return FigureBlock(figure.key, figure.label, figure.counts, f"{count.total}{figure.unit}", parts, trend)


def _parts(figure: Figure, report: Report) -> Iterator[Part]:
    for breakdown in figure.breakdowns:
        cells = report.counts[figure.key].of(breakdown.key)
        lines = [
            (say_value(figure, breakdown, value), number, f"{number}{figure.unit}")
            for value, number in ordered(breakdown, cells)
        ]
        bars = bars_of(lines)
        yield Part(breakdown.key, breakdown.label, bars, say_share(breakdown, cells))


def _trend(period: Period, months: Sequence[int]) -> Trend:
    most = max(months, default=0)
    names = [f"{each.first.month}月" for each in period.months_of()]
    heights = [round(TALL * number / most) if most else 0 for number in months]
    columns = tuple(
        Column(name, str(number), at * STEP, TALL + 16 - tall, tall)
        for at, (name, number, tall) in enumerate(zip(names, months, heights, strict=True))
    )
    said = "、".join(f"{column.label} {column.said}" for column in columns)
    return Trend(columns, len(columns) * STEP, TALL + 36, said)
