"""The days a visit would be put into by hand: of whoever goes and of whoever goes along, with all that stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import or_
from sqlalchemy.orm import Session

from service.followup.planner.instance import Instance, Shift, Staff
from service.followup.planner.verify.day import Day, Stop, in_order
from service.followup.planning.gathering import location_of
from service.followup.planning.hours import Taken, shifts_of, taken_hours
from service.followup.planning.numbers import Numbers, current_numbers
from service.followup.planning.places import Places, Spot, spots_of
from service.followup.rhythms.rule import Kind
from service.followup.tasks.models import OPEN, FollowUp
from service.followup.tasks.reading import Known, list_follow_ups
from service.web.actor import Actor, Town

ONLY = 0
"""The index of the one day, and of the one member of staff, that a bench knows."""


@dataclass(frozen=True)
class Put:
    """Where a hand puts a visit: who goes, who goes along, which day, and from when (minutes from midnight)."""

    staff_id: str
    on: date
    start_min: int
    second_id: str = ""

    @property
    def who(self) -> tuple[str, ...]:
        """Whoever goes, once each."""
        return tuple(dict.fromkeys(each for each in (self.staff_id, self.second_id) if each))


@dataclass(frozen=True)
class Bench:
    """The day of one member of staff without the visit; `shift` None is leave."""

    staff_id: str
    shift: Shift | None
    stops: tuple[Stop, ...]
    """What stands; `task` is the index in `standing`."""
    standing: tuple[Known, ...]
    taken: tuple[Taken, ...]
    instance: Instance

    def with_visit(self, start_min: int, minutes: int, place: int | None) -> Day | None:
        """The day with it; None on leave. The visit is the task behind all that stand."""
        return self._day(Stop(start_min, start_min + minutes, place, self.visit))

    @property
    def visit(self) -> int:
        """The index the visit has among the day's tasks."""
        return len(self.standing)

    @cached_property
    def before(self) -> Day | None:
        """The day without it."""
        return self._day()

    def _day(self, *more: Stop) -> Day | None:
        if self.shift is None:
            return None
        blocks = (Stop(each.start_min, each.end_min, each.location, None) for each in self.shift.blocks)
        return Day(self.instance, ONLY, self.shift, in_order([*self.stops, *blocks, *more]))


@dataclass(frozen=True)
class Benches:
    """The days of all who would go, the place of the visit among theirs, and what its host has told."""

    days: tuple[Bench, ...]
    place: int | None
    spot: Spot | None
    numbers: Numbers
    elsewhere: tuple[Known, ...] = ()
    """What others do about the same person that day."""


def benches_of(session: Session, town: Town, actor: Actor, known: Known, on: date, who: Sequence[str]) -> Benches:
    """The day of each of these members of staff; cases the reader may not see take their hours and nothing else."""
    numbers = current_numbers(session)
    row = known.row
    theirs = or_(FollowUp.staff_id.in_(who), FollowUp.second_id.in_(who))
    fixed = (FollowUp.on == on, FollowUp.state.in_(OPEN), FollowUp.start_min.is_not(None), FollowUp.id != row.id)
    others = list_follow_ups(session, town, actor, theirs, *fixed)
    about = list_follow_ups(session, town, actor, FollowUp.person_id == row.person_id, FollowUp.kind != Kind.LETTER, *fixed)
    places, spots = Places(numbers), spots_of(session, [known, *others])
    located = {each.row.id: location_of(each, places, spots) for each in [known, *others]}
    taken = taken_hours(session, town, actor, on, on)
    shifts = {each: shifts_of(numbers, (on,), [one for one in taken if one.user_id == each], places) for each in who}
    travel = places.travel()
    spot = spots.get(known.placement.opening_id) if known.placement is not None else None
    days = []
    for each in who:
        mine = tuple(one for one in others if each in (one.row.staff_id, one.row.second_id))
        instance = Instance((on,), (Staff(each, shifts[each]),), (), travel, numbers.limits, numbers.weights)
        stops = tuple(_stop(one.row, located[one.row.id], at) for at, one in enumerate(mine))
        hours = tuple(one for one in taken if one.user_id == each)
        days.append(Bench(each, shifts[each].get(ONLY), stops, mine, hours, instance))
    elsewhere = tuple(each for each in about if not {each.row.staff_id, each.row.second_id} & set(who))
    return Benches(tuple(days), located[row.id], spot, numbers, elsewhere)


def _stop(row: FollowUp, place: int | None, at: int) -> Stop:
    start_min = row.start_min or 0
    return Stop(start_min, start_min + row.minutes, place, at)
