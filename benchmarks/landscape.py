"""Made-up towns, people and openings with what each asks of the other; and, by blocks of the map, who fits whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
DAY_PARTS: Final = 3
CELL_KM: Final = 10.0
BLOCK_PAIRS: Final = 2_000_000
NEEDS, ACTIVITIES, QUALIFICATIONS = 12, 24, 6
# Many people wish for the same few things; what is offered is spread evenly.
POPULAR: Final = 1 / (1 + np.arange(ACTIVITIES)) ** 0.8
# (share of people, least and most km, km/h) on foot, by bicycle, by bus or train, by car.
MODES: Final = ((0.15, 0.8, 2.2, 4.5), (0.30, 2.5, 5.0, 12.0), (0.30, 5.0, 14.0, 18.0), (0.25, 8.0, 18.0, 30.0))
# (people, people a town, km between neighbouring towns): gives the densities in docs/benchmarks.md.
SPREAD: Final = ((50, 50, 9.0), (500, 170, 10.5), (5_000, 250, 7.8), (50_000, 230, 12.4))


@dataclass(frozen=True)
class Ground:
    """Towns on a plane in km, and how many people and openings each has."""

    x: Array
    y: Array
    people: Array
    openings: Array


@dataclass(frozen=True)
class Crowd:
    """People: where they live, how far they go, when they can, what they need, want and refuse (bits)."""

    town: Array
    x: Array
    y: Array
    reach: Array
    speed: Array
    times: Array
    needs: Array
    wants: Array
    refuses: Array
    can: Array
    age: Array
    gender: Array
    high_support: Array


@dataclass(frozen=True)
class Offers:
    """Openings: the first slot and number of slots of each, and what they offer and ask (bits)."""

    x: Array
    y: Array
    host: Array
    first: Array
    count: Array
    times: Array
    calm_times: Array
    features: Array
    activities: Array
    asks: Array
    age_from: Array
    age_to: Array
    gender: Array


def bits(dice: np.random.Generator, count: int, width: int, chance: float | Array) -> Array:
    """uint32[count], each of `width` bits set with the given chance."""
    chosen = dice.random((count, width)) < chance
    found: Array = chosen @ (1 << np.arange(width, dtype=np.uint32))
    return found.astype(np.uint32)


def few_bits(dice: np.random.Generator, least: int, most: int, count: int, liking: Array) -> Array:
    """uint32[count], each with `least`…`most` bits set; what is liked more is chosen more often."""
    order = (dice.exponential(size=(count, len(liking))) / liking).argsort(axis=1).argsort(axis=1)
    chosen = order < dice.integers(least, most + 1, (count, 1))
    found: Array = chosen @ (1 << np.arange(len(liking), dtype=np.uint32))
    return found.astype(np.uint32)


def lay_ground(dice: np.random.Generator, people: int, openings: int) -> Ground:
    """Towns of unequal size; some have many openings for their people, some few."""
    sizes, a_town, apart = (np.array(column, float) for column in zip(*SPREAD, strict=True))
    per_town = np.interp(np.log(people), np.log(sizes), a_town)
    towns = max(1, round(people / per_town))
    across = int(np.ceil(np.sqrt(towns)))
    row, column = np.divmod(dice.permutation(across * across)[:towns], across)
    km = np.interp(np.log(people), np.log(sizes), apart)
    weight = dice.gamma(3.0, 1.0, towns) + 0.5
    offered = weight * dice.lognormal(0.0, 0.6, towns)
    return Ground(
        km * (column + dice.uniform(0.25, 0.75, towns)), km * (row + dice.uniform(0.25, 0.75, towns)),
        dice.choice(towns, people, p=weight / weight.sum()), dice.choice(towns, openings, p=offered / offered.sum()),
    )  # fmt: skip


def settle_people(dice: np.random.Generator, ground: Ground) -> Crowd:
    """People round their town's middle, some with much time and few needs, some the other way round."""
    town = np.sort(ground.people)
    count = len(town)
    share, least, most, speed = (np.array(column) for column in zip(*MODES, strict=True))
    mode = dice.choice(len(MODES), count, p=share)
    free = dice.beta(1.6, 2.4, (count, 1))
    burden = dice.beta(1.0, 7.0, (count, 1))
    wants = few_bits(dice, 2, 5, count, POPULAR)
    return Crowd(
        town, ground.x[town] + dice.normal(0, 2.4, count), ground.y[town] + dice.normal(0, 2.4, count),
        dice.uniform(least[mode], most[mode]), speed[mode], bits(dice, count, 7 * DAY_PARTS, free),
        bits(dice, count, NEEDS, burden), wants, few_bits(dice, 0, 3, count, 1 / POPULAR) & ~wants,
        bits(dice, count, QUALIFICATIONS, 0.35), dice.integers(15, 80, count), dice.integers(0, 2, count),
        dice.random(count) < 0.22,
    )  # fmt: skip


