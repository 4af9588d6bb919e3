"""Whatever arrives is answered in words: never a fault of ours, nothing lost, nothing half-written."""

import itertools
from collections import defaultdict
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from service.cases.models import SupportCase, TravelTime
from service.kernel.db import Base, new_id
from service.matching.models import MatchRun
from service.resources.models import Host, HostAssessment, HostPerson, Opening, Remark, ResourceGap, Site, VocabularyEntry
from tests.cast import Visitor
from tests.resources.kodomo_rows import GOOD, csv_of
from tests.security.house import (
    BODIES,
    House,
    ask,
    body_of,
    data_of,
    forget_guesses,
    kept_as_it_was,
    relation_of,
    routes_of,
    who_uses,
)

# Raw bytes, percent-encoded as a form would send them: lone surrogates, NUL, broken UTF-8, digits that are none, too much.
HOSTILE = {
    "a number larger than any column": b"99999999999999999999999999",
    "a negative number": b"-1",
    "digits that are not digits": "²٣Ⅳ".encode(),
    "five thousand digits": b"9" * 5_000,
    "a very long text": "あ".encode() * 20_000,
    "a lone surrogate": b"\xed\xa0\x80",
    "broken UTF-8": b"\xff\xfe\xc3",
    "NUL and control characters": b"a\x00b\x08\x1b[31m\r\n",
    "a mark-up": b"<script>alert(1)</script>{{7*7}}${7*7}",
    "a statement": b"'; drop table person; --",
    "a direction turned": "\u202eabc\u2066".encode(),
    "wildcards": b"%_%\\" * 30,
    "not a number": b"nan",
    "infinity": b"1e999",
    "nothing": b"",
    "spaces": "　 \t".encode(),
}


@pytest.fixture(scope="module")
def visitor(house: House) -> Visitor:
    """青木; the app's own faults answer 500 instead of raising."""
    visitor = house.world.visit("青木")
    visitor.get("/sign-in")
    return visitor


@pytest.fixture(scope="module")
def visitors(house: House) -> dict[str, Visitor]:
    """Whoever's page it is."""
    found = {name: house.world.visit(name) for name in ("青木", "北条", "遠野", "店主", "大野", "鏡", "宮本")}
    for visitor in found.values():
        visitor.get("/sign-in")
    return found


def encoded(pairs: list[tuple[str, bytes]]) -> bytes:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs).encode()


def send_form(visitor: Visitor, address: str, pairs: list[tuple[str, bytes]]) -> Any:
    """A form as raw bytes, with the token in the header."""
    headers = {"content-type": "application/x-www-form-urlencoded", "x-csrftoken": visitor.cookies["csrftoken"]}
    return visitor.post(address, content=encoded(pairs), headers=headers)


PIECES = ("/people/{person_id}/assessment/{key}", "/people/{person_id}/match/counts")
"""Answers that a script puts into a page are no pages."""


def check(answer: Any, path: str, *where: object) -> None:
    assert answer.status_code < 500, (path, *where, answer.status_code)
    if answer.status_code >= 400 and path not in PIECES and not path.startswith(("/api/", "/schema")):
        assert "本文へ移動" in answer.text, (path, *where)


FORMS = [path for path in BODIES if path not in ("/sign-in", "/sign-out")]


@pytest.mark.parametrize("shift", range(4))
def test_no_value_in_all_fields_of_any_form_is_a_fault_of_ours(
    house: House, visitors: dict[str, Visitor], shift: int
) -> None:
    values = itertools.islice(itertools.cycle(HOSTILE.items()), shift * 5, None)
    with kept_as_it_was(house.world):
        for path in FORMS:
            who, (name, value) = visitors[who_uses(path)], next(values)
            pairs = [(field, value) for field in [*body_of(house, path), "_once"]]
            check(send_form(who, house.address(path, relation_of(path)), pairs), path, name)


@pytest.mark.parametrize("shift", range(2))
def test_no_value_in_one_field_of_any_form_is_a_fault_of_ours(
    house: House, visitors: dict[str, Visitor], shift: int
) -> None:
    """Each field in turn, the others as they should be; the values go round, so that every field meets several."""
    values = itertools.islice(itertools.cycle(HOSTILE.items()), shift * 5, None)
    with kept_as_it_was(house.world):
        for path in FORMS:
            who, body = visitors[who_uses(path)], body_of(house, path)
            for turn in body:
                name, value = next(values)
                pairs = [(n, value if n == turn else v.encode()) for n, v in body.items()]
                check(send_form(who, house.address(path, relation_of(path)), pairs), path, turn, name)


