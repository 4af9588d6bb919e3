"""A plan's lines put into force: those somebody has chosen, if what comes of it with all that stays is a calendar that holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from service.followup.planning.checking import Clash, clashes_of
from service.followup.planning.differing import SECOND, Change
from service.followup.planning.gathering import Gathered, gather_now, is_fixed
from service.followup.planning.models import APPLIED, PlanRun
from service.followup.planning.running import changes_in, stop_run
from service.followup.tasks.models import FollowUp
from service.followup.tasks.states import Event, after
from service.kernel.errors import DomainError
from service.web.actor import Actor, Town


class DoesNotFit(DomainError):
    """What was chosen and what was left out do not go together; nothing was written."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__(
            "印を付けた行だけでは、組めないところがあります。まだ何も書き込んでいません。",
            "下の「ぶつかるところ」を見て、印を付け直してください。",
            "does-not-fit",
        )
        self.clashes = tuple(clashes)


def apply_plan(
    session: Session, town: Town, actor: Actor, run: PlanRun, chosen: Sequence[str], now: datetime
) -> tuple[int, list[str]]:
    """Put the chosen lines into force; how many were, and the ids of those that have changed meanwhile.

    Of promised ones nothing but who goes along is ever written.
    DoesNotFit when they clash with what stays. Where all of them have changed nothing is applied and the plan stays open.
    """
    wanted = {change.follow_up_id: change for change in changes_in(run) if change.follow_up_id in set(chosen)}
    if not wanted:
        raise DomainError("選ばれた行がありません。", "決める行に印を付けてください。", "nothing-chosen", 422)
    gathered = gather_now(session, town, actor, now)
    rows = {known.row.id: known.row for known in gathered.rows}
    fresh = {id_: change for id_, change in wanted.items() if _still_stands(rows.get(id_), change, gathered)}
    if clashes := clashes_of(gathered, {id_: change.after for id_, change in fresh.items()}):
        raise DoesNotFit(clashes)
    _put_all(rows, fresh)
    if fresh:
        stop_run(session, run, now)
        run.state, run.applied_at, run.applied_by = APPLIED, now, actor.label
    session.flush()
    return len(fresh), [id_ for id_ in wanted if id_ not in fresh]


def _still_stands(row: FollowUp | None, change: Change, gathered: Gathered) -> bool:
    """Whether the row is the one the line was made from, and its day and those who would go are still there."""
    if row is None or row.version != change.version:
        return False
    slot = change.after
    if change.kind == SECOND:
        if (
            slot is None
            or row.second_id
            or (row.staff_id, row.on, row.start_min) != (slot.staff_id, slot.on, slot.start_min)
        ):
            return False
    elif is_fixed(row) or after(row.state, Event.REPLAN) is None:
        return False
    if slot is None:
        return True
    staff = {each.id for each in gathered.staff}
    return slot.on in gathered.instance.days and {slot.staff_id, slot.second_id or slot.staff_id} <= staff


def _put_all(rows: Mapping[str, FollowUp], fresh: Mapping[str, Change]) -> None:
    for id_, change in fresh.items():
        _put(rows[id_], change)


def _put(row: FollowUp, change: Change) -> None:
    slot = change.after
    if change.kind == SECOND and slot is not None:
        # A promise stays one: whoever goes along is all that is added.
        row.second_id = slot.second_id
        return
    row.earlier = [row.staff_id, row.on.isoformat() if row.on else None, row.start_min]
    row.host_answer, row.host_offers = "", []
    row.state = after(row.state, Event.REPLAN) or row.state
    if slot is None:
        row.on = row.start_min = row.second_id = None
        return
    row.staff_id, row.on, row.start_min, row.position = slot.staff_id, slot.on, slot.start_min, slot.position
    row.second_id = slot.second_id or None
