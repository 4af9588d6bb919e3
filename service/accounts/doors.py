"""What a town has decided about its doors, with what holds until it does."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import AccessSetting
from service.accounts.roles import ADMIN, AUDITOR, COORDINATOR, GUEST, HOST, MULTI, REFERRER, SECRETARIAT, SUPERVISOR, TEAM

SHORTEST, GLASS_MINUTES, LONGEST = 5, 60, 480
FACTOR_ROLES: Final = (GUEST,)
"""Whose sign-in takes a second factor until the town says otherwise."""
MAY_NEED_FACTOR: Final = (COORDINATOR, MULTI, SECRETARIAT, SUPERVISOR, TEAM, ADMIN, AUDITOR, REFERRER, GUEST, HOST)


def access_setting(session: Session) -> AccessSetting:
    """The setting in force; one that was never saved has version 0 and is in no table."""
    row = session.scalars(select(AccessSetting)).first()
    return row or AccessSetting(glass_minutes=GLASS_MINUTES, factor_roles=list(FACTOR_ROLES), version=0)


def save_access(session: Session, version: int, glass_minutes: int, factor_roles: list[str]) -> None:
    """Keep what was decided; Conflict when somebody saved first."""
    row = access_setting(session)
    row.expect(version)
    row.glass_minutes, row.factor_roles = glass_minutes, factor_roles
    if not version:
        row.version = 1
        session.add(row)
