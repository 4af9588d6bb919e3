"""A file is looked at from outside first: size, seal, direction, town — and then line by line."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.errors import DomainError
from service.resources.exchange.sealing import _signer, open_file, seal_file
from service.resources.interchange.table import MAX_FILE_BYTES
from service.resources.models import Opening
from tests.cast import NOW
from tests.exchange.two_networks import KEY, Networks

FILE = seal_file(KEY, "149993", "host", NOW, [{"kind": "word", "text": "海の台所"}])


def test_what_was_sealed_opens_with_its_lines_numbered_as_an_editor_does() -> None:
    opened = open_file(KEY, "149993", FILE)
    assert (opened.direction, opened.at, opened.lines) == ("host", NOW, ((2, {"kind": "word", "text": "海の台所"}),))
    assert FILE.decode().split("\n")[1] == '{"kind":"word","text":"海の台所"}'


@given(at=st.integers(0, len(FILE) - 2), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_is_refused_before_a_line_is_read(at: int, bit: int) -> None:
    changed = bytearray(FILE)
    changed[at] ^= 1 << bit
    with pytest.raises(DomainError) as refused:
        open_file(KEY, "149993", bytes(changed))
    # The last letter of a seal has two bits that mean nothing; everything else is a broken seal.
    assert refused.value.code == "seal"


@pytest.mark.parametrize("data", [b"", b"\n", b"{}", b"\xff" * 100, FILE[:-10], FILE + b"x", FILE * 2, b'{"a":1}\n.'])
def test_what_nobody_sealed_is_refused(data: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        open_file(KEY, "149993", data)
    assert refused.value.code == "seal"


def test_another_key_another_town_and_another_format_are_refused_each_with_its_words() -> None:
    other = seal_file(KEY, "142042", "host", NOW, [])
    for content, key, said in ((FILE, b"another key", "印が合いません"), (other, KEY, "別の自治体")):
        with pytest.raises(DomainError, match=said):
            open_file(key, "149993", content)


def test_a_file_that_is_too_large_is_not_looked_into() -> None:
    with pytest.raises(DomainError, match="5MB"):
        open_file(KEY, "149993", b"x" * (MAX_FILE_BYTES + 1))
    with pytest.raises(DomainError, match="5MB"):
        seal_file(KEY, "149993", "host", NOW, [{"kind": "word", "text": "あ" * 2_000_000}])


def forged(networks: Networks, *items: Any) -> bytes:
    """A file as a hosts' server would send it that is in other hands."""
    return seal_file(KEY, networks.staff.town.code, "staff", networks.tick(), items)


HOSTILE = [
    ("free", [-1]), ("free", [True]), ("free", ["3"]), ("free", [10**9]), ("free", 3), ("free", [1, 2]),
    ("pause", ["gone", None, ""]), ("pause", ["open", "明日", ""]), ("activity", ["あ" * 2001]), ("activity", [None]),
    ("slots", [[7, 0, 60, [], None]]), ("slots", [[0, 60, 0, [], None]]), ("slots", [[0, 0, 60, [9], None]]),
    ("slots", [[0, 0, 60, [], None]] * 2), ("slots", "月"), ("title", ["別の名"]), ("version", [3]), ("waiting", [5]),
    ("confirmed_on", ["0000-00-00"]),
]  # fmt: skip


def test_a_seal_does_not_make_a_value_right(networks: Networks) -> None:
    ids, at = networks.staff.world.ids, networks.tick().isoformat()
    where = {"kind": "opening", "id": ids["枠"], "host": ids["海の台所"]}
    lines = [where | {"at": at, "parts": {name: [value]}} for name, value in HOSTILE]
    lines += [
        where | {"id": "0" * 32, "at": at, "parts": {"free": [[1]]}},
        where | {"id": "../../x", "at": at, "parts": {"free": [[1]]}},
        where | {"at": (networks.now + timedelta(days=400)).isoformat(), "parts": {"free": [[9]]}},
        where | {"at": at, "parts": {}},
        where | {"parts": {"free": [[1]]}},
        {"kind": "host", "id": ids["海の台所"], "at": at, "parts": {"name": [["別の名"]]}},
        {"kind": "condition", "host": ids["海の台所"], "attribute": "nothing", "at": at, "parts": {"answer": [[True, False, None]]}},
        {"kind": "condition", "host": ids["海の台所"], "attribute": "step_free", "at": at, "parts": {"answer": [["x", False, None]]}},
        {"kind": "answer", "id": ids["打診"], "host": ids["海の台所"], "answer": "no", "reason": "", "conditions": "", "at": at, "by": ""},
        {"kind": "word", "id": "1" * 32, "host": ids["海の台所"], "said": "face", "face": 9, "text": "", "on": "2026-11-24", "at": at, "by": ""},
        {"kind": "invitation", "id": "1" * 32, "host": ids["海の台所"]},
        {"kind": "sounding", "id": ids["打診"], "state": "void"},
        {},
    ]  # fmt: skip
    good = where | {"at": at, "parts": {"free": [[2]]}}
    taken = networks.staff.take(forged(networks, *lines, good), networks.tick())
    assert sorted(bad.row for bad in taken.outcome.bad) == [number + 2 for number in range(len(lines))]
    assert all(bad.reason and bad.remedy for bad in taken.outcome.bad)
    assert taken.outcome.taken == {"opening": 1}
    with networks.staff.world.reading() as session:
        opening = session.get_one(Opening, ids["枠"])
        assert (opening.free, opening.title, opening.status) == (2, "海の台所", "open")


def test_a_file_from_the_future_would_win_for_ever_and_is_refused(networks: Networks) -> None:
    file = seal_file(KEY, networks.staff.town.code, "staff", networks.now + timedelta(days=2), [])
    with pytest.raises(DomainError, match="時計"):
        networks.staff.take(file, networks.now)


def test_lines_that_are_no_json_are_bad_lines_and_no_fault(networks: Networks) -> None:
    head = json.dumps({"format": "tsunagi-exchange", "version": 1, "town": "149993", "to": "staff", "at": NOW.isoformat()})
    sealed = _signer(KEY, "staff").sign("\n".join([head, "{", "[" * 5000, '"x"', "null"]).encode()) + b"\n"
    taken = networks.staff.take(sealed, networks.tick())
    assert [bad.row for bad in taken.outcome.bad] == [2, 3, 4, 5]
