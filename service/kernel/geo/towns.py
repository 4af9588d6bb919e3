"""The 町丁目 of the municipalities we know, each with one point on the map."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self, cast

import numpy as np
from numpy.typing import NDArray

from service.kernel.geo.coordinates import check_coordinates

Level = Literal["chome", "oaza", "city"]
COLUMNS: Final = ("code", "prefecture", "city", "town", "lat", "lon", "level")
SOURCE: Final = "Geolonia 住所データ"
ATTRIBUTION: Final = "Geolonia 住所データ（CC BY 4.0、国土交通省 位置参照情報をもとに作成）"


class Town(NamedTuple):
    """A 町丁目 or a whole 大字: five-digit municipality code, names, one point in degrees WGS84, level and source."""

    code: str
    prefecture: str
    city: str
    town: str
    lat: float
    lon: float
    level: Level
    source: str

    @property
    def address(self) -> str:
        """The name from the prefecture down."""
        return f"{self.prefecture}{self.city}{self.town}"


class BoundingBox(NamedTuple):
    """A rectangle of degrees WGS84."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]], margin_km: float) -> Self:
        """The rectangle of (lat, lon) points with a margin; ValueError without a point."""
        lats, lons = zip(*points, strict=True)
        north = margin_km / 111.0
        east = north / float(np.cos(np.radians((min(lats) + max(lats)) / 2)))
        return cls(min(lats) - north, min(lons) - east, max(lats) + north, max(lons) + east)

    def rounded(self) -> Self:
        """The next larger rectangle of whole hundredths of a degree (about a kilometre)."""
        return type(self)(
            math.floor(self.south * 100) / 100,
            math.floor(self.west * 100) / 100,
            math.ceil(self.north * 100) / 100,
            math.ceil(self.east * 100) / 100,
        )

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies in the rectangle."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True, eq=False)
class TownTable:
    """Towns in the order of their files; equal to nothing but itself, so it can key a cache."""

    towns: tuple[Town, ...]

    @classmethod
    def load(cls, paths: Iterable[Path], *, source: str = SOURCE) -> Self:
        """Read town files (UTF-8 CSV with `COLUMNS`); ValueError names the file and the row that is wrong.

        A town that several files hold is taken from the first.
        """
        towns: dict[tuple[str, str], Town] = {}
        for path in paths:
            for town in _read_towns(path, source):
                towns.setdefault((town.code, town.town), town)
        return cls(tuple(towns.values()))

    @cached_property
    def lats(self) -> NDArray[np.float64]:
        """Latitudes in the order of `towns`."""
        return np.array([town.lat for town in self.towns], dtype=np.float64)

    @cached_property
    def lons(self) -> NDArray[np.float64]:
        """Longitudes in the order of `towns`."""
        return np.array([town.lon for town in self.towns], dtype=np.float64)

    def within(self, box: BoundingBox) -> TownTable:
        """Only the towns whose point lies in the rectangle."""
        return self.where(lambda town: box.holds(town.lat, town.lon))

    def of_municipality(self, code: str) -> TownTable:
        """Only the towns of the municipality (5 digits, or 6 with the check digit) or of the prefecture (2 digits)."""
        return self.where(lambda town: town.code.startswith(code[:5]))

    def where(self, wanted: Callable[[Town], bool]) -> TownTable:
        """Only the towns that are wanted."""
        return TownTable(tuple(town for town in self.towns if wanted(town)))


def _read_towns(path: Path, source: str) -> Iterable[Town]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise ValueError(f"{path.name}: 列 {'・'.join(missing)} がありません。")
        for row in reader:
            yield _town_of(row, source, f"{path.name} {reader.line_num}行目")


def _town_of(row: dict[str, str], source: str, where: str) -> Town:
    code, level = row["code"], row["level"]
    if len(code) != 5 or not code.isdecimal() or level not in ("chome", "oaza"):
        raise ValueError(f"{where}: code は5桁の数字、level は chome か oaza です。")
    try:
        lat, lon = float(row["lat"]), float(row["lon"])
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}: lat・lon が数字ではありません。") from error
    if problem := check_coordinates(lat, lon):
        raise ValueError(f"{where}: {problem.reason}")
    return Town(code, row["prefecture"], row["city"], row["town"], lat, lon, cast(Level, level), source)


def mean_point(towns: Sequence[Town]) -> tuple[float, float]:
    """The middle of the towns' points (lat, lon)."""
    return sum(town.lat for town in towns) / len(towns), sum(town.lon for town in towns) / len(towns)
