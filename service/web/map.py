"""The map beside a list: a calm drawing of the town with the places on it, as SVG that needs no script."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from markupsafe import Markup

from service.kernel.geo.cells import TownMap
from service.kernel.geo.diagram import Point
from service.kernel.geo.labels import FONT_SIZE
from service.kernel.geo.spots import RADIUS, spread
from service.kernel.geo.towns import BoundingBox
from service.web.map_ground import (
    INK,
    base_svg,
    draw_names,
    frame_clip,
    frame_line,
    write_number,
)

MOST_MARKERS: Final = 60
FRAME_MARGIN_KM: Final = 1.0
_PERSON: Final = "#0017c1"
# Where the line about places left out is written, as spots that markers and names keep clear of.
_NOTE_ROOM: Final = tuple((float(x), 16.0) for x in range(16, 144, 16))


class MarkerKind(StrEnum):
    """The band a place on the map is in."""

    FIT = "fit"
    ASK = "ask"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class _Look:
    word: str
    sign: str
    fill: str
    stroke: str
    ink: str
    width: float


_LOOKS: Final = {
    MarkerKind.FIT: _Look("適合", "●", "#197a4b", "#ffffff", "#ffffff", 1),
    MarkerKind.ASK: _Look("要確認", "？", "#ffffff", "#8a5a00", "#8a5a00", 2),
    MarkerKind.UNFIT: _Look("不適合", "×", "#ffffff", "#b3261e", "#b3261e", 2),
}


@dataclass(frozen=True, slots=True)
class MarkerView:
    """A place on the map: degrees WGS84, its band, what it is called, the id of its card, its number if 適合.

    `page` is the address that has the card, where it is not this one.
    """

    lat: float
    lon: float
    kind: MarkerKind
    label: str
    anchor: str
    number: int | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class PersonView:
    """Where the person starts from, and how far they get on foot (km, None or below 0: no circle)."""

    lat: float
    lon: float
    reach_km: float | None = None
    reach_label: str = ""


def frame_markers(markers: Sequence[MarkerView], person: PersonView | None, *, person_shown: bool) -> BoundingBox | None:
    """The rounded rectangle of the places to draw, and of the person's home unless locked; None with neither.

    A locked home must not even centre the picture.
    """
    points = [(marker.lat, marker.lon) for marker in markers[:MOST_MARKERS]]
    if person and person_shown:
        points.append((person.lat, person.lon))
    return BoundingBox.around(points, FRAME_MARGIN_KM).rounded() if points else None


def draw_map(
    town_map: TownMap,
    markers: Sequence[MarkerView],
    *,
    person: PersonView | None,
    person_shown: bool,
    title: str,
    map_id: str = "map",
) -> Markup:
    """The whole picture as one `<svg>`; each marker leads to `#anchor`, the first `MOST_MARKERS` are drawn.

    With `person_shown` false neither the person nor the circle nor a word about them is in the answer. Places
    outside the frame or beyond the limit are counted in a line of text. Same data, same bytes.
    """
    home = person if person_shown else None
    shown = [each for each in markers if town_map.projection.shows(each.lat, each.lon)][:MOST_MARKERS]
    left_out = len(markers) - len(shown)
    places = [town_map.project(marker.lat, marker.lon) for marker in shown]
    taken = [town_map.project(home.lat, home.lon)] if home else []
    taken += _NOTE_ROOM if left_out else ()
    spots = spread(places, taken, town_map.width, town_map.height)
    parts = [
        _head(town_map, map_id, title, describe(shown, left_out, home)),
        frame_clip(town_map, map_id),
        Markup('<g clip-path="url(#{}-frame)">').format(map_id),
        base_svg(town_map),
        _circle(town_map, home) if home else Markup(),
        draw_names(town_map, [*taken, *spots]),
        _person(town_map, home) if home else Markup(),
        _left_out(left_out),
        Markup("</g>"),
        frame_line(town_map),
        _markers(shown, places, spots),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def _head(town_map: TownMap, map_id: str, title: str, description: str) -> Markup:
    return Markup(
        '<svg class="town-map" viewBox="0 0 {0} {1}" role="group" aria-labelledby="{2}-title {2}-desc">'
        '<title id="{2}-title">{3}</title><desc id="{2}-desc">{4}</desc>'
    ).format(write_number(town_map.width), write_number(town_map.height), map_id, title, description)


def describe(shown: Iterable[MarkerView], left_out: int, home: PersonView | None) -> str:
    """What the picture shows, in a sentence for those who do not see it."""
    kinds = [marker.kind for marker in shown]
    counts = [f"{look.word} {kinds.count(kind)}か所" for kind, look in _LOOKS.items() if kind in kinds]
    words = ["、".join(counts) or "受け入れ先の印はありません"]
    if home:
        words.append("青い丸は本人の出発地")
    if home and _has_circle(home):
        words.append(f"点線は{home.reach_label}の範囲")
    if left_out:
        words.append(f"地図にないもの {left_out}か所")
    return "。".join(words) + "。"


def legend(person_shown: bool, reach_label: str = "") -> str:
    """The line under the map that says what the signs mean."""
    words = ["● 本人"] if person_shown else []
    words += ["①（数字） 適合", "？ 要確認", "× 不適合"]
    if person_shown and reach_label:
        words.append(f"点線は{reach_label}")
    return "　".join(words)


def _has_circle(home: PersonView) -> bool:
    return home.reach_km is not None and 0 < home.reach_km < math.inf


def _circle(town_map: TownMap, home: PersonView) -> Markup:
    """How far the person gets on foot."""
    if home.reach_km is None or not _has_circle(home):
        return Markup()
    x, y = (write_number(axis) for axis in town_map.project(home.lat, home.lon))
    return Markup(
        '<circle class="map-reach" cx="{}" cy="{}" r="{}" fill="{}" fill-opacity=".04" stroke="{}"'
        ' stroke-width="1.2" stroke-dasharray="3 4"/>'
    ).format(x, y, write_number(home.reach_km * town_map.projection.units_per_km), _PERSON, _PERSON)


def _person(town_map: TownMap, home: PersonView) -> Markup:
    x, y = (write_number(axis) for axis in town_map.project(home.lat, home.lon))
    return Markup('<circle class="map-person" cx="{}" cy="{}" r="7" fill="{}" stroke="#ffffff" stroke-width="2"/>').format(
        x, y, _PERSON
    )


def _left_out(count: int) -> Markup:
    if not count:
        return Markup()
    return Markup(
        '<text class="map-left-out" x="12" y="20" font-size="{}" fill="{}" stroke="#ffffff" stroke-width="3"'
        ' paint-order="stroke">ほか {}か所は一覧にあります</text>'
    ).format(write_number(FONT_SIZE), INK, count)


def _markers(shown: Sequence[MarkerView], places: Sequence[Point], spots: Sequence[Point]) -> Markup:
    """The places in the order of the list, so that the keyboard walks them in that order."""
    head = Markup('<g class="map-markers" font-size="11" font-weight="700" text-anchor="middle">')
    drawn = [_marker(*each) for each in zip(shown, places, spots, strict=True)]
    return head + Markup("").join(drawn) + Markup("</g>")


def _marker(marker: MarkerView, place: Point, spot: Point) -> Markup:
    """One place as a link to its card, with a thin line to where it really is when it had to move."""
    look = _LOOKS[marker.kind]
    x, y = write_number(spot[0]), write_number(spot[1])
    leader = Markup()
    if math.dist(place, spot) > RADIUS:
        leader = Markup('<path d="M{} {}L{} {}" stroke="{}" stroke-width=".8"/>').format(
            x, y, write_number(place[0]), write_number(place[1]), INK
        )
    text = str(marker.number) if marker.number is not None else look.sign
    return Markup(
        '<a href="{}#{}" class="map-marker map-{}" aria-label="{}"><title>{}</title>{}'
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="{}"/>'
        '<text x="{}" y="{}" fill="{}">{}</text></a>'
    ).format(
        marker.page,
        marker.anchor,
        marker.kind,
        *[f"{text} {marker.label}（{look.word}）"] * 2,
        leader,
        x,
        y,
        write_number(RADIUS),
        look.fill,
        look.stroke,
        look.width,
        x,
        write_number(spot[1] + 4),
        look.ink,
        text,
    )
