"""Words of hosts that somebody of ours has read: who, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement
from service.followup.placements.models import HostWord
from service.web.actor import Actor


def unseen_words(session: Session, placement_id: str) -> Sequence[HostWord]:
    """What the host said about a placement and nobody has read yet, the oldest first."""
    query = select(HostWord).where(HostWord.placement_id == placement_id, HostWord.seen_at.is_(None))
    return session.scalars(query.order_by(HostWord.at, HostWord.id)).all()


def unseen_about(session: Session, person_ids: Iterable[str]) -> list[tuple[HostWord, str]]:
    """The same about people the filter has given, each with the person's id."""
    query = (
        select(HostWord, Placement.person_id)
        .join(Placement, HostWord.placement_id == Placement.id)
        .where(Placement.person_id.in_(sorted(person_ids)), HostWord.seen_at.is_(None))
        .order_by(HostWord.at, HostWord.id)
    )
    return [(word, person_id) for word, person_id in session.execute(query)]


def see_words(session: Session, actor: Actor, placement_id: str, now: datetime) -> int:
    """「見ました」 for all of one placement that is in hand; how many. Whoever saw a word first stays on record."""
    words = unseen_words(session, placement_id)
    for word in words:
        word.seen_at, word.seen_by = now, actor.label
    return len(words)
