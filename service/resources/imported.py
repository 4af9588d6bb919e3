"""One row of a file against one host of the catalogue: what the file says, what stands there, what to write.

A fact of a row goes by a path: `host.name`, `site.address`, `0.slots` (the first opening), `c.cost`, `0.c.cost`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from service.kernel.db import new_id
from service.kernel.timetable import SlotText
from service.kernel.vocab import Choice
from service.resources.catalogue import index_host
from service.resources.conditions import HOST_LEVEL, Level, Told, write_answer
from service.resources.hosts import assign, place_by_address
from service.resources.interchange.drafts import HostDraft, OpeningDraft
from service.resources.models import Host, Opening, Site
from service.resources.openings import keep_hours
from service.resources.places import Places
from service.resources.timing import Hours
from service.resources.words import BY_HAND, FROM_FILE, slot_text
from service.web.answers import plain_value

HOST_FIELDS: Final = ("name", "kana", "kind", "organisation", "fax", "url", "description", "note")
SITE_FIELDS: Final = ("address", "building", "lat", "lon")
OPENING_FIELDS: Final = ("title", "activity", "activity_tags", "times_note", "capacity", "free", "status")
FACT_WORDS: Final[Mapping[str, str]] = {
    "name": "名称", "kana": "よみ", "kind": "種別", "organisation": "運営する団体", "fax": "FAX", "url": "ウェブサイト",
    "description": "説明", "note": "備考", "phone": "電話", "email": "メール", "address": "住所", "building": "建物",
    "lat": "緯度", "lon": "経度", "title": "枠の名前", "activity": "活動の内容", "activity_tags": "活動の札",
    "times_note": "曜日・時間の備考", "capacity": "定員", "free": "空き", "status": "状況", "slots": "曜日・時間",
}  # fmt: skip


@dataclass(frozen=True)
class Importing:
    """What every row of one import shares: by whom, whence, and the town's places and activity tags."""

    told: Told
    places: Places
    activities: tuple[Choice, ...]
    source: str


def facts_of_draft(draft: HostDraft) -> dict[str, Any]:
    """Everything a row says, by path, as JSON keeps it; what it does not say is absent."""
    facts: dict[str, Any] = {f"host.{name}": getattr(draft, name) for name in HOST_FIELDS}
    facts |= {"host.phone": "、".join(draft.phones), "host.email": "、".join(draft.emails)}
    facts |= {
        "site.address": draft.full_address,
        "site.building": draft.building,
        "site.lat": draft.lat,
        "site.lon": draft.lon,
    }
    facts |= {f"c.{key}": plain_value(value) for key, value in draft.conditions.items()}
    for at, opening in enumerate(draft.openings):
        facts |= _facts_of_opening(at, opening)
    return {path: value for path, value in facts.items() if value not in ("", None)}


def _facts_of_opening(at: int, opening: OpeningDraft) -> dict[str, Any]:
    facts: dict[str, Any] = {
        f"{at}.{name}": plain_value(getattr(opening, name)) for name in OPENING_FIELDS if name != "status"
    }
    facts[f"{at}.status"] = "paused" if opening.paused else "open"
    facts[f"{at}.slots"] = _plain_slots(opening.slots)
    return facts | {f"{at}.c.{key}": plain_value(value) for key, value in opening.conditions.items()}


def facts_of_host(host: Host) -> dict[str, Any]:
    """The same facts as the catalogue holds them now."""
    facts: dict[str, Any] = {f"host.{name}": getattr(host, name) for name in (*HOST_FIELDS, "phone", "email")}
    facts |= {f"site.{name}": getattr(host.sites[0], name) for name in SITE_FIELDS if host.sites}
    positions = {opening.id: at for at, opening in enumerate(host.openings)}
    for opening in host.openings:
        at = positions[opening.id]
        facts |= {f"{at}.{name}": getattr(opening, name) for name in OPENING_FIELDS}
        facts[f"{at}.slots"] = _plain_slots(slot_text(slot) for slot in opening.slots)
    for condition in host.conditions:
        if HOST_LEVEL.holds(condition):
            facts[f"c.{condition.attribute}"] = condition.value
        elif condition.opening_id in positions:
            facts[f"{positions[condition.opening_id]}.c.{condition.attribute}"] = condition.value
    return {path: value for path, value in facts.items() if value not in ("", None)}


def _plain_slots(slots: Iterable[SlotText]) -> list[Any]:
    return sorted(
        ([slot.weekday, slot.start_min, slot.end_min, list(slot.nth)] for slot in slots),
        key=lambda slot: [-1 if part is None else part for part in slot[:3]] + slot[3],
    )