QUERY = ("q", "page", "kind", "weekday", "status", "free", "freshness", "check", "unplaced", "mine", "compare", "add", "drop",
         "s-step_free", "v-step_free", "v-travel", "v-session", "v-time", "opening", "at", "next", "done", "level", "site",
         "encoding", "tab", "c", "p", "d", "k", "t", "o", "wait", "age_from", "age_to", "load", "hosts", "aim", "period", "year",
         "part")  # fmt: skip


@pytest.mark.parametrize("shift", range(4))
def test_no_value_in_any_address_is_a_fault_of_ours(house: House, visitors: dict[str, Visitor], shift: int) -> None:
    """Every name a page reads from its address holds one of the values; they go round."""
    values = itertools.islice(itertools.cycle(HOSTILE.values()), shift * 4, None)
    for method, path in routes_of(house.world):
        if method == "GET":
            query = "&".join(f"{name}={quote(next(values)[:1_500])}" for name in QUERY)
            answer = visitors[who_uses(path)].get(f"{house.address(path, relation_of(path))}?{query}")
            check(answer, path, query[:300])


@pytest.mark.parametrize("value", ["9" * 30, "²٣", "\ud800", "\0", "a/b", "%", "' or 1=1 --"], ids=repr)
def test_no_text_in_the_place_of_an_id_is_a_fault_of_ours(house: House, visitors: dict[str, Visitor], value: str) -> None:
    typed = quote(value.encode("utf-8", "surrogatepass"), safe="")
    for method, path in routes_of(house.world):
        if "{" in path and not path.startswith(("/static", "/schema")):
            address = path.format_map(defaultdict(lambda: typed))
            visitor = visitors[who_uses(path)]
            forget_guesses(house.world, path)
            answer = visitor.get(address) if method == "GET" else send_form(visitor, address, [])
            check(answer, path)
            assert answer.status_code in (403, 404, 405), (method, path)


def posts_of(house: House) -> list[tuple[str, str]]:
    return [(path, house.address(path, relation_of(path))) for method, path in routes_of(house.world) if method == "POST"]


READ_DIFFERENTLY = ("/sign-in", "/people/new", "/people/{person_id}/assessment", "/people/{person_id}/assessment/{key}",
                    "/people/{person_id}/avoid/{rule_id}/remove", "/hosts/import", "/hosts/{host_id}/conditions", "/search")  # fmt: skip
