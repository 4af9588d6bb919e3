"""The town's ladder as a form: what was typed becomes a whole ladder, or says what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from service.followup.placements.ladder import (
    ALWAYS_THERE,
    FINAL,
    LIMITS,
    MAY_BE_LEFT_OUT,
    Consequence,
    DeclineReason,
    Ladder,
    Side,
    StepRule,
)
from service.kernel.digits import whole
from service.web.forms import Posted
from service.web.params import typed_text

MOST_DAYS: Final = 999
LIMIT_WORDS: Final = {
    "reservation_days": ("本人に示してから、枠を押さえておく", "日"),
    "offers_at_once": ("一人に一度に示すのは", "つまで"),
    "ask_days": ("止まっているか聞いてから、管理者に知らせるまで", "日"),
    "fewest_alike": ("打診の文に当てはまる人がこれより少ないと警告する", "人"),
    "hard_cool_down_days": ("大変だった受け入れのあと、次を頼むまで", "日"),
    "contacts_apart_days": ("定着を言えるまでの、二回の確認の間", "日"),
}
CONSEQUENCES: Final = {
    Consequence.NONE: "すぐ出してよい",
    Consequence.COOL_OFF: "日数をおく",
    Consequence.REASSESS: "次のアセスメントまで",
}


@dataclass(frozen=True)
class Typed:
    """A ladder as typed, and what could not be read in it."""

    ladder: Ladder
    problems: tuple[str, ...]


def read_ladder(posted: Posted, before: Ladder) -> Typed:
    """Everything on the page, laid over the ladder in force."""
    problems: list[str] = []
    steps = tuple(_step(posted, each, problems) for each in before.steps)
    declines = [_decline(posted, each, problems) for each in before.declines]
    declines += _added(posted, before, problems)
    limits = {
        name: _number(posted, f"limit-{name}", LIMIT_WORDS[name][0], problems, getattr(before, name), least=1) or 0
        for name in LIMITS
    }
    return Typed(replace(before, steps=steps, declines=tuple(declines), **limits), tuple(problems))


def _step(posted: Posted, before: StepRule, problems: list[str]) -> StepRule:
    key = before.key
    label = _label(posted, f"step-{key}", before.label, problems)
    if key in FINAL:
        return replace(before, label=label)
    return replace(
        before,
        label=label,
        deadline_days=_number(posted, f"deadline-{key}", f"「{label}」の期限", problems, before.deadline_days),
        stall_days=_number(posted, f"stall-{key}", f"「{label}」の止まったとみる日数", problems, before.stall_days),
        is_used=key not in MAY_BE_LEFT_OUT or posted.text(f"use-{key}") == "1",
    )


def _decline(posted: Posted, before: DeclineReason, problems: list[str]) -> DeclineReason:
    key = before.key
    label = _label(posted, f"reason-{key}", before.label, problems)
    consequence = _consequence(posted, f"then-{key}", before.consequence)
    return replace(
        before,
        label=label,
        consequence=consequence,
        days=_cool_off(posted, key, label, consequence, before.days, problems),
        needs_note=posted.text(f"note-{key}") == "1",
        is_used=key in ALWAYS_THERE or posted.text(f"offer-{key}") == "1",
    )


def _added(posted: Posted, before: Ladder, problems: list[str]) -> Sequence[DeclineReason]:
    label, side = typed_text(posted.text("new"), 40), posted.text("new-side")
    if not label:
        return ()
    if side not in set(Side):
        problems.append("加える理由が、だれのものかを選んでください。")
        return ()
    taken = {each.key for each in before.declines}
    key = next(name for n in range(1, 1000) if (name := f"{side}_{n}") not in taken)
    consequence = _consequence(posted, "then-new", Consequence.NONE)
    days = _cool_off(posted, "new", label, consequence, 0, problems)
    return (DeclineReason(key, label, Side(side), consequence, days, posted.text("note-new") == "1"),)


def _cool_off(posted: Posted, key: str, label: str, consequence: Consequence, before: int, problems: list[str]) -> int:
    if consequence is not Consequence.COOL_OFF:
        return 0
    return _number(posted, f"days-{key}", f"「{label}」のあとにおく日数", problems, before or None, least=1, must=True) or 0


def _consequence(posted: Posted, name: str, before: Consequence) -> Consequence:
    typed = posted.text(name)
    return Consequence(typed) if typed in set(Consequence) else before


def _label(posted: Posted, name: str, before: str, problems: list[str]) -> str:
    label = typed_text(posted.text(name), 40)
    if not label:
        problems.append(f"「{before}」の名前が空です。名前を入れてください。")
    return label or before


def _number(
    posted: Posted, name: str, label: str, problems: list[str], before: Any, *, least: int = 1, must: bool = False
) -> int | None:
    """A whole number; empty = none where that is allowed."""
    typed = typed_text(posted.text(name), 10)
    if not typed and not must and not name.startswith("limit-"):
        return None
    if (number := whole(typed, MOST_DAYS, least)) is not None:
        return number
    problems.append(f"{label}を読めませんでした。{least}〜{MOST_DAYS}の数字で入れてください。")
    return None if before is None else int(before)
