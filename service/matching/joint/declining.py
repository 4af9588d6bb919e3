"""Going another way than proposed: one reason from the town's list, and how often each was given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.kernel.errors import DomainError
from service.matching.joint.lines import line_in_hand
from service.matching.joint.models import JointLine
from service.matching.joint.sizes import OverrideReason, current_sizes
from service.web.actor import Actor, Town

MOST_LETTERS = 400
OTHER = "other"


def override_reasons(session: Session) -> tuple[OverrideReason, ...]:
    """The reasons to choose from."""
    return tuple(reason for reason in current_sizes(session).overrides if reason.is_offered)


def decline_line(
    session: Session, town: Town, actor: Actor, line_id: str, reason: str, words: str, now: datetime
) -> JointLine:
    """Leave a proposal aside, with one reason of the list."""
    _, line = line_in_hand(session, town, actor, line_id)
    if line.accepted_at is not None:
        raise DomainError(
            "この行は、もう候補に決まっています。",
            "やめるときは、候補の一覧から見送りにしてください。",
            "line-accepted",
            409,
        )
    if reason not in {each.key for each in override_reasons(session)}:
        raise DomainError("案と違う決め方をする理由が選ばれていません。", "一覧から一つ選んでください。", "override", 422)
    if reason == OTHER and not words.strip():
        raise DomainError("「その他」のわけが書かれていません。", "ひとことで書いてください。", "override-words", 422)
    line.declined_at, line.declined_by = now, actor.label
    line.override, line.override_note = reason, words.strip()[:MOST_LETTERS]
    return line


def override_counts(session: Session) -> list[tuple[OverrideReason, int]]:
    """How often each reason was given, the most frequent first; it names nobody."""
    query = select(JointLine.override, func.count()).where(JointLine.override != "").group_by(JointLine.override)
    counted = dict(session.execute(query).all())
    known = {reason.key: reason for reason in current_sizes(session).overrides}
    rows = [(known.get(key, OverrideReason(key, key, False)), count) for key, count in counted.items()]
    rows += [(reason, 0) for key, reason in known.items() if key not in counted and reason.is_offered]
    return sorted(rows, key=lambda row: (-row[1], row[0].key))
