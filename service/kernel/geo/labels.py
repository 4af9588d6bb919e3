"""Which names a map has room for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]
FONT_SIZE: Final = 10.0
GAP: Final = 3.0
LINES: Final = (0.0, 13.0, -13.0)
# A name over less land than this part of its own box would seem to belong to the neighbour.
LEAST_ROOM: Final = 0.9


@dataclass(frozen=True, slots=True)
class Area:
    """A 町 or a city as its cells: its name, and the size and middle of each cell in drawing units."""

    name: str
    cells: tuple[tuple[float, Point], ...]

    @property
    def size(self) -> float:
        """The land it covers, in square units."""
        return sum(size for size, _ in self.cells)

    def middle(self) -> Point:
        """Where to write the name: the middle of the area, or of its cell next to that."""
        whole = self.size
        x = sum(size * at[0] for size, at in self.cells) / whole
        y = sum(size * at[1] for size, at in self.cells) / whole
        _, near = min(self.cells, key=lambda cell: (cell[1][0] - x) ** 2 + (cell[1][1] - y) ** 2)
        return (x + near[0]) / 2, (y + near[1]) / 2


@dataclass(frozen=True, slots=True)
class Label:
    """A name and the middle of its line of text."""

    text: str
    x: float
    y: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom with a little air; every Japanese letter is as wide as the font is high."""
        wide, tall = len(self.text) * FONT_SIZE / 2 + GAP, FONT_SIZE / 2 + GAP
        return self.x - wide, self.y - tall, self.x + wide, self.y + tall

    def fits(self, width: float, height: float) -> bool:
        """Whether the whole name is inside the frame."""
        left, top, right, bottom = self.box
        return left >= 0 and top >= 0 and right <= width and bottom <= height

    def overlaps(self, other: Label) -> bool:
        """Whether the two names would run into each other, or say the same twice."""
        if self.text == other.text:
            return True
        left, top, right, bottom = self.box
        other_left, other_top, other_right, other_bottom = other.box
        return left < other_right and other_left < right and top < other_bottom and other_top < bottom

    def is_covered(self, spot: Point, radius: float) -> bool:
        """Whether a round marker on the spot would hide a part of the name."""
        left, top, right, bottom = self.box
        nearest = min(max(spot[0], left), right), min(max(spot[1], top), bottom)
        return math.dist(spot, nearest) < radius


def place_labels(areas: Iterable[Area], width: float, height: float) -> tuple[Label, ...]:
    """The names that fit, largest areas first; no two overlap and none leaves the frame."""
    placed: list[Label] = []
    for area in sorted(areas, key=lambda area: (-area.size, area.name)):
        label = Label(area.name, *area.middle())
        left, top, right, bottom = label.box
        roomy = area.size >= LEAST_ROOM * (right - left) * (bottom - top)
        if roomy and label.fits(width, height) and not any(label.overlaps(other) for other in placed):
            placed.append(label)
    return tuple(placed)


def keep_clear(labels: Iterable[Label], spots: Sequence[Point], radius: float, width: float, height: float) -> list[Label]:
    """The names moved a line up or down, or left out, where a marker on one of the spots would cover them."""
    kept: list[Label] = []
    for label in labels:
        moved = (Label(label.text, label.x, label.y + line) for line in LINES)
        free = (
            name
            for name in moved
            if name.fits(width, height)
            and not any(name.overlaps(other) for other in kept)
            and not any(name.is_covered(spot, radius) for spot in spots)
        )
        if name := next(free, None):
            kept.append(name)
    return kept
