"""Joint runs of four sizes, made up by a seed: from one town's 50 × 40 to the nation's 50,000 × 30,000.

python -m benchmarks.instances [--seed N]   prints how dense each size has become
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks import landscape
from benchmarks.landscape import DAY_PARTS, Array, Crowd, Offers
from service.matching.engine.problem import (
    NO_LIMIT,
    NONE,
    WEEKLY,
    Hosts,
    Openings,
    Pairs,
    People,
    Placed,
    Problem,
    Rules,
    Sessions,
    Slots,
)  # fmt: skip

SIZES: Final = ((50, 40), (500, 300), (5_000, 3_000), (50_000, 30_000))
CASELOAD: Final = 25
PLACED_SHARE: Final = 0.30
KEPT_SHARE: Final = 0.80
AVOIDING_SHARE: Final = 0.04
STARTS: Final = (9 * 60 + 30, 13 * 60 + 30, 17 * 60 + 30)
SESSION_MIN: Final = 120
KM_A_DEGREE: Final = 111.0
SOUTH, WEST = 34.0, 135.0


@dataclass(frozen=True)
class Town:
    """A problem and the people and openings behind it, from which one can tell why two do not fit."""

    problem: Problem
    crowd: Crowd
    offers: Offers


def make(people: int, openings: int, seed: int) -> Problem:
    """A problem in which everybody kept or held today keeps every rule; the same seed gives the same problem."""
    return make_town(people, openings, seed).problem


def make_town(people: int, openings: int, seed: int) -> Town:
    """The same with what is behind it."""
    dice = np.random.default_rng((seed, people, openings))
    ground = landscape.lay_ground(dice, people, openings)
    crowd = landscape.settle_people(dice, ground)
    host = _share_hosts(dice, ground.openings)
    slots, time_of_slot = _make_slots(dice, openings)
    count = np.bincount(slots.opening, minlength=openings)
    offers = landscape.settle_openings(dice, ground, host, count, time_of_slot, slots.high_support == 0)
    person, opening, km = landscape.fitting_pairs(crowd, offers)
    who = _make_people(dice, crowd)
    sessions = _list_sessions(crowd, offers, person, opening, time_of_slot, slots)
    kept, held = _place_some(dice, who, slots, person, sessions)
    pairs = _make_pairs(dice, crowd, offers, person, opening, km, (kept, held), slots)
    limits = _limit_coordinators(dice, who)
    problem = Problem(
        who, Hosts(tuple(f"H{n}" for n in range(int(host.max()) + 1)), _limit_hosts(dice, int(host.max()) + 1)),
        Openings(tuple(f"O{n}" for n in range(openings)), host.astype(np.int32), np.full(openings, NO_LIMIT, np.int32),
                 SOUTH + offers.y / KM_A_DEGREE, WEST + offers.x / (KM_A_DEGREE * np.cos(np.radians(SOUTH))),
                 np.zeros((openings, 0), np.int32)),
        slots, pairs, sessions, kept, held,
        Rules(apart=_keep_apart(dice, crowd, kept, held, slots, host), new_per_coordinator=limits),
        coordinators=tuple(f"C{n}" for n in range(len(limits))),
    )  # fmt: skip
    return Town(problem, crowd, offers)


def _share_hosts(dice: np.random.Generator, town: Array) -> Array:
    """The host of each opening: one in four openings belongs to the host of the opening before it, in the same town."""
    order = np.argsort(town, kind="stable")
    is_first = np.concatenate(([True], np.diff(town[order]) > 0))
    host = np.empty(len(town), np.int64)
    host[order] = np.cumsum(is_first | (dice.random(len(town)) >= 0.25)) - 1
    return host


def _make_slots(dice: np.random.Generator, openings: int) -> tuple[Slots, Array]:
    """One to four weekly sessions an opening at different times, and the time of week (0…20) of each."""
    count = dice.choice((1, 2, 3, 4), openings, p=(0.42, 0.35, 0.16, 0.07))
    times = (
        dice.random((openings, 7 * DAY_PARTS))
        - np.tile((0.35, 0.35, 0.0), 7)
        - np.repeat((0.2,) * 5 + (0.0,) * 2, DAY_PARTS)
    )
    chosen = np.sort(times.argsort(axis=1)[:, :4] + np.where(np.arange(4) < count[:, None], 0, 100), axis=1)
    time_of_slot = chosen[chosen < 100].astype(np.int32)
    total = len(time_of_slot)
    start = np.array(STARTS, np.int32)[time_of_slot % DAY_PARTS]
    places = dice.choice((1, 2, 3, 4, 5), total, p=(0.68, 0.18, 0.08, 0.04, 0.02))
    support = dice.choice((NO_LIMIT, 0, 1, 2), total, p=(0.30, 0.30, 0.25, 0.15))
    return Slots(
        np.repeat(np.arange(openings, dtype=np.int32), count), time_of_slot // DAY_PARTS, start,
        start + np.int32(SESSION_MIN), places.astype(np.int32), support.astype(np.int32),
    ), time_of_slot  # fmt: skip


def _make_people(dice: np.random.Generator, crowd: Crowd) -> People:
    """Everybody with a load of 0.5 to 3 sessions a week and a coordinator near by."""
    count = len(crowd.town)
    return People(
        tuple(f"P{n}" for n in range(count)),
        dice.choice((1, 2, 3, 4, 5, 6), count, p=(0.12, 0.38, 0.10, 0.25, 0.05, 0.10)).astype(np.int32),
        dice.choice((1, 2, 3), count, p=(0.35, 0.40, 0.25)).astype(np.int32),
        dice.exponential(60, count).astype(np.int32), crowd.high_support, dice.random(count) < 0.1,
        np.full(count, NONE, np.int32), (np.arange(count) // CASELOAD).astype(np.int32),
    )  # fmt: skip


def _list_sessions(
    crowd: Crowd, offers: Offers, person: Array, opening: Array, time_of_slot: Array, slots: Slots
) -> Sessions:
    """Each pair with each session of the opening the person has time for and is not shut out of."""
    count = offers.count[opening]
    pair = np.repeat(np.arange(len(person)), count)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    slot = offers.first[opening[pair]] + within
    usable = (crowd.times[person[pair]] >> time_of_slot[slot].astype(np.uint32)) & 1 == 1
    usable &= ~(crowd.high_support[person[pair]] & (slots.high_support[slot] == 0))
    return Sessions(pair[usable].astype(np.int32), slot[usable].astype(np.int32))


def _place_some(
    dice: np.random.Generator, who: People, slots: Slots, person: Array, sessions: Sessions
) -> tuple[Placed, Placed]:
    """Some people go somewhere already: most of them for good, the others as long as nothing better is found."""
    row = dice.permutation(len(sessions))
    chosen, first = np.unique(person[sessions.pair[row]], return_index=True)
    most = np.round(PLACED_SHARE * 1.6 * len(who)).astype(int)
    asked = dice.permutation(np.stack((chosen, sessions.slot[row[first]])).T)[:most]
    half = np.minimum(who.demand[asked[:, 0]], WEEKLY)
    room = _fit_in(asked[:, 1], half, 2 * slots.places[asked[:, 1]])
    limited = who.high_support[asked[:, 0]] & (slots.high_support[asked[:, 1]] != NO_LIMIT)
    room[limited] &= _fit_in(asked[limited, 1], half[limited], 2 * slots.high_support[asked[limited, 1]])
    asked, half = asked[room][: round(PLACED_SHARE * len(who))], half[room][: round(PLACED_SHARE * len(who))]
    is_kept = dice.random(len(asked)) < KEPT_SHARE
    return _placed(asked[is_kept], half[is_kept]), _placed(asked[~is_kept], half[~is_kept])


def _fit_in(slot: Array, half: Array, most: Array) -> Array:
    """bool[rows]: first come, first served within each slot."""
    order = np.argsort(slot, kind="stable")
    total = np.cumsum(half[order])
    first = np.concatenate(([True], np.diff(slot[order]) > 0))
    before = np.maximum.accumulate(np.where(first, total - half[order], 0))
    fits = np.empty(len(slot), bool)
    fits[order] = total - before <= most[order]
    return fits


def _placed(rows: Array, half: Array) -> Placed:
    order = np.argsort(rows[:, 0], kind="stable")
    person, slot = rows[order].T.astype(np.int32)
    return Placed(person, slot, half[order].astype(np.int32))


def _make_pairs(dice: np.random.Generator, crowd: Crowd, offers: Offers, person: Array, opening: Array, km: Array,
                today: tuple[Placed, Placed], slots: Slots) -> Pairs:  # fmt: skip
    """Points 0…1,000: activities wanted up to 550, nearness 200, hours in common 150, the host's ease 100."""
    count = len(person)
    liked = np.bitwise_count(crowd.wants[person] & offers.activities[opening]) / np.bitwise_count(offers.activities[opening])
    hours = np.bitwise_count(crowd.times[person] & offers.times[opening]) / offers.count[opening]
    wish = liked * dice.uniform(0.4, 1.0, count)
    ease = dice.random(len(offers.x))[opening]
    points = np.round(550 * wish + 200 * (1 - km / crowd.reach[person]) + 150 * hours + 100 * ease)
    goes = np.concatenate([p.person.astype(np.int64) * len(offers.x) + slots.opening[p.slot] for p in today])
    return Pairs(
        person.astype(np.int32), opening.astype(np.int32), points, np.round(5 + 60 * km / crowd.speed[person]).astype(np.int32),
        np.zeros(count, np.bool_), ~np.isin(person.astype(np.int64) * len(offers.x) + opening, goes),
        np.zeros(count, np.int32), np.zeros((count, 0), np.int32),
    )  # fmt: skip


