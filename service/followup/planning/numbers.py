"""The numbers of the planner: a town's hours, limits and prices, each edit a new version."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from math import ceil
from typing import Any, Final, Self

from sqlalchemy.orm import Session

from service.followup.planner.instance import Limits, Weights
from service.followup.policies import PLANNER
from service.kernel.vocab import SEED_FOLDER
from service.resources.policies import newest

LABELS: Final = {
    "office_start_min": "勤務の始まり",
    "office_end_min": "勤務の終わり",
    "horizon_days": "何開庁日先まで組むか",
    "confirm_days": "受け入れ先に知らせてから訪問まで、できるだけあける開庁日",
    "first_seconds": "画面の中で待つ秒数",
    "better_seconds": "裏で探す秒数",
    "road_factor": "直線から道のりへの倍率",
    "speed_kmh": "移動の速さ（km/時）",
    "leg_min": "移動一回ごとに足す分",
    "travel_give": "移動のめやすの幅（±％）",
    "office_lat": "事務所の緯度",
    "office_lon": "事務所の経度",
    "limits.most_visits": "一日の訪問の数",
    "limits.most_travel_min": "一日の移動の分",
    "limits.lunch_min": "昼休みの分",
    "limits.lunch_from": "昼休みは、この時刻から",
    "limits.lunch_to": "昼休みは、この時刻まで",
    "limits.near_days": "近いとみなす開庁日",
    "weights.travel": "移動1分",
    "weights.backup": "担当でない人が行く",
    "weights.off_due": "目安の日から1日ずれる",
    "weights.late_once": "遅い日を過ぎる",
    "weights.late_day": "過ぎてからの1日",
    "weights.unplanned": "組めない（重さごと）",
    "weights.unplanned_base": "組めない",
    "weights.move": "決めた日を動かす",
    "weights.move_near": "近い日を動かすときの倍率",
    "weights.move_far": "先の日を動かすときの倍率",
}
"""What each number is called on 設定, in order."""
CLOCK: Final = frozenset({"office_start_min", "office_end_min", "limits.lunch_from", "limits.lunch_to"})
"""Numbers that are times of a day."""


@dataclass(frozen=True)
class Numbers:
    """What a town has said; `version` 0 is the shipped one."""

    version: int
    office_start_min: int
    office_end_min: int
    horizon_days: int
    first_seconds: float
    better_seconds: float
    road_factor: float
    speed_kmh: float
    leg_min: int
    limits: Limits
    weights: Weights
    office_lat: float | None = None
    office_lon: float | None = None
    travel_give: int = 30
    """How far the real way may be off the estimate, in percent of it."""
    confirm_days: int = 5
    """Open days between telling a host and coming, where the due day leaves them."""

    def give_of(self, minutes: float) -> int:
        """The ± of an estimated way, in whole minutes; none for staying where one is."""
        return ceil(minutes * self.travel_give / 100)

    def get(self, name: str) -> Any:
        """One number by its name in LABELS."""
        head, _, tail = name.partition(".")
        return getattr(getattr(self, head), tail) if tail else getattr(self, head)

    def changed(self, values: Mapping[str, Any]) -> Self:
        """The same with other numbers; ValueError when they cannot be."""
        own = {name: value for name, value in values.items() if "." not in name}
        limits = {name.partition(".")[2]: value for name, value in values.items() if name.startswith("limits.")}
        weights = {name.partition(".")[2]: value for name, value in values.items() if name.startswith("weights.")}
        made = replace(self, **own, limits=replace(self.limits, **limits), weights=replace(self.weights, **weights))
        made.check()
        return made

    def check(self) -> None:
        """ValueError unless a day of work fits into it."""
        if not 0 <= self.office_start_min < self.office_end_min <= 1440:
            raise ValueError("office hours")
        if self.limits.lunch_min and self.limits.lunch_from + self.limits.lunch_min > self.limits.lunch_to:
            raise ValueError("lunch does not fit")
        if not (1 <= self.horizon_days <= 60 and 0 < self.speed_kmh <= 120 and 1 <= self.limits.most_visits <= 20):
            raise ValueError("out of range")
        if min(asdict(self.weights).values()) < 0 or self.limits.near_days < 0:
            raise ValueError("a price below zero")
        if not (0.1 <= self.first_seconds <= 10 and 1 <= self.better_seconds <= 600):
            raise ValueError("a search of no time, or one that nobody waits for")
        if not (0 <= self.confirm_days <= 60 and 0 <= self.travel_give <= 100):
            raise ValueError("out of range")

    def to_json(self) -> dict[str, Any]:
        """As it is kept in a version."""
        body = asdict(self)
        del body["version"]
        return body


def numbers_of(version: int, body: Mapping[str, Any]) -> Numbers:
    """Numbers from their data."""
    known = {each.name for each in fields(Numbers)}
    own = {name: value for name, value in body.items() if name in known and name not in ("limits", "weights", "version")}
    made = Numbers(version, limits=Limits(**body["limits"]), weights=Weights(**body["weights"]), **own)
    made.check()
    return made


@cache
def shipped() -> Numbers:
    """The numbers of the seed."""
    return numbers_of(0, _seed())


@cache
def sources() -> Mapping[str, str]:
    """Where each number comes from, in words, by its name in LABELS."""
    found: Mapping[str, str] = _seed()["sources"]
    return found


def _seed() -> dict[str, Any]:
    return tomllib.loads((SEED_FOLDER / "planner.toml").read_text("utf-8"))


def current_numbers(session: Session) -> Numbers:
    """The numbers in force."""
    row = newest(session, PLANNER)
    return numbers_of(row.seq, row.body) if row else shipped()
