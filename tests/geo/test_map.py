"""Each town lies in its own cell, and the drawing is well formed, repeatable and silent about a locked home."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.kernel.geo.address import oaza_name
from service.kernel.geo.cells import TownMap, build_map
from service.kernel.geo.diagram import Line, area_and_middle, chain_ridges
from service.kernel.geo.spots import APART, spread
from service.kernel.geo.towns import BoundingBox, Town, TownTable
from service.kernel.geo.travel import reach_km
from service.web.map import MOST_MARKERS, MarkerKind, MarkerView, PersonView, draw_map, frame_markers, legend
from service.web.map_ground import base_svg
from tests.geo.places import towns_of

OMIYA = (35.906, 139.623)
SVG = "{http://www.w3.org/2000/svg}"


def demo_map() -> TownMap:
    return build_map(towns_of("14204"), around=towns_of("14204-around"))


def omiya_map() -> TownMap:
    return build_map(towns_of("11"), box=BoundingBox.around([OMIYA], 3).rounded())


def lies_inside(polygon: Line, x: float, y: float) -> bool:
    """Whether a point lies left of every side of a convex polygon, or right of every side."""
    turns = [
        (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        for (ax, ay), (bx, by) in zip(polygon, (*polygon[1:], polygon[0]), strict=True)
    ]
    return all(turn > 0 for turn in turns) or all(turn < 0 for turn in turns)


@pytest.mark.parametrize("drawn", [demo_map, omiya_map])
def test_every_town_lies_in_its_own_cell_and_in_no_other(drawn: Callable[[], TownMap]) -> None:
    town_map = drawn()
    points = [town_map.project(cell.town.lat, cell.town.lon) for cell in town_map.cells[:200]]
    for at, cell in enumerate(town_map.cells[:200]):
        inside = [other for other, point in enumerate(points) if lies_inside(cell.polygon, *point)]
        assert inside == [at]


@pytest.mark.parametrize("drawn", [demo_map, omiya_map])
def test_cells_fill_the_land_without_overlapping(drawn: Callable[[], TownMap]) -> None:
    town_map = drawn()
    cells = sum(area_and_middle(cell.polygon)[0] for cell in town_map.cells)
    rings = [area_and_middle(ring[:-1])[0] for ring in town_map.land]
    # Rings within rings are holes or islands in them: the land is at least the largest and at most all of them.
    assert max(rings) - 1e-6 <= cells <= sum(rings) + 1e-6
    assert all(ring[0] == ring[-1] for ring in town_map.land)


def test_no_point_of_the_demo_city_lies_in_two_cells() -> None:
    town_map = demo_map()
    for x, y in np.random.default_rng(7).uniform((0, 0), (town_map.width, town_map.height), (300, 2)):
        assert sum(lies_inside(cell.polygon, x, y) for cell in town_map.cells) <= 1


def test_coastal_cells_stay_near_their_town() -> None:
    town_map = demo_map()
    for cell in town_map.cells:
        point = town_map.project(cell.town.lat, cell.town.lon)
        assert max(math.dist(point, corner) for corner in cell.polygon) / town_map.projection.units_per_km < 2.5


def test_the_sea_lies_south_of_the_demo_city_and_land_north() -> None:
    town_map = demo_map()
    (coast,) = town_map.ground
    west_of_cape, north = town_map.project(35.298, 139.50), town_map.project(35.372, 139.53)
    ring = np.array(coast)
    assert not crosses_odd(ring, *west_of_cape)
    assert crosses_odd(ring, *north)


def crosses_odd(ring: np.ndarray[tuple[int, int], np.dtype[np.float64]], x: float, y: float) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    (ax, ay), (bx, by) = ring[:-1].T, ring[1:].T
    spans = (ay > y) != (by > y)
    at = ax[spans] + (y - ay[spans]) / (by[spans] - ay[spans]) * (bx[spans] - ax[spans])
    return bool((at > x).sum() % 2)


@pytest.mark.parametrize("drawn", [demo_map, omiya_map])
def test_names_never_overlap_nor_leave_the_frame(drawn: Callable[[], TownMap]) -> None:
    town_map = drawn()
    assert len(town_map.labels) >= 20
    for at, label in enumerate(town_map.labels):
        assert label.fits(town_map.width, town_map.height)
        assert not any(label.overlaps(other) for other in town_map.labels[:at])


def test_a_whole_prefecture_is_drawn_by_municipality() -> None:
    town_map = build_map(towns_of("11"))
    assert not town_map.chome_borders
    assert "秩父市" in {label.text for label in town_map.labels}
    assert len(base_svg(town_map).encode()) < 30_000


def test_a_place_without_towns_is_an_empty_frame_that_still_knows_where_things_are() -> None:
    town_map = build_map(towns_of("11"), box=BoundingBox.around([(26.2, 127.7)], 2))
    assert town_map.cells == ()
    assert town_map.project(26.2, 127.7) == pytest.approx((178, 159))
    with pytest.raises(ValueError, match="towns or a box"):
        build_map(TownTable(()))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_few_towns_even_on_one_spot_make_a_map(count: int) -> None:
    towns = [Town("14204", "神奈川県", "鎌倉市", f"町{at}", 35.3, 139.5 + at // 2 * 0.01, "oaza", "") for at in range(count)]
    town_map = build_map(TownTable(tuple(towns)))
    assert len(town_map.cells) == (count + 1) // 2


def test_the_circle_is_as_wide_as_the_way_is_far() -> None:
    town_map = demo_map()
    x, y = town_map.project(35.32, 139.55)
    north = town_map.project(35.32 + 1 / 110.95, 139.55)
    assert math.dist((x, y), north) == pytest.approx(town_map.projection.units_per_km, rel=0.001)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] != pair[1]), unique_by=frozenset)
)
def test_the_pen_draws_every_border_once(ridges: list[tuple[int, int]]) -> None:
    drawn = [frozenset(pair) for chain in chain_ridges(ridges) for pair in itertools.pairwise(chain)]
    assert sorted(map(sorted, drawn)) == sorted(map(sorted, ridges))


@pytest.mark.parametrize(
    ("town", "name"),
    [("由比ガ浜二丁目", "由比ガ浜"), ("大字角山", "角山"), ("新金岡町四丁", "新金岡町"), ("八丁", "八丁"), ("大船", "大船")],
)
def test_a_chome_is_called_by_its_town(town: str, name: str) -> None:
    assert oaza_name(town) == name


def marker(at: int, kind: MarkerKind = MarkerKind.ASK, lat: float = 35.33, lon: float = 139.54) -> MarkerView:
    return MarkerView(lat, lon, kind, f'居場所 <{at}> & "仲間"', f"opening-{at}", at if kind is MarkerKind.FIT else None)


HOME = PersonView(35.352, 139.523, reach_km("walk", 35), "徒歩35分")


def drawn(markers: list[MarkerView], *, person: PersonView | None = HOME, person_shown: bool = True) -> str:
    return str(draw_map(demo_map(), markers, person=person, person_shown=person_shown, title="地図 <照合>"))


def test_the_drawing_is_well_formed_and_has_no_style_attribute_or_script() -> None:
    markers = [marker(1, MarkerKind.FIT), marker(2), marker(3, MarkerKind.UNFIT, 35.31), marker(4)]
    svg = drawn(markers)
    root = ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name == "style" or name.startswith("on")]
    assert not list(root.iter(f"{SVG}style"))
    assert not list(root.iter(f"{SVG}script"))
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == [f"#opening-{at}" for at in (1, 2, 3, 4)]
    assert root.findtext(f"{SVG}title") == "地図 <照合>"
    assert {root.get("role"), root.get("aria-labelledby")} == {"group", "map-title map-desc"}


def test_the_same_data_gives_the_same_bytes() -> None:
    markers = [marker(at) for at in range(9)]
    first = drawn(markers)
    base_svg.cache_clear()
    build_map.cache_clear()
    assert drawn(markers) == first


def test_the_town_itself_is_light() -> None:
    assert len(base_svg(demo_map()).encode()) <= 30_000
    assert not re.search(r"\d\.\d\d", base_svg(demo_map()))


def test_bands_differ_in_sign_and_words_not_only_in_colour() -> None:
    svg = drawn([marker(1, MarkerKind.FIT), marker(2), marker(3, MarkerKind.UNFIT)])
    for said in (">1</text>", ">？</text>", ">×</text>", "（適合）", "（要確認）", "（不適合）"):
        assert said in svg
    assert "適合 1か所、要確認 1か所、不適合 1か所" in svg


def test_a_locked_home_leaves_no_trace() -> None:
    markers = [marker(at) for at in range(3)]
    locked = drawn(markers, person_shown=False)
    assert locked == drawn(markers, person=None, person_shown=False)
    assert "map-person" not in locked
    assert "map-reach" not in locked
    assert "本人" not in locked
    assert "本人" not in legend(False, "徒歩35分")
    assert "徒歩" not in legend(False, "徒歩35分")
    moved = PersonView(36.5, 138.0)
    assert frame_markers(markers, moved, person_shown=False) == frame_markers(markers, HOME, person_shown=False)
    assert frame_markers([], HOME, person_shown=False) is None


def test_an_unlocked_home_and_its_reach_are_drawn() -> None:
    svg = drawn([marker(1)])
    assert "map-person" in svg
    assert "stroke-dasharray" in svg
    assert "点線は徒歩35分の範囲" in svg
    assert "map-reach" not in drawn([], person=PersonView(35.352, 139.523, -1.0))


def test_more_places_than_the_map_carries_are_counted_not_hidden() -> None:
    many = [marker(at, lat=35.32 + at / 4000) for at in range(MOST_MARKERS + 5)]
    svg = drawn([*many, marker(99, lat=43.0), marker(100, lat=math.nan)])
    assert svg.count('class="map-marker ') == MOST_MARKERS
    assert "ほか 7か所は一覧にあります" in svg
    assert "地図にないもの 7か所" in svg


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(20, 330), st.floats(20, 290)), max_size=25))
def test_markers_never_cover_each_other_and_stay_where_there_is_room(places: list[tuple[float, float]]) -> None:
    spots = spread(places, [], 356, 318)
    assert all(math.dist(one, other) >= APART - 0.02 for at, one in enumerate(spots) for other in spots[:at])
    assert spots[:1] == places[:1]
