"""The ways of several coordinators on one map: each a letter and a pattern of line, so that no colour is needed to follow it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from service.kernel.geo.diagram import Point
from service.kernel.geo.spots import RADIUS, spread
from service.resources.places import Places
from service.resources.spots import svg_head
from service.web.map_ground import INK, base_svg, draw_names, frame_clip, frame_line, write_number

PATTERNS: Final = ("", "9 5", "2 4", "14 4 2 4", "6 3 2 3 2 3", "18 8")
"""Dashes and gaps of the lines, the first one whole; after the last they begin again, and the letter tells them apart."""
PATTERN_SAID: Final = ("実線", "破線", "点線", "一点鎖線", "二点鎖線", "長い破線")
COLOURS: Final = ("#0017c1", "#8a3a00", "#197a4b", "#6b1f8a", "#8c1d40", "#005f73")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Halt:
    """One place of a way: degrees WGS84, its number in the day, what it is called, the id its line in the list carries."""

    lat: float
    lon: float
    number: int
    label: str
    anchor: str


@dataclass(frozen=True)
class Way:
    """The places one coordinator goes to, in order; `at` is their number among those who go."""

    at: int
    staff: str
    halts: tuple[Halt, ...]


@dataclass(frozen=True)
class LineLook:
    """How the line of one of those who go is told from the others."""

    letter: str
    said: str
    dashes: str
    colour: str


def look_of(at: int) -> LineLook:
    """The letter and line of the member of staff of that number."""
    pattern = at % len(PATTERNS)
    return LineLook(LETTERS[at % len(LETTERS)], PATTERN_SAID[pattern], PATTERNS[pattern], COLOURS[at % len(COLOURS)])


def draw_ways(places: Places, ways: Sequence[Way], office: Point | None) -> Markup | None:
    """The map with everybody's way from the office past their places and back; None without a place or without a map."""
    halts = [(way, halt) for way in ways for halt in way.halts]
    around = [(halt.lat, halt.lon) for _, halt in halts] + ([office] if office else [])
    town_map = places.town_map(around, large=True) if halts else None
    if town_map is None:
        return None
    home = [town_map.project(*office)] if office else []
    spots = spread([town_map.project(halt.lat, halt.lon) for _, halt in halts], home, town_map.width, town_map.height)
    drawn = dict(zip([(way.at, halt.number) for way, halt in halts], spots, strict=True))
    said = "、".join(f"{look_of(way.at).letter} {way.staff}（{look_of(way.at).said}）{len(way.halts)}か所" for way in ways)
    return Markup("").join(
        [
            svg_head(town_map, "team", "みんなの一日の地図", f"{said}。順は、横の一覧と同じです。"),
            frame_clip(town_map, "team"),
            Markup('<g clip-path="url(#team-frame)">'),
            base_svg(town_map),
            draw_names(town_map, [*spots, *home]),
            *(_line(way, [drawn[way.at, halt.number] for halt in way.halts], home) for way in ways),
            Markup("</g>"),
            frame_line(town_map),
            _office(home),
            Markup('<g font-size="9" font-weight="700" text-anchor="middle">'),
            *(_mark(way, halt, drawn[way.at, halt.number]) for way, halt in halts),
            Markup("</g></svg>"),
        ]
    )


def draw_sample(look: LineLook) -> Markup:
    """A short piece of a line, for the list."""
    return Markup(
        '<svg class="line-sample" viewBox="0 0 64 12" width="64" height="12" aria-hidden="true">'
        '<path d="M1 6h62" fill="none" stroke="{}" stroke-width="3" stroke-dasharray="{}"/></svg>'
    ).format(look.colour, look.dashes or "none")


def _line(way: Way, spots: Sequence[Point], home: Sequence[Point]) -> Markup:
    """From the office to the first place, on to each next one, and back; lines that would lie on one another are set apart."""
    look, points = look_of(way.at), [*home, *spots, *home]
    pieces = "".join(_piece(here, there, way.at) for here, there in pairwise(points) if here != there)
    return Markup(
        '<path class="team-way" d="{0}" fill="none" stroke="#ffffff" stroke-width="5" stroke-opacity=".7"/>'
        '<path d="{0}" fill="none" stroke="{1}" stroke-width="2.5" stroke-dasharray="{2}"/>'
    ).format(pieces, look.colour, look.dashes or "none")


def _piece(here: Point, there: Point, at: int) -> str:
    """One piece, bent a little to its right by the number of whoever goes."""
    length = math.dist(here, there)
    bend = (4 + 5 * (at % len(PATTERNS))) * min(1.0, length / 60)
    x = (here[0] + there[0]) / 2 - (there[1] - here[1]) / length * bend
    y = (here[1] + there[1]) / 2 + (there[0] - here[0]) / length * bend
    return "M{} {}Q{} {} {} {}".format(*(write_number(each) for each in (*here, x, y, *there)))


def _office(home: Sequence[Point]) -> Markup:
    return Markup("").join(
        Markup('<g><title>事務所</title><rect x="{}" y="{}" width="14" height="14" fill="#ffffff" stroke="{}" stroke-width="2"/>'
               '<text x="{}" y="{}" font-size="9" font-weight="700" text-anchor="middle" fill="{}">事</text></g>').format(
            write_number(x - 7), write_number(y - 7), INK, write_number(x), write_number(y + 3.5), INK
        )
        for x, y in home
    )  # fmt: skip


def _mark(way: Way, halt: Halt, spot: Point) -> Markup:
    """One place as a link to its line in the list."""
    look = look_of(way.at)
    name = f"{look.letter}{halt.number} {halt.label}（{way.staff}）"
    x, y = write_number(spot[0]), write_number(spot[1])
    return Markup(
        '<a href="#{}" class="map-marker" aria-label="{}"><title>{}</title>'
        '<circle cx="{}" cy="{}" r="{}" fill="#ffffff" stroke="{}" stroke-width="2.5"/>'
        '<text x="{}" y="{}" fill="#1a1a1a">{}{}</text></a>'
    ).format(
        halt.anchor, name, name, x, y, write_number(RADIUS), look.colour, x, write_number(spot[1] + 3.5),
        look.letter, halt.number,
    )  # fmt: skip