def settle_openings(dice: np.random.Generator, ground: Ground, host: Array, count: Array, slot_time: Array,
                    calm: Array) -> Offers:  # fmt: skip
    """Openings of one host share its address; `calm` marks slots that take nobody with high support."""
    openings, hosts = len(host), int(host.max()) + 1
    town = np.zeros(hosts, np.int64)
    town[host] = ground.openings
    x, y = ground.x[town] + dice.normal(0, 1.8, hosts), ground.y[town] + dice.normal(0, 1.8, hosts)
    first = np.concatenate(([0], np.cumsum(count)[:-1]))
    bit = (1 << slot_time).astype(np.uint32)
    age_from = np.where(dice.random(openings) < 0.2, dice.choice((18, 20, 40), openings), 0)
    return Offers(
        x[host], y[host], host, first, count, np.bitwise_or.reduceat(bit, first),
        np.bitwise_or.reduceat(np.where(calm, 0, bit).astype(np.uint32), first), bits(dice, openings, NEEDS, 0.88),
        few_bits(dice, 1, 3, openings, np.ones(ACTIVITIES)), np.where(dice.random(openings) < 0.2, 1 << dice.integers(0, 6, openings), 0).astype(np.uint32),
        age_from, np.where(dice.random(openings) < 0.15, dice.choice((39, 65, 70), openings), 120),
        np.where(dice.random(openings) < 0.04, dice.integers(0, 2, openings), -1),
    )  # fmt: skip


def fitting_pairs(crowd: Crowd, offers: Offers) -> tuple[Array, Array, Array]:
    """(person, opening, km) of every pair in which all conditions hold, in the order of people and openings."""
    found = [_kept_of(crowd, offers, people, openings) for people, openings in _blocks(crowd, offers)]
    person, opening, km = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((opening, person))
    return person[order], opening[order], km[order]


def _blocks(crowd: Crowd, offers: Offers) -> Iterator[tuple[Array, Array]]:
    """Small groups of people of one cell and reach, each with the openings of the cells they could get to."""
    column = np.floor(np.concatenate((crowd.x, offers.x)) / CELL_KM).astype(int)
    row = np.floor(np.concatenate((crowd.y, offers.y)) / CELL_KM).astype(int)
    across = int(np.ptp(column)) + 1
    homes, there = np.split((row - row.min()) * across + column - column.min(), [len(crowd.town)])
    by_cell = np.argsort(there, kind="stable")
    there = there[by_cell]
    here = homes * 100 + np.ceil(crowd.reach / CELL_KM).astype(int)
    by_group = np.argsort(here, kind="stable")
    for people in np.split(by_group, np.flatnonzero(np.diff(here[by_group])) + 1):
        cell, ring = divmod(int(here[people[0]]), 100)
        openings = by_cell[_window(there, cell, ring, across)]
        if len(openings):
            for part in np.array_split(people, 1 + len(people) * len(openings) // BLOCK_PAIRS):
                yield part, openings


def _window(cells: Array, cell: int, ring: int, across: int) -> Array:
    """Positions in the sorted `cells` that lie within `ring` cells of `cell`."""
    row, column = divmod(cell, across)
    starts = np.array([r * across + max(0, column - ring) for r in range(row - ring, row + ring + 1)])
    ends = np.array([r * across + min(across - 1, column + ring) for r in range(row - ring, row + ring + 1)])
    ranges = zip(np.searchsorted(cells, starts), np.searchsorted(cells, ends, "right"), strict=True)
    return np.concatenate([np.arange(a, b) for a, b in ranges])


def _kept_of(crowd: Crowd, offers: Offers, people: Array, openings: Array) -> tuple[Array, Array, Array]:
    fits = (crowd.wants[people, None] & offers.activities[openings]) != 0
    fits &= (crowd.times[people, None] & offers.times[openings]) != 0
    fits &= (crowd.needs[people, None] & ~offers.features[openings]) == 0
    row, column = np.nonzero(fits)
    p, o = people[row], openings[column]
    km = np.hypot(crowd.x[p] - offers.x[o], crowd.y[p] - offers.y[o])
    keep = km <= crowd.reach[p]
    p, o, km = p[keep], o[keep], km[keep]
    keep = (crowd.refuses[p] & offers.activities[o]) == 0
    keep &= (offers.asks[o] & ~crowd.can[p]) == 0
    keep &= (offers.age_from[o] <= crowd.age[p]) & (crowd.age[p] <= offers.age_to[o])
    keep &= (offers.gender[o] < 0) | (offers.gender[o] == crowd.gender[p])
    keep &= ~crowd.high_support[p] | ((crowd.times[p] & offers.calm_times[o]) != 0)
    return p[keep], o[keep], km[keep]
