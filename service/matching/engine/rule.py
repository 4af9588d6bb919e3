"""The kinds of rule a joint run keeps, each with its name for a page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Rule(StrEnum):
    """One kind of thing that must hold."""

    LINE = "line"
    ASK = "ask"
    FORBIDDEN = "forbidden"
    TWICE = "twice"
    DEMAND = "demand"
    FORTNIGHTLY = "fortnightly"
    TIMES = "times"
    PLACES = "places"
    HIGH_SUPPORT = "high_support"
    FREE = "free"
    RESOURCES = "resources"
    MOST_HOSTS = "most_hosts"
    NEW_STARTS = "new_starts"
    COORDINATOR = "coordinator"
    ACCOMPANY = "accompany"
    APART = "apart"
    HOUSEHOLD_TOGETHER = "household_together"
    HOUSEHOLD_APART = "household_apart"
    LEAST_DAYS = "least_days"
    FORCED = "forced"


SAID: Final[Mapping[Rule, str]] = {
    Rule.LINE: "行ける曜日の枠",
    Rule.ASK: "要確認の組は含めない",
    Rule.FORBIDDEN: "入れないと決めた組",
    Rule.TWICE: "同じ曜日の枠は一度だけ",
    Rule.DEMAND: "本人の今の量",
    Rule.FORTNIGHTLY: "隔週は半端の一つだけ",
    Rule.TIMES: "時間の重なりと、次の場所への移動",
    Rule.PLACES: "曜日の枠の人数",
    Rule.HIGH_SUPPORT: "手厚い支えの要る人の人数",
    Rule.FREE: "枠の空き",
    Rule.RESOURCES: "資源の量",
    Rule.MOST_HOSTS: "本人の行き先の数",
    Rule.NEW_STARTS: "受け入れ先が週に始められる人数",
    Rule.COORDINATOR: "コーディネーターの新しい紹介の数",
    Rule.ACCOMPANY: "半日ごとの同行の人数",
    Rule.APART: "同席を避ける設定",
    Rule.HOUSEHOLD_TOGETHER: "世帯は同じ枠",
    Rule.HOUSEHOLD_APART: "世帯は別の枠",
    Rule.LEAST_DAYS: "受け入れ先の求める日数",
    Rule.FORCED: "入れると決めた組",
}
