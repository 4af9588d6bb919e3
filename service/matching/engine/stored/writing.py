"""Writing a joint run down: the shortest file that reads back as the same problem and settings."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from service.kernel.dates import WEEKDAYS
from service.kernel.slots import format_time
from service.matching.engine.problem import NO_LIMIT, NONE, WEEKLY, Ints, Placed, Problem
from service.matching.engine.settings import Settings
from service.matching.engine.stored.names import APART, HALF_DAYS, TOGETHER

FORMAT: Final = "tsunagi-joint/1"
File = dict[str, Any]


def write(problem: Problem, settings: Settings | None = None) -> File:
    """The problem (and what is asked of the run) as plain data for JSON; slots stand under their openings."""
    rules = problem.rules
    file: File = {
        "format": FORMAT,
        "resources": list(problem.resources),
        "people": list(_people(problem)),
        "hosts": [
            _said(id=name, new_starts=_limit(most)) for name, most in _rows(problem.hosts.ids, problem.hosts.new_starts)
        ],
        "openings": list(_openings(problem)),
        "pairs": list(_pairs(problem)),
        "kept": list(_placed(problem, problem.kept)),
        "held": list(_placed(problem, problem.held)),
        "forced": [_pin(problem, *pin) for pin in rules.forced],
        "forbidden": [_pin(problem, *pin) for pin in sorted(rules.forbidden)],
        "apart": [{"person": problem.people.ids[one], "other": problem.people.ids[other]} for one, other in rules.apart],
        "households": [_said(id=name, rule=_rule(problem, place)) for place, name in enumerate(problem.households)],
        "coordinators": [
            _said(id=name, new_pairs=rules.new_per_coordinator.get(place)) for place, name in enumerate(problem.coordinators)
        ],
        "gap": _said(minutes=rules.gap_min or None, per_km=rules.gap_min_per_km or None),
    }
    written = {key: value for key, value in file.items() if value or key in ("people", "openings", "pairs")}
    if rules.accompany is not None:
        written["accompany"] = _accompany(rules.accompany)
    return written if settings is None else written | _asked(settings)


def _asked(settings: Settings) -> File:
    return {
        "objective": [
            {"name": level.name, "weights": {str(term): weight for term, weight in level.weights.items()}}
            for level in settings.levels
        ],
        "include_ask": settings.include_ask,
        "scarcity_days": settings.scarcity_days,
    }


def _people(problem: Problem) -> Iterable[File]:
    people = problem.people
    for name, demand, hosts, days, high, along, household, coordinator in _rows(
        people.ids,
        people.demand,
        people.most_hosts,
        people.waiting_days,
        people.high_support,
        people.accompanied,
        people.household,
        people.coordinator,
    ):
        yield _said(
            id=name,
            demand=_unless(WEEKLY, demand),
            most_hosts=_limit(hosts),
            waiting_days=_unless(0, days),
            high_support=_unless(False, high),
            accompanied=_unless(False, along),
            household=None if household == NONE else problem.households[household],
            coordinator=None if coordinator == NONE else problem.coordinators[coordinator],
        )


def _openings(problem: Problem) -> Iterable[File]:
    openings, slots = problem.openings, _slots_of(problem)
    for place, (name, host, free, lat, lon, amounts) in enumerate(
        _rows(openings.ids, openings.host, openings.free, openings.lat, openings.lon, openings.amounts)
    ):
        yield _said(
            id=name,
            host=_unless(name, problem.hosts.ids[host]),
            free=_limit(free),
            lat=None if math.isnan(lat) else lat,
            lon=None if math.isnan(lon) else lon,
            amounts=_named(problem, amounts, NO_LIMIT),
            slots=_unless([{}], slots[place]),
        )


def _slots_of(problem: Problem) -> list[list[File]]:
    slots = problem.slots
    found: list[list[File]] = [[] for _ in problem.openings.ids]
    for opening, day, start, end, places, high in _rows(
        slots.opening, slots.day, slots.start, slots.end, slots.places, slots.high_support
    ):
        has_hours = day != NONE or start or end
        found[opening].append(
            _said(
                day=None if day == NONE else WEEKDAYS[day],
                start=format_time(start) if has_hours else None,
                end=format_time(end) if has_hours else None,
                places=_limit(places),
                high_support=_limit(high),
            )
        )
    return found


def _pairs(problem: Problem) -> Iterable[File]:
    pairs, slots, place_of = problem.pairs, _slots_of_pairs(problem), _place_in_opening(problem)
    counts = np.bincount(problem.slots.opening, minlength=len(problem.openings)).tolist()
    for place, (person, opening, points, minutes, asks, is_new, days, uses) in enumerate(
        _rows(
            pairs.person, pairs.opening, pairs.points, pairs.minutes, pairs.asks, pairs.is_new, pairs.least_days, pairs.uses
        )
    ):
        yield _said(
            **_pin(problem, person, opening),
            score=_unless(0.0, points),
            minutes=_limit(minutes),
            asks=_unless(False, asks),
            new=_unless(True, is_new),
            least_days=_unless(1, days),
            uses=_named(problem, uses, 0),
            slots=_unless(list(range(counts[opening])), [place_of[slot] for slot in slots[place]]),
        )


def _slots_of_pairs(problem: Problem) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(len(problem.pairs))]
    for pair, slot in _rows(problem.sessions.pair, problem.sessions.slot):
        found[pair].append(slot)
    return found


def _place_in_opening(problem: Problem) -> list[int]:
    """The number of each slot within its own opening."""
    seen = [0] * len(problem.openings)
    places = []
    for opening in problem.slots.opening.tolist():
        places.append(seen[opening])
        seen[opening] += 1
    return places


def _placed(problem: Problem, placed: Placed) -> Iterable[File]:
    place_of, counts = _place_in_opening(problem), np.bincount(problem.slots.opening, minlength=len(problem.openings))
    for person, slot, half in _rows(placed.person, placed.slot, placed.half):
        opening = int(problem.slots.opening[slot])
        number = place_of[slot] if counts[opening] > 1 else None
        yield _said(**_pin(problem, person, opening), slot=number, half=_unless(WEEKLY, half))


def _pin(problem: Problem, person: int, opening: int) -> File:
    return {"person": problem.people.ids[person], "opening": problem.openings.ids[opening]}


def _rule(problem: Problem, household: int) -> str | None:
    if household in problem.rules.households_together:
        return TOGETHER
    return APART if household in problem.rules.households_apart else None


def _accompany(limits: Ints) -> File:
    cells = {f"{day}{half}": most for day, row in zip(WEEKDAYS, limits.tolist(), strict=True)
             for half, most in zip(HALF_DAYS, row, strict=True)}  # fmt: skip
    return {cell: _limit(most) for cell, most in cells.items() if most != 0}


def _named(problem: Problem, amounts: list[int], otherwise: int) -> File | None:
    if not problem.resources:
        return None
    named = {name: amount for name, amount in zip(problem.resources, amounts, strict=True) if amount != otherwise}
    return named or None


def _rows(*columns: Any) -> Iterable[tuple[Any, ...]]:
    """The rows of a table of arrays, as plain Python values."""
    return zip(*(column.tolist() if isinstance(column, np.ndarray) else column for column in columns), strict=True)


def _said(**fields: Any) -> File:
    """Only what is said; nothing stands for the usual."""
    return {key: value for key, value in fields.items() if value is not None}


def _limit(value: int) -> int | None:
    return None if value == NO_LIMIT else value


def _unless(usual: Any, value: Any) -> Any:
    return None if value == usual else value
