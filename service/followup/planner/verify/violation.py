"""What a plan must keep, rule by rule, and how a breach of one is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Rule(StrEnum):
    """One thing that must hold of a visiting plan."""

    KNOWN = "known"
    ONCE = "once"
    PROMISE = "promise"
    WHO = "who"
    TWO = "two"
    TOGETHER = "together"
    SECOND = "second"
    EARLY = "early"
    CLOSED = "closed"
    HOURS = "hours"
    AT_ONCE = "at-once"
    REASON = "reason"
    LEAVE = "leave"
    OVERFULL = "overfull"
    OVERLAP = "overlap"
    SHIFT = "shift"
    VISITS = "visits"
    TRAVEL = "travel"
    WAY = "way"
    LUNCH = "lunch"
    POSITION = "position"
    COSTS = "costs"
    TOLD = "told"
    BOUND = "bound"


SAID: Final[Mapping[Rule, str]] = {
    Rule.KNOWN: "聞かれていない予定・人・日が書かれています。",
    Rule.ONCE: "一度だけ組むか、組めないものに一度だけ挙げるか、どちらか一つでなければなりません。",
    Rule.PROMISE: "約束した人・日・時刻が守られていません。",
    Rule.WHO: "担当でも代わりの人でもない人が行きます。",
    Rule.TWO: "二人で行く訪問に、二人目がいません。",
    Rule.TOGETHER: "二人の日か時刻が違います。",
    Rule.SECOND: "決まっている同行の人が入っていません。",
    Rule.EARLY: "早い日より前です。",
    Rule.CLOSED: "行けない日です。",
    Rule.HOURS: "行ける時間の外です。",
    Rule.AT_ONCE: "同じ人への二つの予定が、同じ時間に重なります。",
    Rule.REASON: "組めないわけが、聞かれたことと合いません。",
    Rule.LEAVE: "休みの人の日に入っています。",
    Rule.OVERFULL: "約束と用事だけで無理のある日に、ほかのものが足されています。",
    Rule.OVERLAP: "同じ時間に二つのことが入っています。",
    Rule.SHIFT: "勤務の時間の外です。",
    Rule.VISITS: "一日の訪問の数が上限を超えます。",
    Rule.TRAVEL: "一日の移動が上限を超えます。",
    Rule.WAY: "移動の時間が足りません。",
    Rule.LUNCH: "昼休みが取れません。",
    Rule.POSITION: "一日の中の順番が、時刻の順（電話と手紙はあと）ではありません。",
    Rule.COSTS: "五つの値段が、案から数え直したものと違います。",
    Rule.TOLD: "案に添えた知らせが、案と合いません。",
    Rule.BOUND: "証明したはずの下限が、案の値段より高くなっています。",
}
Where = tuple[str | int, ...]
"""("task", its index), ("day", staff, day) or ("plan",) with what it is about."""


@dataclass(frozen=True)
class Violation:
    """One rule that does not hold, where, and in words (keys and dates, no name)."""

    rule: Rule
    where: Where
    words: str
