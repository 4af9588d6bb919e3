"""The tables of a stored instance as arrays: what may stand in each row, and what holds where a row says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from service.kernel.dates import WEEKDAYS
from service.matching.engine.problem import (
    FORTNIGHTLY,
    NO_LIMIT,
    NONE,
    WEEKLY,
    Bools,
    Floats,
    Hosts,
    Ints,
    Openings,
    Pairs,
    People,
    Placed,
    Sessions,
    Slots,
)
from service.matching.engine.stored.names import Names
from service.matching.engine.stored.rows import Row, no_twins


def people(rows: list[Row], names: Names) -> People:
    """Those to be placed: once a week, without further limits, where a row says no more than their id."""
    return People(
        ids=tuple(names.people),
        demand=ints(row.whole("demand", WEEKLY) for row in rows),
        most_hosts=ints(row.limit("most_hosts") for row in rows),
        waiting_days=ints(row.whole("waiting_days", 0) for row in rows),
        high_support=_flags(row.flag("high_support", False) for row in rows),
        accompanied=_flags(row.flag("accompanied", False) for row in rows),
        household=ints(_maybe(row, "household", names.households, "households") for row in rows),
        coordinator=ints(_maybe(row, "coordinator", names.coordinators, "coordinators") for row in rows),
    )


def _maybe(row: Row, key: str, known: Mapping[str, int], table: str) -> int:
    return NONE if row.values.get(key) is None else row.reference(key, known, table)


def hosts(rows: list[Row], names: Names) -> Hosts:
    """The hosts listed, and after them those that only openings mention."""
    starts = [row.limit("new_starts") for row in rows]
    return Hosts(tuple(names.hosts), ints(starts + [NO_LIMIT] * (len(names.hosts) - len(starts))))


def openings(rows: list[Row], names: Names) -> Openings:
    """What hosts offer; an opening that names no host is its own."""
    return Openings(
        ids=tuple(names.openings),
        host=ints(
            row.reference("host" if row.values.get("host") is not None else "id", names.hosts, "hosts") for row in rows
        ),
        free=ints(row.limit("free") for row in rows),
        lat=_floats(row.degrees("lat", 90) for row in rows),
        lon=_floats(row.degrees("lon", 180) for row in rows),
        amounts=_amounts(rows, "amounts", names.resources, NO_LIMIT),
    )


def slots(opening_rows: list[list[Row]]) -> Slots:
    """The slots of every opening, one after the other; a slot without a weekday binds no hours."""
    rows = [row for listed in opening_rows for row in listed]
    return Slots(
        opening=ints(opening for opening, listed in enumerate(opening_rows) for _ in listed),
        day=ints(NONE if (day := row.choice("day", WEEKDAYS)) is None else WEEKDAYS.index(day) for row in rows),
        start=ints(_time(row, "start") for row in rows),
        end=ints(_end(row) for row in rows),
        places=ints(row.limit("places") for row in rows),
        high_support=ints(row.limit("high_support") for row in rows),
    )


def _time(row: Row, key: str) -> int:
    """Hours may be left out only where there is no weekday."""
    return 0 if row.values.get("day") is None and row.values.get(key) is None else row.time(key)


def _end(row: Row) -> int:
    end = _time(row, "end")
    if end < _time(row, "start") or (row.values.get("day") is not None and end == _time(row, "start")):
        raise row.wrong("end", "始まりより後の時刻にしてください。")
    return end


def pairs(rows: list[Row], names: Names) -> tuple[Pairs, Sessions]:
    """Who may go where, and to which of the opening's slots: all of them where none is named."""
    keys = no_twins(rows, lambda row: pair_of(row, names), "人と枠の組")
    listed = [_listed_slots(row, *names.slots[opening]) for row, (_, opening) in zip(rows, keys, strict=True)]
    table = Pairs(
        person=ints(person for person, _ in keys),
        opening=ints(opening for _, opening in keys),
        points=_floats(row.number("score", 0.0) for row in rows),
        minutes=ints(row.limit("minutes") for row in rows),
        asks=_flags(row.flag("asks", False) for row in rows),
        is_new=_flags(row.flag("new", True) for row in rows),
        least_days=ints(row.whole("least_days", 1) for row in rows),
        uses=_amounts(rows, "uses", names.resources, 0),
    )
    counts = [len(found) for found in listed]
    return table, Sessions(ints(np.repeat(np.arange(len(rows)), counts)), ints(slot for found in listed for slot in found))


def pair_of(row: Row, names: Names) -> tuple[int, int]:
    return row.reference("person", names.people, "people"), row.reference("opening", names.openings, "openings")


def _listed_slots(row: Row, first: int, end: int) -> Sequence[int]:
    listed = row.values.get("slots")
    if listed is None:
        return range(first, end)
    if not isinstance(listed, list) or any(type(slot) is not int or not 0 <= slot < end - first for slot in listed):
        raise row.wrong("slots", f"枠の中の番号（0から{end - first - 1}まで）の一覧にしてください。")
    if len(set(listed)) < len(listed):
        raise row.wrong("slots", "同じ番号は一度だけにしてください。")
    return [first + slot for slot in listed]


def placed(rows: list[Row], names: Names) -> Placed:
    """Who goes where today; the slot may be left out where the opening has but one."""
    keys = no_twins(rows, lambda row: _placement(row, names), "人と曜日の枠の組")
    return Placed(
        person=ints(person for person, _ in keys),
        slot=ints(slot for _, slot in keys),
        half=ints(row.whole("half", WEEKLY, FORTNIGHTLY, WEEKLY) for row in rows),
    )


def _placement(row: Row, names: Names) -> tuple[int, int]:
    person, opening = pair_of(row, names)
    first, end = names.slots[opening]
    if end - first > 1 and "slot" not in row.values:
        raise row.wrong("slot", f"この枠には曜日の枠がいくつもあります。0から{end - first - 1}までの番号にしてください。")
    return person, first + row.whole("slot", 0, 0, end - first - 1)


def _amounts(rows: list[Row], key: str, resources: tuple[str, ...], otherwise: int) -> Ints:
    """int32[rows, resources]; what a row does not name is `otherwise`."""
    found = np.full((len(rows), len(resources)), otherwise, np.int32)
    allowed = frozenset(resources)
    for place, row in enumerate(rows):
        if row.values.get(key) is not None:
            amounts = row.within(key, allowed)
            for column, name in enumerate(resources):
                if amounts.values.get(name) is not None:
                    found[place, column] = amounts.whole(name, 0)
    return found


def ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int32)


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), np.float64)


def _flags(values: Iterable[bool]) -> Bools:
    return np.array(list(values), np.bool_)
