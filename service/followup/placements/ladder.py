"""The ladder of a placement as data: steps, deadlines and reasons to decline; and which moves there are at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final


class Step(StrEnum):
    """How far a person and an opening have come; what each is called is the town's to say."""

    CANDIDATE = "candidate"
    SOUNDED = "sounded"
    OFFERED = "offered"
    VISIT = "visit"
    TRIAL = "trial"
    STARTED = "started"
    SETTLING = "settling"
    STABLE = "stable"
    ON_HOLD = "on_hold"
    DECLINED = "declined"
    ENDED = "ended"


class Side(StrEnum):
    """Who said that it does not go on."""

    PERSON = "person"
    HOST = "host"
    COORDINATOR = "coordinator"


class Consequence(StrEnum):
    """What declining means for proposing the same pair again."""

    NONE = "none"
    COOL_OFF = "cool_off"
    REASSESS = "reassess"


UPWARD: Final = (
    Step.CANDIDATE,
    Step.SOUNDED,
    Step.OFFERED,
    Step.VISIT,
    Step.TRIAL,
    Step.STARTED,
    Step.SETTLING,
    Step.STABLE,
)
BEFORE_START: Final = frozenset(UPWARD[:5])
ATTENDING: Final = frozenset(UPWARD[5:])
RESERVING: Final = frozenset({Step.OFFERED, Step.VISIT, Step.TRIAL})
"""Steps that hold a place for the person, for as many days as the reservation lasts."""
FINAL: Final = frozenset({Step.DECLINED, Step.ENDED})
MAY_BE_LEFT_OUT: Final = frozenset({Step.VISIT, Step.TRIAL, Step.SETTLING})
"""Steps a town may do without."""
ALWAYS_THERE: Final = frozenset({"not_now", "no_answer", "consent_withdrawn"})
"""Reasons that the service itself gives; a town may rename them, not drop them."""
MOST_SKIPPED: Final = 1
"""More steps than that are passed over only with a note."""
ENDINGS: Final = {"closed": "終結", "moved_on": "次の場所へ", "suspended": "中断"}


@dataclass(frozen=True)
class StepRule:
    """What a town says of a step: its name, in how many days it should be over, and when silence is a stall."""

    key: Step
    label: str
    deadline_days: int | None = None
    stall_days: int | None = None
    is_used: bool = True


@dataclass(frozen=True)
class DeclineReason:
    """A reason to decline, by whom it is said and what follows; `days` is the length of a cool-off."""

    key: str
    label: str
    side: Side
    consequence: Consequence
    days: int = 0
    needs_note: bool = False
    is_used: bool = True

    def rests_until(self, today: date) -> date | None:
        """The last day on which the pair is left in peace."""
        return today + timedelta(days=self.days) if self.consequence is Consequence.COOL_OFF else None

    @property
    def waits_for_reassessment(self) -> bool:
        """Whether the pair comes back only when the person's needs were looked at again."""
        return self.consequence is Consequence.REASSESS


