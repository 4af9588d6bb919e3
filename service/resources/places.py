"""Which 町丁目 a municipality works with, where an address lies, and the map to show it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from service.kernel.geo.geocoder import TownGeocoder
from service.kernel.geo.towns import BoundingBox, TownTable

if TYPE_CHECKING:
    from service.kernel.geo.cells import TownMap

GEO_FOLDER: Final = Path(__file__).resolve().parents[2] / "seed" / "geo"
# The fictional 汐見市 lies on the real 町丁目 of 鎌倉市.
BORROWED: Final = {"149993": "14204"}
NAMED: Final = {"汐見市": "鎌倉市"}


@dataclass(frozen=True)
class Spot:
    """A place found for an address: degrees WGS84, how finely (chome, oaza, city), and by which data."""

    lat: float
    lon: float
    level: str
    source: str


@dataclass(frozen=True, eq=False)
class Places:
    """The geography of one municipality: its own towns, those beside it, and every town an address may name."""

    own: TownTable
    beside: TownTable
    geocoder: TownGeocoder

    def locate(self, address: str) -> Spot | None:
        """Where an address lies, or None when it is unknown or may mean several places."""
        text = address
        for fictional, real in NAMED.items():
            text = text.replace(fictional, real)
        found = self.geocoder.geocode(text) if text.strip() else None
        if found is None:
            return None
        return Spot(round(found.latitude, 6), round(found.longitude, 6), found.raw["level"], found.raw["source"])

    def town_map(self, points: Sequence[tuple[float, float]] = (), *, large: bool = False) -> TownMap | None:
        """The municipality's map, or one around the points when they lie outside it; None without any data."""
        size = (760.0, 620.0) if large else (356.0, 318.0)
        home = _home_map(self, *size) if self.own.towns else None
        if home is not None and all(home.projection.shows(*point) for point in points):
            return home
        box = BoundingBox.around(points, 1.0).rounded() if points else None
        return _map_around(self, box, *size) if box else home


@lru_cache(maxsize=4)
def places_of(town_code: str) -> Places:
    """The places of a municipality, read once; without its file in seed/geo there is no map, only coordinates."""
    code = BORROWED.get(town_code, town_code[:5])
    near = GEO_FOLDER / f"{code}-around.csv"
    prefectures = sorted(GEO_FOLDER.glob("[0-9][0-9].csv"))
    own = TownTable.load([file] if (file := GEO_FOLDER / f"{code}.csv").exists() else prefectures).of_municipality(code)
    beside = TownTable.load([near] if near.exists() else [])
    known = [file for file in (GEO_FOLDER / f"{code}.csv", near) if file.exists()]
    table = TownTable.load([*known, *prefectures])
    return Places(own, beside, TownGeocoder(table, home=code if own.towns else None))


@lru_cache(maxsize=8)
def _home_map(places: Places, width: float, height: float) -> TownMap:
    # Drawing needs scipy, which takes a second to load; a command that draws nothing does without.
    from service.kernel.geo.cells import build_map

    return build_map(places.own, around=places.beside or None, width=width, height=height)


@lru_cache(maxsize=32)
def _map_around(places: Places, box: BoundingBox, width: float, height: float) -> TownMap:
    from service.kernel.geo.cells import build_map

    return build_map(places.geocoder.table, box=box, width=width, height=height)
