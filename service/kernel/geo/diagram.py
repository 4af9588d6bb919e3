"""The Voronoi diagram under a map, and the lines that are read off it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from service.kernel.geo.outline import surround

Point = tuple[float, float]
Line = tuple[Point, ...]
Points = NDArray[np.float64]
OWN, BESIDE, NOWHERE = 0, 1, 2
MARGIN: Final = 0.1


class Diagram:
    """Cells of the towns to draw (`own`) among the towns that only lie `beside`, ended by nowhere.

    Points are in drawing units of a frame `size`, shape (n, 2), no two alike.
    """

    def __init__(self, own: Points, beside: Points, *, units_per_km: float, size: Point) -> None:
        towns = np.concatenate((own, beside))
        nowhere = surround(towns / units_per_km) * units_per_km
        self._side = np.repeat([OWN, BESIDE, NOWHERE], [len(own), len(beside), len(nowhere)])
        self._voronoi = Voronoi(np.concatenate((towns, nowhere)))
        self._corners: Points = self._voronoi.vertices
        self._pairs: NDArray[np.int64] = self._voronoi.ridge_points.astype(np.int64)
        self._ridges: NDArray[np.int64] = np.asarray(self._voronoi.ridge_vertices, dtype=np.int64)
        self._size = np.array(size)

    def polygon(self, at: int) -> Line:
        """The corners of one own town's cell, in order around its point."""
        corners = self._corners[self._voronoi.regions[self._voronoi.point_region[at]]]
        from_point = corners - self._voronoi.points[at]
        order = np.argsort(np.arctan2(from_point[:, 1], from_point[:, 0]), kind="stable")
        return self._line(corners[order])

    def land(self) -> tuple[Line, ...]:
        """The closed lines around the own towns."""
        return self._rings(self._side == OWN)

    def ground(self) -> tuple[Line, ...]:
        """The closed lines around all towns, own and beside: the coast, where there is one."""
        return self._rings(self._side != NOWHERE)

    def borders(self, groups: NDArray[np.int64], *, within: bool = False) -> NDArray[np.int64]:
        """The ridges (rows of two corners) in the frame between own towns of different groups, or of the same.

        `groups` holds a number for each own town.
        """
        own = (self._side[self._pairs] == OWN).all(axis=1)
        pairs, ridges = self._pairs[own], self._ridges[own]
        alike = groups[pairs[:, 0]] == groups[pairs[:, 1]]
        asked = ridges[alike == within]
        visible: NDArray[np.int64] = asked[self._seen[asked].any(axis=1)]
        return visible

    def lines(self, ridges: NDArray[np.int64]) -> tuple[Line, ...]:
        """Ridges joined end to end into as few lines as a pen would need."""
        chains = chain_ridges((int(one), int(other)) for one, other in ridges)
        return tuple(self._line(self._corners[chain]) for chain in chains)

    def _rings(self, inside: NDArray[np.bool_]) -> tuple[Line, ...]:
        sides = inside[self._pairs]
        return self.lines(self._ridges[sides[:, 0] != sides[:, 1]])

    @cached_property
    def _seen(self) -> NDArray[np.bool_]:
        """Which corners lie in the frame or just outside it."""
        low, high = -MARGIN * self._size, (1 + MARGIN) * self._size
        seen: NDArray[np.bool_] = np.all((self._corners >= low) & (self._corners <= high), axis=1)
        return seen

    @staticmethod
    def _line(corners: Points) -> Line:
        return tuple((float(x), float(y)) for x, y in corners)


def chain_ridges(ridges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Corner numbers of lines that together draw every ridge once; a closed ring ends where it began."""
    open_ends: dict[int, list[int]] = defaultdict(list)
    for one, other in ridges:
        open_ends[one].append(other)
        open_ends[other].append(one)
    # Loose ends first: a line begun in its middle would have to be drawn as two.
    starts = sorted(open_ends, key=lambda corner: (len(open_ends[corner]) % 2 == 0, corner))
    chains = []
    for start in starts:
        while open_ends[start]:
            chains.append(_follow(start, open_ends))
    return chains


def _follow(start: int, open_ends: dict[int, list[int]]) -> list[int]:
    chain = [start]
    while following := open_ends[chain[-1]]:
        corner = following.pop()
        open_ends[corner].remove(chain[-1])
        chain.append(corner)
        if corner == start:
            break
    return chain


def area_and_middle(polygon: Sequence[Point]) -> tuple[float, Point]:
    """The area of a polygon without crossings, and its centre of gravity."""
    twice = x_sum = y_sum = 0.0
    for (x, y), (next_x, next_y) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        cross = x * next_y - next_x * y
        twice += cross
        x_sum += (x + next_x) * cross
        y_sum += (y + next_y) * cross
    return abs(twice) / 2, (x_sum / (3 * twice), y_sum / (3 * twice))
