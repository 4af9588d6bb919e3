"""What the plan, the week and a day look like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.followup.planner.verify.violation import SAID, Rule
from service.followup.planning.attendance import attendance_notice
from service.followup.planning.checking import Clash
from service.followup.planning.clash_words import say_clash
from service.followup.planning.differing import ALONE, DAYLESS, DROPPED, MOVED, NEW, REASON_SAID, SECOND, Change, Help, Slot
from service.followup.planning.helping import helps_of
from service.followup.planning.models import APPLIED, RUNNING, STOPPED, PlanRun
from service.followup.rhythms.rule import AT_HOST, KIND_LABELS, Kind
from service.followup.tasks.models import FollowUp
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import Bar, bar_of, best_week, say_day, say_when
from service.kernel.calendar import Calendar
from service.kernel.dates import say_instant
from service.kernel.slots import format_time
from service.web.actor import Actor

KINDS: Final = {
    NEW: "日を決める",
    MOVED: "動かす",
    DROPPED: "日がなくなる",
    DAYLESS: "日が組めない",
    SECOND: "同行を決める",
    ALONE: "同行がいない",
}
RARE: Final = (SECOND, ALONE)
"""Counted on the page only where there are any."""
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
    remedies: tuple[Help, ...]
    week: str
    """A day of the week in which a hand can give it one."""
    may_change: bool


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
    ways: str
    """How long the ways are, now and in the plan, each with what the estimate may be off."""
    clashes: tuple[str, ...]
    """What the chosen lines and those left out do not agree on, each with what to do."""
    refused: str
    """What the check of the finished plan has taken out, or that it let nothing through; empty where all held."""
    once: str
    may_apply: bool
    problem: str


@dataclass(frozen=True)
class Reader:
    """What the lines of a plan are read against."""

    actor: Actor
    staff: Mapping[str, str]
    today: date
    calendar: Calendar
    confirm_days: int
    stale: Collection[str] = ()
    """Lines somebody else has changed meanwhile."""
    chosen: Collection[str] | None = None
    """What was ticked; None is everything."""


def plan_view(
    run: PlanRun, known: Mapping[str, Known], changes: Sequence[Change], reader: Reader, once: str,
    *, broken: Sequence[str] = (), clashes: Sequence[Clash] = (), problem: str = "",
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
        rows=tuple(_row(change, known[change.follow_up_id], reader) for change in shown if change.after or change.before),
        left=tuple(_left(change, known[change.follow_up_id], reader) for change in shown if change.after is None),
        counts=tuple(
            (label, int(run.counts.get(kind, 0)))
            for kind, label in KINDS.items()
            if kind not in RARE or run.counts.get(kind)
        ),
        terms=tuple((label, round(run.counts["costs"][name])) for name, label in TERMS.items()),
        ways=_say_ways(run.counts.get("ways")),
        refused=_say_refused(run),
        once=once,
        clashes=tuple(say_clash(each, known, shown, reader.chosen or (), reader.staff) for each in clashes),
        may_apply=run.state != APPLIED and any(change.after or change.before for change in shown),
        problem=problem,
    )


def _say_refused(run: PlanRun) -> str:
    rules = "".join(SAID[Rule(rule)] for rule in (run.problem or {}).get("rules", ()))
    count, plans = run.counts.get("refused", 0), run.counts.get("refused_plans", 0)
    taken = f"組んだあとの検査で、守れない決まりが見つかりました（{rules}）。{count}件を案から外しました。" if count else ""
    whole = (
        f"組んだあとの検査に通らない案が{plans}つあり、出していません（{rules}）。いまの予定か、その前の案のままです。組み直しても続くときは、管理者に知らせてください。"
        if plans
        else ""
    )
    return taken + whole


def _say_ways(ways: Mapping[str, int] | None) -> str:
    """The minutes of travel before and after, each with how far it may be off; nothing for a plan from before they were kept."""
    if ways is None:
        return ""
    now, then = (f"{ways[at]}分（±{ways[at + '_give']}分）" for at in ("now", "then"))
    return (
        f"いま日のある予定で{now}、この案で{then}。直線の距離から見積もっためやすで、実際の道や混みぐあいは入っていません。"
    )


def _promise(known: Known) -> str:
    return f"{say_when(known.row)}　{KIND_LABELS[Kind(known.row.kind)]}　{known.person.name} さん"


def _left(change: Change, known: Known, reader: Reader) -> LeftRow:
    """One that has no day."""
    row = known.row
    return LeftRow(
        row.id, row.version, known.person.name, known.case.number, KIND_LABELS[Kind(row.kind)], known.host.name if known.host else "",
        _why_not(change, known, reader), bar_of(row, reader.today),
        helps_of(change.remedies, known, reader.today), best_week(row, reader.today),
        known.may_be_changed_by(reader.actor),
    )  # fmt: skip


def _row(change: Change, known: Known, reader: Reader) -> ChangeRow:
    row, is_stale = known.row, known.row.id in reader.stale
    is_chosen = not is_stale and (reader.chosen is None or row.id in reader.chosen)
    return ChangeRow(
        row.id, KINDS[change.kind], known.person.name, known.case.number, KIND_LABELS[Kind(row.kind)],
        known.host.name if known.host else "", say_when(row) if change.before else "", _say(change.after, reader.staff),
        _why(change, known, reader), bar_of(row, reader.today), is_chosen, "組んだあとに変わりました" if is_stale else "",
    )  # fmt: skip


def _say(slot: Slot | None, staff: Mapping[str, str]) -> str:
    if slot is None:
        return "日なし"
    time = "" if slot.start_min < 0 else f" {format_time(slot.start_min)}"
    who = "・".join(staff.get(each, "") for each in (slot.staff_id, slot.second_id) if each)
    return f"{say_day(slot.on)}{time}　{who}"


def _why_not(change: Change, known: Known, reader: Reader) -> str:
    """Why it has no day; that its days of attendance are all closed says more than that nothing is in common."""
    reason = REASON_SAID[change.reason] if change.reason else ""
    return reason if change.kind == ALONE else attendance_notice(known, reader.calendar) or reason


def _why(change: Change, known: Known, reader: Reader) -> str:
    """Why this line is what it is, in words somebody can say."""
    row, after = known.row, change.after
    if after is None:
        return _why_not(change, known, reader)
    if change.kind == SECOND:
        return f"約束した日と時刻のまま、{reader.staff.get(after.second_id, '別の人')}さんがいっしょに行きます"
    said = [_say_due(after, row)]
    if after.staff_id != (row.staff_id or known.case.assigned_id):
        said.append(f"{reader.staff.get(after.staff_id, '別の人')}が代わりに行きます")
    if change.kind == MOVED:
        said.append("ほかの予定に合わせて動かします")
    said += [_say_notice(after, row, reader), attendance_notice(known, reader.calendar)]
    return "。".join(filter(None, said))


def _say_due(after: Slot, row: FollowUp) -> str:
    if after.on == row.due_on:
        return "目安の日です"
    if after.on > row.late_on:
        return f"遅い日（{say_day(row.late_on)}）を過ぎています"
    days = (after.on - row.due_on).days
    return f"目安より{-days}日早め" if days < 0 else f"目安より{days}日あと"


def _say_notice(after: Slot, row: FollowUp, reader: Reader) -> str:
    """That a host hears of it later than it should."""
    left = reader.calendar.count_open_days(reader.today, after.on)
    if Kind(row.kind) not in AT_HOST or left >= reader.confirm_days:
        return ""
    return f"訪問まで{left}開庁日です。受け入れ先に早く知らせてください"
