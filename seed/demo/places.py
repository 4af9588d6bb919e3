"""Hosts of the manuscript as rows of tables: what is written, and likely answers where nothing is."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from seed.demo.drawing import Home, Row, address_in, days_from_reference, draw, pick, spot_in
from service.kernel.geo.towns import Town
from service.kernel.timetable import parse_slots
from service.kernel.vocab import SideType, Vocabulary, check_value

# How much of what is not written the coordinators have found out: of the core questions, and of the rest.
KNOWN_SHARES: Final[Mapping[str, tuple[float, float]]] = {
    "full": (0.9, 0.6),
    "most": (0.6, 0.3),
    "some": (0.3, 0.1),
    "little": (0.08, 0.03),
}
STAFF_LABELS: Final = {"aoki": "青木 由美（参加支援）", "ishii": "石井 大輔（参加支援）"}
OLDEST: Final = 200
THEME_OF: Final = {"ibasho": "place", "company": "work", "farm": "work", "welfare": "work", "home": "work"}
Tables = dict[str, list[Row]]


class HostRows:
    """Collects the rows of every host, numbering telephones as they come."""

    def __init__(self, vocabulary: Vocabulary, towns: Mapping[str, Town], kinds: Mapping[str, Any]) -> None:
        self.vocabulary, self.towns, self.kinds = vocabulary, towns, kinds
        names = ("host", "site", "opening", "opening_slot", "condition", "host_person", "remark", "host_assessment")
        self.tables: Tables = {name: [] for name in names}

    def add(self, host: Row) -> None:
        """One host with everything that belongs to it."""
        self._add_host(host)
        for at, site in enumerate(host.get("sites") or [{"town": host["town"]}]):
            self._add_site(host, at, site)
        for at, opening in enumerate(host["openings"]):
            self._add_opening(host, at, opening)
        for attribute, value in self._host_facts(host):
            self._add_condition(host, host["key"], attribute, value, {})
        self._add_words(host)

    def _add_host(self, host: Row) -> None:
        number, key = len(self.tables["host"]) + 1, host["key"]
        domain = f"{key.lower()}.shiomi.example"
        row = {name: host[name] for name in ("kind", "name", "kana", "organisation", "description")}
        row |= {
            "themes": _themes(host),
            "status": host.get("status", "active"),
            "paused_until": days_from_reference(host.get("until")),
            "pause_reason": host.get("reason"),
            "contact_person": host["contact"],
            "phone": f"0467-00-{1000 + number}",
            "fax": f"0467-00-{3000 + number}" if draw(key, "fax") < 0.5 else None,
            "email": f"info@{domain}" if draw(key, "email") < 0.4 else None,
            "url": f"https://{domain}/" if host.get("url") else None,
        }
        self._put("host", {"id": key, **row})

    def _add_site(self, host: Row, at: int, site: Row) -> None:
        key, town = f"{host['key']}/{at}", self.towns[site["town"]]
        is_nowhere = "none" in (site.get("where"), host.get("where") if at == 0 else None)
        home = Home(None, None, "", "") if is_nowhere else spot_in(town, host.get("at") if at == 0 else None, key)
        row = {"id": key, "host_id": host["key"], "position": at, "name": site.get("name"), **home._asdict()}
        row |= {"address": None if is_nowhere else address_in(town, key), "building": site.get("building")}
        self._put("site", row)
        for attribute, value in site.get("facts", {}).items():
            self._add_condition(host, key, attribute, value, {"site_id": key})

    def _add_opening(self, host: Row, at: int, opening: Row) -> None:
        key, host_key = f"{host['key']}/{at}", host["key"]
        confirmed = None if opening.get("never") else -(host["confirmed"] + (3 * at if at else 0))
        row = {name: opening.get(name) for name in ("title", "activity", "status", "free", "waiting")}
        row |= {
            "site_id": f"{host_key}/{opening.get('site', 0)}",
            "position": at,
            "activity_tags": opening["tags"],
            "paused_until": days_from_reference(opening.get("until")),
            "pause_reason": opening.get("reason"),
            "capacity": self._capacity(host, key, opening),
            "dates": opening.get("dates"),
            "times_note": opening.get("note"),
            "confirmed_on": confirmed,
            "confirmed_by": None if confirmed is None else self._recorder(key),
        }
        if opening.get("status") == "full":
            row["free"] = 0
        self._put("opening", {"id": key, "host_id": host_key, **row})
        self._add_slots(host_key, key, opening)
        for attribute, value in opening.get("facts", {}).items():
            self._add_condition(host, key, attribute, value, {"opening_id": key})

    def _capacity(self, host: Row, key: str, opening: Row) -> int | None:
        is_asked = "free" in opening and host["know"] in ("full", "most")
        return opening["free"] + int(draw(key, "taken") * 5) if is_asked else None

    def _add_slots(self, host_key: str, key: str, opening: Row) -> None:
        for at, slot in enumerate(parse_slots(opening["slots"]) if opening["slots"] else ()):
            row: Row = {"id": f"{key}/{at}", "opening_id": key, "host_id": host_key, "nth": list(slot.nth)}
            row |= {"weekday": slot.weekday, "start_min": slot.start_min, "end_min": slot.end_min}
            self._put("opening_slot", row | {"free": opening.get("slot_free")})

    def _host_facts(self, host: Row) -> Iterator[tuple[str, Any]]:
        """What is written, and of the likely answers as many as this host has been asked."""
        core_share, other_share = KNOWN_SHARES[host["know"]]
        likely = {key: pick(values, host["key"], key) for key, values in self.kinds[host["kind"]].items()}
        unasked = set(host.get("unknown", ()))
        for attribute in self.vocabulary.asked_of_host:
            key, share = attribute.key, core_share if attribute.core else other_share
            if key in host.get("facts", {}):
                yield key, host["facts"][key]
            elif key in likely and key not in unasked and draw(host["key"], key, "known") < share:
                yield key, likely[key]

    def _add_condition(self, host: Row, owner: str, attribute: str, value: Any, scope: Row) -> None:
        key = f"{owner}/{attribute}"
        row = {"id": key, "host_id": host["key"], **scope, "attribute": attribute, "value": self._stored(attribute, value)}
        if attribute in host.get("negotiable", ()) or self._is_negotiable(host, attribute, key):
            row["negotiable"] = True
        asked_days_ago = host["confirmed"] + int(draw(key, "asked") * 90)
        row |= {"answered_on": -asked_days_ago, "answered_by": host["contact"], "recorded_by": self._recorder(key)}
        self._put("condition", row)

    def _is_negotiable(self, host: Row, attribute: str, key: str) -> bool:
        """Hosts that are not in the scenarios say of one answer in twelve that it can be talked about."""
        return self.vocabulary[attribute].negotiable and "at" not in host and draw(key, "negotiable") < 1 / 12

    def _stored(self, attribute: str, value: Any) -> Any:
        side = self.vocabulary[attribute].host
        if side.type is SideType.RANGE:
            value = [value[0], None if value[1] >= OLDEST else value[1]]
        checked = check_value(side, value, self.vocabulary[attribute].label)
        return list(checked) if isinstance(checked, tuple) else checked

    def _add_words(self, host: Row) -> None:
        key = host["key"]
        for person in host.get("people", ()):
            row = {"id": person["key"], "host_id": key, "name": person["name"], "role": person["role"]}
            self._put("host_person", row)
        for at, remark in enumerate(host.get("remarks", ())):
            row = {"id": f"{key}/{at}", "host_id": key, "at": -remark["days"], "text": remark["text"]}
            self._put("remark", row | {"author": STAFF_LABELS[remark["by"]]})
        if found := dict(host.get("assessment", {})):
            row = {"id": key, "host_id": key, "assessed_on": -found.pop("days")}
            self._put("host_assessment", row | {"author": STAFF_LABELS[found.pop("by")], "facts": found})

    def _recorder(self, key: str) -> str:
        return pick(tuple(STAFF_LABELS.values()), key, "recorder")

    def _put(self, table: str, row: Row) -> None:
        self.tables[table].append({name: value for name, value in row.items() if value is not None})


def _themes(host: Row) -> list[str]:
    """What a host helps with: by its kind, and 学習 where somebody studies there."""
    studies = any("study" in opening.get("tags", ()) for opening in host["openings"])
    return [theme for theme in (THEME_OF.get(host["kind"]), "study" if studies else None) if theme]
