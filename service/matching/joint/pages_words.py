"""The words a joint run is shown in: times of a line, what an aim attained, why somebody is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from service.cases.placements import SessionTime
from service.kernel.timetable import SlotText, format_slots
from service.matching.engine.problem import FORTNIGHTLY
from service.matching.joint.models import CANCELLED, DONE, FAILED, RUNNING, WAITING, JointRun

STATES: Final[Mapping[str, str]] = {
    WAITING: "順番待ち",
    RUNNING: "計算中",
    DONE: "案があります",
    FAILED: "できませんでした",
    CANCELLED: "中止しました",
}
LOOKS: Final[Mapping[str, str]] = {WAITING: "", RUNNING: "ask", DONE: "ok", FAILED: "no", CANCELLED: ""}
NOTHING_KEPT: Final[Mapping[str, str]] = {
    FAILED: "計算が途中で止まり、案は残っていません。もう一度始めてください。くり返し止まるときは、システム管理の人に知らせてください。",
    CANCELLED: "頼んだ人が中止したので、案はありません。続けるときは、もう一度始めてください。",
}
"""What to do after a run that ended without a plan: a stop was meant, a failure was not."""
PROVEN, SO_FAR = "最良と証明済み", "これまでの最良"
NO_DAY: Final = "曜日は相談して決める"


@dataclass(frozen=True)
class LevelLine:
    """One aim: its place in the order, what it attained, and how far that is proven."""

    number: int
    name: str
    value: str
    proof: str
    is_proven: bool


def say_times(times: Sequence[SessionTime]) -> str:
    """月水 13:00–15:00; 隔週 水 13:00–15:00; a time without a day says so."""
    ordered = sorted(times, key=lambda time: (time.weekday or 0, time.start_min or 0))
    weekly = [time for time in ordered if time.half != FORTNIGHTLY]
    other = [time for time in ordered if time.half == FORTNIGHTLY]
    parts = [_say(weekly), f"隔週 {_say(other)}" if other else ""]
    return "／".join(part for part in parts if part) or NO_DAY


def _say(times: Iterable[SessionTime]) -> str:
    known = [SlotText(time.weekday, time.start_min, time.end_min, ()) for time in times if time.weekday is not None]
    return format_slots(known) or (NO_DAY if any(time.weekday is None for time in times) else "")


def level_lines(attained: Sequence[Mapping[str, Any]]) -> tuple[LevelLine, ...]:
    """What each aim attained, in its order, and how far it may go, where that is known.

    What comes after the first that is not proven is not settled either: its bound holds while those before it stay.
    """
    lines = [_level(number, each) for number, each in enumerate(attained, start=1)]
    first = next((line.number for line in lines if not line.is_proven), len(lines))
    return tuple(
        line if line.number <= first else replace(line, proof=_say_while(each), is_proven=False)
        for line, each in zip(lines, attained, strict=True)
    )


def _level(number: int, each: Mapping[str, Any]) -> LevelLine:
    name, value, bound = str(each["name"]), float(each["value"]), each["bound"]
    is_proven = bound is not None and float(bound) <= value + 1e-6
    proof = "これより良くはできません" if is_proven else _say_gap(name, bound)
    return LevelLine(number, name, say_amount(name, value), proof, is_proven)


def say_nothing_kept(state: str, problem: Mapping[str, Any] | None) -> str:
    """Why a run ended without a plan and what to do next; empty where there is one or may still be."""
    if state == FAILED and problem:
        return f"{problem['message']}{problem['remedy']}"
    return NOTHING_KEPT.get(state, "")


def say_amount(name: str, value: float) -> str:
    """An aim's value with its unit."""
    words, sign = AMOUNTS.get(name, ("{}", 1))
    return words.format(f"{abs(round(value, 1)) if sign < 0 else round(value, 1):,.10g}")


AMOUNTS: Final[Mapping[str, tuple[str, int]]] = {
    "場所がある人の数": ("{}人", 1),
    "長く待つ人・場所の少ない人": ("{}日ぶん", 1),
    "希望に合う点": ("{}（1回1,000まで）", 1),
    "受け入れ先のかたよりの少なさ": ("重なり {}", -1),
    "今と変わらないこと": ("{}回ぶん", 1),
    "移動の短さ": ("合わせて{}分", -1),
}
"""The unit of each aim; -1 where less is better and the engine counts below zero."""


def _say_gap(name: str, bound: Any) -> str:
    if bound is None:
        return "どこまで良くできるかは、まだ分かりません"
    return f"まだ証明していません。良くても{say_amount(name, float(bound))}"


def _say_while(each: Mapping[str, Any]) -> str:
    if each["bound"] is None:
        return ""
    return f"上の目標をこのままにするなら、良くても{say_amount(str(each['name']), float(each['bound']))}"


def say_proof(run: JointRun) -> str:
    """「最良と証明済み」, or 「これまでの最良」 with how far it may be from the best, in words."""
    if run.is_proven:
        return PROVEN
    first = next((line for line in level_lines(run.attained) if not line.is_proven), None)
    return SO_FAR if first is None else f"{SO_FAR}（{first.name}：{first.value}、良くても{_bound_of(run, first)}）"


def _bound_of(run: JointRun, line: LevelLine) -> str:
    bound = run.attained[line.number - 1]["bound"]
    return "不明" if bound is None else say_amount(line.name, float(bound))
