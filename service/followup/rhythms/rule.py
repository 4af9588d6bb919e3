"""A rhythm as data: rules that say from which day, after how long and in what way somebody is visited or called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from service.kernel.calendar import Roll, add_months

OFFSET: Final = re.compile(r"(\d{1,3})([dm])")


class Anchor(StrEnum):
    """The day a rule counts from; offsets are never chained."""

    PLACEMENT_START = "placement_start"
    PLAN_START = "plan_start"
    PAUSE_START = "pause_start"
    PAUSE_END = "pause_end"
    SETTLED = "settled"
    CLOSED = "closed"


class Kind(StrEnum):
    """What is done on the day."""

    PHONE = "phone"
    HOST_VISIT = "host_visit"
    PERSON_INTERVIEW = "person_interview"
    VISIT_AND_INTERVIEW = "visit_and_interview"
    LETTER = "letter"
    MONITORING = "monitoring"
    REVIEW_MEETING = "review_meeting"
    PAUSE_CONTACT = "pause_contact"
    POST_CLOSURE_CONTACT = "post_closure_contact"


KIND_LABELS: Final = {
    Kind.PHONE: "本人へ連絡",
    Kind.HOST_VISIT: "受け入れ先訪問",
    Kind.PERSON_INTERVIEW: "本人と面談",
    Kind.VISIT_AND_INTERVIEW: "訪問・面談",
    Kind.LETTER: "手紙",
    Kind.MONITORING: "モニタリング",
    Kind.REVIEW_MEETING: "プランの会議",
    Kind.PAUSE_CONTACT: "お休み中の連絡",
    Kind.POST_CLOSURE_CONTACT: "終結後の連絡",
}
ANCHOR_LABELS: Final = {
    Anchor.PLACEMENT_START: "利用開始",
    Anchor.PLAN_START: "プランの開始",
    Anchor.PAUSE_START: "お休みの始まり",
    Anchor.PAUSE_END: "お休みの終わり",
    Anchor.SETTLED: "定着",
    Anchor.CLOSED: "終結",
}
AT_HOST: Final = frozenset({Kind.HOST_VISIT, Kind.VISIT_AND_INTERVIEW})
"""Kinds that happen at the host's: on a day the person is there, and never while it rests."""
TRAVELLED: Final = AT_HOST | {Kind.PERSON_INTERVIEW, Kind.MONITORING}
"""Kinds for which somebody leaves the office; the others only take minutes."""
LASTING: Final = frozenset({Anchor.CLOSED})
"""Anchors whose rules go on when the case has ended."""


@dataclass(frozen=True, order=True)
class Offset:
    """A span after the anchor: days (7d) or calendar months (3m)."""

    months: int
    days: int

    @classmethod
    def read(cls, text: str) -> Self:
        """The offset a text says; ValueError when it is not one."""
        found = OFFSET.fullmatch(text.strip().removeprefix("+"))
        if not found:
            raise ValueError(f"{text!r} is no offset")
        number = int(found[1])
        return cls(number, 0) if found[2] == "m" else cls(0, number)

    def after(self, day: date) -> date:
        """The day so long after another."""
        return add_months(day, self.months) + timedelta(days=self.days)

    def plus(self, other: Offset, times: int) -> Offset:
        """This offset and so many times the other: still one span from the anchor."""
        return Offset(self.months + times * other.months, self.days + times * other.days)

    @property
    def text(self) -> str:
        """As it is written in the data."""
        return f"{self.months}m" if self.months else f"{self.days}d"

    @property
    def said(self) -> str:
        """+3か月, +14日."""
        return f"+{self.months}か月" if self.months else f"+{self.days}日"


