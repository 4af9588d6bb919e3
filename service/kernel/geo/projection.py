"""From degrees to the drawing: a flat picture of a town, north up, true to scale at its middle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.kernel.geo.distance import ECCENTRICITY2, SEMI_MAJOR_KM
from service.kernel.geo.towns import BoundingBox


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees WGS84 to drawing units inside a frame `width` × `height`, y downwards."""

    lat: float
    lon: float
    units_per_km: float
    width: float
    height: float

    @classmethod
    def fit(cls, box: BoundingBox, width: float, height: float) -> Projection:
        """The picture in which the whole rectangle is seen, in the middle of the frame."""
        lat, lon = (box.south + box.north) / 2, (box.west + box.east) / 2
        north, east = km_per_degree(lat)
        tall, wide = (box.north - box.south) * north, (box.east - box.west) * east
        return cls(lat, lon, min(width / max(wide, 0.1), height / max(tall, 0.1)), width, height)

    def project(self, lat: float, lon: float) -> tuple[float, float]:
        """x and y of a point."""
        north, east = km_per_degree(self.lat)
        return (
            self.width / 2 + (lon - self.lon) * east * self.units_per_km,
            self.height / 2 - (lat - self.lat) * north * self.units_per_km,
        )

    def project_all(self, lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.float64]:
        """x and y of n points, shape (n, 2)."""
        north, east = km_per_degree(self.lat)
        x = self.width / 2 + (lons - self.lon) * (east * self.units_per_km)
        y = self.height / 2 - (lats - self.lat) * (north * self.units_per_km)
        return np.column_stack((x, y))

    def shows(self, lat: float, lon: float) -> bool:
        """Whether the point lies inside the frame."""
        x, y = self.project(lat, lon)
        return 0 <= x <= self.width and 0 <= y <= self.height

    def box(self, margin_km: float) -> BoundingBox:
        """The rectangle of degrees the frame shows, with a margin."""
        north, east = km_per_degree(self.lat)
        tall = (self.height / self.units_per_km / 2 + margin_km) / north
        wide = (self.width / self.units_per_km / 2 + margin_km) / east
        return BoundingBox(self.lat - tall, self.lon - wide, self.lat + tall, self.lon + wide)


def km_per_degree(lat: float) -> tuple[float, float]:
    """Kilometres in a degree of latitude and of longitude at this latitude (WGS84)."""
    curvature = 1.0 - ECCENTRICITY2 * math.sin(math.radians(lat)) ** 2
    north = SEMI_MAJOR_KM * (1.0 - ECCENTRICITY2) / curvature**1.5
    east = SEMI_MAJOR_KM / math.sqrt(curvature) * math.cos(math.radians(lat))
    return math.radians(north), math.radians(east)
