"""Secret addresses of somebody's own calendar: told once, kept as a hash, ended by time or by hand."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import OWN_CALENDAR
from service.followup.feeds.models import CalendarFeed

LASTS: Final = timedelta(days=90)
LONGEST: Final = 100


def make_feed(session: Session, user_id: str, now: datetime) -> str:
    """A new address for somebody; the one before it ends. 256 random bits, told here and kept nowhere."""
    revoke_feeds(session, user_id, now)
    token = secrets.token_urlsafe(32)
    session.add(CalendarFeed(id=_digest(token), user_id=user_id, created_at=now, expires_at=now + LASTS))
    return token


def open_feed(session: Session, user_id: str, now: datetime) -> CalendarFeed | None:
    """The address somebody has now."""
    query = select(CalendarFeed).where(
        CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None), CalendarFeed.expires_at > now
    )
    return session.scalars(query.order_by(CalendarFeed.created_at.desc()).limit(1)).first()


def revoke_feeds(session: Session, user_id: str, now: datetime) -> None:
    """Take back every address of somebody."""
    query = select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None))
    for feed in session.scalars(query):
        feed.revoked_at = now


def reader_of(session: Session, token: str, now: datetime) -> User | None:
    """Whose days an address shows; None when it was never made, has ended, or its owner may not sign in any more."""
    if not token.isascii() or len(token) > LONGEST:
        return None
    feed = session.get(CalendarFeed, _digest(token))
    if feed is None or feed.revoked_at is not None or feed.expires_at <= now:
        return None
    user = session.get(User, feed.user_id)
    return user if user is not None and user.active and OWN_CALENDAR.allows(user.as_actor()) else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:32]
