"""What the town lacks: needs that no place met, kept as matters for the community."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.resources.models import ResourceGap
from service.web.actor import Actor

GAP_STATUS = {"open": "検討前", "discussed": "会議で検討中", "developing": "資源開発中", "closed": "済み"}
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
