"""Chance without dice: every choice follows from its own name, so adding a host moves no other."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from service.kernel.geo.towns import SOURCE, Town, TownTable

SEED: Final = "汐見市-1"
REFERENCE: Final = date(2026, 11, 24)
"""The day on which the manuscript speaks; the files hold days before (−) and after it."""
GEOGRAPHY: Final = Path(__file__).resolve().parents[1] / "geo" / "14204.csv"
NEAR_DEGREES: Final = 0.0012

T = TypeVar("T")
Row = dict[str, Any]


class Home(NamedTuple):
    """Where something lies: coordinates or None, how well the spot is known, and by which means."""

    lat: float | None
    lon: float | None
    coordinate_level: str
    coordinate_source: str


def draw(*name: object) -> float:
    """A number from 0 up to 1 that belongs to this name alone."""
    digest = hashlib.sha256("/".join(map(str, (SEED, *name))).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def pick(choices: Sequence[T], *name: object) -> T:
    """One of the choices, always the same for a name."""
    return choices[int(draw(*name) * len(choices))]


def days_from_reference(day: date | None) -> int | None:
    """A day of the manuscript as days from its own today."""
    return None if day is None else (day - REFERENCE).days


def load_towns() -> dict[str, Town]:
    """The 町丁目 that the town lies on, by name."""
    return {town.town: town for town in TownTable.load([GEOGRAPHY]).towns}


def district_of(town: str) -> str:
    """梶原 of 梶原三丁目."""
    return re.sub(r"[一二三四五六七]丁目$", "", town)


def address_in(town: Town, *name: object) -> str:
    """An invented number in a real 町丁目."""
    block, house = 1 + int(draw("block", *name) * 28), 1 + int(draw("house", *name) * 18)
    number = f"{block}-{house}" if town.level == "chome" else f"{block * 37 + house}"
    return f"汐見市{town.town}{number}"


def spot_in(town: Town, at: Sequence[float] | None, *name: object) -> Home:
    """The place given, else for two in three one pinned by hand near the town's point, else that point itself."""
    if at is not None:
        return Home(at[0], at[1], "pin", "手で")
    if draw("pinned", *name) < 1 / 3:
        return Home(town.lat, town.lon, town.level, SOURCE)
    lat = town.lat + (draw("lat", *name) - 0.5) * 2 * NEAR_DEGREES
    lon = town.lon + (draw("lon", *name) - 0.5) * 2 * NEAR_DEGREES
    return Home(round(lat, 6), round(lon, 6), "pin", "手で")
