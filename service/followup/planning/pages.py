"""What the plan, the week and a day look like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.followup.planner.plan import Reason, Remedy
from service.followup.planning.checking import Clash
from service.followup.planning.clash_words import say_clash
from service.followup.planning.differing import DROPPED, MOVED, NEW, REASON_SAID, REMEDY_SAID, Change, Slot
from service.followup.planning.models import APPLIED, RUNNING, STOPPED, PlanRun
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import Bar, bar_of, say_day, say_when
from service.kernel.slots import format_time
from service.resources.words import say_instant

KINDS: Final = {NEW: "日を決める", MOVED: "動かす", DROPPED: "日がなくなる"}
TERMS: Final = {
    "travel": "移動",
    "continuity": "担当でない人が行く",
    "timeliness": "目安からのずれ・遅れ",
    "unplanned": "組めないもの",
    "moves": "決めた日を動かす",
}
STATES: Final = {RUNNING: "よりよい案を探しています", STOPPED: "探すのをやめました", APPLIED: "決めました"}


@dataclass(frozen=True)
class ChangeRow:
    """One line of the difference."""

    id: str
    kind: str
    person: str
    number: str
    what: str
    host: str
    before: str
    after: str
    why: str
    bar: Bar
    is_chosen: bool
    problem: str


@dataclass(frozen=True)
class LeftRow:
    """One follow-up without a day: why, and what would help."""

    id: str
    version: int
    person: str
    number: str
    what: str
    host: str
    why: str
    bar: Bar
    remedies: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlanView:
    """再計画: what would change, nothing else."""

    run_id: str
    fingerprint: str
    """Which plan is shown: a better one may have come in the meantime."""
    at: str
    state: str
    is_running: bool
    broken: tuple[tuple[str, str], ...]
    """Promises somebody who is away has given: id, and what was promised to whom."""
    rows: tuple[ChangeRow, ...]
    left: tuple[LeftRow, ...]
    counts: tuple[tuple[str, int], ...]
    terms: tuple[tuple[str, int], ...]
    clashes: tuple[str, ...]
    """What the chosen lines and those left out do not agree on, each with what to do."""
    once: str
    may_apply: bool
    problem: str


def plan_view(
    run: PlanRun, known: Mapping[str, Known], changes: Sequence[Change], staff: Mapping[str, str], today: date, once: str,
    *, broken: Sequence[str] = (), stale: Sequence[str] = (), clashes: Sequence[Clash] = (),
    chosen: Collection[str] | None = None, problem: str = "",
) -> PlanView:  # fmt: skip
    """The page of one plan; rows somebody else has changed meanwhile say so, and what was ticked stays ticked."""
    shown = [change for change in changes if change.follow_up_id in known]
    return PlanView(
        run_id=run.id,
        fingerprint=run.plan_fingerprint,
        at=say_instant(run.asked_at),
        state=STATES.get(run.state, "案ができました"),
        is_running=run.state == RUNNING,
        broken=tuple((id_, _promise(known[id_])) for id_ in broken if id_ in known),
        rows=tuple(
            _row(change, known[change.follow_up_id], staff, today, stale, chosen)
            for change in shown
            if change.after is not None or change.before is not None
        ),
        left=tuple(left_row(change, known[change.follow_up_id], today) for change in shown if change.after is None),
        counts=tuple((label, int(run.counts.get(kind, 0))) for kind, label in KINDS.items()),
        terms=tuple((label, round(run.counts["costs"][name])) for name, label in TERMS.items()),
        once=once,
        clashes=tuple(say_clash(each, known, shown, chosen or (), staff) for each in clashes),
        may_apply=run.state != APPLIED and any(change.after or change.before for change in shown),
        problem=problem,
    )


def _promise(known: Known) -> str:
    return f"{say_when(known.row)}　{KIND_LABELS[Kind(known.row.kind)]}　{known.person.name} さん"


def left_row(change: Change, known: Known, today: date) -> LeftRow:
    """One that has no day."""
    row = known.row
    return LeftRow(
        row.id, row.version, known.person.name, known.case.number, KIND_LABELS[Kind(row.kind)], known.host.name if known.host else "",
        REASON_SAID[Reason(change.reason)] if change.reason else "", bar_of(row, today),
        tuple((key, REMEDY_SAID[Remedy(key)]) for key in change.remedies),
    )  # fmt: skip


def _row(
    change: Change,
    known: Known,
    staff: Mapping[str, str],
    today: date,
    stale: Collection[str],
    chosen: Collection[str] | None,
) -> ChangeRow:
    row, is_stale = known.row, known.row.id in stale
    is_chosen = not is_stale and (chosen is None or row.id in chosen)
    return ChangeRow(
        row.id, KINDS[change.kind], known.person.name, known.case.number, KIND_LABELS[Kind(row.kind)],
        known.host.name if known.host else "", say_when(row) if change.before else "", _say(change.after, staff),
        _why(change, known, staff), bar_of(row, today), is_chosen, "組んだあとに変わりました" if is_stale else "",
    )  # fmt: skip


def _say(slot: Slot | None, staff: Mapping[str, str]) -> str:
    if slot is None:
        return "日なし"
    time = "" if slot.start_min < 0 else f" {format_time(slot.start_min)}"
    return f"{say_day(slot.on)}{time}　{staff.get(slot.staff_id, '')}"


def _why(change: Change, known: Known, staff: Mapping[str, str]) -> str:
    """Why this line is what it is, in words somebody can say."""
    row, after, said = known.row, change.after, []
    if after is None:
        return REASON_SAID[Reason(change.reason)] if change.reason else ""
    if after.on == row.due_on:
        said.append("目安の日です")
    elif after.on > row.late_on:
        said.append(f"遅い日（{say_day(row.late_on)}）を過ぎています")
    elif after.on < row.due_on:
        said.append(f"目安より{(row.due_on - after.on).days}日早め")
    else:
        said.append(f"目安より{(after.on - row.due_on).days}日あと")
    if after.staff_id != (row.staff_id or known.case.assigned_id):
        said.append(f"{staff.get(after.staff_id, '別の人')}が代わりに行きます")
    if change.kind == MOVED:
        said.append("ほかの予定に合わせて動かします")
    return "。".join(said)
