"""From anchors to dates: what a rhythm asks for, on which computed day, and on which day it really falls. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from service.followup.rhythms.rule import AT_HOST, LASTING, Anchor, Kind, Offset, Rhythm, Rule
from service.kernel.calendar import Calendar, Roll

MOST: Final = 400
"""Times of one rule: more is a mistake in the data."""
PAUSED: Final = frozenset({Anchor.PAUSE_START, Anchor.PAUSE_END})


@dataclass(frozen=True)
class Anchors:
    """The days somebody's follow-up counts from; what has not happened is None."""

    placement_start: date | None = None
    plan_start: date | None = None
    pause_start: date | None = None
    pause_end: date | None = None
    """The last day of the pause."""
    settled: date | None = None
    closed: date | None = None

    def day(self, anchor: Anchor) -> date | None:
        """The day of one anchor."""
        found: date | None = getattr(self, anchor.value)
        return found


@dataclass(frozen=True)
class Dated:
    """One thing to be done: the computed day, the day it moved to and why, and the window around it."""

    rule: str
    sequence: int
    kind: Kind
    raw_on: date
    on: date
    reason: str
    early_on: date
    late_on: date
    is_unconfirmed: bool


@dataclass(frozen=True)
class Dating:
    """What the dates of one tie depend on besides the rhythm."""

    anchors: Anchors
    attends: frozenset[int] = frozenset()
    """Weekdays (0=月) on which the person is at the host's."""
    own_offsets: Mapping[str, tuple[Offset, ...]] = field(default_factory=dict)
    """Rules of which this person has agreed to other times; an empty tuple is none at all."""


def date_all(rhythm: Rhythm, calendar: Calendar, dating: Dating, until: date) -> list[Dated]:
    """Everything the rhythm asks for up to `until` (inclusive, on the computed day), in order of the days."""
    order = {rule.key: at for at, rule in enumerate(rhythm.rules)}
    found = [each for rule in rhythm.rules if rule.is_used for each in _times(rhythm, rule, calendar, dating, until)]
    return sorted(found, key=lambda each: (each.raw_on, each.on, order[each.rule], each.sequence))


def _times(rhythm: Rhythm, rule: Rule, calendar: Calendar, dating: Dating, until: date) -> Iterator[Dated]:
    start = dating.anchors.day(rule.anchor)
    if start is None or (rule.anchor in PAUSED and not has_rhythm(rhythm, dating.anchors)):
        return
    for sequence, offset in _offsets(rule, dating):
        raw_on = offset.after(start)
        if raw_on > until:
            return
        dated = _date(rhythm, rule, calendar, dating, sequence, raw_on)
        if _still_asked(rhythm, rule, dating.anchors, dated):
            yield dated


def _offsets(rule: Rule, dating: Dating) -> Iterator[tuple[int, Offset]]:
    if rule.key in dating.own_offsets:
        yield from enumerate(dating.own_offsets[rule.key], 1)
        return
    for sequence in range(1, MOST):
        offset = rule.offset(sequence)
        if offset is None:
            return
        yield sequence, offset


def _date(rhythm: Rhythm, rule: Rule, calendar: Calendar, dating: Dating, sequence: int, raw_on: date) -> Dated:
    kind = rule.kind(sequence)
    attends: Collection[int] = dating.attends if rhythm.on_attendance_day and kind in AT_HOST else ()
    moved = calendar.move(raw_on, rule.roll, attends)
    early_on = min(moved.on, calendar.move(moved.on - timedelta(days=rule.before)).on)
    late_on = max(moved.on, calendar.move(moved.on + timedelta(days=rule.after), Roll.PRECEDING).on)
    return Dated(rule.key, sequence, kind, raw_on, moved.on, moved.reason, early_on, late_on, moved.is_unconfirmed)


def _still_asked(rhythm: Rhythm, rule: Rule, anchors: Anchors, dated: Dated) -> bool:
    """Nothing but what comes after it once the case is closed, and no visit at a host that rests."""
    if anchors.closed and rule.anchor not in LASTING and dated.on > anchors.closed:
        return False
    if rule.anchor is Anchor.PAUSE_START and anchors.pause_end and dated.raw_on > anchors.pause_end:
        return False
    return not (dated.kind in AT_HOST and rests_on(rhythm, anchors, dated.on))


def has_rhythm(rhythm: Rhythm, anchors: Anchors) -> bool:
    """Whether a pause is long enough to be looked after; one without an end is."""
    if anchors.pause_start is None:
        return False
    return anchors.pause_end is None or (anchors.pause_end - anchors.pause_start).days >= rhythm.pause_days


def rests_on(rhythm: Rhythm, anchors: Anchors, day: date) -> bool:
    """Whether the host rests on a day, in a pause that has its own rhythm."""
    if anchors.pause_start is None or not has_rhythm(rhythm, anchors):
        return False
    return anchors.pause_start <= day and (anchors.pause_end is None or day <= anchors.pause_end)