@dataclass(frozen=True)
class Ladder:
    """One version of a town's ladder; a placement keeps the version it began with."""

    version: int
    steps: tuple[StepRule, ...]
    declines: tuple[DeclineReason, ...]
    reservation_days: int
    offers_at_once: int
    ask_days: int
    fewest_alike: int
    hard_cool_down_days: int
    contacts_apart_days: int

    def rule(self, step: str) -> StepRule:
        """What the town says of a step."""
        return next(each for each in self.steps if each.key == step)

    def label(self, step: str) -> str:
        """What a step is called here."""
        return self.rule(step).label

    def decline(self, key: str) -> DeclineReason | None:
        """A reason by its key, also one no longer offered."""
        return next((each for each in self.declines if each.key == key), None)

    def reasons_of(self, side: str) -> tuple[DeclineReason, ...]:
        """The reasons one side may give."""
        return tuple(each for each in self.declines if each.side == side and each.is_used)

    def deadline(self, step: str, today: date) -> date | None:
        """Until when a step begun today should be over."""
        days = self.rule(step).deadline_days
        return None if days is None else today + timedelta(days=days)

    def reserved_until(self, step: str, today: date) -> date | None:
        """How long a step begun today holds a place."""
        return today + timedelta(days=self.reservation_days) if step in RESERVING else None

    def hard_rest(self, today: date) -> date:
        """How long a host is left in peace after a hard case."""
        return today + timedelta(days=self.hard_cool_down_days)

    def moves_from(self, step: str, before_hold: str = "") -> tuple[Step, ...]:
        """Every step one can go to from here, the next one first."""
        if step in FINAL:
            return ()
        if step == Step.ON_HOLD:
            back = (Step(before_hold),) if before_hold else ()
            return (*back, *self._ways_out(before_hold))
        return (*self._upward(Step(step)), *self._back(Step(step)), Step.ON_HOLD, *self._ways_out(step))

    def next_step(self, step: str) -> Step | None:
        """The step that comes next, when there is one."""
        return next(iter(self._upward(Step(step))), None) if step in UPWARD else None

    def skipped(self, step: str, to: str) -> tuple[Step, ...]:
        """The steps in use that a move passes over."""
        if step not in UPWARD or to not in UPWARD:
            return ()
        between = UPWARD[UPWARD.index(Step(step)) + 1 : UPWARD.index(Step(to))]
        return tuple(each for each in between if self.rule(each).is_used)

    def needs_note(self, step: str, to: str) -> bool:
        """Going back, resting, or passing over more than one step asks for a word on why."""
        is_back = step in UPWARD and to in UPWARD and UPWARD.index(Step(to)) < UPWARD.index(Step(step))
        return is_back or to == Step.ON_HOLD or len(self.skipped(step, to)) > MOST_SKIPPED

    def to_json(self) -> dict[str, Any]:
        """As it is kept; read back by `ladder_of`."""
        body = asdict(self)
        del body["version"]
        return body

    def _upward(self, step: Step) -> tuple[Step, ...]:
        here = UPWARD.index(step)
        # 利用開始 takes the place for good: nobody settles without having started.
        top = UPWARD.index(Step.STARTED) if step in BEFORE_START else len(UPWARD) - 1
        return tuple(each for each in UPWARD[here + 1 : top + 1] if self.rule(each).is_used)

    def _back(self, step: Step) -> tuple[Step, ...]:
        first = 0 if step in BEFORE_START else UPWARD.index(Step.STARTED)
        return tuple(each for each in reversed(UPWARD[first : UPWARD.index(step)]) if self.rule(each).is_used)

    def _ways_out(self, step: str) -> tuple[Step, ...]:
        return (Step.ENDED,) if step in ATTENDING else (Step.DECLINED,)


def ladder_of(version: int, body: Mapping[str, Any]) -> Ladder:
    """A kept ladder; KeyError or ValueError when it is not one."""
    steps = tuple(StepRule(**{**each, "key": Step(each["key"])}) for each in body["steps"])
    declines = tuple(
        DeclineReason(**{**each, "side": Side(each["side"]), "consequence": Consequence(each["consequence"])})
        for each in body["declines"]
    )
    if {each.key for each in steps} != set(Step) or len({each.key for each in declines}) != len(declines):
        raise ValueError("every step once, every reason once")
    if any(not each.is_used and each.key not in MAY_BE_LEFT_OUT for each in steps):
        raise ValueError("this step cannot be left out")
    if not {each.key for each in declines} >= ALWAYS_THERE:
        raise ValueError("these reasons are said by the service itself")
    limits = {name: int(body[name]) for name in LIMITS}
    return Ladder(version, steps, declines, **limits)


LIMITS: Final = (
    "reservation_days",
    "offers_at_once",
    "ask_days",
    "fewest_alike",
    "hard_cool_down_days",
    "contacts_apart_days",
)
