"""A rest as a host says it: a reason of the list, and a button or a day until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.host_face.opening_pages import UNTIL, end_of
from service.host_face.openings import PAUSE_REASONS
from service.kernel.dates import parse_date
from service.kernel.errors import DomainError
from service.web.forms import Posted
from service.web.params import typed_text


def read_pause(posted: Posted, today: date) -> dict[str, Any]:
    """What an opening becomes; DateProblem or DomainError when the reason or the day cannot be."""
    return {
        "status": "paused",
        "paused_until": _read_until(posted.text("until"), typed_text(posted.text("date"), 40), today),
        "pause_reason": _read_reason(posted.text("reason")),
    }


def _read_until(until: str, typed: str, today: date) -> date | None:
    if until != "date":
        return end_of(until if until in UNTIL else "open", today)
    end = parse_date(typed)
    if end < today:
        raise DomainError("お休みの終わりが、きょうより前です。", "きょうからあとの日を入れてください。", "until", 422)
    return end


def _read_reason(chosen: str) -> str:
    if chosen not in PAUSE_REASONS:
        raise DomainError(
            "お休みのわけが選ばれていません。", "近いものを一つ選んでから、期間を押してください。", "reason", 422
        )
    return PAUSE_REASONS[chosen]
