"""What helps a follow-up that has no day: one tap each, and a human's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from service.followup.planner.plan import Remedy
from service.followup.rhythms.rule import Kind
from service.followup.tasks.models import PLANNED
from service.followup.tasks.reading import Known
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.policies import town_calendar

WIDER_OPEN_DAYS = 5


def help_along(session: Session, known: Known, remedy: str, others: Sequence[str], version: int, now: datetime) -> None:
    """Widen the window by a week, hand it to a colleague, or make it a telephone call; asking the host has its own page."""
    row = known.row
    row.expect(version)
    if row.state != PLANNED:
        raise DomainError("この予定は、もう直せません。", "画面を開き直してください。", "state", 409)
    if remedy == Remedy.WIDEN:
        row.late_on = town_calendar(session, day_in_japan(now)).add_open_days(row.late_on, WIDER_OPEN_DAYS)
    elif remedy == Remedy.BY_PHONE:
        row.kind, row.needs_two, row.minutes = Kind.PHONE, False, min(row.minutes, 30)
    elif remedy == Remedy.OTHER_STAFF:
        row.staff_id = next((each for each in others if each != row.staff_id), row.staff_id)
    else:
        raise DomainError("その手は、ここからは使えません。", "受け入れ先のページから聞いてください。", "remedy", 422)
    row.is_edited = True