@dataclass(frozen=True)
class Rule:
    """One line of a rhythm; `before`/`after` are calendar days of the window around the due day."""

    key: str
    label: str
    anchor: Anchor
    kinds: tuple[Kind, ...]
    """Taken in turn when there are several."""
    offsets: tuple[Offset, ...]
    every: Offset | None = None
    """After the last offset again and again, until the case or the pause ends."""
    before: int = 7
    after: int = 7
    roll: Roll = Roll.FOLLOWING
    minutes: int = 45
    priority: int = 2
    """1 weighs least, 3 most."""
    needs_two: bool = False
    is_used: bool = True
    source: str = ""
    """Where the number comes from, shown on 設定."""

    def kind(self, sequence: int) -> Kind:
        """What is done at the sequence-th time, counted from 1."""
        return self.kinds[(sequence - 1) % len(self.kinds)]

    def offset(self, sequence: int) -> Offset | None:
        """How long after the anchor the sequence-th time is, None when there is none."""
        if sequence <= len(self.offsets):
            return self.offsets[sequence - 1]
        return self.offsets[-1].plus(self.every, sequence - len(self.offsets)) if self.every else None

    def to_json(self) -> dict[str, Any]:
        """As it is kept in a version; `rule_of` reads it back."""
        row = {each.name: getattr(self, each.name) for each in fields(self)}
        return row | {
            "anchor": str(self.anchor),
            "kinds": [str(kind) for kind in self.kinds],
            "offsets": [offset.text for offset in self.offsets],
            "every": self.every.text if self.every else "",
            "roll": str(self.roll),
        }


def rule_of(row: Mapping[str, Any]) -> Rule:
    """A rule from its data; ValueError says what is not one."""
    unknown = set(row) - {each.name for each in fields(Rule)}
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)}")
    rule = Rule(
        **{
            **row,
            "anchor": Anchor(row["anchor"]),
            "kinds": tuple(Kind(kind) for kind in row["kinds"]),
            "offsets": tuple(Offset.read(text) for text in row["offsets"]),
            "every": Offset.read(row["every"]) if row.get("every") else None,
            "roll": Roll(row.get("roll", Roll.FOLLOWING)),
        }
    )
    if not (rule.key and rule.label and rule.kinds and rule.offsets):
        raise ValueError("a rule needs a key, a label, a kind and an offset")
    if list(rule.offsets) != sorted(set(rule.offsets), key=lambda each: each.after(date(2000, 1, 1))):
        raise ValueError("offsets go upwards")
    if min(rule.before, rule.after) < 0 or not 1 <= rule.priority <= 3 or not 5 <= rule.minutes <= 480:
        raise ValueError("a window, a priority or a length out of range")
    if rule.every is not None and not (rule.every.months or rule.every.days):
        raise ValueError("an interval of nothing never ends")
    return rule


@dataclass(frozen=True)
class Rhythm:
    """A town's rules, in the order of the page, with what goes with them."""

    version: int
    name: str
    rules: tuple[Rule, ...]
    on_attendance_day: bool = True
    """visit_on_attendance_day: visits at the host move to a day on which that person is there."""
    pause_days: int = 14
    """A pause has its own rhythm from so many days on."""

    def rule(self, key: str) -> Rule | None:
        """The rule of that name."""
        return next((rule for rule in self.rules if rule.key == key), None)

    def to_json(self) -> dict[str, Any]:
        """As it is kept in a version."""
        return {
            "name": self.name,
            "rules": [rule.to_json() for rule in self.rules],
            "on_attendance_day": self.on_attendance_day,
            "pause_days": self.pause_days,
        }


def rhythm_of(version: int, body: Mapping[str, Any]) -> Rhythm:
    """A rhythm from its data; ValueError when it is not a whole one."""
    rules = tuple(rule_of(row) for row in body["rules"])
    if len({rule.key for rule in rules}) != len(rules):
        raise ValueError("two rules of one key")
    days = body.get("pause_days", 14)
    if days < 1:
        raise ValueError("a pause lasts a day at least")
    return Rhythm(version, body["name"], rules, body.get("on_attendance_day", True), days)
