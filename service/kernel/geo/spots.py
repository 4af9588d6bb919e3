"""Where round markers are drawn so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

Point = tuple[float, float]
RADIUS: Final = 9.0
APART: Final = 19.0
RINGS: Final = 6


def spread(places: Sequence[Point], taken: Sequence[Point], width: float, height: float) -> list[Point]:
    """Where to draw each marker so that none covers another: at its place, else on the nearest free ring."""
    spots: list[Point] = []
    for place in places:
        free = (spot for spot in _rings_around(place, width, height) if _is_free(spot, (*taken, *spots)))
        spots.append(next(free, place))
    return spots


def _rings_around(place: Point, width: float, height: float) -> Iterator[Point]:
    """The place itself, then points on wider and wider circles around it, inside the frame."""
    yield place
    for ring in range(1, RINGS + 1):
        for step in range(6 * ring):
            angle = math.tau * step / (6 * ring) - math.pi / 2
            x = place[0] + ring * APART * math.cos(angle)
            y = place[1] + ring * APART * math.sin(angle)
            if RADIUS <= x <= width - RADIUS and RADIUS <= y <= height - RADIUS:
                yield x, y


def _is_free(spot: Point, taken: Iterable[Point]) -> bool:
    return all(math.dist(spot, other) >= APART - 0.01 for other in taken)
