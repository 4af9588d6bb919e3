"""What a joint run is asked: which people and openings, with which aims and limits, and what is decided beforehand.

Each part turns into plain JSON and back, as it is kept with the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Final, Self

from service.kernel.errors import DomainError
from service.matching.engine.settings import IN_ORDER, Level, Settings, Term

OLDEST: Final = 200


class Plain:
    """A frozen record that is kept as JSON; lists come back as tuples, and what is not known is left out."""

    def to_json(self) -> dict[str, Any]:
        """Plain values only."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}  # type: ignore[call-overload]

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` wrote."""
        known = {each.name for each in fields(cls)}  # type: ignore[arg-type]
        return cls(**{key: tuple(v) if isinstance(v, list) else v for key, v in kept.items() if key in known})


@dataclass(frozen=True)
class PeopleFilter(Plain):
    """Whom the run is for; empty means all. `people` names them one by one and then decides alone."""

    coordinator_ids: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    waiting_least: int = 0
    age_from: int = 0
    age_to: int = OLDEST
    without_place: bool = True
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpeningFilter(Plain):
    """Which openings may be proposed; empty means all. `openings` names them one by one and then decides alone."""

    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()


class PinKind(StrEnum):
    """What somebody decided beforehand."""

    FORCED = "forced"
    FORBIDDEN = "forbidden"
    RELEASED = "released"


PIN_LABELS: Final = {
    PinKind.FORCED: "決めておく",
    PinKind.FORBIDDEN: "外しておく",
    PinKind.RELEASED: "今の場所を動かしてよい",
}


@dataclass(frozen=True)
class Pin(Plain):
    """A person and an opening decided beforehand; `weekday` and `start_min` hold a forced one to that time."""

    kind: str
    person_id: str
    opening_id: str
    weekday: int | None = None
    start_min: int | None = None


@dataclass(frozen=True)
class RunSettings(Plain):
    """How the run is to weigh and when it stops. `aims` are names of terms in their order; `load` sessions a week."""

    aims: tuple[str, ...] = tuple(str(next(iter(level.weights))) for level in IN_ORDER)
    include_ask: bool = False
    scarcity_days: int = 30
    load: int = 1
    most_hosts: int = 1
    seconds: float = 10.0
    seed: int = 0
    effort: float = 60.0

    def __post_init__(self) -> None:
        known = {str(term) for term in Term}
        if not self.aims or len(set(self.aims)) < len(self.aims) or not set(self.aims) <= known:
            raise DomainError(
                "目標の並びを読めませんでした。", "六つの目標から、重ならないように選んでください。", "aims", 422
            )
        if not (1 <= self.load <= 7 and 1 <= self.most_hosts <= 7 and 0 < self.seconds <= 3_600):
            raise DomainError(
                "回数か時間の指定が範囲の外です。", "週1〜7回、1〜7か所、3600秒までにしてください。", "run-settings", 422
            )

    @property
    def engine_settings(self) -> Settings:
        """The same in the engine's terms."""
        name_of = {next(iter(level.weights)): level.name for level in IN_ORDER}
        levels = tuple(Level(name_of[Term(aim)], {Term(aim): 1}) for aim in self.aims)
        return Settings(levels, self.include_ask, self.scarcity_days, self.seconds, self.seed, self.effort)


@dataclass(frozen=True)
class JointAsk:
    """Everything a run is asked, by somebody who looks at the page or types a command."""

    people: PeopleFilter = PeopleFilter()
    openings: OpeningFilter = OpeningFilter()
    settings: RunSettings = field(default_factory=RunSettings)
    pins: tuple[Pin, ...] = ()

    @property
    def filters(self) -> dict[str, Any]:
        """The two filters as they are kept."""
        return {"people": self.people.to_json(), "openings": self.openings.to_json()}

    @property
    def kept_pins(self) -> list[dict[str, Any]]:
        """The pins as they are kept."""
        return [pin.to_json() for pin in self.pins]

    @classmethod
    def of_run(cls, filters: Mapping[str, Any], settings: Mapping[str, Any], pins: Sequence[Mapping[str, Any]]) -> JointAsk:
        """What a kept run was asked."""
        return cls(
            PeopleFilter.from_json(filters["people"]),
            OpeningFilter.from_json(filters["openings"]),
            RunSettings.from_json(settings),
            tuple(Pin.from_json(pin) for pin in pins),
        )


def check_pins(pins: Sequence[Pin]) -> None:
    """Refuse what contradicts itself at first sight: the same pair forced and forbidden."""
    kinds: dict[tuple[str, str], set[str]] = {}
    for pin in pins:
        kinds.setdefault((pin.person_id, pin.opening_id), set()).add(PinKind(pin.kind))
    if any({PinKind.FORCED, PinKind.FORBIDDEN} <= found for found in kinds.values()):
        raise DomainError(
            "同じ人と受け入れ先が、「決めておく」と「外しておく」の両方になっています。",
            "どちらか一つにして、計算し直してください。", "pins", 422,
        )  # fmt: skip
