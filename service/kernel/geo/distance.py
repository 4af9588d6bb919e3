"""Distance on the ground, fast enough to be asked of every opening at each keystroke."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# WGS84 ellipsoid: semi-major axis in km, first eccentricity squared (NIMA TR8350.2).
SEMI_MAJOR_KM: Final = 6378.137
ECCENTRICITY2: Final = 0.0066943799901413165


def distance_km(
    lat: float | NDArray[np.float64],
    lon: float | NDArray[np.float64],
    lats: NDArray[np.float64],
    lons: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Kilometres from one point to many, or point by point; degrees WGS84 in, shape of `lats` out, NaN where a
    coordinate is NaN.


    Mid-latitude formula: within a millimetre of the geodesic at 15 km, within a metre at 100 km.
    Beyond some hundred km it is only good for "far away"; it does not wrap at the date line.
    """
    # In place where it can be: at 100,000 points the passes are bound by memory, not by arithmetic.
    north = lats - lat
    east = lons - lon
    cos2 = lats + lat
    cos2 *= np.pi / 360.0  # the mid latitude in radians
    np.cos(cos2, out=cos2)
    cos2 *= cos2
    curvature = cos2 * ECCENTRICITY2
    curvature += 1.0 - ECCENTRICITY2  # 1 − e²·sin²φ
    north *= 1.0 - ECCENTRICITY2
    north /= curvature
    north *= north
    east *= east
    east *= cos2
    north += east
    north /= curvature
    np.sqrt(north, out=north)
    north *= SEMI_MAJOR_KM * np.pi / 180.0
    return north