def _limit_hosts(dice: np.random.Generator, hosts: int) -> Array:
    """One host in ten takes one to three new people a week; the others say nothing."""
    return np.where(dice.random(hosts) < 0.10, dice.integers(1, 4, hosts), NO_LIMIT).astype(np.int32)


def _limit_coordinators(dice: np.random.Generator, who: People) -> dict[int, int]:
    """New introductions a coordinator can make: 0.5 to 1.2 of the caseload."""
    load = np.bincount(who.coordinator)
    limit = np.round(load * dice.uniform(0.5, 1.2, len(load))).astype(int)
    return dict(enumerate(limit.tolist()))


def _keep_apart(dice: np.random.Generator, crowd: Crowd, kept: Placed, held: Placed, slots: Slots,
                host: Array) -> tuple[tuple[int, int], ...]:  # fmt: skip
    """Neighbours who must not meet, none of whom meets the other today."""
    count = len(crowd.town)
    wanted = round(AVOIDING_SHARE * count)
    one = dice.choice(max(1, count - 40), min(wanted, max(1, count - 40)), replace=False)
    other = np.minimum(one + dice.integers(1, 40, len(one)), count - 1)
    today = np.full(count, NONE)
    for placed in (kept, held):
        today[placed.person] = host[slots.opening[placed.slot]]
    rows = zip(one.tolist(), other.tolist(), strict=True)
    return tuple((a, b) for a, b in sorted(rows) if a != b and (today[a] < 0 or today[a] != today[b]))


