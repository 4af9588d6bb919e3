"""The town's ladders: the seed's first, then every edit as a new version."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.models import LadderVersion
from service.followup.placements.ladder import Ladder, ladder_of
from service.kernel.vocab import SEED_FOLDER
from service.web.actor import Actor


@cache
def seed_ladder() -> Ladder:
    """Version 0, as the seed writes it."""
    return ladder_of(0, _seed())


@cache
def _seed() -> Mapping[str, Any]:
    return tomllib.loads((SEED_FOLDER / "ladder.toml").read_text("utf-8"))


def ladders(session: Session) -> dict[int, Ladder]:
    """Every version by its number, for placements that began under an earlier one."""
    kept = session.scalars(select(LadderVersion).order_by(LadderVersion.seq))
    return {0: seed_ladder(), **{row.seq: ladder_of(row.seq, row.body) for row in kept}}


def current_ladder(session: Session) -> Ladder:
    """The version that holds for what begins now."""
    newest = session.scalars(select(LadderVersion).order_by(LadderVersion.seq.desc()).limit(1)).first()
    return ladder_of(newest.seq, newest.body) if newest else seed_ladder()


def ladder_at(session: Session, version: int) -> Ladder:
    """The version a placement began under."""
    if version == 0:
        return seed_ladder()
    row = session.scalars(select(LadderVersion).where(LadderVersion.seq == version)).one()
    return ladder_of(row.seq, row.body)


def keep_ladder(session: Session, actor: Actor, ladder: Ladder, now: datetime) -> Ladder:
    """A new version; placements on their way keep theirs. ValueError when it is not a whole ladder."""
    seq = (session.scalar(select(func.max(LadderVersion.seq))) or 0) + 1
    body = ladder.to_json()
    kept = ladder_of(seq, body)
    session.add(LadderVersion(seq=seq, body=body, at=now, author=actor.label))
    return kept
