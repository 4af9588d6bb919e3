"""What a town has decided for its joint runs: the seed's first values, then every edit as a new version."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.kernel.dates import WEEKDAYS
from service.kernel.errors import DomainError
from service.kernel.vocab import SEED_FOLDER
from service.matching.engine.problem import Ints
from service.matching.joint.models import JointSetting

ACCOMPANY, COORDINATORS, OVERRIDES, PAGE = "accompany", "coordinators", "overrides", "page"
PAGE_LIMITS: Final = ("page_people", "page_openings", "page_pairs")
"""What a page takes; a town that has typed no number of its own has the seed's."""
HALF_DAYS: Final = ("AM", "PM")


@dataclass(frozen=True)
class OverrideReason:
    """One reason for going another way than proposed; `is_offered` False = kept for what was decided earlier."""

    key: str
    label: str
    is_offered: bool = True


@dataclass(frozen=True)
class Sizes:
    """The sizes of this moment. `accompany` int32[7, 2] or None = no limit; `coordinators` by sign-in name."""

    version: int
    high_support: frozenset[str]
    accompanied: frozenset[str]
    new_starts: str
    high_support_limit: str
    gap_min: int
    gap_min_per_km: float
    page_people: int
    page_openings: int
    page_pairs: int
    page_seconds: float
    unknown_free: int
    steps: tuple[int, ...]
    accompany: Ints | None
    coordinators: Mapping[str, int]
    overrides: tuple[OverrideReason, ...]


@cache
def seed_sizes() -> Mapping[str, Any]:
    """The first values, as the seed writes them."""
    return tomllib.loads((SEED_FOLDER / "joint.toml").read_text("utf-8"))


def current_sizes(session: Session | None) -> Sizes:
    """The sizes in force; without a database, the seed's."""
    seed, kept = seed_sizes(), _in_force(session) if session else {}
    overrides = kept[OVERRIDES].body if OVERRIDES in kept else seed["override"]
    return Sizes(
        version=max((row.seq for row in kept.values()), default=0),
        high_support=frozenset(seed["high_support"]),
        accompanied=frozenset(seed["accompanied"]),
        **{key: seed[key] for key in _AS_WRITTEN},
        **page_limits(kept[PAGE].body if PAGE in kept else {}),
        steps=tuple(seed["steps"]),
        # Emptied again, it limits nothing, as if nobody had ever set it.
        accompany=read_half_days(kept[ACCOMPANY].body) if ACCOMPANY in kept and kept[ACCOMPANY].body else None,
        coordinators=dict(kept[COORDINATORS].body) if COORDINATORS in kept else {},
        overrides=tuple(OverrideReason(row["key"], row["label"], row.get("is_offered", True)) for row in overrides),
    )


_AS_WRITTEN: Final = (
    "new_starts", "high_support_limit", "gap_min", "gap_min_per_km", "page_seconds", "unknown_free",
)  # fmt: skip


def page_limits(typed: Mapping[str, int]) -> dict[str, Any]:
    """How large a run a page takes: the town's own numbers, else the seed's."""
    return {key: int(typed.get(key, seed_sizes()[key])) for key in PAGE_LIMITS}


def versions_of(session: Session) -> Sequence[JointSetting]:
    """Every version of every size, newest first."""
    return session.scalars(select(JointSetting).order_by(JointSetting.seq.desc())).all()


def _in_force(session: Session) -> dict[str, JointSetting]:
    newest = select(func.max(JointSetting.seq)).group_by(JointSetting.key)
    rows = session.scalars(select(JointSetting).where(JointSetting.seq.in_(newest)))
    return {row.key: row for row in rows}


def save_size(session: Session, key: str, body: Any, author: str, now: datetime) -> JointSetting:
    """Add a version of one size; nothing earlier is changed."""
    if key not in (ACCOMPANY, COORDINATORS, OVERRIDES, PAGE):
        raise DomainError("知らない設定です。", "一覧にある設定を選んでください。", "joint-setting", 422)
    last = session.scalar(select(func.max(JointSetting.seq))) or 0
    row = JointSetting(seq=last + 1, key=key, body=body, at=now, author=author)
    session.add(row)
    session.flush()
    return row


def read_half_days(body: Mapping[str, int]) -> Ints:
    """{"月AM": 2} as int32[7, 2]; a half-day that is not listed has none. DomainError names what cannot be read."""
    limits = np.zeros((7, 2), np.int32)
    for key, most in body.items():
        day, half = key[:1], key[1:]
        if day not in WEEKDAYS or half not in HALF_DAYS or not isinstance(most, int) or most < 0:
            raise DomainError(
                f"同行の枠「{key}」を読めませんでした。",
                "「月AM」「火PM」のように書き、人数を0以上の数にしてください。",
                "accompany",
                422,
            )
        limits[WEEKDAYS.index(day), HALF_DAYS.index(half)] = most
    return limits
