"""Whether a pair of coordinates can be a place in Japan, and what to do when it cannot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# From 沖ノ鳥島 and 与那国島 to 択捉島 and 南鳥島, rounded outwards.
LATITUDES: Final = (20.0, 46.0)
LONGITUDES: Final = (122.0, 154.5)


class CoordinateFault(StrEnum):
    """What is wrong with a pair of coordinates."""

    MISSING = "missing"
    HALF = "half"
    ZERO = "zero"
    SWAPPED = "swapped"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class CoordinateProblem:
    """Why a pair of coordinates is not usable, and the way out, both in words for the screen."""

    fault: CoordinateFault
    reason: str
    remedy: str


_BY_ADDRESS = "住所（町名まで）を入れるか、地図で場所を示してください。"
MISSING: Final = CoordinateProblem(CoordinateFault.MISSING, "緯度・経度が空です。", _BY_ADDRESS)
ZERO: Final = CoordinateProblem(
    CoordinateFault.ZERO,
    "緯度・経度が 0 です。未入力を 0 で埋めた値とみられます。",
    f"0 を消し、{_BY_ADDRESS}",
)


def check_coordinates(lat: float | None, lon: float | None) -> CoordinateProblem | None:
    """The first thing wrong with degrees WGS84 `lat`, `lon`, or None when they can lie in Japan."""
    lat, lon = _known(lat), _known(lon)
    if lat is None and lon is None:
        return MISSING
    if lat is None or lon is None:
        return _half(lat, lon)
    if lat == 0 or lon == 0:
        return ZERO
    if _within(lat, LATITUDES) and _within(lon, LONGITUDES):
        return None
    if _within(lon, LATITUDES) and _within(lat, LONGITUDES):
        return CoordinateProblem(
            CoordinateFault.SWAPPED,
            f"緯度と経度が入れ替わっています（緯度 {lat:g}、経度 {lon:g}）。",
            f"緯度を {lon:g}、経度を {lat:g} に直してください。",
        )
    return _outside(lat, lon)


def _known(degrees: float | None) -> float | None:
    return None if degrees is None or math.isnan(degrees) else degrees


def _within(degrees: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= degrees <= limits[1]


def _half(lat: float | None, lon: float | None) -> CoordinateProblem:
    empty, filled = ("緯度", "経度") if lat is None else ("経度", "緯度")
    return CoordinateProblem(
        CoordinateFault.HALF,
        f"{filled}だけがあり、{empty}が空です。",
        f"{empty}も入れるか、両方を空にして{_BY_ADDRESS}",
    )


def _outside(lat: float, lon: float) -> CoordinateProblem:
    if not _within(lat, LATITUDES):
        reason = f"緯度 {lat:g} は日本の範囲（20〜46）にありません。"
    else:
        reason = f"経度 {lon:g} は日本の範囲（122〜154.5）にありません。"
    return CoordinateProblem(
        CoordinateFault.OUTSIDE,
        reason,
        f"小数点の位置と桁を確かめてください。分からなければ両方を空にして{_BY_ADDRESS}",
    )
