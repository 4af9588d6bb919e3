"""The town tables that ship with the product, read once for the tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from service.kernel.geo.geocoder import TownGeocoder
from service.kernel.geo.towns import TownTable

SEED = Path(__file__).resolve().parents[2] / "seed" / "geo"
DEMO_CODE = "14204"


@cache
def towns_of(*names: str) -> TownTable:
    """The towns of the named files."""
    return TownTable.load(SEED / f"{name}.csv" for name in names)


@cache
def geocoder(home: str | None = None) -> TownGeocoder:
    """A geocoder that knows the demo city and 埼玉県."""
    return TownGeocoder(towns_of("14204", "11"), home=home)
