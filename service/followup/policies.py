"""A town's rhythm of follow-up and where its planner's numbers are kept; each edit is a version of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

from sqlalchemy.orm import Session

from service.followup.rhythms.rule import Rhythm, rhythm_of
from service.kernel.vocab import SEED_FOLDER
from service.resources.policies import newest

RHYTHM: Final = "rhythm"
PLANNER: Final = "planner"
DEFAULT_PRESET: Final = "default"


@cache
def presets() -> Mapping[str, Rhythm]:
    """The rhythms shipped, by their key; the default one holds until a town says otherwise."""
    rows = tomllib.loads((SEED_FOLDER / "rhythm.toml").read_text("utf-8"))["presets"]
    return {key: rhythm_of(0, body) for key, body in rows.items()}


def current_rhythm(session: Session) -> Rhythm:
    """The rhythm in force."""
    row = newest(session, RHYTHM)
    return rhythm_of(row.seq, row.body) if row else presets()[DEFAULT_PRESET]
