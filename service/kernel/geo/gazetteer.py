"""Which place an address names, among the towns of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from service.kernel.geo.address import PREFECTURES, fold_address, oaza_name, said_chome, split_town, town_ends_before
from service.kernel.geo.towns import Town, mean_point

_ENDINGS: Final = ("市", "区", "町", "村")


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """A municipality, a ward, or a designated city as the sum of its wards, with all its towns."""

    code: str
    prefecture: str
    name: str
    ward_codes: frozenset[str]
    towns: tuple[Town, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A place an address may mean, and how many of its characters named the town (0: only the city)."""

    place: Town
    named: int


class Gazetteer:
    """The names of a table's towns and cities, folded; the home city's towns need no city in front."""

    def __init__(self, towns: Iterable[Town], home: str | None) -> None:
        self._cities = list_cities(towns)
        self._by_alias: dict[str, list[City]] = defaultdict(list)
        self._by_stem: dict[str, list[City]] = defaultdict(list)
        self._by_base: dict[str, dict[str, dict[int, Town]]] = defaultdict(lambda: defaultdict(dict))
        for city in self._cities:
            for name in city_names(city.name):
                self._by_alias[name].append(city)
                if len(name) > 2:
                    self._by_stem[name[:-1]].append(city)
            for town in city.towns:
                base, chome = split_town(town.town)
                self._by_base[base][town.code].setdefault(chome, town)
        self._home = [city for city in self._cities if home is not None and city.code == home[:5]]
        if home is not None and not self._home:
            raise ValueError(f"自治体コード {home} の町丁目データがありません。")
        self._longest = max(map(len, (*self._by_alias, *self._by_base)), default=0)

    def is_home(self, town: Town) -> bool:
        """Whether the town lies in the home city."""
        return any(town.code in city.ward_codes for city in self._home)

    def find(self, key: str) -> list[Town]:
        """Every place the folded address may mean; a city is a place of level "city" without a town's name."""
        prefecture, rest = split_prefecture(key)
        cities = [city for city in self._cities if prefecture in ("", city.prefecture)]
        if not rest or not cities:
            return []
        alias, named = self._read_city(rest, cities)
        at_home = self._read_town(rest, [city for city in self._home if city in cities], strict=True)
        if at_home and at_home[0].named >= len(alias):
            return [found.place for found in at_home]
        if named:
            return self._read_rest(rest[len(alias) :].removeprefix("字"), named)
        if bare := [city for city in self._by_stem.get(rest, ()) if city in cities]:
            return [middle_of(city) for city in bare]
        return [found.place for found in self._read_town(rest, cities, strict=True)]

    def _read_city(self, rest: str, cities: Collection[City]) -> tuple[str, list[City]]:
        """The longest municipality name the text begins with, and whose name it is."""
        for length in range(min(len(rest), self._longest), 1, -1):
            if named := [city for city in self._by_alias.get(rest[:length], ()) if city in cities]:
                return rest[:length], named
        return "", []

    def _read_rest(self, rest: str, named: list[City]) -> list[Town]:
        """The town in a city that was said; the city itself when the town is unknown or in several wards."""
        towns = self._read_town(rest, named, strict=False)
        return [towns[0].place] if len(towns) == 1 else [middle_of(city) for city in named]

    def _read_town(self, rest: str, cities: Collection[City], *, strict: bool) -> list[Found]:
        """The towns whose name is the longest beginning of the text, one for each municipality that has it."""
        codes = {code for city in cities for code in city.ward_codes}
        for length in range(min(len(rest), self._longest), 0, -1):
            after = rest[length:]
            here = [chomes for code, chomes in self._by_base.get(rest[:length], {}).items() if code in codes]
            if here and (town_ends_before(after) or (not strict and length > 1)):
                return [Found(choose_chome(chomes, said_chome(after)), length) for chomes in here]
        return []


def split_prefecture(key: str) -> tuple[str, str]:
    """The prefecture a folded address begins with ("" when none), and the rest."""
    prefecture = next((name for name in PREFECTURES if key.startswith(name)), "")
    return prefecture, key.removeprefix(prefecture)


def list_cities(towns: Iterable[Town]) -> list[City]:
    """Every municipality of the towns, and every designated city some of whose wards are among them."""
    members: dict[tuple[str, str], list[Town]] = defaultdict(list)
    for town in towns:
        members[town.prefecture, town.city].append(town)
        if designated := designated_city(town.city):
            members[town.prefecture, designated].append(town)
    return [_city_of(prefecture, name, tuple(here)) for (prefecture, name), here in members.items()]


def _city_of(prefecture: str, name: str, towns: tuple[Town, ...]) -> City:
    codes = frozenset(town.code for town in towns)
    # The code of a designated city is the round number before its wards' (さいたま市 11100, 相模原市 14150).
    code = min(codes) if name == towns[0].city else f"{int(min(codes)) // 10 * 10:05d}"
    return City(code, prefecture, name, codes, towns)


def designated_city(name: str) -> str:
    """さいたま市 of さいたま市大宮区, nothing for any other municipality."""
    city, mark, ward = name.partition("市")
    return city + mark if ward.endswith("区") else ""


def city_names(name: str) -> set[str]:
    """The folded names a municipality goes by: with and without its 郡 or its designated city."""
    return {fold_address(said) for said in (name, short_name(name)) if said.endswith(_ENDINGS)}


def short_name(name: str) -> str:
    """大宮区 of さいたま市大宮区, 三芳町 of 入間郡三芳町; 郡山市 is already short."""
    _, _, in_district = name.partition("郡")
    return in_district if in_district.endswith(("町", "村")) else name.removeprefix(designated_city(name))


def middle_of(city: City) -> Town:
    """A city as a place: the middle of its towns' points."""
    lat, lon = mean_point(city.towns)
    return Town(city.code, city.prefecture, city.name, "", lat, lon, "city", city.towns[0].source)


def choose_chome(chomes: dict[int, Town], said: int) -> Town:
    """The 丁目 that was said, else the 大字 of that name, else the middle of all its 丁目."""
    for chome in (said, 0):
        if chome in chomes:
            return chomes[chome]
    towns = list(chomes.values())
    lat, lon = mean_point(towns)
    return towns[0]._replace(town=oaza_name(towns[0].town), lat=lat, lon=lon, level="oaza")
