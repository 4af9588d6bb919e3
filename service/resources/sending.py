"""A form sent twice — a double click, a retry — leads where the first sending led."""

from datetime import datetime
from typing import Any

from litestar import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.audit import FieldChange
from service.kernel.dates import say_instant
from service.web.actor import Actor
from service.web.forms import Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go


def sent_before(session: Session, actor: Actor, posted: Posted) -> Response[Any] | None:
    """Where the first sending of this form led, if there was one."""
    earlier = earlier_result(session, actor.id, posted.text("_once"))
    return go(earlier) if earlier else None


def done(session: Session, actor: Actor, posted: Posted, now: datetime, path: str, message: str = "saved") -> Response[Any]:
    """Send the browser on, and remember where for a second sending."""
    answer = go(path, message)
    remember_result(session, actor.id, posted.text("_once"), answer.url, now)
    return answer


def last_change(session: Session, object_id: str) -> tuple[str, str]:
    """Who changed a row last, and when, in words."""
    query = select(FieldChange).where(FieldChange.object_id == object_id).order_by(FieldChange.at.desc()).limit(1)
    change = session.scalars(query).first()
    return ("", "") if change is None else (change.actor_label, say_instant(change.at))
