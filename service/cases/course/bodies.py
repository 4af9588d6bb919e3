"""会議体: which existing meeting carries a case without consent, by the field it belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from sqlalchemy.orm import Session

from service.kernel.vocab import SEED_FOLDER
from service.resources.town_words import BODY_WORDS, town_settings


@dataclass(frozen=True)
class Body:
    """One meeting body: its field, its name, the section behind it, who usually calls it, and the law it rests on."""

    key: str
    field: str
    name: str
    section: str
    convenor: str
    law: str


FIELDS_OF: Final[Mapping[str, str]] = {
    "care": "aged", "children": "child", "young_carer": "child", "health": "disability", "income": "poverty",
    "rent": "poverty", "debt": "poverty", "taxes": "poverty", "food": "poverty", "housing": "poverty",
    "job_search": "poverty",
}  # fmt: skip
"""Which body is suggested for a trouble of the sheet; where fields meet, the city's own."""


@cache
def bodies() -> Mapping[str, Body]:
    """The bodies shipped, by their key."""
    rows = tomllib.loads((SEED_FOLDER / "meetings.toml").read_text("utf-8"))["bodies"]
    return {row["key"]: Body(**row) for row in rows}


def town_bodies(session: Session) -> Mapping[str, Body]:
    """The bodies as this town calls them."""
    said = town_settings(session)
    return {
        key: replace(body, **{name: said.word(f"body.{key}.{name}") for name in BODY_WORDS})
        for key, body in bodies().items()
    }


def suggest_body(troubles: list[str]) -> str:
    """The body (by its key) of the one field all the troubles belong to; the city's own when there are several or none."""
    fields = {FIELDS_OF[each] for each in troubles if each in FIELDS_OF}
    return next(iter(fields)) if len(fields) == 1 else "city"
