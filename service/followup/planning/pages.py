"""What the plan, the week and a day look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from service.accounts.models import User
from service.followup.planner.plan import Reason, Remedy
from service.followup.planning.differing import DROPPED, MOVED, NEW, REASON_SAID, REMEDY_SAID, Change, Slot
from service.followup.planning.hours import Taken, taken_on
from service.followup.planning.models import APPLIED, RUNNING, STOPPED, PlanRun
from service.followup.rhythms.rule import KIND_LABELS, Kind
from service.followup.tasks.models import CONFIRMED
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import Bar, bar_of, say_day, say_when
from service.kernel.calendar import Calendar, days_between
from service.kernel.dates import format_wareki
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
    at: str
    state: str
    is_running: bool
    broken: tuple[tuple[str, str], ...]
    """Promises somebody who is away has given: id, and what was promised to whom."""
    rows: tuple[ChangeRow, ...]
    left: tuple[LeftRow, ...]
    counts: tuple[tuple[str, int], ...]
    terms: tuple[tuple[str, int], ...]
    once: str
    may_apply: bool
    problem: str


@dataclass(frozen=True)
class Entry:
    """One thing in a cell of the week."""

    id: str
    time: str
    what: str
    person: str
    is_promised: bool


@dataclass(frozen=True)
class Cell:
    """One day of one coordinator."""

    entries: tuple[Entry, ...]
    taken: tuple[str, ...]


@dataclass(frozen=True)
class WeekView:
    """Coordinators × days."""

    days: tuple[tuple[str, str, str], ...]
    """Each day's address, name and what closes it."""
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]
    earlier: str
    later: str
    said: str


def plan_view(
    run: PlanRun, known: Mapping[str, Known], changes: Sequence[Change], staff: Mapping[str, str], today: date, once: str,
    *, broken: Sequence[str] = (), stale: Sequence[str] = (), problem: str = "",
) -> PlanView:  # fmt: skip
    """The page of one plan; rows somebody else has changed meanwhile say so."""
    shown = [change for change in changes if change.follow_up_id in known]
    return PlanView(
        run_id=run.id,
        at=say_instant(run.asked_at),
        state=STATES.get(run.state, "案ができました"),
        is_running=run.state == RUNNING,
        broken=tuple((id_, _promise(known[id_])) for id_ in broken if id_ in known),
        rows=tuple(
            _row(change, known[change.follow_up_id], staff, today, change.follow_up_id in stale)
            for change in shown
            if change.after is not None
        ),
        left=tuple(left_row(change, known[change.follow_up_id], today) for change in shown if change.after is None),
        counts=tuple((label, int(run.counts.get(kind, 0))) for kind, label in KINDS.items()),
        terms=tuple((label, round(run.counts["costs"][name])) for name, label in TERMS.items()),
        once=once,
        may_apply=run.state != APPLIED and any(change.after for change in shown),
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


def week_view(
    first: date, known: Sequence[Known], staff: Sequence[User], taken: Sequence[Taken], calendar: Calendar
) -> WeekView:
    """Monday to Friday of a week, and the weekend where something stands on it."""
    days = [day for day in days_between(first, first + timedelta(days=6)) if day.weekday() < 5 or _is_used(day, known)]
    rows = tuple((user.id, user.name, tuple(_cell(day, user.id, known, taken) for day in days)) for user in staff)
    named = tuple((day.isoformat(), say_day(day), calendar.why_closed(day)) for day in days)
    earlier, later = ((first + timedelta(days=step)).isoformat() for step in (-7, 7))
    return WeekView(named, rows, earlier, later, f"{format_wareki(first)}からの週")


def _is_used(day: date, known: Sequence[Known]) -> bool:
    return any(each.row.on == day for each in known)


def _cell(day: date, staff_id: str, known: Sequence[Known], taken: Sequence[Taken]) -> Cell:
    mine = [each for each in known if each.row.on == day and staff_id in (each.row.staff_id, each.row.second_id)]
    entries = tuple(
        Entry(
            each.row.id, "" if each.row.start_min is None else format_time(each.row.start_min), KIND_LABELS[Kind(each.row.kind)],
            f"{each.person.name} さん", each.row.state == CONFIRMED,
        )
        for each in sorted(mine, key=lambda each: (each.row.start_min is None, each.row.start_min or 0, each.row.position))
    )  # fmt: skip
    return Cell(entries, taken_on(day, staff_id, taken))


def _row(change: Change, known: Known, staff: Mapping[str, str], today: date, is_stale: bool) -> ChangeRow:
    row = known.row
    return ChangeRow(
        row.id, KINDS[change.kind], known.person.name, known.case.number, KIND_LABELS[Kind(row.kind)],
        known.host.name if known.host else "", say_when(row) if change.before else "", _say(change.after, staff),
        _why(change, known, staff), bar_of(row, today), not is_stale, "組んだあとに変わりました" if is_stale else "",
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
        return ""
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
