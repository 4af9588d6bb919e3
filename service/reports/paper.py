"""The exact figures on A4, marked 庁内限り."""

from __future__ import annotations

from datetime import datetime

from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, say_instant
from service.reports.counting import Report
from service.reports.exporting import INSIDE
from service.reports.presenting import FigureBlock, SectionBlock, section_blocks
from service.reports.release.presenting import release_blocks
from service.reports.releasing import Release
from service.resources.fax import OFFICE
from service.web.actor import Actor, Town
from service.web.print.document import Document, Rows
from service.web.print.sheets import Letterhead

HEADS = ("項目", "分け方", "値", "数")
WIDTHS = (5, 4, 6, 4)


def report_paper(report: Report, town: Town, actor: Actor, now: datetime) -> Document:
    """A table for each section."""
    head = Letterhead(f"統計　{report.period.label}", town.name, OFFICE, INSIDE, actor.label, say_instant(now))
    intro = f"{format_wareki(report.counted_on)}に数えました。庁内限り。5人に満たない数が入っています。"
    return Document(head, paper_blocks(section_blocks(report)), intro)


def release_paper(release: Release, town: Town, actor: Actor, now: datetime) -> Document:
    """What has left the office, as it left."""
    snapshot = release.snapshot
    title = f"統計　{release.period.label}"
    head = Letterhead(title, town.name, OFFICE, "", actor.label, say_instant(now))
    counted = format_wareki(day_in_japan(snapshot.asked_at))
    intro = f"{counted}に数えました。{snapshot.few}に満たない数と、そこから分かってしまう数は、出していません（＊）。"
    return Document(head, paper_blocks(release_blocks(snapshot.cleared, snapshot.few)), intro)


def paper_blocks(sections: tuple[SectionBlock, ...]) -> tuple[Rows, ...]:
    """The sections as tables; a figure that is nought is one line."""
    return tuple(Rows(HEADS, WIDTHS, tuple(_lines(section)), section.label) for section in sections)


def _lines(section: SectionBlock) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [line for figure in section.figures for line in _figure_lines(figure)]
    return lines + [(label, "中央値", "", said) for label, said, _ in section.spans]


def _figure_lines(figure: FigureBlock) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [(figure.label, "合計", figure.note, figure.said)]
    for part in figure.parts:
        lines += [("", part.title if at == 0 else "", bar.label, bar.said) for at, bar in enumerate(part.bars)]
        lines += [("", "", said, "") for said in (part.share, part.note) if said]
    return lines
