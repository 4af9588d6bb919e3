"""Addresses to coordinates without internet, in geopy's shape, from the table of 町丁目."""

from __future__ import annotations

from typing import Any, Final, Literal, NoReturn, overload

from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderUnavailable
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from service.kernel.geo.address import fold_address
from service.kernel.geo.distance import distance_km
from service.kernel.geo.gazetteer import Gazetteer, split_prefecture
from service.kernel.geo.towns import Town, TownTable

MIN_SUGGEST_LENGTH: Final = 2
NEAREST_KM: Final = 5.0


class NoNetwork(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """geopy's way out to the internet, closed: a person's address never leaves the house."""

    def get_json(self, url: str, *, timeout: object, headers: object) -> NoReturn:
        """Refuse."""
        raise GeocoderUnavailable("この住所検索は外部と通信しません。")

    def get_text(self, url: str, *, timeout: object, headers: object) -> NoReturn:
        """Refuse."""
        raise GeocoderUnavailable("この住所検索は外部と通信しません。")


class TownGeocoder(Geocoder):  # type: ignore[misc]  # geopy has no types
    """Finds 町丁目, 大字 and municipalities of a `TownTable`; asks nobody else.

    `home` is the municipality (5 or 6 digits; a designated city's own code covers its wards) whose towns need no
    city in front of them and win where several towns have one name; ValueError when the table has no such towns.
    """

    def __init__(self, table: TownTable, *, home: str | None = None) -> None:
        super().__init__(adapter_factory=NoNetwork)
        self.table = table
        self._gazetteer = Gazetteer(table.towns, home)
        self._keys = [(fold_address(town.city), fold_address(town.town)) for town in table.towns]

    @overload
    def geocode(self, query: str, *, exactly_one: Literal[True] = True) -> Location | None: ...
    @overload
    def geocode(self, query: str, *, exactly_one: Literal[False]) -> list[Location] | None: ...
    def geocode(self, query: str, *, exactly_one: bool = True) -> Location | list[Location] | None:
        """Where the address lies, as finely as it says; None when it is unknown or may mean several places.

        The location's `raw` holds level ("chome" | "oaza" | "city": the middle of its towns), source, code,
        prefecture, city and town. With `exactly_one=False` every place it may mean is listed.
        """
        places = self._gazetteer.find(fold_address(query))
        if not exactly_one:
            return [locate(place) for place in places] or None
        return locate(places[0]) if len(places) == 1 else None

    def reverse(self, query: Any) -> Location | None:
        """The town whose point is nearest to a geopy point or (lat, lon), within five kilometres."""
        if not self.table.towns:
            return None
        point = Point(query)
        km = distance_km(point.latitude, point.longitude, self.table.lats, self.table.lons)
        nearest = int(km.argmin())
        return locate(self.table.towns[nearest]) if km[nearest] <= NEAREST_KM else None

    def suggest(self, query: str, limit: int = 8) -> list[Location]:
        """Towns to offer under an address box from two typed characters on: home first, then as in the files."""
        _, key = split_prefecture(fold_address(query))
        if len(key) < MIN_SUGGEST_LENGTH:
            return []
        hits = [
            (not self._gazetteer.is_home(place), not (town.startswith(key) or city.startswith(key)), at)
            for at, ((city, town), place) in enumerate(zip(self._keys, self.table.towns, strict=True))
            if key in city + town
        ]
        return [locate(self.table.towns[at]) for _, _, at in sorted(hits)[:limit]]


def locate(place: Town) -> Location:
    """A place in geopy's shape; its level and source travel in `raw`."""
    raw = {
        "level": place.level,
        "source": place.source,
        "code": place.code,
        "prefecture": place.prefecture,
        "city": place.city,
        "town": place.town,
    }
    return Location(place.address, (place.lat, place.lon), raw)
