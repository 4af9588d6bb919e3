"""What 合同照合の設定 shows: the sizes in force, where they come from, the reasons and their counts, the versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.accounts.models import User
from service.accounts.roles import EDIT_SETTINGS
from service.kernel.dates import WEEKDAYS, say_instant
from service.matching.joint.forms_settings import PAGE_LABELS
from service.matching.joint.models import JointSetting
from service.matching.joint.sizes import (
    ACCOMPANY,
    COORDINATORS,
    HALF_DAYS,
    OVERRIDES,
    PAGE,
    PAGE_LIMITS,
    Sizes,
    page_limits,
)
from service.web.actor import Actor
from service.web.forms import Posted
from service.web.params import typed_text

HALF_DAY_WORDS: Final = {"AM": "午前", "PM": "午後"}
UNITS: Final = {"page_people": "人", "page_openings": "枠", "page_pairs": "組"}
MOST_VERSIONS: Final = 20


@dataclass(frozen=True)
class Field:
    """One number to type; `hint` says what an empty one means where that is not "no limit"."""

    name: str
    label: str
    text: str
    unit: str = ""
    hint: str = ""


@dataclass(frozen=True)
class ReasonField:
    """One reason for going another way, how often it was given, and whether it is offered."""

    key: str
    label: str
    count: int
    is_offered: bool
    is_fixed: bool


@dataclass(frozen=True)
class JointSettingsView:
    """The page."""

    days: tuple[str, ...]
    half_days: tuple[tuple[str, tuple[Field, ...]], ...]
    coordinators: tuple[Field, ...]
    page_sizes: tuple[Field, ...]
    reasons: tuple[ReasonField, ...]
    new: str
    problem: str
    history: tuple[tuple[str, str, str], ...]
    may_edit: bool
    once: str


@dataclass(frozen=True)
class InForce:
    """What the page is made of."""

    sizes: Sizes
    coordinators: Sequence[User]
    counts: Mapping[str, int]
    versions: Sequence[JointSetting]


def settings_view(known: InForce, actor: Actor, posted: Posted | None, once: str, problem: str = "") -> JointSettingsView:
    """The sizes in force, or the form as typed."""
    return JointSettingsView(
        days=tuple(WEEKDAYS),
        half_days=tuple(_half_day_fields(known.sizes, posted)),
        coordinators=tuple(_coordinator_fields(known, posted)),
        page_sizes=tuple(_page_fields(known.versions, posted)),
        reasons=tuple(_reason_fields(known.sizes, known.counts, posted)),
        new=typed_text(posted.text("new"), 40) if posted else "",
        problem=problem,
        history=tuple(_history(known.versions)),
        may_edit=EDIT_SETTINGS.allows(actor),
        once=once,
    )


def _text(posted: Posted | None, name: str, value: int | None) -> str:
    return typed_text(posted.text(name), 20) if posted else "" if value is None else str(value)


def _half_day_fields(sizes: Sizes, posted: Posted | None) -> Iterable[tuple[str, tuple[Field, ...]]]:
    kept = half_days_of(sizes)
    for half in HALF_DAYS:
        words, keys = HALF_DAY_WORDS[half], [f"{day}{half}" for day in WEEKDAYS]
        yield (
            words,
            tuple(Field(f"h-{key}", f"{key[0]}曜 {words}", _text(posted, f"h-{key}", kept.get(key))) for key in keys),
        )


def _coordinator_fields(known: InForce, posted: Posted | None) -> Iterable[Field]:
    for user in known.coordinators:
        name, most = f"c-{user.login_name}", known.sizes.coordinators.get(user.login_name)
        yield Field(name, user.name, _text(posted, name, most))


def _page_fields(versions: Sequence[JointSetting], posted: Posted | None) -> Iterable[Field]:
    """A number of the town's own, or an empty field that says what the product begins with."""
    own, seed = page_of(versions), page_limits({})
    for key in PAGE_LIMITS:
        hint = f"製品の初期値は{seed[key]:,}{UNITS[key]}"
        yield Field(key, PAGE_LABELS[key], _text(posted, key, own.get(key)), UNITS[key], hint)


def _reason_fields(sizes: Sizes, counts: Mapping[str, int], posted: Posted | None) -> Sequence[ReasonField]:
    offered = set(posted.getlist("offer")) if posted else {r.key for r in sizes.overrides if r.is_offered}
    typed = {r.key: typed_text(posted.text(f"w-{r.key}"), 40) for r in sizes.overrides} if posted else {}
    return [
        ReasonField(r.key, typed.get(r.key) or r.label, counts.get(r.key, 0), r.key in offered, r.key == "other")
        for r in sizes.overrides
    ]


def half_days_of(sizes: Sizes) -> dict[str, int]:
    """The limits as {"月AM": 2}; nothing where there is no limit."""
    if sizes.accompany is None:
        return {}
    return {f"{d}{half}": int(sizes.accompany[i, j]) for i, d in enumerate(WEEKDAYS) for j, half in enumerate(HALF_DAYS)}


def page_of(versions: Sequence[JointSetting]) -> Mapping[str, int]:
    """What the town itself has said of the size of a page; nothing where it has the seed's."""
    return next((dict(row.body) for row in versions if row.key == PAGE), {})


def _history(versions: Sequence[JointSetting]) -> Iterable[tuple[str, str, str]]:
    for row in versions[:MOST_VERSIONS]:
        yield say_instant(row.at), row.author, f"第{row.seq}版　{SAID[row.key](row.body)}"


def _say_accompany(body: Mapping[str, int]) -> str:
    said = "・".join(f"{key[0]}{HALF_DAY_WORDS[key[1:]]} {most}人" for key, most in body.items() if most)
    return f"同行できる職員：{said or ('0人' if body else 'かぎりなし')}"


def _say_page(body: Mapping[str, int]) -> str:
    said = "・".join(f"{body[key]:,}{UNITS[key]}" for key in PAGE_LIMITS if key in body)
    return f"画面で計算できる大きさ：{said or '製品の初期値'}"


def _say_coordinators(body: Mapping[str, int]) -> str:
    said = "・".join(f"{login} {most}件" for login, most in body.items())
    return f"担当ごとの新しい紹介：{said or 'かぎりなし'}"


def _say_reasons(body: Sequence[Mapping[str, Any]]) -> str:
    return f"理由：{'・'.join(str(row['label']) for row in body if row.get('is_offered', True))}"


SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    ACCOMPANY: _say_accompany,
    COORDINATORS: _say_coordinators,
    OVERRIDES: _say_reasons,
    PAGE: _say_page,
}
