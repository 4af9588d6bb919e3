"""The fields of a stored instance, and what the names in it stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from service.matching.engine.stored.rows import InstanceProblem, Row, numbered

HALF_DAYS: Final = ("AM", "PM")
TOGETHER, APART = "together", "apart"
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": (
        "id",
        "demand",
        "most_hosts",
        "waiting_days",
        "high_support",
        "accompanied",
        "household",
        "coordinator",
    ),
    "hosts": ("id", "new_starts"),
    "openings": ("id", "host", "free", "lat", "lon", "amounts", "slots"),
    "slots": ("day", "start", "end", "places", "high_support"),
    "pairs": ("person", "opening", "score", "minutes", "asks", "new", "least_days", "uses", "slots"),
    "kept": ("person", "opening", "slot", "half"),
    "held": ("person", "opening", "slot", "half"),
    "forced": ("person", "opening"),
    "forbidden": ("person", "opening"),
    "apart": ("person", "other"),
    "households": ("id", "rule"),
    "coordinators": ("id", "new_pairs"),
    "gap": ("minutes", "per_km"),
    "objective": ("name", "weights"),
}


class Names(NamedTuple):
    """Positions by id of everything another row can speak of; `slots` holds where each opening's slots begin and end."""

    people: Mapping[str, int]
    hosts: Mapping[str, int]
    openings: Mapping[str, int]
    households: Mapping[str, int]
    coordinators: Mapping[str, int]
    resources: tuple[str, ...]
    slots: tuple[tuple[int, int], ...]


def slot_rows_of(rows: list[Row]) -> list[list[Row]]:
    """The slots each opening lists; one that lists none has a single slot without a weekday."""
    allowed = frozenset(FIELDS["slots"])
    found = []
    for row in rows:
        listed = row.values.get("slots")
        if listed is not None and not isinstance(listed, list):
            raise row.wrong("slots", "[ ] で囲んだ一覧にしてください。")
        table = f"openings（{row.values.get('id')}）の slots"
        found.append([Row(table, place, values, allowed) for place, values in enumerate([{}] if listed is None else listed)])
    return found


def names_of(tables: Mapping[str, list[Row]], resources: tuple[str, ...], slot_rows: list[list[Row]]) -> Names:
    """Every name of the file; hosts, households and coordinators need no list of their own."""
    ends = np.cumsum([len(listed) for listed in slot_rows], dtype=int).tolist()
    starts = [0, *ends][: len(ends)]
    people = tables["people"]
    return Names(
        numbered(people),
        _numbered_or_mentioned(tables["hosts"], _mentioned(tables["openings"], "host", "id")),
        numbered(tables["openings"]),
        _numbered_or_mentioned(tables["households"], _mentioned(people, "household")),
        _numbered_or_mentioned(tables["coordinators"], _mentioned(people, "coordinator")),
        resources,
        tuple(zip(starts, ends, strict=True)),
    )


def _mentioned(rows: Iterable[Row], key: str, otherwise: str | None = None) -> Iterable[tuple[str, bool]]:
    """Each name mentioned, and whether it stands for the row itself (an opening that is its own host)."""
    for row in rows:
        if row.values.get(key) is not None:
            yield row.name(key), False
        elif otherwise is not None:
            yield row.name(otherwise), True


def _numbered_or_mentioned(rows: list[Row], mentioned: Iterable[tuple[str, bool]]) -> dict[str, int]:
    """The listed ids; without a list, the names in the order they are mentioned."""
    known = numbered(rows)
    for name, is_own in mentioned:
        if is_own or not rows:
            known.setdefault(name, len(known))
    return known


def resources_of(file: Mapping[str, Any]) -> tuple[str, ...]:
    """The named resources, in the order of the arrays."""
    listed = file.get("resources")
    listed = [] if listed is None else listed
    if not isinstance(listed, list) or any(not isinstance(name, str) or not name for name in listed):
        raise InstanceProblem("resources が名前の一覧になっていません。", '["寝室", "送迎の席"] のように書いてください。')
    if len(set(listed)) < len(listed):
        raise InstanceProblem("resources に同じ名前が二度あります。", "一つにしてください。")
    return tuple(listed)
