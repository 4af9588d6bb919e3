"""Who may do what: `matrix.csv` is the table people review, and every cell of it is tried.

A row is a route and a relation, a column a role. Relations of a case are seen by 青木, the coordinator: `own` is hers,
`other` her colleague 石井's, `locked-…` the same with a lock; `there` is a thing of the catalogue, which belongs to all,
`-` a route without an id; on the hosts' pages `there` is 店主's own host's and `other-host` another one's; `member` is a case that 宮本 of another agency
works on, `not` one she does not. `coordinator_assigned_only` is 青木 in a town whose cases are open to the assigned alone.
"""

import csv
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.cast import Visitor
from tests.security.house import (
    ABSENT,
    HOST_PAGES,
    RELATIONS,
    House,
    ask,
    data_of,
    kept_as_it_was,
    routes_of,
    without_marks,
)

ROLES = {
    "coordinator": "青木",
    "coordinator_assigned_only": "青木",
    "supervisor": "北条",
    "admin": "遠野",
    "secretariat": "真鍋",
    "referrer": "大野",
    "host": "店主",
    "nobody": None,
    "multi": "三好",
    "team": "宮本",
    "guest": "土屋",
    "auditor": "鏡",
}
TABLE = list(csv.DictReader(Path(__file__).with_name("matrix.csv").read_text("utf-8").splitlines()))
Cell = tuple[str, str, str, str, int]


def says(row: dict[str, str], role: str) -> bool:
    """Whether a row has an answer for a role."""
    return (row[role] or "").isdecimal()


ALL: list[Cell] = [
    (row["method"], row["path"], row["relation"], role, int(row[role])) for row in TABLE for role in ROLES if says(row, role)
]
FEW_PAGES = ("admin", "secretariat", "referrer", "host", "nobody", "team", "guest", "auditor")
"""Roles for whom most pages are absent: those are tried in one go, and what they may do cell by cell."""


def is_shut(cell: Cell) -> bool:
    """Whether a cell says that one of these finds a closed door: nothing there, or the way to sign in."""
    method, _, _, role, expected = cell
    return role in FEW_PAGES and (expected in (401, 404) or (role == "nobody" and method == "GET" and expected == 303))


CELLS = [cell for cell in ALL if not is_shut(cell)]


def say(cell: Cell) -> str:
    """A cell as the name of its test."""
    return " ".join(map(str, cell))


@pytest.fixture(scope="module")
def houses(house: House, house_of_assigned: House) -> dict[str, House]:
    return {role: house_of_assigned if role.endswith("assigned_only") else house for role in ROLES}


@pytest.fixture(scope="module")
def visitors(houses: dict[str, House]) -> dict[str, Visitor]:
    """One browser for each role."""
    found = {role: houses[role].world.visit(name) for role, name in ROLES.items()}
    for visitor in found.values():
        visitor.get("/sign-in")
    return found


# Who may do what is decided before a database is asked: all cells are tried on one, and on the other the work itself.
@pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("cell", CELLS, ids=say)
def test_every_role_gets_the_answer_the_table_says(
    cell: Cell, houses: dict[str, House], visitors: dict[str, Visitor]
) -> None:
    try_cell(cell, houses, visitors)


@pytest.mark.parametrize("ground", ["postgresql"], indirect=True, scope="session")
@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell[3] == "coordinator" and cell[4] < 400], ids=say)
def test_what_a_coordinator_may_do_works_on_postgresql_too(
    cell: Cell, houses: dict[str, House], visitors: dict[str, Visitor]
) -> None:
    try_cell(cell, houses, visitors)


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("role", FEW_PAGES)
def test_what_is_shut_to_a_role_looks_like_what_is_not_there(
    role: str, houses: dict[str, House], visitors: dict[str, Visitor]
) -> None:
    house, before = houses[role], data_of(houses[role].world)
    shut = {cell[:3]: cell[4] for cell in ALL if cell[3] == role and is_shut(cell)}
    answers = {asked: ask(visitors[role], house, *asked, follow_redirects=False) for asked in shut}
    assert {asked: answer.status_code for asked, answer in answers.items()} == shut
    assert data_of(house.world) == before
    for (method, path, _), there in answers.items():
        absent = answers.get((method, path, "absent"))
        if absent is not None and there.status_code == absent.status_code == 404:
            assert without_marks(there.text) == without_marks(absent.text), (method, path)


