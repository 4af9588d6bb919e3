"""全国地方公共団体コード: reading the ways in which files write it, and finding it by a municipality's name."""

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from service.kernel.geo.address import PREFECTURES, fold_address
from service.resources.interchange.drafts import RowFault

_CODES: Final = Path(__file__).resolve().parents[3] / "seed" / "geo" / "codes.csv"
_WEIGHTS: Final = (6, 5, 4, 3, 2)
_REMEDY: Final = "都道府県は2桁（例 11）、市区町村は検査数字まで6桁（例 112011）で入れてください。"


@dataclass(frozen=True)
class Municipality:
    """A prefecture (two digits), and a municipality in it (six digits) where one is known."""

    prefecture_code: str
    prefecture: str
    city: str = ""
    city_code: str = ""

    @property
    def key(self) -> str:
        """The code, or what stands in for it where the name is not in the table."""
        return self.city_code or f"{self.prefecture_code}{fold_address(self.city)}"


def add_check_digit(code: str) -> str:
    """Six digits from five: 14204 is 142042."""
    total = sum(int(digit) * weight for digit, weight in zip(code, _WEIGHTS, strict=True))
    return f"{code}{(11 - total % 11) % 10}"


def find_municipality(code: str, prefecture: str, city: str) -> Municipality:
    """What a file says in its code, 都道府県 and 市区町村名 cells; RowFault when that cannot be a place in Japan."""
    said = _read_code(code)
    prefecture_code = said[:2] if said else _code_of_prefecture(prefecture)
    if not prefecture_code:
        raise RowFault("都道府県コードがありません。", _REMEDY)
    known = PREFECTURES[int(prefecture_code) - 1]
    if len(said) == 6 and not said.startswith(f"{prefecture_code}000"):
        return Municipality(prefecture_code, known, city or _cities_by_code().get(said, ""), said)
    city_code = _codes_by_name().get((known, fold_address(city)), "")
    return Municipality(prefecture_code, known, city, city_code)


def _read_code(text: str) -> str:
    """Two or six digits, empty for an empty cell; leading zeros and the check digit may be missing."""
    digits = "".join(unicodedata.normalize("NFKC", text[:20]).split()).removesuffix(".0")
    if digits in ("", "-"):
        return ""
    if not (digits.isascii() and digits.isdecimal() and len(text) <= 20):
        raise RowFault(f"都道府県コード「{text[:20]}」は数字ではありません。", _REMEDY)
    candidates = [_of_prefecture(digits)] if len(digits) <= 3 else [_of_six(digits), _of_five(digits)]
    found = next((code for code in candidates if code), None)
    if not found:
        raise RowFault(f"都道府県コード「{digits}」は正しくありません。", _REMEDY)
    return found


def _of_prefecture(digits: str) -> str | None:
    return f"{int(digits):02d}" if 1 <= int(digits) <= len(PREFECTURES) else None


def _of_six(digits: str) -> str | None:
    code = digits.zfill(6)
    is_code = len(code) == 6 and _of_prefecture(code[:2]) and add_check_digit(code[:5]) == code
    return code if is_code else None


def _of_five(digits: str) -> str | None:
    is_code = len(digits) == 5 and _of_prefecture(digits[:2])
    return add_check_digit(digits) if is_code else None


def _code_of_prefecture(name: str) -> str:
    name = unicodedata.normalize("NFKC", name).strip()
    return f"{PREFECTURES.index(name) + 1:02d}" if name in PREFECTURES else ""


@cache
def _cities_by_code() -> dict[str, str]:
    """All municipalities with their six digits; wards under their own, and their city under its own."""
    cities: dict[str, str] = {}
    with _CODES.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            cities[add_check_digit(row["code"])] = row["city"]
            city, has_ward, _ = row["city"].partition("市")
            if has_ward and row["city"].endswith("区"):
                # The wards of a city are numbered from the city's own code on: 11101… belong to 11100.
                cities.setdefault(add_check_digit(f"{row['code'][:4]}0"), f"{city}市")
    return cities


@cache
def _codes_by_name() -> dict[tuple[str, str], str]:
    """Codes by prefecture and folded name, with and without the 郡; names that mean two places are left out."""
    codes: dict[tuple[str, str], str] = {}
    doubtful: set[tuple[str, str]] = set()
    for code, city in _cities_by_code().items():
        prefecture = PREFECTURES[int(code[:2]) - 1]
        for name in {city, city.partition("郡")[2] if city[-1] in "町村" else city} - {""}:
            key = (prefecture, fold_address(name))
            if codes.setdefault(key, code) != code:
                doubtful.add(key)
    # A city's own code comes before its later tens (名古屋市 has 16 wards from 23101 to 23116).
    cities = {key: code for key, code in codes.items() if key in doubtful and key[1].endswith("市")}
    return {key: code for key, code in codes.items() if key not in doubtful} | cities
