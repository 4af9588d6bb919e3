"""The places of the catalogue drawn on the town's map, numbered as in the list beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from service.kernel.geo.cells import TownMap
from service.kernel.geo.diagram import Point
from service.kernel.geo.spots import RADIUS, spread
from service.resources.places import Places
from service.web.map import MOST_MARKERS
from service.web.map_ground import INK, base_svg, draw_names, frame_clip, frame_line, write_number

_ACCENT: Final = "#0017c1"


@dataclass(frozen=True)
class MapSpot:
    """A numbered place: degrees WGS84, its name, the id its row in the list carries."""

    lat: float
    lon: float
    number: str
    name: str
    key: str
    href: str


def draw_spots(places: Places, spots: Sequence[MapSpot], title: str, map_id: str = "map") -> Markup | None:
    """The map with the places on it, the first sixty; None when nothing is known of the town's geography."""
    kept = spots[:MOST_MARKERS]
    town_map = places.town_map([(spot.lat, spot.lon) for spot in kept])
    if town_map is None:
        return None
    points = [town_map.project(spot.lat, spot.lon) for spot in kept]
    drawn_at = spread(points, [], town_map.width, town_map.height)
    drawn = [_mark(*each) for each in zip(kept, points, drawn_at, strict=True)]
    description = f"受け入れ先の印 {len(kept)}か所。番号は一覧の番号です。"
    return Markup("").join(
        [
            svg_head(town_map, map_id, title, description),
            frame_clip(town_map, map_id),
            Markup('<g clip-path="url(#{}-frame)">').format(map_id),
            base_svg(town_map),
            draw_names(town_map, drawn_at),
            Markup("</g>"),
            frame_line(town_map),
            Markup('<g font-size="11" font-weight="700" text-anchor="middle">'),
            *drawn,
            Markup("</g></svg>"),
        ]
    )


def svg_head(town_map: TownMap, map_id: str, title: str, description: str) -> Markup:
    """The opening tag with the words for those who do not see the picture."""
    return Markup(
        '<svg class="town-map" viewBox="0 0 {0} {1}" role="group" aria-labelledby="{2}-title {2}-desc">'
        '<title id="{2}-title">{3}</title><desc id="{2}-desc">{4}</desc>'
    ).format(write_number(town_map.width), write_number(town_map.height), map_id, title, description)


def _mark(spot: MapSpot, place: Point, drawn_at: Point) -> Markup:
    """One place as a link to its row, with a thin line to where it really is when it had to move."""
    x, y = write_number(drawn_at[0]), write_number(drawn_at[1])
    leader = Markup()
    if math.dist(place, drawn_at) > RADIUS:
        leader = Markup('<path d="M{} {}L{} {}" stroke="{}" stroke-width=".8"/>').format(
            x, y, write_number(place[0]), write_number(place[1]), INK
        )
    words = f"{spot.number} {spot.name}"
    return Markup(
        '<a href="{}" data-marker="{}" aria-label="{}"><title>{}</title>{}'
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="#ffffff" stroke-width="1"/>'
        '<text x="{}" y="{}" fill="#ffffff">{}</text></a>'
    ).format(
        spot.href, spot.key, words, words, leader, x, y, write_number(RADIUS), _ACCENT,
        x, write_number(drawn_at[1] + 4), spot.number,
    )  # fmt: skip
