"""The same rules for one person and one opening, in plain Python, written apart from the vectorised ones.

The tests hold the vectorised rules against it; the search benchmark takes it as the straightforward program."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from geopy.distance import geodesic

from benchmarks.plain_week import look_at_week
from service.kernel.vocab import Attribute, Kind, SideType, Strength, Vocabulary
from service.matching.facts import UNKNOWN, OpeningFacts, PersonFacts

Distance = Callable[[tuple[float, float], tuple[float, float]], float]
MET, ASK, NO = 0, 1, 2
SPEEDS = {"walk": (0, 4), "bicycle": (0, 10), "transit": (15, 18), "car": (5, 24)}


@dataclass
class PlainVerdict:
    """One pair: finding per attribute key, usable weekdays, band 0/1/2, points of soft needs and shared activities."""

    findings: dict[str, int]
    days: set[int]
    band: int
    points: float


def geodesic_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    return float(geodesic(here, there).km)


def judge(
    person: PersonFacts, opening: OpeningFacts, vocabulary: Vocabulary, today: date, distance: Distance = geodesic_km
) -> PlainVerdict:
    """The verdict of one pair."""
    pair = PlainPair(person, opening, vocabulary, today, distance)
    findings: dict[str, int] = {}
    violated = unknown = points = 0
    for attribute in vocabulary:
        strength = pair.strength(attribute)
        if strength is None:
            continue
        finding = pair.finding(attribute)
        if attribute.remote_satisfies and pair.is_remote:
            finding = MET
        findings[attribute.key] = finding
        if strength in (Strength.GATE, Strength.HARD):
            violated += finding == NO
            unknown += finding == ASK
        else:
            points += {MET: 1, ASK: 0, NO: -1}[finding] * (3 if strength is Strength.WISH else 1)
    band = 2 if violated else 1 if unknown else 0
    return PlainVerdict(findings, pair.days, band, points + pair.shared_activities())


class PlainPair:
    def __init__(
        self, person: PersonFacts, opening: OpeningFacts, vocabulary: Vocabulary, today: date, distance: Distance
    ) -> None:
        self.person, self.opening, self.vocabulary, self.today = person, opening, vocabulary, today
        self.distance = distance
        self.windows = self.wish("time")
        self.slots, self.stay = opening.slots or (), self.host("session")
        self.days, self.sure, self.maybe = look_at_week(self.slots, self.stay, self.windows)
        self.is_remote = self.host("remote") is True

    def host(self, key: str) -> Any:
        value = self.opening.values.get(key)
        return self.vocabulary[key].host.default if value is None and key in self.vocabulary else value

    def wish(self, key: str) -> Any:
        need = self.person.needs.get(key)
        # 0 is a need (no more than 0 yen); False, which equals 0, is not.
        is_nothing = need is None or need.value is None or need.value is False or need.value in ((), [])
        return None if need is None or is_nothing else need.value

    def age(self) -> Any:
        born = self.person.birth_on
        if born is None:
            return self.person.age
        return self.today.year - born.year - ((self.today.month, self.today.day) < (born.month, born.day))

    def strength(self, attribute: Attribute) -> Strength | None:
        """None when this is not asked of the opening."""
        key, kind = attribute.key, attribute.kind
        if kind in (Kind.TEXT, Kind.FACT):
            return None
        if attribute.strength is Strength.GATE:
            return Strength.GATE
        if key == "age":
            return None if self.age() is None else attribute.strength
        if key == "gender":
            return None if self.person.gender is None else attribute.strength
        if kind is Kind.FREQUENCY and self.wish(key) is None:
            return None if self.windows is None else attribute.strength
        if self.wish(key) is None:
            return None
        if kind is Kind.TRAVEL and (not self.wish(key).get("modes") or self.wish(key).get("max_min") is None):
            return None
        return self.person.needs[key].strength

    def finding(self, attribute: Attribute) -> int:
        special = getattr(self, f"judge_{attribute.kind}", None)
        if special is not None:
            return int(special(attribute))
        value = (
            self.age()
            if attribute.key == "age"
            else self.person.gender
            if attribute.key == "gender"
            else self.wish(attribute.key)
        )
        host = self.host(attribute.key)
        if value is UNKNOWN:
            everybody = host == "any" or (
                isinstance(host, tuple | list) and (host[0] or 0) <= 0 and (host[1] is None or host[1] >= 120)
            )
            return MET if everybody else ASK
        if host is None:
            return ASK
        return MET if self.suits(attribute, value, host) else NO

    def suits(self, attribute: Attribute, value: Any, host: Any) -> bool:
        kind = attribute.kind
        if kind in (Kind.AT_MOST, Kind.AT_LEAST, Kind.SESSION):
            if attribute.host.type is SideType.CHOICE:
                levels = [choice.key for choice in attribute.host.choices]
                value, host = levels.index(value), levels.index(host)
            return bool(host >= value if kind is Kind.AT_LEAST else host <= value)
        if kind is Kind.WITHIN_RANGE:
            low, high = host
            return (low is None or low <= value) and (high is None or value <= high)
        if kind is Kind.NOT_REQUIRED:
            return bool(host != "required")
        if kind in (Kind.NEEDS_VALUE, Kind.REMOTE):
            said = {True: "yes", False: "no"}.get(host, host) if isinstance(host, bool) else host
            return said in (attribute.ok or ("yes",))
        if kind is Kind.ADMITS:
            return host in ("any", value)
        if kind is Kind.ANY_OF:
            return any(key in host for key in value)
        found = [key in host for key in value]
        return all(found) if kind is Kind.ALL_OF else not any(found)

    def judge_open(self, attribute: Attribute) -> int:
        if self.opening.status == "ended":
            return NO
        if self.opening.status != "paused":
            return MET
        until = self.opening.paused_until
        return NO if until is None or until >= self.today else MET

    def judge_places(self, attribute: Attribute) -> int:
        free, confirmed = self.opening.free, self.opening.confirmed_on
        if self.opening.status == "full" or (free is not None and free <= 0):
            return NO
        if free is None or confirmed is None or (self.today - confirmed).days > 90:
            return ASK
        return MET

    def judge_avoid(self, attribute: Attribute) -> int:
        meets = any(person in self.opening.linked for person in self.person.avoid_persons)
        return NO if meets or self.opening.host_id in self.person.avoid_hosts else MET

    def judge_avoid_area(self, attribute: Attribute) -> int:
        if self.is_remote or not self.person.avoid_areas:
            return MET
        if self.opening.lat is None or self.opening.lon is None:
            return ASK
        there = (self.opening.lat, self.opening.lon)
        return NO if any(self.distance((a.lat, a.lon), there) <= a.km for a in self.person.avoid_areas) else MET

    def judge_legal_age(self, attribute: Attribute) -> int:
        age, work = self.age(), self.host(attribute.key)
        if age is None or work is False:
            return MET
        if age is UNKNOWN:
            return ASK
        if self.is_too_young_to_work(age):
            return NO if work else ASK
        if age < 18 and self.days and not look_at_week(self.slots, self.stay, self.windows, 5 * 60, 22 * 60)[0]:
            return NO if work else ASK
        return MET

    def is_too_young_to_work(self, age: int) -> bool:
        born = self.person.birth_on
        if born is None:
            return age < 15
        # One becomes fifteen at the end of the day before the birthday; work may begin after the next 31 March.
        reaches_in = born.year + 15
        is_before_april = (born.month, born.day) <= (4, 1)
        return self.today < date(reaches_in if is_before_april else reaches_in + 1, 4, 1)

    def judge_women_only(self, attribute: Attribute) -> int:
        place, staff = self.host("gender"), self.host("staff")
        if place not in (None, "F") or (staff is not None and set(staff) != {"F"}):
            return NO
        return ASK if place is None or staff is None else MET

    def judge_time(self, attribute: Attribute) -> int:
        if self.opening.slots is None:
            return ASK
        return MET if self.sure else ASK if self.maybe else NO

    def judge_frequency(self, attribute: Attribute) -> int:
        asked, most = self.host(attribute.key), self.wish(attribute.key)
        if asked is None:
            return ASK
        most = 7 if most is None else most
        return NO if asked > (min(most, len(self.days)) if self.days else most) else MET

    def judge_travel(self, attribute: Attribute) -> int:
        modes, limit = self.wish("travel")["modes"], self.wish("travel")["max_min"]
        for site in (self.opening.id, self.opening.site_id):
            if site in self.person.travel_minutes:
                return MET if self.person.travel_minutes[site] <= limit else NO
        if None in (self.person.lat, self.person.lon, self.opening.lat, self.opening.lon):
            return ASK
        km = self.distance((self.person.lat, self.person.lon), (self.opening.lat, self.opening.lon))  # type: ignore[arg-type]
        for mode in modes:
            if mode == "pickup":
                radius = self.host("travel") or 0
                if radius > 0 and km <= radius:
                    return MET
                continue
            start, speed = SPEEDS[mode]
            if math.ceil(start + km * 1.3 / speed * 60 - 1e-9) <= limit:
                return MET
        return NO

    def shared_activities(self) -> float:
        points = 0.0
        for attribute in self.vocabulary.of_kind(Kind.TEXT):
            need = self.person.needs.get(attribute.key)
            if need is None or not need.value:
                continue
            has = set(self.host(attribute.key) or ())
            for other in self.vocabulary:
                if other.kind is not Kind.TEXT:
                    has |= {c.implies for c in other.host.choices if c.implies and c.key == self.host(other.key)}
            common = len(has & set(need.value.get("tags") or ()))
            if common:
                points += (3 if need.strength is Strength.WISH else 1) + min(common - 1, 2)
        return points
