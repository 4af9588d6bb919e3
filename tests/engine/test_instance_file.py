"""The stored instance: it reads back exactly, its defaults hold, and what is wrong with it is said by row."""

from __future__ import annotations

import copy
import json
import math
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.instances import make
from service.matching.engine.problem import NO_LIMIT, NONE, Problem
from service.matching.engine.settings import IN_ORDER, WEIGHED, Settings, Term
from service.matching.engine.stored.file import read, read_settings, write
from service.matching.engine.stored.names import FIELDS
from service.matching.engine.stored.rows import InstanceProblem
from tests.engine.towns import made_up

FILE: dict[str, Any] = {
    "format": "tsunagi-joint/1",
    "title": "秋の照合",
    "resources": ["寝室", "送迎の席"],
    "people": [
        {
            "id": "P1",
            "demand": 3,
            "most_hosts": 2,
            "waiting_days": 40,
            "high_support": True,
            "household": "S",
            "coordinator": "C",
        },
        {"id": "P2", "accompanied": True, "household": "S"},
    ],
    "hosts": [{"id": "H", "new_starts": 1}],
    "openings": [
        {
            "id": "O1",
            "host": "H",
            "free": 2,
            "lat": 35.31,
            "lon": 139.55,
            "amounts": {"寝室": 3},
            "slots": [
                {"day": "月", "start": "9:00", "end": "12:00", "places": 2, "high_support": 1},
                {"day": "木", "start": "13:30", "end": "16:00"},
            ],
        },
        {"id": "O2"},
    ],
    "pairs": [
        {"person": "P1", "opening": "O1", "score": 6.25, "minutes": 25, "least_days": 2, "uses": {"寝室": 2}, "slots": [1]},
        {"person": "P2", "opening": "O2", "asks": True, "new": False},
    ],
    "kept": [{"person": "P2", "opening": "O1", "slot": 0, "half": 1}],
    "held": [{"person": "P2", "opening": "O2"}],
    "forced": [{"person": "P1", "opening": "O1"}],
    "forbidden": [{"person": "P1", "opening": "O2"}],
    "apart": [{"person": "P1", "other": "P2"}],
    "households": [{"id": "S", "rule": "together"}],
    "coordinators": [{"id": "C", "new_pairs": 3}],
    "accompany": {"月AM": 1, "木PM": None},
    "gap": {"minutes": 15, "per_km": 4},
    "objective": [{"name": "人数", "weights": {"placed": 100, "points": 1}}],
    "include_ask": True,
    "scarcity_days": 20,
}


def same(one: Any, other: Any) -> bool:
    """Equal to the last number, type and shape."""
    if isinstance(one, np.ndarray):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        )
    if is_dataclass(one):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return bool(one == other)


def size(problem: Problem) -> str:
    return f"{len(problem.people)} people, {len(problem.openings)} openings"


def test_every_field_of_the_file_lands_where_it_belongs() -> None:
    problem = read(FILE)
    assert problem.people.ids == ("P1", "P2")
    assert problem.people.demand.tolist() == [3, 2]
    assert problem.people.most_hosts.tolist() == [2, NO_LIMIT]
    assert problem.people.household.tolist() == [0, 0]
    assert problem.people.coordinator.tolist() == [0, NONE]
    assert problem.hosts.ids == ("H", "O2"), "an opening without a host is its own"
    assert problem.hosts.new_starts.tolist() == [1, NO_LIMIT]
    assert problem.openings.host.tolist() == [0, 1]
    assert problem.openings.amounts.tolist() == [[3, NO_LIMIT], [NO_LIMIT, NO_LIMIT]]
    assert math.isnan(problem.openings.lat[1])
    assert problem.slots.day.tolist() == [0, 3, NONE], "an opening without slots has one without a weekday"
    assert (problem.slots.start[1], problem.slots.end[1]) == (13 * 60 + 30, 16 * 60)
    assert problem.pairs.points.tolist() == [6.25, 0]
    assert problem.pairs.uses.tolist() == [[2, 0], [0, 0]]
    assert problem.sessions.slot.tolist() == [1, 2]
    assert problem.kept.half.tolist() == [1]
    assert problem.rules.forced == ((0, 0),)
    assert problem.rules.forbidden == {(0, 1)}
    assert problem.rules.households_together == {0}
    assert problem.rules.accompany is not None
    assert problem.rules.accompany[[0, 3, 1], [0, 1, 0]].tolist() == [1, NO_LIMIT, 0], "a half-day not named has nobody"
    assert problem.rules.new_per_coordinator == {0: 3}
    settings = read_settings(FILE)
    assert settings.levels[0].weights == {Term.PLACED: 100, Term.POINTS: 1}
    assert (settings.include_ask, settings.scarcity_days) == (True, 20)


