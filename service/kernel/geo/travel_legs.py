"""How long a way between two places takes somebody who drives from one to the next: an estimate from the distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.kernel.geo.distance import distance_km

Place = tuple[float | None, float | None]
SAME_KM = 0.001


@dataclass(frozen=True)
class Legs:
    """Straight distance × `road_factor` at `speed_kmh`, and `leg_min` minutes for each start."""

    road_factor: float
    speed_kmh: float
    leg_min: int

    def minutes(self, km: NDArray[np.float64]) -> NDArray[np.int32]:
        """Whole minutes for each distance in km; nothing for staying where one is."""
        found = np.ceil(km * self.road_factor / self.speed_kmh * 60 + self.leg_min)
        return np.where(km < SAME_KM, 0, found).astype(np.int32)

    def between(self, here: Place, there: Place) -> int | None:
        """Whole minutes from one place to another; None where one of them is not known."""
        if here[0] is None or here[1] is None or there[0] is None or there[1] is None:
            return None
        km = distance_km(here[0], here[1], np.array([there[0]]), np.array([there[1]]))
        return int(self.minutes(km)[0])
