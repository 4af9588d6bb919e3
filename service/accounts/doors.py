"""What a town has decided about its doors, with what holds until it does."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import AccessSetting
from service.accounts.roles import ADMIN, AUDITOR, COORDINATOR, GUEST, MULTI, SECRETARIAT, SUPERVISOR, TEAM

SHORTEST, GLASS_MINUTES, LONGEST = 5, 60, 480
SECOND_FACTOR = [COORDINATOR, MULTI, SECRETARIAT, SUPERVISOR, TEAM, ADMIN, AUDITOR, GUEST]
"""Everybody who may read of people they did not bring themselves; hosts and つなぎ元 where a town asks it of them."""


def access_setting(session: Session) -> AccessSetting:
    """The setting in force; one that was never saved has version 0 and is in no table."""
    row = session.scalars(select(AccessSetting)).first()
    return row or AccessSetting(glass_minutes=GLASS_MINUTES, second_factor=SECOND_FACTOR, version=0)


def save_access(session: Session, version: int, glass_minutes: int, second_factor: list[str]) -> None:
    """Keep what was decided; Conflict when somebody saved first."""
    row = access_setting(session)
    row.expect(version)
    row.glass_minutes, row.second_factor = glass_minutes, second_factor
    if not version:
        row.version = 1
        session.add(row)