def test_a_file_that_says_nothing_more_asks_for_the_usual_aims() -> None:
    assert read_settings({"people": [], "openings": [], "pairs": []}) == Settings(levels=IN_ORDER)


@pytest.mark.parametrize(
    "problem", [read(FILE), *(made_up(seed) for seed in range(25)), make(200, 150, 3), read({})], ids=str
)
def test_what_is_written_reads_back_the_same(problem: Problem) -> None:
    asked = Settings(levels=WEIGHED, include_ask=True)
    text = json.dumps(write(problem, asked), ensure_ascii=False, allow_nan=False)
    assert same(read(json.loads(text)), problem)
    assert same(read_settings(json.loads(text)), asked)


def test_what_was_read_is_written_the_same_but_for_the_title() -> None:
    assert write(read(FILE), read_settings(FILE)) == {key: value for key, value in FILE.items() if key != "title"} | {
        "hosts": [{"id": "H", "new_starts": 1}, {"id": "O2"}]
    }


def changed(where: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The file with one value put somewhere (... takes it away)."""
    file: Any = copy.deepcopy(FILE)
    row = file
    for step in where[:-1]:
        row = row[step]
    if value is ...:
        del row[where[-1]]
    elif where[-1] == "+":
        row.append(value)
    else:
        row[where[-1]] = value
    return file  # type: ignore[no-any-return]


WRONG: dict[str, tuple[tuple[str | int, ...], Any, str]] = {
    "a person without an id": (("people", 0, "id"), ..., "people の1行目の「id」が「なし」"),
    "an id that is a number": (("people", 1, "id"), 5, "people の2行目（5）の「id」が「5」"),
    "an id twice": (("people", 1, "id"), "P1", "people の2行目（P1）の id は、もう使われています"),
    "a load below nothing": (("people", 0, "demand"), -1, "people の1行目（P1）の「demand」が「-1」"),
    "half a half unit": (("people", 0, "demand"), 1.5, "「demand」が「1.5」"),
    "true for a number": (("people", 0, "waiting_days"), True, "「waiting_days」が「True」"),
    "a number for true": (("people", 0, "high_support"), 1, "「high_support」が「1」"),
    "a household nobody lists": (("people", 0, "household"), "T", "「household」が「T」"),
    "a field nobody knows": (("people", 0, "demands"), 2, "people の1行目（P1）に知らない項目があります: demands"),
    "a table nobody knows": (("person",), [], "ファイルに知らない項目があります: person"),
    "a table that is no list": (("people",), {"P": 1}, "people が「{'P': 1}」"),
    "a row that is no row": (("people", 1), "P2", "people の2行目が「P2」"),
    "a host nobody lists": (("openings", 0, "host"), "X", "openings の1行目（O1）の「host」が「X」"),
    "places below nothing": (
        ("openings", 0, "slots", 0, "places"),
        -2,
        "openings（O1）の slots の1行目の「places」が「-2」",
    ),
    "a weekday there is not": (("openings", 0, "slots", 0, "day"), "Mon", "「day」が「Mon」"),
    "a time there is not": (("openings", 0, "slots", 0, "start"), "25:00", "「start」が「25:00」"),
    "a time left out": (("openings", 0, "slots", 0, "end"), ..., "「end」が「なし」"),
    "an end before the start": (("openings", 0, "slots", 0, "end"), "8:00", "「end」が「8:00」"),
    "slots that are no list": (("openings", 0, "slots"), "月", "openings の1行目（O1）の「slots」が「月」"),
    "a latitude off the globe": (("openings", 0, "lat"), 135.0, "「lat」が「135.0」"),
    "an amount below nothing": (
        ("openings", 0, "amounts", "寝室"),
        -3,
        "openings の1行目（O1）の amounts の「寝室」が「-3」",
    ),
    "a resource nobody lists": (("openings", 0, "amounts", "車"), 1, "知らない項目があります: 車"),
    "a resource twice": (("resources",), ["寝室", "寝室"], "resources に同じ名前が二度"),
    "a size below nothing": (("pairs", 0, "uses", "寝室"), -1, "pairs の1行目（P1・O1）の uses の「寝室」が「-1」"),
    "a score that is no number": (("pairs", 0, "score"), math.nan, "pairs の1行目（P1・O1）の「score」が「nan」"),
    "a score without end": (("pairs", 0, "score"), math.inf, "「score」が「inf」"),
    "a score in words": (("pairs", 0, "score"), "6", "「score」が「6」"),
    "a person nobody lists": (("pairs", 0, "person"), "P9", "pairs の1行目（P9・O1）の「person」が「P9」"),
    "an opening nobody lists": (("pairs", 0, "opening"), "O9", "「opening」が「O9」"),
    "a pair twice": (("pairs", 1), {"person": "P1", "opening": "O1"}, "pairs の2行目（P1・O1）は、人と枠の組が前の行と同じ"),
    "a slot the opening has not": (("pairs", 0, "slots"), [2], "「slots」が「[2]」"),
    "a slot twice": (("pairs", 0, "slots"), [1, 1], "「slots」が「[1, 1]」"),
    "a slot by name": (("pairs", 0, "slots"), ["木"], "「slots」が「['木']」"),
    "a kept place without saying which": (("kept", 0, "slot"), ..., "kept の1行目（P2・O1）の「slot」が「なし」"),
    "a kept place twice": (("kept", "+"), {"person": "P2", "opening": "O1", "slot": 0}, "kept の2行目（P2・O1）は"),
    "three halves": (("kept", 0, "half"), 3, "「half」が「3」"),
    "somebody apart from themselves": (("apart", 0, "other"), "P1", "apart の1行目（P1）の「other」が「P1」"),
    "a household rule there is not": (("households", 0, "rule"), "near", "households の1行目（S）の「rule」が「near」"),
    "a half-day there is not": (("accompany", "月午前"), 1, "accompanyに知らない項目があります: 月午前"),
    "a gap that is a number": (("gap",), 15, "gapが「15」"),
    "a term there is not": (("objective", 0, "weights", "happiness"), 1, "知らない項目があります: happiness"),
    "a weight below nothing": (("objective", 0, "weights", "placed"), -1, "「placed」が「-1」"),
    "another format": (("format",), "tsunagi-joint/9", "「format」が「tsunagi-joint/9」"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_row_and_the_next_step(case: str) -> None:
    where, value, message = WRONG[case]
    with pytest.raises(InstanceProblem) as refusal:
        read_settings(changed(where, value)) if where[0] == "objective" else read(changed(where, value))
    assert message in refusal.value.message
    assert refusal.value.remedy.endswith("。")
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"people": [', "JSON として読めません"),
        ("[]", "ファイルが「[]」"),
        ('{"people": [{"id": "P", "id": "Q"}]}', "「id」が二度"),
        ('{"pairs": [{"score": NaN}]}', "「NaN」という数"),
        ("[" * 100_000, "JSON として読めません"),
    ],
)
def test_a_file_that_is_no_instance_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "town.json").write_text(text, "utf-8")
    with pytest.raises(InstanceProblem, match=re.escape(message)):
        read(tmp_path / "town.json")


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstanceProblem, match="開けません"):
        read(tmp_path / "none.json")
    (tmp_path / "sjis.json").write_bytes("{'人': 1}".encode("cp932"))
    with pytest.raises(InstanceProblem, match="JSON として読めません"):
        read(str(tmp_path / "sjis.json"))


def test_every_table_has_a_wrong_row_among_the_tests() -> None:
    tried = {str(where[0]) for where, _, _ in WRONG.values()} | {"slots"}
    assert set(FIELDS) - tried <= {"hosts", "coordinators", "held", "forced", "forbidden"}, (
        "these share their reading with others"
    )
