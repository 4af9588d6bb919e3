"""Households of the manuscript as rows of tables."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from seed.demo.drawing import REFERENCE, Home, Row, address_in, days_from_reference, district_of, spot_in
from seed.demo.places import STAFF_LABELS, Tables
from service.kernel.dates import age_on
from service.kernel.geo.towns import Town
from service.kernel.timetable import parse_slots
from service.kernel.vocab import SideType, Vocabulary, check_value

HIDDEN: Final = "避難先（番地は紙で保管）"
CASE_DAYS: Final = ("review", "plan_start", "closed")


class HouseholdRows:
    """Collects the rows of every household, numbering telephones as they come."""

    def __init__(self, vocabulary: Vocabulary, towns: Mapping[str, Town]) -> None:
        self.vocabulary, self.towns = vocabulary, towns
        names = ("household", "support_case", "stand_in", "person", "consent", "need", "avoid_rule", "travel_time")
        self.tables: Tables = {name: [] for name in names}

    def add(self, household: Row) -> None:
        """One household with its case and its people; the first person is the one the support is about."""
        self._add_case(household)
        for at, person in enumerate(household["person"]):
            self._add_person(household, at, person)
            self._add_answers(household, household["key"] if at == 0 else f"{household['key']}/{at}", person)

    def _add_case(self, household: Row) -> None:
        key, surname = household["key"], household["person"][0]["name"].split()[0]
        district = None if household.get("locked") else district_of(household["town"])
        row = {"id": key, "label": f"{surname}さんの世帯", "district": district}
        self._put("household", row | {"timing_note": household.get("timing"), "seating": household.get("seating")})
        row = {"id": key, "household_id": key, "opened_on": days_from_reference(household["opened"])}
        row |= {"lead_agency": household["lead"], "assigned_id": household["by"]}
        row |= {name: household.get(name) for name in ("status", "locked", "is_urgent", "body")}
        days = {name: days_from_reference(household.get(name)) for name in CASE_DAYS}
        self._put("support_case", row | {f"{name}_on": day for name, day in days.items()})
        for cover in household.get("stand_in", ()):
            row = {"id": f"{key}/{cover['by']}", "case_id": key, "user_id": cover["by"]}
            self._put("stand_in", row | {"since": -cover["days"], "reason": cover["reason"]})

    def _add_person(self, household: Row, at: int, person: Row) -> None:
        key = household["key"] if at == 0 else f"{household['key']}/{at}"
        row = {name: person.get(name) for name in ("name", "kana", "relation", "gender", "situation")}
        row |= {
            "position": at,
            "principal": True if at == 0 else None,
            "birth_on": birthday(person["born"]) if "born" in person else None,
            "phone": f"0467-00-{5001 + len(self.tables['person'])}" if person.get("phone") else None,
            "contact_note": person.get("contact"),
            **self._home(household, at, person),
        }
        self._put("person", {"id": key, "household_id": household["key"], **row})

    def _home(self, household: Row, at: int, person: Row) -> Row:
        town, key = self.towns[household["town"]], household["key"]
        if household.get("is_anonymous"):
            return Home(None, None, "", "")._asdict()
        if household.get("locked"):
            spot = spot_in(town, person["at"], key) if at == 0 else Home(None, None, "", "")
            return {"address": HIDDEN, **spot._asdict()}
        # The household lives together: its members share what is known of the principal's home.
        spot = spot_in(town, household["person"][0].get("at"), key)
        return {"address": address_in(town, key), **spot._asdict()}

    def _add_answers(self, household: Row, key: str, person: Row) -> None:
        for at, consent in enumerate(person.get("consents", ())):
            self._add_consent(f"{key}/{at}", key, household["by"], consent)
        for need in person.get("needs", ()):
            self._add_need(key, need)
        for at, rule in enumerate(person.get("avoid", ())):
            self._put("avoid_rule", {"id": f"{key}/{at}", "person_id": key, **self._avoided(rule)})
        for time in person.get("travel", ()):
            row = {"id": f"{key}/{time['site']}", "person_id": key, "site_id": f"{time['site']}/0"}
            self._put("travel_time", row | {"minutes": time["minutes"], "recorded_by": STAFF_LABELS[household["by"]]})

    def _add_consent(self, key: str, person: str, recorder: str, consent: Row) -> None:
        is_answered = consent["state"] in ("given", "refused", "withdrawn")
        days = days_from_reference(consent["on"])
        row = {"id": key, "person_id": person, "scope": consent.get("scope", "service"), "recorded_at": days}
        row |= {name: consent.get(name) for name in ("state", "method", "reason")}
        row |= {"given_by": consent.get("by"), "decided_on": days if is_answered else None}
        row |= {"host_id": consent.get("host"), "items": consent.get("items")}
        self._put("consent", row | {"recorded_by": STAFF_LABELS[recorder]})

    def _add_need(self, person: str, need: Row) -> None:
        attribute = self.vocabulary[need["a"]]
        value = need.get("v")
        if attribute.person.type is SideType.WINDOWS and value is not None:
            value = [[slot.weekday, slot.start_min, slot.end_min] for slot in parse_slots(value)]
        checked = check_value(attribute.person, value, attribute.label)
        row: Row = {"id": f"{person}/{attribute.key}", "person_id": person, "attribute": attribute.key}
        row |= {"value": _plain(checked), "strength": need.get("s", str(attribute.strength)), "why": need.get("why")}
        self._put("need", row)

    def _avoided(self, rule: Row) -> Row:
        if rule["kind"] == "area":
            lat, lon = rule["at"]
            return {"kind": "area", "lat": lat, "lon": lon, "radius_km": rule["km"], "note": rule["note"]}
        if rule["kind"] == "person":
            return {"kind": "person", "host_person_id": rule["person"], "note": rule["note"]}
        return {"kind": "host", "host_id": rule["host"], "note": rule["note"]}

    def _put(self, table: str, row: Row) -> None:
        self.tables[table].append({name: value for name, value in row.items() if value is not None})


def birthday(born: date) -> Row:
    """A birth date as completed years and days since the last birthday, so that people stay as old as they are."""
    age = age_on(born, REFERENCE)
    last = date(born.year + age, born.month, born.day)
    return {"age": age, "birthday": (last - REFERENCE).days}


def _plain(value: Any) -> Any:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
