"""The decisions of a joint run: one column per person, session and frequency, without those that can never be taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.geo.distance import distance_km
from service.matching.engine.problem import FORTNIGHTLY, NONE, WEEKLY, Bools, Floats, Ints, Problem
from service.matching.engine.settings import Settings

Indices = NDArray[np.intp]
UNLIMITED: Final = np.iinfo(np.int32).max // 4


@dataclass(frozen=True)
class Columns:
    """Column j puts person[j] into slot[j] for half[j] units a week; `pair` and `session` are where it comes from."""

    pair: Ints
    session: Ints
    person: Ints
    opening: Ints
    slot: Ints
    half: Ints

    def __len__(self) -> int:
        return len(self.pair)

    def take(self, chosen: Indices | Bools) -> Columns:
        """Only these columns, in the same order."""
        return Columns(*(each[chosen] for each in vars(self).values()))


def columns_of(problem: Problem, settings: Settings) -> Columns:
    """Every column that no rule about a single person rules out beforehand."""
    pairs, sessions = problem.pairs, problem.sessions
    session = np.flatnonzero(_may_join(problem, settings)[sessions.pair]).astype(np.int32)
    pair, slot = sessions.pair[session], sessions.slot[session]
    person = pairs.person[pair]
    left, room = left_demand(problem)[person], _room(problem)[slot]
    clear = ~_meets_kept(problem, person, slot)
    weekly = clear & (left >= WEEKLY) & (room >= WEEKLY)
    rarely = clear & (problem.people.demand[person] % 2 == 1) & (left >= FORTNIGHTLY) & (room >= FORTNIGHTLY)
    row = np.concatenate([np.flatnonzero(weekly), np.flatnonzero(rarely)])
    half = np.repeat(np.array([WEEKLY, FORTNIGHTLY], np.int32), [int(weekly.sum()), int(rarely.sum())])
    order = np.lexsort((-half, row))
    row, half = row[order], half[order]
    return Columns(pair[row], session[row], person[row], pairs.opening[pair[row]], slot[row], half)


def left_demand(problem: Problem) -> Ints:
    """Half units a week each person still has after what is kept."""
    used = np.bincount(problem.kept.person, problem.kept.half, len(problem.people))
    return np.asarray(np.maximum(problem.people.demand - used, 0), np.int32)


def no_limit_as_much(limits: Ints) -> Ints:
    """Limits with −1 written as a number no plan reaches."""
    return np.where(limits < 0, UNLIMITED, limits).astype(np.int32)


def half_left(problem: Problem, places: Ints, *, high_support: bool = False) -> Ints:
    """Half units left in each slot under a limit in people a week."""
    kept = problem.kept
    counted = kept.half * problem.people.high_support[kept.person] if high_support else kept.half
    used = np.bincount(kept.slot, counted, len(problem.slots)).astype(np.int32)
    return np.where(places < 0, UNLIMITED, np.maximum(2 * no_limit_as_much(places) - used, 0)).astype(np.int32)


def is_at_kept(problem: Problem) -> Bools:
    """bool[pairs]: the person has a kept placement at this opening already."""
    count = max(len(problem.openings), 1)
    kept = problem.kept.person.astype(np.int64) * count + problem.kept_opening
    return np.isin(problem.pairs.person.astype(np.int64) * count + problem.pairs.opening, kept)


def minutes_between(problem: Problem, first: Ints, then: Ints) -> Ints:
    """Minutes from one opening to another on the same day; 0 within one opening."""
    rules, openings = problem.rules, problem.openings
    km = np.nan_to_num(distance_km(openings.lat[first], openings.lon[first], openings.lat[then], openings.lon[then]))
    gap = np.ceil(rules.gap_min + rules.gap_min_per_km * km)
    return np.where(first == then, 0, gap).astype(np.int32)


def clash(problem: Problem, first: Ints, second: Ints) -> Bools:
    """Whether one person cannot do both slots: they overlap, or there is no time for the way between them."""
    slots = problem.slots
    same_day = (slots.day[first] == slots.day[second]) & (slots.day[first] != NONE)
    gap = minutes_between(problem, slots.opening[first], slots.opening[second])
    apart = (slots.end[first] + gap <= slots.start[second]) | (slots.end[second] + gap <= slots.start[first])
    return np.asarray((same_day & ~apart) | (first == second))


def _may_join(problem: Problem, settings: Settings) -> Bools:
    pairs = problem.pairs
    may = np.ones(len(pairs), np.bool_) if settings.include_ask else ~pairs.asks
    for person, opening in problem.rules.forbidden:
        if (place := problem.pair_of.get((person, opening))) is not None:
            may[place] = False
    return may


def _room(problem: Problem) -> Ints:
    return half_left(problem, problem.slots.places)


def _meets_kept(problem: Problem, person: Ints, slot: Ints) -> Bools:
    """bool[columns]: the slot clashes with a kept one of the same person, or meets somebody to be kept apart."""
    meets = np.zeros(len(person), np.bool_)
    at, kept_at = join(person, problem.kept.person)
    found = clash(problem, slot[at], problem.kept.slot[kept_at])
    meets[at[found]] = True
    if len(problem.kept) and problem.rules.apart:
        meets |= np.isin(_person_point(problem, person, slot), _points_to_avoid(problem))
    return meets


def _points_to_avoid(problem: Problem) -> NDArray[np.int64]:
    """Person and meeting point where somebody to be kept apart from them has a kept placement."""
    one, other = np.array(problem.rules.apart, np.int32).T
    at, kept_at = join(np.concatenate([other, one]), problem.kept.person)
    return _person_point(problem, np.concatenate([one, other])[at], problem.kept.slot[kept_at])


def _person_point(problem: Problem, person: Ints, slot: Ints) -> NDArray[np.int64]:
    points = len(problem.openings) + 7 * len(problem.hosts) + 1
    return person.astype(np.int64) * points + meeting_point(problem, slot) + len(problem.openings)


def meeting_point(problem: Problem, slot: Ints) -> NDArray[np.int64]:
    """One number per host and weekday; without a weekday, per opening."""
    slots = problem.slots
    day, opening = slots.day[slot].astype(np.int64), slots.opening[slot].astype(np.int64)
    host = problem.openings.host[opening].astype(np.int64)
    return np.where(day == NONE, -1 - opening, host * 7 + day)


def join(left: NDArray[Any], right: NDArray[Any]) -> tuple[Indices, Indices]:
    """Positions (i, j) with left[i] == right[j], every one of them."""
    order = np.argsort(right, kind="stable")
    keys = right[order]
    low, high = np.searchsorted(keys, left, "left"), np.searchsorted(keys, left, "right")
    count = high - low
    at = np.repeat(np.arange(len(left)), count)
    ends = np.cumsum(count)
    offset = np.arange(len(at)) - np.repeat(ends - count, count)
    return at, order[np.repeat(low, count) + offset]


def points_of(problem: Problem, columns: Columns) -> Floats:
    """What each column is worth to the wishes: the pair's points, half of them every other week."""
    return problem.pairs.points[columns.pair] * columns.half / 2
