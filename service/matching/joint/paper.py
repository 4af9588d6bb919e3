"""A joint run on paper, as a table and as JSON, for the meeting that decides and for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from service.kernel.dates import say_instant
from service.matching.cards import Mark
from service.matching.joint.pages_changes import ChangesView
from service.matching.joint.pages_left import LeftRow, left_view
from service.matching.joint.pages_rows import LineRow, Reader, line_row
from service.matching.joint.pages_words import level_lines, say_proof
from service.matching.joint.service import RunView
from service.matching.paper import letterhead
from service.resources.interchange.writing import Value
from service.web.actor import Actor, Town
from service.web.print.sheets import Finding, JointLineBlock, JointSheet, Pair

HEADER: Final = (
    "氏名", "本人", "ケース番号", "担当", "受け入れ先", "種別", "枠", "曜日時間", "片道（分）", "要確認", "合う点・気になる点", "理由", "状態",
    "前回との違い",
)  # fmt: skip
STATES: Final = {"": "案", "accepted": "候補に決定　", "declined": "外した　"}
NO_PLACE: Final = "行き先の案がありません"


def joint_sheet(
    view: RunView, reader: Reader, changes: ChangesView | None, town: Town, actor: Actor, now: datetime
) -> JointSheet:
    """Who goes where, who is left and why, what changed since the last time, and how far it is proven."""
    run, counts = view.run, view.run.counts
    lines = [line_row(reader, line) for line in view.lines]
    left = left_view(reader, view.left)
    return JointSheet(
        head=letterhead("合同照合の案", town, actor, now),
        summary=f"{say_instant(run.asked_at)}　{run.author}　{counts['people']}人 × {counts['openings']}枠　"
        f"行き先の案 {counts['placed']}人　{say_proof(run)}",
        levels=tuple(Pair(level.name, level.value) for level in level_lines(run.attained)),
        lines=tuple(_line(row) for row in lines),
        left=tuple(_left(row) for row in left.rows),
        one_more=left.changes,
        changes=tuple(_changes(changes)) if changes else (),
        note="案であり、決定ではありません。候補に決めるのは担当、選ぶのは本人です。"
        + (f"（ほかの担当のケース）{view.hidden}人は載せていません。" if view.hidden else ""),
    )


def _changes(changes: ChangesView) -> Iterator[str]:
    yield from changes.because
    yield from (row.said for row in changes.rows)
    yield f"変わらない人は{changes.same}人です。"


def _line(row: LineRow) -> JointLineBlock:
    state = {"accepted": "決定", "declined": "外した"}.get(row.state, "")
    place = f"{row.place}（{row.title}）" if row.title else row.place
    facts = f"{row.when}・{row.travel}{'・' + row.points if row.points else ''}"
    return JointLineBlock(
        row.name, f"{row.said}・{row.waited}", place, row.kind, facts, row.asks, state, _findings(row.marks)
    )


def _left(row: LeftRow) -> JointLineBlock:
    return JointLineBlock(row.name, f"{row.said}・{row.waited}", "", "", "", False, "", _reasons(row.reasons))


def _reasons(said: Sequence[str]) -> tuple[Finding, ...]:
    """The reason first, with its sign; what may be looked at again follows."""
    return tuple(Finding("w" if at else "x", text) for at, text in enumerate(said))


def _findings(marks: Sequence[Mark]) -> tuple[Finding, ...]:
    return tuple(Finding(mark, text, note or "") for mark, text, note in marks)  # type: ignore[arg-type]


def joint_rows(view: RunView, reader: Reader, changes: ChangesView | None) -> Iterator[list[Value]]:
    """A line a proposal, then those left; people of closed cases are not among them."""
    since = {row.person_id: row.said for row in changes.rows} if changes else {}
    for line in view.lines:
        row, (case, _) = line_row(reader, line), reader.people[line.person_id]
        yield [
            row.name, f"{row.said}・{row.waited}", case.number, case.assigned.name, row.place, row.kind, row.title, row.when,
            line.minutes, line.asks, row.points, _say(row.marks), STATES[row.state] + row.state_said,
            since.get(line.person_id, ""),
        ]  # fmt: skip
    for rest in left_view(reader, view.left).rows:
        case, _ = reader.people[rest.person_id]
        yield [
            rest.name, f"{rest.said}・{rest.waited}", case.number, case.assigned.name, "", "", "", "", None, None, "",
            "".join(rest.reasons), NO_PLACE, since.get(rest.person_id, ""),
        ]  # fmt: skip


def joint_file(view: RunView, reader: Reader, changes: ChangesView | None) -> dict[str, Any]:
    """The same table as data, and the difference in whole: those the run is no longer about are only there."""
    return {
        "run": view.run.id,
        "asked_at": view.run.asked_at.isoformat(),
        "lines": [dict(zip(HEADER, row, strict=True)) for row in joint_rows(view, reader, changes)],
        "changes": asdict(changes) if changes else None,
    }


def _say(marks: Sequence[Mark]) -> str:
    signs = {"o": "○", "w": "△", "q": "？", "x": "×"}
    return "／".join(f"{signs[mark]}{text}{'（' + note + '）' if note else ''}" for mark, text, note in marks)
