"""What happens to a follow-up, written down: promised, done, missed, moved, called off."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from service.followup.tasks.models import CONFIRMED, FollowUp
from service.followup.tasks.reading import Known
from service.followup.tasks.states import Event, after, retry_window
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.policies import town_calendar
from service.web.actor import Actor


class PromiseBroken(DomainError):
    """The other side has been promised that day and hour: whoever changes it says why."""

    def __init__(self) -> None:
        super().__init__(
            "約束済みの予定です。まだ動かしていません。",
            "動かすなら、わけを入れてください。受け入れ先と本人には、あなたから伝えてください。",
            "promised",
            409,
        )


def confirm(known: Known, actor: Actor, now: datetime) -> None:
    """The other side has agreed to the day and hour planned."""
    row = known.row
    if row.on is None:
        raise DomainError("約束する日が、まだありません。", "先に、日と始まる時刻を決めてください。", "no-time", 409)
    _happen(row, Event.CONFIRM)
    row.is_pinned, row.confirmed_at, row.confirmed_by, row.state_reason = True, now, actor.label, ""


def finish(known: Known, done_on: date, now: datetime) -> None:
    """It was done on a day, also when that is told late."""
    if done_on > day_in_japan(now):
        raise DomainError("まだ来ていない日は記録できません。", "実際に行った日を入れてください。", "future", 422)
    _happen(known.row, Event.FINISH)
    known.row.done_on, known.row.state_reason = done_on, ""
    _handled(known.row, now)


def miss(session: Session, known: Known, reason: str, now: datetime) -> None:
    """Nobody was met: it stays on the list, a little more weighty, with a few days to try again."""
    row, today = known.row, day_in_japan(now)
    _happen(row, Event.MISS)
    row.state_reason, row.is_pinned, row.on, row.start_min = reason, False, None, None
    row.early_on, row.due_on, row.late_on = retry_window(town_calendar(session, today), today)
    row.priority, row.is_edited = min(3, row.priority + 1), True


def move(known: Known, on: date, start_min: int | None, staff_id: str | None, reason: str = "") -> None:
    """Another day by a human's hand; the plan leaves it there, and where it was can be taken back.

    PromiseBroken where it is promised and no reason is given.
    """
    row = known.row
    if row.state == CONFIRMED:
        if not reason.strip():
            raise PromiseBroken()
        row.state_reason = reason.strip()
    _happen(row, Event.REPLAN)
    row.earlier = [row.staff_id, row.on.isoformat() if row.on else None, row.start_min, row.second_id]
    row.on, row.start_min, row.staff_id = on, start_min, staff_id or row.staff_id
    row.is_pinned, row.is_edited, row.host_answer, row.host_offers = True, True, "", []
    row.confirmed_at, row.confirmed_by = None, ""


def take_back_move(known: Known) -> None:
    """Where it stood before the last move by hand."""
    row = known.row
    if not row.earlier:
        raise DomainError("元に戻せる動きがありません。", "いまの予定を確かめてください。", "nothing-to-undo", 409)
    if row.state == CONFIRMED:
        raise PromiseBroken()
    _happen(row, Event.REPLAN)
    staff_id, on, start_min, *second = row.earlier
    row.staff_id, row.on, row.start_min = staff_id, date.fromisoformat(on) if on else None, start_min
    row.second_id = second[0] if second else row.second_id
    row.is_pinned, row.earlier = False, None


def call_off(known: Known, reason: str, now: datetime) -> None:
    """It will not be done, with the reason in words; the row stays."""
    if not reason.strip():
        raise DomainError("取りやめるわけがありません。", "ひとこと入れてください。", "reason", 422)
    _happen(known.row, Event.CANCEL)
    known.row.state_reason, known.row.is_edited = reason, True
    _handled(known.row, now)


def _happen(row: FollowUp, event: Event) -> None:
    became = after(row.state, event)
    if became is None:
        raise DomainError(
            "この予定には、もうそれはできません。", "画面を開き直して、いまの状態を確かめてください。", "state", 409
        )
    row.state = became
    if became != CONFIRMED:
        row.is_pinned = False


def _handled(row: FollowUp, now: datetime) -> None:
    if row.escalation and row.escalation_handled_at is None:
        row.escalation_handled_at = now
