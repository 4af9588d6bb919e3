"""What one change would do, what changed since the last plan, and what outsiders may read, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from service.kernel.dates import WEEKDAYS
from service.matching.engine.explain.changes import BestSet, Change, Kind
from service.matching.engine.explain.difference import Cause, Changed
from service.matching.engine.explain.difference import Change as Happened
from service.matching.engine.explain.outside import FEWEST, Counted, Shown, for_outside
from service.matching.joint.wording import PROSPECT, SOMEBODY, Names

HALF_DAYS: Final = ("午前", "午後")


def say_change(change: Change, names: Names) -> str:
    """What the change is and whom it could help; an expectation, never a promise."""
    could = f"（使えそうな人は{len(change.people)}人）" if len(change.people) > change.gain else ""
    return f"{_say_what(change, names)}、残っている人のうち{change.gain}人に場所ができる{PROSPECT}です{could}。"


def say_confirmed(change: Change, more: int, names: Names) -> str:
    """The same once it has been computed again."""
    if more <= 0:
        return f"{_say_what(change, names)}、と考えましたが、計算し直すと場所がある人は増えませんでした。"
    return f"{_say_what(change, names)}、場所がある人が{more}人増えます（計算し直して確かめました）。"


def say_best_set(found: BestSet, names: Names) -> str:
    """A few changes together, and how far from the best possible they may be."""
    what = "、".join(_say_what(change, names) for change in found.changes)
    proof = "これより多くはできません" if found.is_proven else f"多くても{found.bound}人です"
    return f"{what}：合わせて{found.people}人に場所ができる{PROSPECT}です（{proof}）。"


def say_half_day(half_day: int) -> str:
    """「水曜の午後」."""
    return f"{WEEKDAYS[half_day // 2]}曜の{HALF_DAYS[half_day % 2]}"


def _say_new_opening(change: Change, names: Names) -> str:
    cell, half_day, activity = change.thing if isinstance(change.thing, tuple) else (change.thing, 0, 0)
    return f"{names.cell(cell)}に{say_half_day(half_day)}の「{names.activity(activity)}」の場（{change.places}人）があれば"


def _say_condition(change: Change, names: Names) -> str:
    said = f"{names.opening(_place(change))}の「{names.condition(change.code)}」"
    return f"{said}が変われば" if change.may_suggest else f"{said}が合えば（見直しは勧めません）"


def _place(change: Change) -> int:
    return change.thing if isinstance(change.thing, int) else change.thing[0]


_WHAT: Final[Mapping[Kind, Callable[[Change, Names], str]]] = {
    Kind.PLACE: lambda change, names: f"{names.opening(_place(change))}にあと1人分あれば",
    Kind.HIGH_SUPPORT: lambda change, names: f"{names.opening(_place(change))}が手厚い支えの要る人をあと1人受けられれば",
    Kind.RESOURCE: lambda change, names: f"{names.opening(_place(change))}に必要なもの（席・送迎など）があと一つあれば",
    Kind.NEW_START: lambda change, names: f"{names.host(_place(change))}が1週間にあと1人多く始められれば",
    Kind.COORDINATOR: lambda change, names: f"{names.coordinator(_place(change))}があと1人紹介できれば",
    Kind.ACCOMPANY: lambda change, names: f"{say_half_day(_place(change))}に同行できる人があと1人いれば",
    Kind.CONDITION: _say_condition,
    Kind.QUESTION: lambda change, names: (
        f"{names.opening(_place(change))}に「{names.condition(change.code)}」を確かめて合えば"
    ),
    Kind.OPENING: _say_new_opening,
}


def _say_what(change: Change, names: Names) -> str:
    return _WHAT[change.kind](change, names)


def say_difference(
    changed: Changed,
    person: Callable[[str], str],
    opening: Callable[[str], str],
    earlier: Callable[[str], str] | None = None,
) -> str:
    """What happened to one person since the last plan, and why where it is known; `earlier` names the places of then."""
    who = person(changed.person) or SOMEBODY
    before, after = "・".join(map(earlier or opening, changed.before)), "・".join(map(opening, changed.after))
    said = {
        Happened.NEW: f"{who}に、新しく{after}が案になりました",
        Happened.MOVED: f"{who}は、{before}から{after}に変わりました",
        Happened.OTHER_TIME: f"{who}は、曜日か時間だけが変わり、{before}から{after}になりました",
        Happened.LEFT: f"{who}は、{before}がなくなり、場所がありません",
        Happened.GONE: f"{who}は、今回の計算に入っていません（前は{before}）",
        Happened.ACCEPTED: f"{who}は、{before}の候補に決まりました",
        Happened.SAME: f"{who}は、{after}のままです",
    }[changed.change]
    return f"{said}。{_say_cause(changed, person)}"


def _say_cause(changed: Changed, person: Callable[[str], str]) -> str:
    others = _people(changed.others, person)
    return {
        Cause.PINNED: f"{others}をそこに決めたためです。"
        if others
        else "決めておいたこと（決める・外す・動かす）のためです。",
        Cause.PLACE_GONE: "前の場所が、いまは使えないためです。",
        Cause.NO_LONGER_FITS: "前の場所が、いまの条件では合わなくなったためです。",
        Cause.CONSENT_WITHDRAWN: "同意が取り下げられたか、期限が過ぎたためです。",
        Cause.NOT_ASKED: "",
        Cause.LONGER_WAITING: f"もっと長く待っている{others}に決まったためです。",
        Cause.PLACE_FREED: f"{others}がそこを使わなくなり、空いたためです。",
        Cause.NEW_PERSON: "今回はじめて計算に入りました。",
        Cause.TAKEN: f"前の場所には、{others}が入りました。",
        Cause.UNKNOWN: "",
    }[changed.cause]


def _people(listed: Sequence[str], person: Callable[[str], str]) -> str:
    named = [name for each in listed if (name := person(each))]
    hidden = len(listed) - len(named)
    return "・".join([*named, *([f"{SOMEBODY}{hidden}人"] if hidden else [])])


def say_changes_outside(changes: Sequence[Change], names: Names) -> tuple[str, ...]:
    """The changes for readers who may read no case: how many people could use each, small ones rolled up by their kind."""
    rows = [
        Counted(f"{_say_what_outside(each, names)}、使えそうな人", _GROUPS[each.kind](each, names), frozenset(each.people))
        for each in changes
    ]
    return tuple(say_outside(row) for row in for_outside(rows))


def _say_what_outside(change: Change, names: Names) -> str:
    """A coordinator is named to colleagues alone."""
    return "担当があと1人紹介できれば" if change.kind is Kind.COORDINATOR else _say_what(change, names)


_GROUPS: Final[Mapping[Kind, Callable[[Change, Names], str]]] = {
    Kind.PLACE: lambda change, names: "受け入れ先の空き",
    Kind.HIGH_SUPPORT: lambda change, names: "手厚い支えの要る人の受け入れ",
    Kind.RESOURCE: lambda change, names: "席・送迎などの数",
    Kind.NEW_START: lambda change, names: "週に始められる人数",
    Kind.COORDINATOR: lambda change, names: "担当が紹介できる人数",
    Kind.ACCOMPANY: lambda change, names: "同行できる職員",
    Kind.CONDITION: lambda change, names: f"「{names.condition(change.code)}」の条件",
    Kind.QUESTION: lambda change, names: f"「{names.condition(change.code)}」の確認",
    Kind.OPENING: lambda change, names: "新しい場",
}


def say_outside(row: Shown) -> str:
    """One row for people who may read no case."""
    label = f"{row.label}（ほかを合わせて）" if row.is_rest else row.label
    return f"{label}：{FEWEST}人未満" if row.count is None else f"{label}：{row.count}人"
