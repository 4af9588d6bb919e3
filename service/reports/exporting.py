"""The exact figures as a table for other programs, every line of it marked as not to leave the office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from service.kernel.dates import format_wareki
from service.reports.counting import Report, percentage
from service.reports.figures import FIGURES, SECTIONS, SPANS, Figure
from service.reports.presenting import ordered, say_value
from service.resources.interchange.writing import Value

INSIDE: Final = "庁内限り"
HEADER: Final = (
    "取扱い",
    "期間",
    "数えた日",
    "章",
    "番号",
    "項目",
    "単位",
    "分け方",
    "値",
    "数",
    "母数",
    "割合（%）",
    "何を数えたか",
)
Row = list[Value]


def export_rows(report: Report) -> Iterator[Row]:
    """A line for each whole, each value of each breakdown, each percentage, each month and each median."""
    for figure in FIGURES:
        for row in _figure_rows(figure, report):
            yield [*_head(report), *row, figure.counts]
    for span in SPANS:
        days = report.spans[span.key]
        head = (SECTIONS[span.section], span.key, span.label, "日")
        yield [*_head(report), *head, "", "中央値", days.days, days.count, None, span.counts]


def _head(report: Report) -> tuple[Value, ...]:
    return INSIDE, report.period.label, format_wareki(report.counted_on)


def _figure_rows(figure: Figure, report: Report) -> Iterator[tuple[Value, ...]]:
    count, head = report.counts[figure.key], (SECTIONS[figure.section], figure.key, figure.label, figure.unit)
    yield *head, "", "合計", count.total, None, None
    for breakdown in figure.breakdowns:
        cells = count.of(breakdown.key)
        for value, number in ordered(breakdown, cells):
            yield *head, breakdown.label, say_value(figure, breakdown, value), number, None, None
        if breakdown.share:
            found = percentage(breakdown.share, cells)
            yield *head, breakdown.label, found.label, found.part, found.whole, found.percent
    for month, number in zip(report.period.months_of(), report.months.get(figure.key, ()), strict=False):
        yield *head, "月", month.label, number, None, None
