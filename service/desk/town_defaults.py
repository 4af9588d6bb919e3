"""What is decided outside 市の決めごと, read from where it really stands, so that the page cannot say another number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from sqlalchemy.orm import Session

from service.accounts.doors import access_setting
from service.followup.placements.ladders import current_ladder
from service.followup.policies import current_rhythm
from service.followup.rhythms.rule import Rule
from service.kernel.geo.travel import MODES
from service.kernel.vocab import Strength
from service.matching.joint.sizes import current_sizes
from service.reports.numbers import fewest
from service.resources.town_words import elsewhere


@dataclass(frozen=True)
class DefaultLine:
    """One value with its source, and the page that changes it, if there is one."""

    label: str
    value: str
    source: str
    where: str


def default_lines(session: Session) -> tuple[DefaultLine, ...]:
    """Every value that has a page of its own or none."""
    return tuple(
        DefaultLine(
            row["label"], f"{_read(session, row['reads'])}{row.get('unit', '')}", row["source"], row.get("where", "")
        )
        for row in elsewhere()
    )


def _read(session: Session, name: str) -> str:
    head, _, rest = name.partition(".")
    if head in READERS:
        return READERS[head](session, rest)
    module, _, constant = name.partition(":")
    return str(getattr(import_module(module), constant)) if constant else name


def _ladder(session: Session, name: str) -> str:
    ladder = current_ladder(session)
    step, _, part = name.partition(".")
    value: Any = getattr(next(each for each in ladder.steps if each.key == step), part) if part else getattr(ladder, name)
    return "決めていない" if value is None else str(value)


def _rhythm(session: Session, name: str) -> str:
    rhythm = current_rhythm(session)
    if name == "on_attendance_day":
        return "合わせる" if rhythm.on_attendance_day else "合わせない"
    rule = rhythm.rule(name)
    return _say_rule(rule) if rule else "使っていない"


def _say_rule(rule: Rule) -> str:
    said = "・".join(each.said.removeprefix("+") for each in rule.offsets)
    return f"{said}、そのあと{rule.every.said.removeprefix('+')}ごと" if rule.every else said


def _travel(_: Session, __: str) -> str:
    return "、".join(f"{mode.label} 時速{mode.speed_kmh}km＋{mode.overhead_min}分" for mode in MODES.values())


def _joint(session: Session, name: str) -> str:
    return f"{getattr(current_sizes(session), name):g}"


def _strengths(_: Session, __: str) -> str:
    return "・".join(str(Strength(each).points) for each in ("wish", "nice"))


def _fewest(session: Session, _: str) -> str:
    return str(fewest(session).few)


def _glass(session: Session, _: str) -> str:
    return str(access_setting(session).glass_minutes)


READERS: Final[Mapping[str, Callable[[Session, str], str]]] = {
    "ladder": _ladder, "rhythm": _rhythm, "travel": _travel, "joint": _joint, "strengths": _strengths,
    "fewest": _fewest, "glass": _glass,
}  # fmt: skip