def try_cell(cell: Cell, houses: dict[str, House], visitors: dict[str, Visitor]) -> None:
    """Ask as the cell says; what is refused changes nothing."""
    method, path, relation, role, expected = cell
    house = houses[role]
    with kept_as_it_was(house.world) if method == "POST" else nullcontext():
        before = data_of(house.world) if method == "POST" and expected in (401, 403, 404) else None
        answer = ask(visitors[role], house, method, path, relation)
        assert answer.status_code == expected
        if before is not None:
            assert data_of(house.world) == before
    if expected == 403:
        # A refusal says what to do instead.
        assert "依頼してください" in answer.text or "代わりに担当する" in answer.text


def test_every_row_has_an_answer_for_every_role() -> None:
    missing = [
        f"{row['method']} {row['path']} {row['relation']}: {role}" for row in TABLE for role in ROLES if not says(row, role)
    ]
    assert not missing, (
        "matrix.csv: these rows end before the last column; a status for every role of its first line is needed"
    )


def test_the_table_speaks_of_every_route_and_of_no_other(house: House) -> None:
    told = {(row["method"], row["path"]) for row in TABLE}
    assert told == set(routes_of(house.world)), "a route was added or taken away: tests/security/matrix.csv needs its rows"


def test_the_table_asks_for_every_relation_a_route_can_have() -> None:
    for method, path in {(row["method"], row["path"]) for row in TABLE}:
        told = {row["relation"] for row in TABLE if (row["method"], row["path"]) == (method, path)}
        if "{" in path and path.startswith(HOST_PAGES):
            assert told == {"there", "other-host", "absent"}, (method, path)
        elif path.startswith("/team/"):
            assert told == {"member", "not", "absent"}, (method, path)
        elif any(
            place in path
            for place in (
                "{person_id}",
                "{placement_id}",
                "{follow_up_id}",
                "{record_id}",
                "{adjustment_id}",
                "{suggestion_id}",
                "{referral_id}",
                "{feedback_id}",
            )
        ):
            assert told == {"own", "other", "locked-own", "locked-other", "absent"}, (method, path)
        elif "{" in path and not path.startswith(("/static", "/schema")):
            assert told == {"there", "absent"}, (method, path)
        else:
            assert told == {"-"}, (method, path)


def test_the_table_is_sorted_and_says_nothing_twice() -> None:
    keys = [(row["path"], row["method"], RELATIONS.index(row["relation"])) for row in TABLE]
    assert keys == sorted(set(keys))


HIDDEN = [
    (method, path, relation, role)
    for method, path, relation, role, expected in CELLS
    if (
        (any(each in path for each in ("{person_id}", "{referral_id}", "{feedback_id}")) and relation != "absent")
        or relation == "other-host"
    )
    and expected == 404
]


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("hidden", HIDDEN, ids=" ".join)
def test_what_must_not_be_known_is_answered_like_what_is_not_there(
    hidden: tuple[str, str, str, str], houses: dict[str, House], visitors: dict[str, Visitor]
) -> None:
    method, path, relation, role = hidden
    there, absent = (ask(visitors[role], houses[role], method, path, each) for each in (relation, "absent"))
    assert there.status_code == absent.status_code == 404
    assert without_marks(there.text) == without_marks(absent.text)
    differing = {"content-length", "date"}
    assert {k: v for k, v in there.headers.items() if k not in differing} == {
        k: v for k, v in absent.headers.items() if k not in differing
    }


@pytest.mark.parametrize(
    "wrong", [ABSENT, "x", "1", "0", "-1", "9" * 40, "A" * 32, "'", "%00", "%ED%A0%80", "%2e%2e", "é" * 32]
)
def test_every_id_that_is_none_is_answered_like_an_absent_one(
    house: House, visitors: dict[str, Visitor], wrong: str
) -> None:
    visitor = visitors["coordinator"]
    absent = visitor.get(f"/people/{ABSENT}")
    answer = visitor.get(f"/people/{wrong}/edit")
    assert answer.status_code == absent.status_code == 404
    assert without_marks(answer.text) == without_marks(absent.text)


