"""When a visit at a host can be: the hours the person is there, within those the host has told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from service.followup.planner.instance import Span
from service.followup.planning.places import Spot
from service.kernel.slots import DAY_MIN, LAST_WEEK, SlotText

Week = tuple[tuple[Span, ...], ...]
"""By weekday (0=月), spans of minutes from midnight; empty for any hour of any day."""


def windows_of(person: Iterable[SlotText], spot: Spot | None) -> Week:
    """The hours agreed with the person, cut to the host's where it has told some for that weekday; without any, the host's."""
    agreed, told = _week(person), _week(_told(spot))
    if not any(agreed):
        return told if any(told) else ()
    return tuple(_cut(mine, theirs) if theirs else mine for mine, theirs in zip(agreed, told, strict=True))


def closed_days(days: Sequence[date], spot: Spot | None) -> frozenset[int]:
    """The indices of days on which nobody can come there: it rests, or told other weeks or dates of that weekday."""
    if spot is None:
        return frozenset()
    return frozenset(at for at, day in enumerate(days) if not _takes_visits(spot, day))


def _takes_visits(spot: Spot, day: date) -> bool:
    if spot.rests_until is not None and day <= spot.rests_until:
        return False
    weeks = [slot.nth for slot in spot.weekly if slot.weekday == day.weekday()]
    dates = [on for on, _ in spot.dated if on.weekday() == day.weekday()]
    return not (weeks or dates) or day in dates or any(_is_week(nth, day) for nth in weeks)


def _is_week(nth: Sequence[int], day: date) -> bool:
    """Whether a day lies in one of these weeks of its month; none said is every week."""
    is_last = (day + timedelta(days=7)).month != day.month
    return not nth or (day.day - 1) // 7 + 1 in nth or (is_last and LAST_WEEK in nth)


def _told(spot: Spot | None) -> list[SlotText]:
    return [] if spot is None else [*spot.weekly, *(slot for _, slot in spot.dated)]


def _week(slots: Iterable[SlotText]) -> Week:
    hours: list[set[Span]] = [set() for _ in range(7)]
    for slot in slots:
        hours[slot.weekday].add((slot.start_min or 0, DAY_MIN if slot.end_min is None else slot.end_min))
    return tuple(tuple(sorted(day)) for day in hours)


def _cut(mine: Iterable[Span], theirs: Sequence[Span]) -> tuple[Span, ...]:
    """Every stretch that lies in both."""
    both = {(max(a, c), min(b, d)) for a, b in mine for c, d in theirs}
    return tuple(sorted((start, end) for start, end in both if start < end))
