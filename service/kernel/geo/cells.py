"""The town as a map without map data: one Voronoi cell for each 町丁目, joined to 町."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.geo.address import oaza_name
from service.kernel.geo.diagram import Diagram, Line, Point, area_and_middle
from service.kernel.geo.gazetteer import short_name
from service.kernel.geo.labels import Area, Label, place_labels
from service.kernel.geo.projection import Projection
from service.kernel.geo.towns import BoundingBox, Town, TownTable

WIDTH: Final = 356.0
HEIGHT: Final = 318.0
PADDING_KM: Final = 0.5
BEYOND_KM: Final = 3.0
# The strip at the foot of the frame that belongs to the scale and the source.
FOOT: Final = 22.0
# More borders than this are a grey mist at the size of the map, and more bytes than a page should carry.
MOST_BORDERS: Final = 900
MOST_TOWN_BORDERS: Final = 1600


@dataclass(frozen=True, slots=True)
class Cell:
    """A town's share of the land: a convex polygon in drawing units."""

    town: Town
    polygon: Line


@dataclass(frozen=True, eq=False)
class TownMap:
    """A map in drawing units of a frame; equal to nothing but itself, so it can key a cache.

    `land` are the closed lines around the towns, `ground` those around all towns incl. the ones beside them
    (empty without such towns: nothing is known about what lies outside); borders are open lines inside the land.
    """

    projection: Projection
    cells: tuple[Cell, ...]
    land: tuple[Line, ...]
    ground: tuple[Line, ...]
    town_borders: tuple[Line, ...]
    chome_borders: tuple[Line, ...]
    labels: tuple[Label, ...]

    @property
    def width(self) -> float:
        """The frame's width in drawing units."""
        return self.projection.width

    @property
    def height(self) -> float:
        """The frame's height in drawing units."""
        return self.projection.height

    @property
    def bounds(self) -> BoundingBox:
        """The rectangle of degrees that the frame shows."""
        return self.projection.box(0.0)

    def project(self, lat: float, lon: float) -> Point:
        """x and y of a point in degrees WGS84."""
        return self.projection.project(lat, lon)


@lru_cache(maxsize=32)
def build_map(
    table: TownTable,
    *,
    around: TownTable | None = None,
    box: BoundingBox | None = None,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> TownMap:
    """The map of the table's towns, or of those that a rectangle shows; `around` only lies beside, unnamed.

    Pass `around` where the sea is part of the picture: what neither table covers may then be drawn as water.
    A prefecture is asked with a `box`; only the towns in it cost anything. The last maps are
    kept, so ask with the same table object and a rounded box. ValueError without towns and box.
    """
    if not table.towns and box is None:
        raise ValueError("a map needs towns or a box to show")
    shown = box or BoundingBox.around(((town.lat, town.lon) for town in table.towns), PADDING_KM)
    projection = Projection.fit(shown, width, height)
    seen = projection.box(BEYOND_KM)
    own = distinct(table.within(seen).towns)
    if not own:
        return TownMap(projection, (), (), (), (), (), ())
    beside = distinct(around.within(seen).towns, without=own) if around else ()
    return _draw(projection, own, beside)


def distinct(towns: Iterable[Town], without: Iterable[Town] = ()) -> tuple[Town, ...]:
    """The towns less those whose point is taken already: two cells cannot have one centre."""
    taken = {(town.lat, town.lon) for town in without}
    kept: dict[Point, Town] = {}
    for town in towns:
        if (town.lat, town.lon) not in taken:
            kept.setdefault((town.lat, town.lon), town)
    return tuple(kept.values())


def _draw(projection: Projection, own: tuple[Town, ...], beside: tuple[Town, ...]) -> TownMap:
    diagram = Diagram(
        _points(projection, own),
        _points(projection, beside),
        units_per_km=projection.units_per_km,
        size=(projection.width, projection.height),
    )
    cells = tuple(Cell(town, diagram.polygon(at)) for at, town in enumerate(own))
    coarse, fine, names = _choose_borders(diagram, own)
    return TownMap(
        projection,
        cells,
        diagram.land(),
        diagram.ground() if beside else (),
        diagram.lines(coarse),
        diagram.lines(fine),
        place_labels(_gather_areas(cells, names), projection.width, projection.height - FOOT),
    )


def _points(projection: Projection, towns: Sequence[Town]) -> NDArray[np.float64]:
    lats = np.array([town.lat for town in towns], dtype=np.float64)
    lons = np.array([town.lon for town in towns], dtype=np.float64)
    return projection.project_all(lats, lons)


def _choose_borders(diagram: Diagram, own: Sequence[Town]) -> tuple[NDArray[np.int64], NDArray[np.int64], Sequence[str]]:
    """Ridges between areas, ridges inside them, and each town's area: as fine as the frame can carry."""
    codes = _number([town.code for town in own])
    towns = [oaza_name(town.town) for town in own]
    by_town = _number([(town.code, name) for town, name in zip(own, towns, strict=True)])
    between, inside = diagram.borders(by_town), diagram.borders(by_town, within=True)
    if len(between) > MOST_TOWN_BORDERS:
        return diagram.borders(codes), inside[:0], [short_name(town.city) for town in own]
    if len(between) + len(inside) > MOST_BORDERS:
        return between, inside[:0], towns
    return between, inside, towns


def _number(keys: Sequence[object]) -> NDArray[np.int64]:
    """The same number for the same key."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _gather_areas(cells: Sequence[Cell], names: Sequence[str]) -> list[Area]:
    """The cells of one municipality that share a name, together."""
    members: dict[tuple[str, str], list[tuple[float, Point]]] = defaultdict(list)
    for cell, name in zip(cells, names, strict=True):
        members[cell.town.code, name].append(area_and_middle(cell.polygon))
    return [Area(name, tuple(parts)) for (_, name), parts in members.items()]
