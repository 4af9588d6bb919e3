"""ほかの市のやり方: what a preset would change in this town, and taking it over; nothing earlier is lost, twice is once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.followup.policies import RHYTHM, current_rhythm
from service.followup.policies import presets as rhythms
from service.followup.rhythms.keeping import keep_all
from service.kernel.audit import note
from service.kernel.errors import DomainError
from service.meetings.models import MeetingSeries
from service.resources.policies import keep
from service.resources.town_words import keep_town, settings, town_settings
from service.web.actor import Actor

FOLDER: Final = Path(__file__).resolve().parents[2] / "seed" / "presets"
SERIES: Final[Mapping[str, Any]] = {"months": [], "nth": None, "weekday": None, "convenor": ""}
"""What a preset says of a series, and what stands where it says nothing."""


@dataclass(frozen=True)
class Preset:
    """One city's way of working, as data."""

    key: str
    name: str
    about: str
    source: str
    settings: Mapping[str, str]
    rhythm: str
    series: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Difference:
    """One thing that would become another."""

    what: str
    before: str
    after: str


@cache
def presets() -> Mapping[str, Preset]:
    """The ways shipped, by their key."""
    return {file.stem: _preset(file) for file in sorted(FOLDER.glob("*.toml"))}


def preset_named(key: str) -> Preset:
    """One of them. Raises DomainError, naming those there are."""
    found = presets().get(key)
    if found is None:
        raise DomainError(
            f"「{key}」というやり方はありません。", f"{'・'.join(presets())} から選んでください。", "preset", 404
        )
    return found


def differences(session: Session, preset: Preset) -> tuple[Difference, ...]:
    """Everything the preset would change; none where it already holds. Writes nothing."""
    return (*_settings(session, preset), *_rhythm(session, preset), *_series(session, preset))


def apply_preset(session: Session, actor: Actor, preset: Preset, now: datetime) -> tuple[Difference, ...]:
    """Take it over in one write, and say what changed.

    Days already set stay, placements keep their ladder; follow-ups nobody has touched move with the rhythm. Series the preset
    does not name stay as they are.
    """
    changed = differences(session, preset)
    if not changed:
        return ()
    if any(_settings(session, preset)):
        keep_town(session, actor, preset.settings, now)
    if any(_rhythm(session, preset)):
        keep(session, actor, RHYTHM, rhythms()[preset.rhythm].to_json(), now)
        keep_all(session, now)
    for row in preset.series:
        _keep_series(session, row)
    session.flush()
    note(session, "apply", "preset", preset.key)
    return changed


def _settings(session: Session, preset: Preset) -> Iterator[Difference]:
    known = town_settings(session)
    for key, value in preset.settings.items():
        if known.word(key) != value:
            setting = settings()[key]
            said = setting.options or {}
            before = known.word(key)
            yield Difference(setting.label, said.get(before, before), f"{said.get(value, value)}{setting.unit}")


def _rhythm(session: Session, preset: Preset) -> Iterator[Difference]:
    known, wanted = current_rhythm(session), rhythms()[preset.rhythm]
    if known.to_json() != wanted.to_json():
        yield Difference("フォローアップのリズム", known.name, wanted.name)


def _series(session: Session, preset: Preset) -> Iterator[Difference]:
    for row in preset.series:
        kept = _series_of(session, row)
        after = _say(row)
        before = "" if kept is None else _say({name: getattr(kept, name) for name in SERIES})
        if kept is None or not kept.active or before != after:
            yield Difference(f"くり返す会議　{row['name']}", before, after)


def _series_of(session: Session, row: Mapping[str, Any]) -> MeetingSeries | None:
    query = select(MeetingSeries).where(MeetingSeries.kind == row["kind"], MeetingSeries.name == row["name"])
    return session.scalars(query.order_by(MeetingSeries.id)).first()


def _keep_series(session: Session, row: Mapping[str, Any]) -> None:
    kept = _series_of(session, row)
    if kept is None:
        kept = MeetingSeries(kind=row["kind"], name=row["name"])
        session.add(kept)
    for name, value in {**SERIES, "active": True}.items():
        if getattr(kept, name) != row.get(name, value):
            setattr(kept, name, row.get(name, value))


def _say(row: Mapping[str, Any]) -> str:
    weekday = "月火水木金土日"[row["weekday"]] if row.get("weekday") is not None else ""
    when = f"{'・'.join(row['months'])}月 第{row['nth']}{weekday}曜" if row.get("months") else "必要なとき"
    return f"{when}（招集 {row.get('convenor') or '決めていない'}）"


def _preset(file: Path) -> Preset:
    body = tomllib.loads(file.read_text("utf-8"))
    unknown = set(body["settings"]) - set(settings())
    if unknown or body["rhythm"]["preset"] not in rhythms():
        raise ValueError(f"{file.name}: {sorted(unknown)}")
    read = {key: settings()[key].read(value) for key, value in body["settings"].items()}
    return Preset(
        file.stem, body["name"], body["about"], body["source"], read, body["rhythm"]["preset"], tuple(body["series"])
    )
