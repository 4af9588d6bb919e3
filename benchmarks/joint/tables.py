"""Tables of the joint benchmark, as they stand in docs/benchmarks.md."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from benchmarks.joint.bench import Line, Outcome

FEW: Final = 2
"""More outcomes than this are shown as medians."""
DENSITIES: Final = {
    "slots": "回", "pairs_a_person": "一人あたりの組", "without_option": "行ける枠のない人", "high_support": "支援の厚い人",
    "placed": "今の行き先がある人", "kept": "うち動かさない", "demand_weeks": "求める週の回数", "free_weeks": "空いている週の回数",
}  # fmt: skip
SHARES: Final = ("without_option", "high_support", "placed", "kept")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown; the first column is words, the others numbers."""
    marks = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, marks, *rows))


def section(outcomes: Sequence[Outcome], now: str) -> str:
    """All tables of one size: how dense it is, who found what, and what our engine had when."""
    load = [each.load[0] for each in outcomes]
    head = f"\n### {outcomes[0].size}\n\n{now}、{os.cpu_count()}コア、負荷（1分平均）{min(load):.1f}〜{max(load):.1f}"
    parts = [head, density_table(outcomes)]
    if len(outcomes) > FEW:
        parts.append(seeds_table(outcomes))
    for each in outcomes if len(outcomes) <= FEW else ():
        parts += [one_seed_table(each), curve_table(each)]
    return "\n\n".join([*parts, *coverage(outcomes if len(outcomes) > FEW else outcomes[-1:])])


def coverage(outcomes: Sequence[Outcome]) -> list[str]:
    """How many fewer people have a place than could have one at most."""
    own = [each.own for each in outcomes if "most_placed" in each.own]
    short = [100 * (each["most_placed"] - each["placed"]) / each["most_placed"] for each in own]
    if not short:
        return []
    return [
        f"場所がある人は、いちばん多くできる数の上限より 平均 {statistics.fmean(short):.3f} %、最大 {max(short):.3f} % 少ない。"
    ]


def listed(found: Mapping[str, Any], before: str = "") -> str:
    """What was found, a line each."""
    lines = []
    for name, value in found.items():
        if isinstance(value, dict):
            lines.append(listed(value, f"{before}{name}・"))
        else:
            lines.append(f"- {before}{name}: {value:,.3f}" if isinstance(value, float) else f"- {before}{name}: {value}")
    return "\n".join(lines)


def density_table(outcomes: Sequence[Outcome]) -> str:
    """How dense each size has become, the mean over its seeds."""
    rows = []
    for size in dict.fromkeys(each.size for each in outcomes):
        mine = [each.densities for each in outcomes if each.size == size]
        means = {name: statistics.fmean(each[name] for each in mine) for name in DENSITIES}
        rows.append([size, *(f"{value:.0%}" if name in SHARES else f"{value:,.1f}" for name, value in means.items())])
    return table(["人 × 枠", *DENSITIES.values()], rows)


def seeds_table(outcomes: Sequence[Outcome]) -> str:
    """One size over its seeds: medians of seconds, the worst gap, how often proven."""
    rows = [_over_seeds("つなぎ", [own_line(each) for each in outcomes], lambda line: line.seconds)]
    for name in outcomes[0].vs:
        rows.append(_over_seeds(name, [each.vs[name] for each in outcomes], lambda line: line.seconds))
    return table(["", "証明", "秒（中央値）", "差 中央値 %", "差 最大 %", "場所がある人", "点"], rows)


def _over_seeds(name: str, lines: Sequence[Line], seconds: Callable[[Line], float]) -> list[str]:
    gaps = [100 * line.gap for line in lines]
    proven = sum(line.proven for line in lines)
    return [
        name, f"{proven}/{len(lines)}", f"{statistics.median(map(seconds, lines)):.2f}", f"{statistics.median(gaps):.3f}",
        f"{max(gaps):.3f}", f"{statistics.fmean(line.placed for line in lines):,.1f}",
        f"{statistics.fmean(line.points for line in lines):,.0f}",
    ]  # fmt: skip


def one_seed_table(outcome: Outcome) -> str:
    """One town, everybody on it."""
    rows = [_row("つなぎ", own_line(outcome))] + [_row(name, line) for name, line in outcome.vs.items()]
    return table(["", "差 %", "秒", "場所がある人", "点", "最大 MB", "終わり方"], rows)


def _row(name: str, line: Line) -> list[str]:
    return [
        name, f"{100 * line.gap:.3f}", f"{line.seconds:.1f}", f"{line.placed:,.0f}", f"{line.points:,.0f}",
        f"{line.peak_mb:,.0f}" if line.peak_mb else "—", "証明" if line.proven else line.status or "時間まで",
    ]  # fmt: skip


def curve_table(outcome: Outcome) -> str:
    """What our engine had when."""
    steps = outcome.own["steps"]
    return table(["段", "秒", "差 %"], [[s["name"], f"{s['seconds']:.1f}", f"{100 * s['gap']:.3f}"] for s in steps])


def own_line(outcome: Outcome) -> Line:
    """Our own result as a line like the others."""
    own = outcome.own
    return Line(
        own["gap"], own["seconds"], own["value"], own["placed"], own["points"], own["proven"], own["engine"], own["peak_mb"]
    )