def what_moved(said: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The facts a file says differently than the last time; None for one it no longer says."""
    return {path: said.get(path) for path in {**said, **before} if said.get(path) != before.get(path)}


def kept_by_hand(said: Mapping[str, Any], before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Paths where the file says the same as before and the catalogue something else: somebody's edit, which stays."""
    placed = {"site.lat", "site.lon"}
    return [path for path in said if path not in placed and said[path] == before.get(path) and said[path] != now.get(path)]


def new_from_draft(session: Session, draft: HostDraft, how: Importing) -> Host:
    """An empty host with a site and its openings, ready to be filled from the row."""
    host = Host(id=new_id(), import_key=draft.key, name=draft.name, kind=draft.kind, status="prospect", source=how.source)
    site = Site(id=new_id(), host_id=host.id, address="", coordinate_source="")
    session.add_all([host, site])
    for name, parts in (("sites", [site]), ("openings", []), ("conditions", [])):
        set_committed_value(host, name, parts)
    for opening in draft.openings:
        _add_opening(session, host, opening.title)
    return host


def _add_opening(session: Session, host: Host, title: str) -> Opening:
    opening = Opening(
        id=new_id(), host_id=host.id, site_id=host.sites[0].id, title=title, position=len(host.openings),
        status="open", activity_tags=[], dates=[],
    )  # fmt: skip
    session.add(opening)
    set_committed_value(opening, "slots", [])
    set_committed_value(host, "openings", [*host.openings, opening])
    return opening


def write_facts(session: Session, host: Host, facts: Mapping[str, Any], how: Importing) -> bool:
    """Write the facts that differ from the catalogue; whether anything did."""
    changed = assign(host, _texts(facts, "host.", (*HOST_FIELDS, "phone", "email")))
    changed |= _write_site(host.sites[0], facts, how.places)
    changed |= _write_conditions(session, host, HOST_LEVEL, "c.", facts, how)
    for at in sorted({int(path.split(".")[0]) for path in facts if path[0].isdigit()}):
        if at >= len(host.openings):
            _add_opening(session, host, facts.get(f"{at}.title") or host.name)
            session.flush()
        changed |= _write_opening(session, host, at, facts, how)
    index_host(host, how.activities)
    return changed


def _texts(facts: Mapping[str, Any], stem: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: facts[stem + name] or "" for name in names if stem + name in facts}


def _write_site(site: Site, facts: Mapping[str, Any], places: Places) -> bool:
    changed = assign(site, _texts(facts, "site.", ("address", "building")))
    if facts.get("site.lat") is not None or facts.get("site.lon") is not None:
        lat, lon = facts.get("site.lat", site.lat), facts.get("site.lon", site.lon)
        return assign(site, {"lat": lat, "lon": lon, "coordinate_level": "", "coordinate_source": FROM_FILE}) or changed
    if "site.address" in facts and site.coordinate_source != BY_HAND:
        place_by_address(site, places)
    return changed


def _write_opening(session: Session, host: Host, at: int, facts: Mapping[str, Any], how: Importing) -> bool:
    opening = host.openings[at]
    changed = assign(opening, _texts(facts, f"{at}.", ("title", "activity", "times_note", "status")))
    changed |= assign(opening, {name: facts[f"{at}.{name}"] for name in ("capacity", "free") if f"{at}.{name}" in facts})
    if f"{at}.activity_tags" in facts:
        changed |= assign(opening, {"activity_tags": facts[f"{at}.activity_tags"] or []})
    if f"{at}.slots" in facts:
        slots = [SlotText(day, start, end, tuple(nth)) for day, start, end, nth in facts[f"{at}.slots"] or []]
        if _plain_slots(slots) != _plain_slots(slot_text(slot) for slot in opening.slots):
            keep_hours(opening, [Hours(slot) for slot in slots])
            changed = True
    return _write_conditions(session, host, Level(opening_id=opening.id), f"{at}.c.", facts, how) or changed


def _write_conditions(
    session: Session, host: Host, level: Level, stem: str, facts: Mapping[str, Any], how: Importing
) -> bool:
    known = {condition.attribute: condition for condition in host.conditions if level.holds(condition)}
    changed = False
    for path, value in facts.items():
        if path.startswith(stem):
            key = path.removeprefix(stem)
            mark = known[key].negotiable if key in known else False
            changed |= write_answer(session, host.id, level, key, value, mark, how.told, known)
    return changed


def say_fact(path: str, labels: Mapping[str, str]) -> str:
    """A path in words: 曜日・時間, or the label of a condition."""
    name = path.rpartition(".")[2]
    return labels.get(name, name) if ".c." in f".{path}" else FACT_WORDS.get(name, name)