"""One route of each way to read a body: a fixed form, fields of the vocabulary, an upload, a search, nothing at all."""
BODY_KINDS = {
    "JSON": (b'{"name": "x", "_version": 1}', "application/json"),
    "JSON that is a list": (b"[1, 2]", "application/json"),
    "broken JSON": (b'{"name": ', "application/json"),
    "deep JSON": (b"[" * 20_000, "application/json"),
    "plain text": (b"name=x", "text/plain"),
    "nothing said": (b"name=x", ""),
    "XML": (b"<a/>", "application/xml"),
    "nonsense": (b"\x00\xff", "x/y; charset=\x7f"),
    "a form in another encoding": (b"name=%8d%b2", "application/x-www-form-urlencoded; charset=shift_jis"),
    "a form in no encoding": (b"name=x", "application/x-www-form-urlencoded; charset=none-such"),
    "parts without a boundary": (b"--x\r\n\r\n", "multipart/form-data"),
    "parts that never end": (b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nabc", "multipart/form-data; boundary=x"),
    "an unnamed part": (b"--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    "no body": (b"", "application/x-www-form-urlencoded"),
    "only ampersands": (b"&" * 3_000, "application/x-www-form-urlencoded"),
    "names without values": (b"name&_version&a-time&" * 50, "application/x-www-form-urlencoded"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), BODY_KINDS.values(), ids=BODY_KINDS)
def test_no_kind_of_body_is_a_fault_of_ours(house: House, visitor: Visitor, content: bytes, kind: str) -> None:
    headers = {"x-csrftoken": visitor.cookies["csrftoken"]} | ({"content-type": kind} if kind else {})
    with kept_as_it_was(house.world):
        for path in READ_DIFFERENTLY:
            check(visitor.post(house.address(path, relation_of(path)), content=content, headers=headers), path)


def test_a_form_where_programs_are_answered_is_refused_in_their_language(house: House, visitor: Visitor) -> None:
    answer = visitor.submit("/api/v1/hosts", {"q": "x"})
    assert answer.status_code == 405
    assert answer.json()["status"] == 405


def test_a_name_sent_many_times_is_no_fault_of_ours(house: House, visitors: dict[str, Visitor]) -> None:
    with kept_as_it_was(house.world):
        for path in BODIES:
            if path in ("/sign-in", "/sign-out"):
                continue
            who = visitors[who_uses(path)]
            body = [(name, value.encode()) for name, value in body_of(house, path).items()]
            check(send_form(who, house.address(path, relation_of(path)), [*body, *body, *body, *body]), path)


def test_an_upload_in_the_place_of_a_text_is_no_fault_of_ours(house: House, visitor: Visitor) -> None:
    with kept_as_it_was(house.world):
        for path, address in posts_of(house):
            if path == "/sign-out":
                continue
            names = [*body_of(house, path), "_once", "_version"]
            files = dict.fromkeys(names, ("x.txt", b"\xff\x00", "text/plain"))
            check(visitor.post(address, files=files, headers={"x-csrftoken": visitor.cookies["csrftoken"]}), path)


def test_an_upload_without_a_file_asks_for_one(house: House, visitor: Visitor) -> None:
    for body in ({"kind": "own"}, {"kind": "own", "file": "not a file"}):
        answer = visitor.submit("/hosts/import", body)
        assert answer.status_code == 422
        assert "ファイル" in answer.text


EDITS = [path for path, body in BODIES.items() if "_version" in body]


@pytest.mark.parametrize("path", EDITS)
def test_a_form_without_a_version_writes_nothing_and_says_what_to_do(
    house: House, visitors: dict[str, Visitor], path: str
) -> None:
    who, before = visitors[who_uses(path)], data_of(house.world)
    body = {name: value for name, value in body_of(house, path).items() if name != "_version"}
    for version in (None, "", "x", "-1", "1.5", "0x1", "９", "99999999999999999999"):
        typed = body if version is None else body | {"_version": version}
        answer = who.submit(house.address(path, relation_of(path)), typed)
        assert answer.status_code in (400, 409, 422), version
        assert data_of(house.world) == before


@pytest.mark.parametrize("path", EDITS)
def test_a_form_with_an_older_version_loses_nothing_of_either(house: House, visitors: dict[str, Visitor], path: str) -> None:
    """The row moved meanwhile: nothing is written, the answer is a conflict."""
    who = visitors[who_uses(path)]
    body = body_of(house, path) | {"_version": "0"}
    with kept_as_it_was(house.world):
        before = data_of(house.world)
        answer = who.submit(house.address(path, relation_of(path)), body)
        assert answer.status_code == 409
        assert data_of(house.world) == before


CREATING: dict[str, type[Base]] = {
    "/people/new": SupportCase,
    "/hosts/new": Host,
    "/hosts/{host_id}/people": HostPerson,
    "/hosts/{host_id}/remarks": Remark,
    "/hosts/{host_id}/assessments": HostAssessment,
    "/hosts/{host_id}/openings": Opening,
    "/hosts/{host_id}/sites/new": Site,
    "/settings/vocabulary/new": VocabularyEntry,
    "/people/{person_id}/match/runs": MatchRun,
    "/people/{person_id}/match/gaps": ResourceGap,
    "/people/{person_id}/match/travel": TravelTime,
}


@pytest.mark.parametrize(("path", "model"), CREATING.items(), ids=list(CREATING))
def test_a_form_sent_twice_makes_one_row(house: House, visitors: dict[str, Visitor], path: str, model: type[Base]) -> None:
    who = visitors[who_uses(path)]
    body, address = body_of(house, path) | {"_once": new_id()}, house.address(path, relation_of(path))
    with kept_as_it_was(house.world):
        before = count(house, model)
        assert [who.submit(address, body).status_code for _ in range(3)] == [303, 303, 303]
        assert count(house, model) == before + 1


def test_a_file_confirmed_twice_is_taken_in_once(house: House, visitor: Visitor) -> None:
    with kept_as_it_was(house.world):
        before = count(house, Host)
        for _ in range(2):
            assert ask(visitor, house, "POST", "/hosts/import/{batch_id}/confirm", "there").status_code == 303
        assert count(house, Host) == before + 1


def test_a_file_sent_twice_waits_once(house: House, visitor: Visitor) -> None:
    with kept_as_it_was(house.world):
        places = set()
        for _ in range(2):
            files = {"file": ("a.csv", csv_of([GOOD]), "text/csv")}
            answer = visitor.submit("/hosts/import", {"kind": "kodomo-shokudo", "_once": "same"}, files=files)
            assert answer.status_code == 303
            places.add(answer.headers["location"])
        assert len(places) == 1


def count(house: House, model: type[Base]) -> int:
    with house.world.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
