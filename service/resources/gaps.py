"""What the town lacks: needs that no place met, kept as matters for the community until a place is won or they are given up."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.errors import DomainError, NotFound
from service.resources.models import ResourceGap
from service.web.actor import Actor

OPEN, DISCUSSED, DEVELOPING, RESOLVED, CLOSED = "open", "discussed", "developing", "resolved", "closed"
GAP_STATUS = {
    OPEN: "検討前",
    DISCUSSED: "会議で検討中",
    DEVELOPING: "資源開発中",
    RESOLVED: "場所ができた",
    CLOSED: "終えた",
}
ENDED = (RESOLVED, CLOSED)
MOST_SHOWN = 500


def record_gap(
    session: Session, actor: Actor, now: datetime, code: str, summary: str, age_band: str, district: str
) -> ResourceGap:
    """Keep an unmet need; it names no person."""
    gap = ResourceGap(
        recorded_at=now, recorded_by=actor.label, code=code, summary=summary[:300], age_band=age_band, district=district
    )
    session.add(gap)
    session.flush()
    return gap


def list_gaps(session: Session) -> Sequence[ResourceGap]:
    """The newest gaps first."""
    query = select(ResourceGap).order_by(ResourceGap.recorded_at.desc(), ResourceGap.id).limit(MOST_SHOWN)
    return session.scalars(query).all()


def read_gap(session: Session, gap_id: str) -> ResourceGap:
    """One unmet need; absent is NotFound."""
    gap = session.get(ResourceGap, gap_id)
    if gap is None:
        raise NotFound()
    return gap


def close_gap(gap: ResourceGap, version: int, reason: str, today: date) -> None:
    """Nothing more is undertaken about it, and why; DomainError without a reason."""
    gap.expect(version)
    if not reason.strip():
        raise DomainError("終える理由がありません。", "なぜ終えるのかを、一言入れてください。", "gap-reason", 422)
    gap.status, gap.end_reason, gap.ended_on = CLOSED, reason.strip(), today


def reopen_gap(gap: ResourceGap, version: int) -> None:
    """It is lacking after all: it waits for a meeting again."""
    gap.expect(version)
    gap.status, gap.end_reason, gap.ended_on = OPEN, "", None
