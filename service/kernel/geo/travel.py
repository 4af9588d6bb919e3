"""How long a way takes by each mode, estimated offline from the distance alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

# Streets are longer than the straight line; a planning figure, the coordinator's own minutes override it.
DETOUR: Final = 1.3
# 5 + 4 km × 3.25 must be 18 minutes, not 19 because the last bit of a product came out high.
ROUNDING_MIN: Final = 1e-9
HALF_EARTH_KM: Final = 20_040.0


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of getting there: minutes before moving (waiting, parking) and speed on the way."""

    key: str
    label: str
    overhead_min: int
    speed_kmh: int


MODES: Final[Mapping[str, Mode]] = MappingProxyType(
    {
        mode.key: mode
        for mode in (
            Mode("walk", "徒歩", 0, 4),
            Mode("bicycle", "自転車", 0, 10),
            Mode("transit", "電車・バス", 15, 18),
            Mode("car", "車", 5, 24),
        )
    }
)


@overload
def travel_minutes(mode: str, km: float) -> int: ...
@overload
def travel_minutes(mode: str, km: NDArray[np.float64]) -> NDArray[np.float64]: ...
def travel_minutes(mode: str, km: float | NDArray[np.float64]) -> int | NDArray[np.float64]:
    """Whole minutes one way for straight-line `km`, rounded up; KeyError for a mode not in `MODES`.

    An array answers an array of whole minutes of the same shape, NaN where the distance is unknown (NaN);
    a single NaN is a ValueError, because no whole number says "unknown".
    """
    way = MODES[mode]
    minutes = way.overhead_min + km * DETOUR / way.speed_kmh * 60 - ROUNDING_MIN
    if isinstance(minutes, np.ndarray):
        # + 0.0 turns the −0.0 of "next door" into 0.0.
        return np.ceil(minutes) + 0.0
    return math.ceil(minutes)


@lru_cache(maxsize=1024)
def reach_km(mode: str, max_min: int) -> float:
    """The largest straight-line km that still takes at most `max_min` minutes by `mode`.

    Exactly inverse: `travel_minutes(mode, km) <= max_min` if and only if `km <= reach_km(mode, max_min)`, so a
    catalogue is filtered by distance alone. −1.0 when even next door takes longer; inf when nothing is too far.
    """
    if travel_minutes(mode, 0.0) > max_min:
        return -1.0
    if travel_minutes(mode, HALF_EARTH_KM) <= max_min:
        return math.inf
    # Bisection down to neighbouring floats: dividing back would be off by a last bit now and then.
    reached, missed = 0.0, HALF_EARTH_KM
    while reached < (middle := (reached + missed) / 2) < missed:
        if travel_minutes(mode, middle) <= max_min:
            reached = middle
        else:
            missed = middle
    return reached
