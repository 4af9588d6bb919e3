"""市の決めごと: deadlines, names and who decides, each with its source; one version a save, and nothing earlier is changed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy.orm import Session

from service.kernel.digits import whole
from service.kernel.vocab import SEED_FOLDER
from service.resources.policies import PolicyVersion, keep, newest
from service.web.actor import Actor

TOWN: Final = "town"
LONGEST_WORD: Final = 60
BODY_WORDS: Final = {"name": "会議の名前", "section": "担当の課", "convenor": "ふだん招集する所"}
"""Of a meeting body a town may call these its own way."""


@dataclass(frozen=True)
class Setting:
    """One thing a town decides: a number with its limits, a name, or one of several ways."""

    key: str
    label: str
    value: str
    source: str
    unit: str = ""
    least: int = 0
    most: int = 0
    options: Mapping[str, str] | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is counted in something."""
        return bool(self.unit)

    def read(self, text: str) -> str:
        """What was typed, as it is kept; ValueError says in words why it cannot be."""
        plain = text.strip()
        if self.options is not None and plain not in self.options:
            raise ValueError("一覧から選んでください。")
        if self.is_number:
            number = whole(plain, self.most, self.least)
            if number is None:
                raise ValueError(f"{self.least}〜{self.most}の数で入れてください。")
            return str(number)
        if not 0 < len(plain) <= LONGEST_WORD:
            raise ValueError(f"1〜{LONGEST_WORD}字で入れてください。")
        return plain


@dataclass(frozen=True)
class TownSettings:
    """What holds in a town; `version` 0 is the shipped one."""

    version: int
    own: Mapping[str, str]
    """What differs from the shipped value."""

    def word(self, key: str) -> str:
        """A name, or the way chosen."""
        return self.own.get(key, settings()[key].value)

    def number(self, key: str) -> int:
        """A deadline or another number."""
        return int(self.word(key))


@cache
def settings() -> Mapping[str, Setting]:
    """Everything a town decides here, in the order of the page."""
    return {each.key: each for each in (*_rows(), *_body_words())}


@cache
def elsewhere() -> tuple[Mapping[str, str], ...]:
    """What is decided on another page or by the product itself, with where from."""
    return tuple(_seed()["elsewhere"])


def town_settings(session: Session) -> TownSettings:
    """The version in force."""
    row = newest(session, TOWN)
    return TownSettings(row.seq, row.body["own"]) if row else TownSettings(0, {})


def keep_town(session: Session, actor: Actor, changed: Mapping[str, str], now: datetime) -> PolicyVersion:
    """A new version with these values; ValueError for one that cannot be. What equals the shipped value is not kept."""
    wanted = {**town_settings(session).own, **{key: settings()[key].read(text) for key, text in changed.items()}}
    own = {key: value for key, value in wanted.items() if value != settings()[key].value}
    return keep(session, actor, TOWN, {"own": own}, now)


def _rows() -> Iterator[Setting]:
    for row in _seed()["numbers"]:
        yield Setting(**{**row, "value": str(row["value"])})
    for row in (*_seed()["choices"], *_seed()["words"]):
        yield Setting(**row)


def _body_words() -> Iterator[Setting]:
    bodies = tomllib.loads((SEED_FOLDER / "meetings.toml").read_text("utf-8"))["bodies"]
    for body in bodies:
        for name, label in BODY_WORDS.items():
            yield Setting(
                f"body.{body['key']}.{name}", f"{body['field']}　{label}", body[name], "市によって違います（事業の案内の表）"
            )


@cache
def _seed() -> dict[str, Any]:
    return tomllib.loads((SEED_FOLDER / "town.toml").read_text("utf-8"))
