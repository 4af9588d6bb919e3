"""What a town has decided about its doors, with what holds until it does."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import AccessSetting

SHORTEST, GLASS_MINUTES, LONGEST = 5, 60, 480


def access_setting(session: Session) -> AccessSetting:
    """The setting in force; one that was never saved has version 0 and is in no table."""
    row = session.scalars(select(AccessSetting)).first()
    return row or AccessSetting(glass_minutes=GLASS_MINUTES, version=0)


def save_access(session: Session, version: int, glass_minutes: int) -> None:
    """Keep what was decided; Conflict when somebody saved first."""
    row = access_setting(session)
    row.expect(version)
    row.glass_minutes = glass_minutes
    if not version:
        row.version = 1
        session.add(row)
