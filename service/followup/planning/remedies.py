"""What helps a follow-up that has no day: one tap each, and a human's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from service.followup.planner.plan import WIDER_OPEN_DAYS, Remedy
from service.followup.rhythms.rule import Kind
from service.followup.tasks.models import MISSED, PLANNED, FollowUp
from service.followup.tasks.reading import Known
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.policies import town_calendar


def help_along(session: Session, known: Known, remedy: str, others: Sequence[str], version: int, now: datetime) -> None:
    """Widen the window by a week on both sides, hand it to a colleague, or make it a telephone call; the host is asked by hand."""
    row = known.row
    row.expect(version)
    if row.state not in (PLANNED, MISSED):
        raise DomainError("この予定は、もう直せません。", "画面を開き直してください。", "state", 409)
    if remedy == Remedy.WIDEN:
        calendar = town_calendar(session, day_in_japan(now))
        row.early_on = calendar.add_open_days(row.early_on, -WIDER_OPEN_DAYS)
        row.late_on = calendar.add_open_days(row.late_on, WIDER_OPEN_DAYS)
    elif remedy == Remedy.BY_PHONE:
        row.kind, row.needs_two, row.minutes = Kind.PHONE, False, min(row.minutes, 30)
    elif remedy == Remedy.OTHER_STAFF:
        row.staff_id = _colleague(row, others)
    else:
        raise DomainError(
            "その手は、ここからは使えません。",
            "週で日を仮に決めて、予定のページから受け入れ先に聞いてください。",
            "remedy",
            422,
        )
    row.is_edited = True


def _colleague(row: FollowUp, others: Sequence[str]) -> str:
    found = next((each for each in others if each != row.staff_id), None)
    if found is None:
        raise DomainError(
            "ほかに行ける人が、このケースにはいません。", "本人のフォローアップのページで「担当が行けないとき」を決めてください。", "nobody", 409
        )  # fmt: skip
    return found
