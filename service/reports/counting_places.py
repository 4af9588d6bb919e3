"""Figures of people at hosts: pure, each a function of the rows, a period and a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from service.cases.course.flow import Status
from service.cases.placements import ATTENDING, LIVE, ON_HOLD
from service.followup.placements.ladder import FINAL, Step
from service.kernel.calendar import add_months
from service.reports.counting_cases import Values, is_in
from service.reports.facts import CareFact, Ground, PlaceFact, PlaceMove
from service.reports.figures import UNKNOWN
from service.reports.periods import Period

AROUND: Final = timedelta(days=45)
"""So far from the day itself a contact still tells of it."""
SEEN: Final = frozenset({Step.VISIT, Step.TRIAL, *ATTENDING})
"""Steps in which the person has been at the host's; a town may do without a visit or a trial."""


def steps(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Steps taken; coming back from a rest is none."""
    return ({"step": move.after} for move in ground.steps if move.before != ON_HOLD and is_in(move.on, period, as_of))


def starts(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Steps to the start, by the kind of host."""
    kinds = {place.id: place.host_kind for place in ground.places}
    for move in ground.steps:
        if move.after == Step.STARTED and move.before != ON_HOLD and is_in(move.on, period, as_of):
            yield {"host_kind": kinds.get(move.placement_id, UNKNOWN)}


def trials(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Trials that were over, by whether the person went on to start."""
    for move in ground.steps:
        if move.before == Step.TRIAL and move.after in ATTENDING | FINAL and is_in(move.on, period, as_of):
            yield {"after": "started" if move.after in ATTENDING else "not"}


def ended(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Placements that were over, by why."""
    whys = {place.id: place.why for place in ground.places}
    for move in ground.steps:
        if move.after in FINAL and is_in(move.on, period, as_of):
            yield {"why": whys.get(move.placement_id) or "理由の記録なし"}


def lasting(months: int, ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Starts so many months ago, by how the placement stood on that day."""
    moves = steps_by_place(ground)
    for place in ground.places:
        day = add_months(place.started_on, months) if place.started_on else None
        if day is not None and is_in(day, period, as_of):
            yield {"state": _state(place, step_on(place, moves.get(place.id, ()), day))}


def tie(months: int, ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Closings so many months ago, by what was heard around that day."""
    heard = defaultdict(list)
    for each in ground.ties:
        heard[each.person_id].append((each.on, each.said))
    for care in ground.cared:
        day = add_months(care.closed_on, months)
        if is_in(day, period, as_of):
            near = [said for on, said in sorted(heard[care.person_id]) if abs(on - day) <= AROUND and on > care.closed_on]
            yield {"tie": _tie(care, near)}


def cooperating(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Hosts somebody was on the way to, or at."""
    hosts = {place.host_id: place.host_kind for place in live_places(ground, period, as_of)}
    return ({"kind": kind} for kind in hosts.values())


def days_to_visit(ground: Ground, period: Period, as_of: date) -> Iterator[int]:
    """From the application to the first time the person saw a host, of those who did in the period."""
    homes = {case.id: case.household_id for case in ground.cases}
    applied = {homes.get(move.case_id, ""): move.on for move in reversed(ground.moves) if move.after == Status.APPLIED}
    persons = {person.id: person.household_id for person in ground.people}
    for person_id, day in _first_seen(ground).items():
        asked = applied.get(persons.get(person_id, ""))
        if asked is not None and asked <= day and is_in(day, period, as_of):
            yield (day - asked).days


def live_places(ground: Ground, period: Period, as_of: date) -> Iterator[PlaceFact]:
    """Placements that were under way on some day of the period."""
    moves = steps_by_place(ground)
    for place in ground.places:
        taken = moves.get(place.id, ())
        came = any(move.after in LIVE and is_in(move.on, period, as_of) for move in taken)
        if (
            came
            or (step_on(place, taken, period.first) in LIVE)
            or (not taken and place.step in LIVE and place.since <= as_of)
        ):
            yield place


def steps_by_place(ground: Ground) -> dict[str, list[PlaceMove]]:
    """The steps of each placement in their order."""
    found: dict[str, list[PlaceMove]] = defaultdict(list)
    for move in ground.steps:
        found[move.placement_id].append(move)
    return found


def step_on(place: PlaceFact, moves: Sequence[PlaceMove], day: date) -> str:
    """Where a placement stood at the end of a day, by its steps; one without steps, as it stands now."""
    before = [move for move in moves if move.on <= day]
    if before:
        return before[-1].after
    # Taken in from elsewhere in the middle of its way: what is known is where it stands, and since when it runs.
    began = place.started_on if place.started_on and place.started_on <= day else None
    if began and (not moves or moves[0].before in ATTENDING):
        return moves[0].before if moves else place.step if place.since <= day else Step.STARTED
    return place.step if not moves and place.since <= day else ""


def _state(place: PlaceFact, step: str) -> str:
    if step in FINAL:
        return place.closing if place.closing in ("moved_on", "closed") else "ended"
    return "stable" if step == Step.STABLE else "resting" if step == ON_HOLD else "going"


def _tie(care: CareFact, near: Sequence[str]) -> str:
    return near[-1] if near else "again" if care.is_back else "unasked"


def _first_seen(ground: Ground) -> dict[str, date]:
    """The first day each person was at a host's."""
    persons = {place.id: place.person_id for place in ground.places}
    found: dict[str, date] = {}
    for move in ground.steps:
        person = persons.get(move.placement_id, "")
        if move.after in SEEN and (person not in found or move.on < found[person]):
            found[person] = move.on
    return found


COUNTERS: Final[Mapping[str, Callable[[Ground, Period, date], Iterable[Values]]]] = {
    "steps": steps,
    "starts": starts,
    "trials": trials,
    "ended": ended,
    **{f"stable{months}": partial(lasting, months) for months in (3, 6, 12)},
    **{f"tie{months}": partial(tie, months) for months in (6, 12)},
    "cooperating": cooperating,
}
TIMERS: Final[Mapping[str, Callable[[Ground, Period, date], Iterable[int]]]] = {"to_visit": days_to_visit}
