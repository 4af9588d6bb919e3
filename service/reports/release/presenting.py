"""What left the office, or waits to, as a page, a file and a paper show it; every hidden number is a ＊ with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from service.reports.counting import percentage
from service.reports.figures import FIGURES, SECTIONS, SPANS, Breakdown, Figure
from service.reports.periods import Period, read_period
from service.reports.presenting import FigureBlock, Part, SectionBlock, bars_of
from service.reports.release.cleared import CHANGED, COMPARED, DROPPED, FEW, HIDDEN, WIDE
from service.resources.interchange.writing import Value

WITHHELD: Final[Mapping[str, str]] = {
    FEW: "{few}{unit}に満たない（0{unit}を含む）ので、数を出していません。長い期間なら出せることがあります。",
    COMPARED: "ほかに出した数と引きくらべると少ない数が分かるので、出していません。長い期間なら出せることがあります。",
    CHANGED: "前に出した期間の記録が、そのあとで変わりました。引きくらべると分かってしまうので、出していません。",
}
DROPPED_SAID: Final = "{label}ごとの数は、少ない数が分かってしまうので、出していません。"
WIDE_SAID: Final = "{label}は、少ない数が出ないように、広くまとめました。"
HIDDEN_SAID: Final = f"{HIDDEN} は、{{few}}{{unit}}に満たない数か、引き算でそれが分かってしまう数です。"
HEADER: Final = ("期間", "章", "番号", "項目", "単位", "分け方", "値", "数", "割合（%）", "何を数えたか", "注")
Kept = Mapping[str, Any]


def release_blocks(cleared: Kept, few: int) -> tuple[SectionBlock, ...]:
    """Every figure that may leave, in its section."""
    return tuple(
        SectionBlock(
            key, label,
            tuple(_block(figure, cleared["figures"][figure.key], few) for figure in _leaving() if figure.section == key),
            tuple((span.label, _days(cleared["spans"].get(span.key), few), span.counts) for span in SPANS if span.section == key),
        )
        for key, label in SECTIONS.items()
    )  # fmt: skip


def release_rows(period: Period, cleared: Kept, few: int) -> Iterator[list[Value]]:
    """The same as a table for other programs."""
    for figure in _leaving():
        kept = cleared["figures"][figure.key]
        block = _block(figure, kept, few)
        head = [period.label, SECTIONS[figure.section], figure.key, figure.label, figure.unit]
        yield [*head, "", "合計", kept.get("total", HIDDEN), None, figure.counts, block.note]
        for breakdown, part in zip(figure.breakdowns, block.parts, strict=False):
            for label, _, number in kept["parts"][breakdown.key]["cells"]:
                yield [*head, breakdown.label, label, HIDDEN if number is None else number, None, figure.counts, ""]
            if share := _share(breakdown, kept["parts"][breakdown.key], few):
                yield [*head, breakdown.label, share[0], None, share[1], figure.counts, ""]
            if part.note:
                yield [*head, breakdown.label, "", None, None, figure.counts, part.note]
    for span in SPANS:
        days = cleared["spans"].get(span.key)
        note = "" if days is not None else _days(days, few)
        yield [period.label, SECTIONS[span.section], span.key, span.label, "日", "", "中央値", days, None, span.counts, note]


def say_audit(audit: Kept, few: int) -> str:
    """What the audit did, in one sentence."""
    before = "、".join(read_period(key, date.max).label for key in audit["compared_with"])
    with_what = f"前に出した{before}と合わせて" if before else "この統計だけで"
    return f"{few}に満たない数は、{with_what}引き算や組み合わせをしても{few - 1}以上の幅が残ることを確かめました。"


def _leaving() -> list[Figure]:
    return [figure for figure in FIGURES if figure.leaves]


def _block(figure: Figure, kept: Kept, few: int) -> FigureBlock:
    if kept["withheld"]:
        note = WITHHELD[kept["withheld"]].format(few=few, unit=figure.unit)
        return FigureBlock(figure.key, figure.label, figure.counts, HIDDEN, (), note=note)
    parts = tuple(
        _part(figure, figure.breakdown(key), part, few) for key, part in kept["parts"].items()
    )  # fmt: skip
    return FigureBlock(figure.key, figure.label, figure.counts, f"{kept['total']}{figure.unit}", parts)


def _part(figure: Figure, breakdown: Breakdown, part: Kept, few: int) -> Part:
    lines = [(label, number, HIDDEN if number is None else f"{number}{figure.unit}") for label, _, number in part["cells"]]
    share = _share(breakdown, part, few)
    said = f"{share[0]}：{share[1]}%" if share else ""
    return Part(breakdown.key, breakdown.label, bars_of(lines), said, _note(figure, breakdown, part, few))


def _note(figure: Figure, breakdown: Breakdown, part: Kept, few: int) -> str:
    if part["level"] == DROPPED:
        return DROPPED_SAID.format(label=breakdown.label)
    said = [WIDE_SAID.format(label=breakdown.label)] if part["level"] == WIDE else []
    if any(number is None for _, _, number in part["cells"]):
        said.append(HIDDEN_SAID.format(few=few, unit=figure.unit))
    return "".join(said)


def _share(breakdown: Breakdown, part: Kept, few: int) -> tuple[str, int] | None:
    """A percentage only where every number behind it is shown, and there are enough."""
    cells = {value: number for _, values, number in part["cells"] for value in values}
    if breakdown.share is None or part["level"] != "fine" or None in cells.values():
        return None
    found = percentage(breakdown.share, cells)
    return (found.label, found.percent) if found.percent is not None and found.whole >= few else None


def _days(days: int | None, few: int) -> str:
    return f"中央値 {days}日" if days is not None else f"{few}件に満たないので、出していません"
