"""The town under the markers of a map: land, borders, names, scale and source, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from service.kernel.geo.cells import FOOT, TownMap
from service.kernel.geo.diagram import Line, Point
from service.kernel.geo.labels import FONT_SIZE, keep_clear
from service.kernel.geo.spots import RADIUS

# Colours as presentation attributes: the security policy forbids style attributes, and a printout keeps them.
INK: Final = "#626264"
_LAND, _SEA, _BESIDE = "#e4ebf5", "#dce8ef", "#f1f4f2"
_BORDER, _FINE_BORDER, _COAST, _FRAME = "#c3cfe2", "#d3dcea", "#c5d5e0", "#d8d8db"
_SCALE_KM: Final = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_SCALE_PART: Final = 0.25
_LEAST_STEP: Final = 0.8
_CORNER: Final = 8
CREDIT: Final = "Geolonia 住所データ CC BY 4.0"


@lru_cache(maxsize=16)
def base_svg(town_map: TownMap) -> Markup:
    """The town itself: land, borders, scale and source; the same for everybody, so it is kept."""
    outside = _SEA if town_map.ground else _BESIDE
    fine, coarse = _open_path(town_map.chome_borders), _open_path(town_map.town_borders)
    parts = [
        Markup('<rect width="{}" height="{}" fill="{}"/>').format(
            write_number(town_map.width), write_number(town_map.height), outside
        ),
        _area(town_map.ground, _BESIDE, _COAST),
        _area(town_map.land, _LAND, _BORDER),
        Markup('<g fill="none" stroke-linejoin="round"><path d="{}" stroke="{}" stroke-width=".6"/>').format(
            fine, _FINE_BORDER
        ),
        Markup('<path d="{}" stroke="{}"/></g>').format(coarse, _BORDER),
        _scale(town_map),
        _credit(town_map),
    ]
    return Markup("").join(parts)


def _area(rings: Iterable[Line], fill: str, stroke: str) -> Markup:
    path = "".join(f"{_path(ring[:-1])}z" for ring in rings)
    return Markup('<path d="{}" fill="{}" stroke="{}" fill-rule="evenodd"/>').format(path, fill, stroke)


def _open_path(lines: Iterable[Line]) -> str:
    return "".join(_path(line) for line in lines)


def _path(line: Line) -> str:
    """Corners nearer together than the eye sees are one."""
    kept = [line[0]]
    for corner in line[1:-1]:
        if math.dist(corner, kept[-1]) >= _LEAST_STEP:
            kept.append(corner)
    return "M" + " ".join(f"{write_number(x)} {write_number(y)}" for x, y in (*kept, line[-1]))


def write_number(value: float) -> str:
    """One decimal, no more characters than needed."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def draw_names(town_map: TownMap, spots: Sequence[Point]) -> Markup:
    """The names of the 町, moved a line up or down or left out where a marker would cover them."""
    head = Markup(
        '<g class="map-names" font-size="{}" fill="{}" text-anchor="middle"'
        ' stroke="{}" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke">'
    ).format(write_number(FONT_SIZE), INK, _LAND)
    texts = (
        Markup('<text x="{}" y="{}">{}</text>').format(
            write_number(label.x), write_number(label.y + FONT_SIZE * 0.36), label.text
        )
        for label in keep_clear(town_map.labels, spots, RADIUS, town_map.width, town_map.height - FOOT)
    )
    return head + Markup("").join(texts) + Markup("</g>")


def _scale(town_map: TownMap) -> Markup:
    """A bar of a round length, so that a distance can be read off the print."""
    longest = town_map.width * _SCALE_PART / town_map.projection.units_per_km
    km = max((km for km in _SCALE_KM if km <= longest), default=_SCALE_KM[0])
    left, foot, length = 12.0, town_map.height - 10, km * town_map.projection.units_per_km
    return Markup(
        '<g fill="none" stroke="{0}"><path d="M{1} {2}v4h{3}v-4"/></g>'
        '<text x="{4}" y="{5}" font-size="9" fill="{0}">{6} km</text>'
    ).format(
        INK,
        write_number(left),
        write_number(foot - 4),
        write_number(length),
        write_number(left + length + 5),
        write_number(foot),
        km,
    )


def _credit(town_map: TownMap) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="8" fill="{}" text-anchor="end">{}</text>').format(
        write_number(town_map.width - 8), write_number(town_map.height - 8), INK, CREDIT
    )


def frame_clip(town_map: TownMap, map_id: str) -> Markup:
    """The rounded frame that nothing is drawn outside of."""
    return Markup('<clipPath id="{}-frame"><rect width="{}" height="{}" rx="{}"/></clipPath>').format(
        map_id, write_number(town_map.width), write_number(town_map.height), _CORNER
    )


def frame_line(town_map: TownMap) -> Markup:
    """The rounded line around the picture."""
    return Markup('<rect x=".5" y=".5" width="{}" height="{}" rx="{}" fill="none" stroke="{}"/>').format(
        write_number(town_map.width - 1), write_number(town_map.height - 1), _CORNER, _FRAME
    )
