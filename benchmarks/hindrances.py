"""Why two do not fit: the conditions of the made-up towns as bits, for the what-if of the joint run."""

from __future__ import annotations

from typing import Final

import numpy as np

from benchmarks.instances import Town
from benchmarks.landscape import Array, Crowd, Offers
from service.matching.engine.explain.relaxing import Blocks

CODES: Final = ("wish", "time", "need", "travel", "refused", "qualification", "age", "gender", "support", "full")
SUGGESTABLE: Final = frozenset({"time", "need", "travel", "wish"})
LOCKED: Final = frozenset({"refused"})


def blocks_of(town: Town, people: Array, free: Array) -> Blocks:
    """What keeps these people from every opening; `free` bool[openings] has a place left."""
    found = conditions(town.crowd, town.offers, people)
    found |= (~free).astype(np.uint64) << np.uint64(CODES.index("full"))
    unknown = np.zeros_like(found)
    return Blocks(CODES, people.astype(np.int32), found, unknown, SUGGESTABLE, LOCKED, frozenset({"full"}))


def conditions(crowd: Crowd, offers: Offers, people: Array) -> Array:
    """uint64[people, openings]: bit b is set where CODES[b] does not hold."""
    p = people[:, None]
    km = np.hypot(crowd.x[p] - offers.x, crowd.y[p] - offers.y)
    in_time = (crowd.times[p] & offers.times) != 0
    broken = (
        (crowd.wants[p] & offers.activities) == 0,
        ~in_time,
        (crowd.needs[p] & ~offers.features) != 0,
        km > crowd.reach[p],
        (crowd.refuses[p] & offers.activities) != 0,
        (offers.asks & ~crowd.can[p]) != 0,
        (offers.age_from > crowd.age[p]) | (crowd.age[p] > offers.age_to),
        (offers.gender >= 0) & (offers.gender != crowd.gender[p]),
        crowd.high_support[p] & in_time & ((crowd.times[p] & offers.calm_times) == 0),
    )
    found = np.zeros(km.shape, np.uint64)
    for bit, does_not_hold in enumerate(broken):
        found |= does_not_hold.astype(np.uint64) << np.uint64(bit)
    return found
