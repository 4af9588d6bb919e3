"""What a plan would change: line by line from where to where, so that a person can accept all of it or some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from service.followup.planner.instance import Instance
from service.followup.planner.plan import Plan, Reason, Remedy
from service.followup.planning.gathering import is_fixed
from service.followup.rhythms.rule import TRAVELLED, Kind
from service.followup.tasks.models import FollowUp

NEW, MOVED, SAME, DROPPED, DAYLESS = "new", "moved", "same", "dropped", "dayless"
"""Dropped had a day and would lose it; dayless has none and gets none."""
SECOND, ALONE = "second", "alone"
"""A promised visit of two that gets who goes along, its day and hour as promised; or for which nobody can."""
REASON_SAID: Final[Mapping[str, str]] = {
    ALONE: "二人で行く約束ですが、その時間にいっしょに行ける人がいません。相手と相談して、週で日か人を決め直してください",
    Reason.NO_COMMON_DAY: "受け入れ先と本人の曜日・時間が、期限までに重なりません",
    Reason.FULL: "空いている日はありますが、どの人の一日もいっぱいです",
    Reason.ON_LEAVE: "行ける人が、その間ずっと休みです",
    Reason.CLOSED: "その間は、休みの日だけです",
    Reason.TOO_FAR: "一日の中で行って戻れません",
    Reason.BEYOND: "組む期間より先の予定です",
    Reason.REFUSED: "案で入った日は、組んだあとの検査で守れない決まりが見つかったので、外しました。週で日を決めるか、組み直してください",
}
REMEDY_SAID: Final = {
    Remedy.WIDEN: "幅を1週間広げる",
    Remedy.OTHER_STAFF: "ほかの担当にする",
    Remedy.BY_PHONE: "電話に変える",
    Remedy.ASK_HOST: "日を仮に決めて、受け入れ先に聞く",
}
NAME_SOMEBODY: Final = "ほかに行ける人を決める"
"""Of a locked case nobody goes but who is named on it: before it can be handed over somebody has to be."""


@dataclass(frozen=True)
class Slot:
    """Who, which day, when."""

    staff_id: str
    on: date
    start_min: int
    position: int = 0
    second_id: str = ""


@dataclass(frozen=True)
class Help:
    """One remedy to tap: its key and label, and where it leads when it is a page and not a change."""

    key: str
    label: str
    href: str = ""


@dataclass(frozen=True)
class Change:
    """One follow-up before and after; `version` is the row the plan was made from."""

    follow_up_id: str
    version: int
    kind: str
    before: Slot | None
    after: Slot | None
    reason: str = ""
    remedies: tuple[str, ...] = ()


def slots_of(plan: Plan, instance: Instance) -> dict[int, Slot]:
    """Where each task of a plan stands; of two who go together the primary comes first."""
    found: dict[int, Slot] = {}
    for visit in plan.visits:
        task, who = instance.tasks[visit.task], instance.staff[visit.staff].key
        known = found.get(visit.task)
        slot = Slot(who, instance.days[visit.day], visit.start_min, visit.position)
        if known is None:
            found[visit.task] = slot
        elif instance.staff[task.primary].key == who:
            found[visit.task] = Slot(who, slot.on, slot.start_min, slot.position, known.staff_id)
        else:
            found[visit.task] = Slot(known.staff_id, known.on, known.start_min, known.position, who)
    return found


def changes_of(plan: Plan, instance: Instance, rows: Sequence[FollowUp]) -> tuple[Change, ...]:
    """Every task that would stand elsewhere than it does, and those left without a day; of the promised, who goes along alone."""
    slots = slots_of(plan, instance)
    left = {each.task: each for each in plan.left}
    found: list[Change] = []
    for at, row in enumerate(rows):
        if is_fixed(row):
            found += _company(row, slots.get(at))
            continue
        before, after = _now(row), _with_second(slots.get(at), row)
        why = left.get(at)
        if why is not None and not _is_a_line(why.reason, before):
            continue
        change = Change(
            row.id, row.version, _kind(before, after), before, after, str(why.reason) if why else "",
            tuple(map(str, why.remedies)) if why else (),
        )  # fmt: skip
        if change.kind != SAME:
            found.append(change)
    return tuple(found)


def _company(row: FollowUp, slot: Slot | None) -> Iterator[Change]:
    """Who goes along to a promised visit of two that has nobody yet, or that nobody can; nothing else of it is changed."""
    before = _now(row)
    if not row.needs_two or row.second_id or Kind(row.kind) not in TRAVELLED or before is None or slot is None:
        return
    going = {each for each in (slot.staff_id, slot.second_id) if each}
    if (slot.on, slot.start_min) != (before.on, before.start_min) or before.staff_id not in going:
        return
    along = next(iter(going - {before.staff_id}), "")
    if along:
        yield Change(row.id, row.version, SECOND, before, replace(before, second_id=along))
    else:
        yield Change(row.id, row.version, ALONE, None, None, ALONE)


def _is_a_line(reason: Reason, before: Slot | None) -> bool:
    """What lies behind the horizon and has no day waits; what the check has refused keeps the day it has."""
    return reason is not (Reason.BEYOND if before is None else Reason.REFUSED)


def _with_second(slot: Slot | None, row: FollowUp) -> Slot | None:
    """Where one is enough, somebody who goes along by hand still does."""
    goes_along = slot is not None and not row.needs_two and row.second_id not in (None, slot.staff_id)
    return replace(slot, second_id=row.second_id or "") if slot is not None and goes_along else slot


def _now(row: FollowUp) -> Slot | None:
    if row.on is None or row.staff_id is None:
        return None
    return Slot(row.staff_id, row.on, -1 if row.start_min is None else row.start_min, row.position, row.second_id or "")


def _kind(before: Slot | None, after: Slot | None) -> str:
    if after is None:
        return DAYLESS if before is None else DROPPED
    if before is None:
        return NEW
    return SAME if replace(before, position=0) == replace(after, position=0) else MOVED


def to_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """As they are kept with a run."""
    return [
        {**vars(change), "before": _slot(change.before), "after": _slot(change.after), "remedies": list(change.remedies)}
        for change in changes
    ]


def of_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """As they were kept."""
    return tuple(
        Change(**{**row, "before": _read(row["before"]), "after": _read(row["after"]), "remedies": tuple(row["remedies"])})
        for row in rows
    )


def _slot(slot: Slot | None) -> dict[str, Any] | None:
    return None if slot is None else {**vars(slot), "on": slot.on.isoformat()}


def _read(row: Mapping[str, Any] | None) -> Slot | None:
    return None if row is None else Slot(**{**row, "on": date.fromisoformat(row["on"])})