def test_a_rule_of_another_person_cannot_be_reached_through_ones_own(house: House, visitors: dict[str, Visitor]) -> None:
    mine, theirs = house.ids["own"], house.ids["other"]
    answer = visitors["coordinator"].submit(f"/people/{mine['person_id']}/avoid/{theirs['rule_id']}/remove")
    assert answer.status_code == 404


def test_a_locked_case_is_in_no_list_of_those_who_are_not_named_on_it(house: House, visitors: dict[str, Visitor]) -> None:
    for role in ("supervisor", "coordinator"):
        for answer in (visitors[role].get("/people"), visitors[role].submit("/people/search", {"q": "黒木"}),
                       visitors[role].submit("/search", {"q": "黒木"}), visitors[role].get("/")):  # fmt: skip
            assert house.ids["locked-other"]["person_id"] not in answer.text
            assert "黒木 なお" not in answer.text


def test_a_system_admin_finds_no_person_and_reads_no_remark(house: House, visitors: dict[str, Visitor]) -> None:
    visitor = visitors["admin"]
    pages = [visitor.get("/"), visitor.submit("/search", {"q": "佐倉"}), visitor.get("/gaps"), visitor.get("/settings"),
             visitor.get(house.address("/hosts/{host_id}", "there")), visitor.get(house.address("/api/v1/hosts/{host_id}", "there"))]  # fmt: skip
    for answer in pages:
        assert answer.status_code == 200
        assert "佐倉 みお" not in answer.text
        assert "昼は混む" not in answer.text


def test_the_secretariat_finds_no_person_in_the_catalogue_and_reads_no_remark(
    house: House, visitors: dict[str, Visitor]
) -> None:
    visitor = visitors["secretariat"]
    addresses = (
        "/hosts",
        "/hosts/{host_id}",
        "/agencies",
        "/agencies/{agency_id}",
        "/gaps",
        "/gaps/{gap_id}",
        "/catalogue",
        "/outbox",
    )
    pages = [visitor.get(house.address(each, "there")) for each in addresses]
    for answer in (*pages, visitor.submit("/search", {"q": "佐倉"})):
        assert answer.status_code == 200
        assert "佐倉 みお" not in answer.text
        assert "昼は混む" not in answer.text


def test_whoever_covers_for_a_colleague_may_change_and_the_reason_stays(house: House, visitors: dict[str, Visitor]) -> None:
    visitor, path = visitors["coordinator"], "/people/{person_id}/edit"
    with kept_as_it_was(house.world):
        assert ask(visitor, house, "POST", path, "other").status_code == 403
        assert ask(visitor, house, "POST", "/people/{person_id}/stand-in", "other").status_code == 303
        assert ask(visitor, house, "POST", path, "other").status_code == 303


def test_multi_agency_staff_who_cover_change_the_case_but_neither_match_nor_sound(house: House) -> None:
    visitor = house.world.visit("三好")
    with kept_as_it_was(house.world):
        for path in ("/people/{person_id}/edit", "/people/{person_id}/consent", "/people/{person_id}/plans"):
            assert ask(visitor, house, "POST", path, "other").status_code == 403
        assert ask(visitor, house, "POST", "/people/{person_id}/stand-in", "other").status_code == 303
        for path in ("/people/{person_id}/edit", "/people/{person_id}/consent", "/people/{person_id}/plans"):
            assert ask(visitor, house, "POST", path, "other").status_code == 303
        for path in ("/people/{person_id}/match/runs", "/people/{person_id}/placements", "/placements/{placement_id}/{act}"):
            assert ask(visitor, house, "POST", path, "other").status_code == 403


def test_a_locked_case_cannot_be_covered_by_whoever_cannot_see_it(house: House, visitors: dict[str, Visitor]) -> None:
    answer = ask(visitors["coordinator"], house, "POST", "/people/{person_id}/stand-in", "locked-other")
    assert answer.status_code == 404
