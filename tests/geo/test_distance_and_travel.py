"""Distance agrees with geopy's geodesic, and reach is exactly the inverse of travel minutes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.kernel.geo.distance import distance_km
from service.kernel.geo.travel import HALF_EARTH_KM, MODES, reach_km, travel_minutes

JAPAN_LAT = st.floats(24.0, 46.0)
JAPAN_LON = st.floats(122.0, 154.0)
modes = st.sampled_from(sorted(MODES))


@settings(max_examples=200, deadline=None)
@given(JAPAN_LAT, JAPAN_LON, st.floats(-0.13, 0.13), st.floats(-0.13, 0.13))
def test_distance_agrees_with_the_geodesic_to_a_metre_within_15_km(
    lat: float, lon: float, north: float, east: float
) -> None:
    there = (lat + north, lon + east)
    exact = geodesic((lat, lon), there).km
    ours = distance_km(lat, lon, np.array([there[0]]), np.array([there[1]]))[0]
    assert abs(ours - exact) <= (0.001 if exact <= 15 else 0.002)


def test_distance_agrees_with_the_geodesic_over_a_prefecture() -> None:
    ours = distance_km(35.906, 139.623, np.array([35.319, 36.25]), np.array([139.546, 138.72]))
    exact = [geodesic((35.906, 139.623), there).km for there in ((35.319, 139.546), (36.25, 138.72))]
    assert np.allclose(ours, exact, atol=0.001)


def test_distance_does_not_write_into_the_arrays_it_was_given() -> None:
    lats, lons = np.array([35.3, 35.4]), np.array([139.5, 139.6])
    distance_km(35.3, 139.5, lats, lons)
    assert lats.tolist() == [35.3, 35.4]
    assert lons.tolist() == [139.5, 139.6]


def test_the_same_point_is_no_distance_away_and_a_missing_coordinate_is_unknown() -> None:
    there = distance_km(35.3, 139.5, np.array([35.3, math.nan, 35.3]), np.array([139.5, 139.5, math.nan]))
    assert there[0] == 0.0
    assert np.isnan(there[1:]).all()


@pytest.mark.parametrize(
    ("mode", "km", "minutes"),
    [
        ("walk", 0.0, 0),
        ("walk", 1.0, 20),
        ("walk", 0.001, 1),
        ("bicycle", 2.0, 16),
        ("transit", 0.0, 15),
        ("transit", 3.0, 28),
        ("car", 4.0, 18),
        ("car", 8.0, 31),
    ],
)
def test_minutes_are_overhead_plus_the_way_rounded_up(mode: str, km: float, minutes: int) -> None:
    assert travel_minutes(mode, km) == minutes
    assert travel_minutes(mode, np.array([km])).tolist() == [minutes]


def test_an_unknown_distance_takes_unknown_minutes() -> None:
    minutes = travel_minutes("walk", np.array([math.nan, 1.0]))
    assert math.isnan(minutes[0])
    assert minutes[1] == 20
    with pytest.raises(ValueError, match="NaN"):
        travel_minutes("walk", math.nan)


def test_a_pickup_is_not_a_mode_with_minutes() -> None:
    with pytest.raises(KeyError):
        travel_minutes("pickup", 1.0)


@settings(deadline=None)
@given(modes, st.integers(-5, 600), st.floats(0.0, 300.0))
@example("transit", 15, 0.0)
@example("car", 18, 4.0)
@example("car", 4, 0.0)
def test_within_reach_means_within_the_minutes(mode: str, max_min: int, km: float) -> None:
    reach = reach_km(mode, max_min)
    for way in (km, max(reach, 0.0), math.nextafter(max(reach, 0.0), math.inf)):
        assert (travel_minutes(mode, way) <= max_min) == (way <= reach)
        assert bool(travel_minutes(mode, np.array([way]))[0] <= max_min) == (way <= reach)


def test_a_limit_below_the_overhead_reaches_nothing_and_a_boundless_one_everything() -> None:
    assert reach_km("transit", 14) == -1.0
    assert reach_km("walk", 10_000_000) == math.inf
    assert travel_minutes("walk", HALF_EARTH_KM) <= 10_000_000


@given(modes, st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_a_longer_way_never_takes_less_time(mode: str, km: float, more: float) -> None:
    assert travel_minutes(mode, km) <= travel_minutes(mode, km + more)