def densities(problem: Problem) -> dict[str, float]:
    """What matters of a problem's size: counts, averages and shares."""
    people = len(problem.people)
    options = np.bincount(problem.pairs.person, minlength=people)
    halves = problem.kept.half.sum()
    return {
        "slots": len(problem.slots), "pairs": len(problem.pairs), "sessions": len(problem.sessions),
        "pairs_a_person": len(problem.pairs) / people, "without_option": float((options == 0).mean()),
        "high_support": float(problem.people.high_support.mean()),
        "placed": (len(problem.kept) + len(problem.held)) / people, "kept": len(problem.kept) / people,
        "demand_weeks": float(problem.people.demand.sum() - halves) / 2,
        "free_weeks": float(problem.slots.places.sum() - halves / 2), "apart": len(problem.rules.apart) / people,
    }  # fmt: skip


def main(argv: Sequence[str] | None = None) -> None:
    """Make each size and print how dense it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args(argv).seed
    for people, openings in SIZES:
        start = time.perf_counter()
        found = densities(make(people, openings, seed))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{people:,}x{openings:,}  {time.perf_counter() - start:.1f} s, {peak:.0f} MB  "
              + "  ".join(f"{name} {value:,.2f}" for name, value in found.items()))  # fmt: skip


if __name__ == "__main__":
    main()
