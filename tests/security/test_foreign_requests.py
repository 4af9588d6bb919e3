"""Nothing changes because of a page that is not ours, and nothing changes by looking."""

import secrets

import pytest
from sqlalchemy import text

from service.web.security import HEADERS
from tests.cast import Visitor, World
from tests.security.house import House, ask, body_of, data_of, kept_as_it_was, relation_of, routes_of

FOREIGN = ["https://evil.example", "null", "http://testserver.local.evil.example", "http://testserver.local:8001", "evil"]


@pytest.fixture(scope="module")
def visitor(house: House) -> Visitor:
    visitor = house.world.visit("青木")
    visitor.get("/sign-in")
    return visitor


@pytest.fixture(scope="module")
def posts(house: House) -> list[str]:
    paths = [path for method, path in routes_of(house.world) if method not in ("GET", "HEAD")]
    assert len(paths) > 25
    return paths


def rename(world: World, table: str, name: str) -> None:
    """Somebody tampers with the database while it is in use."""
    with world.behind() as database:
        database.execute(text(f"alter table {table} rename to {name}"))


def test_no_form_is_taken_without_the_token_of_this_browser(house: House, visitor: Visitor, posts: list[str]) -> None:
    before = data_of(house.world)
    mine = visitor.cookies["csrftoken"]
    wrong = {
        "none": {},
        "empty": {"_csrf_token": ""},
        "short": {"_csrf_token": "x"},
        "made up": {"_csrf_token": secrets.token_hex(64)},
        "altered": {"_csrf_token": ("0" if mine[0] != "0" else "1") + mine[1:]},
    }
    for path in posts:
        for name, token in wrong.items():
            answer = visitor.post(house.address(path, relation_of(path)), data=body_of(house, path) | token)
            assert answer.status_code == 403, (path, name)
    assert data_of(house.world) == before


def test_a_token_that_cannot_even_be_compared_is_no_token(house: House, visitor: Visitor) -> None:
    """The framework's check chokes on letters beyond ASCII, lone surrogates and files."""
    half = visitor.cookies["csrftoken"][:64]
    form = {"content-type": "application/x-www-form-urlencoded"}
    answers = [
        visitor.post("/search", data={"q": "x", "_csrf_token": f"{half}あ"}),
        visitor.post("/search", data={"q": "x"}, headers={"x-csrftoken": f"{half}é".encode("latin-1")}),
        visitor.post("/search", files={"_csrf_token": ("x", b"y")}),
        visitor.post("/search", content=f"_csrf_token={half}%ED%A0%80", headers=form),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert "ページを開き直して" in answers[0].text


def test_the_token_of_another_browser_is_no_token(house: House, visitor: Visitor, posts: list[str]) -> None:
    attacker = house.world.visit("石井")
    attacker.get("/sign-in")
    token = attacker.cookies["csrftoken"]
    before = data_of(house.world)
    for path in posts:
        answer = visitor.post(house.address(path, relation_of(path)), data=body_of(house, path) | {"_csrf_token": token})
        assert answer.status_code == 403, path
    assert data_of(house.world) == before


def test_no_form_is_taken_from_a_foreign_page_even_with_the_token(house: House, visitor: Visitor, posts: list[str]) -> None:
    before = data_of(house.world)
    for path in posts:
        for origin in FOREIGN[: None if path == "/people/new" else 2]:
            answer = ask(visitor, house, "POST", path, relation_of(path), headers={"origin": origin})
            assert answer.status_code == 403, (path, origin)
    assert data_of(house.world) == before


def test_a_form_of_our_own_page_is_taken(house: House, visitor: Visitor) -> None:
    with kept_as_it_was(house.world):
        headers = {"origin": "http://testserver.local"}
        assert ask(visitor, house, "POST", "/people/new", "-", headers=headers).status_code == 303


def test_pages_let_the_browser_say_where_a_form_comes_from(house: House, visitor: Visitor) -> None:
    """With a referrer policy of no-referrer alone, browsers would call our own forms' origin "null"."""
    assert '<meta name="referrer" content="same-origin">' in visitor.get("/people").text


def test_the_token_may_come_in_the_header_that_scripts_send(house: House, visitor: Visitor) -> None:
    headers = {"x-csrftoken": visitor.cookies["csrftoken"]}
    assert visitor.post("/search", data={"q": "海"}, headers=headers).status_code == 200


@pytest.mark.parametrize("who", ["青木", "北条", "遠野", None])
def test_looking_changes_nothing_of_what_the_town_knows(house: House, who: str | None) -> None:
    visitor, before = house.world.visit(who), data_of(house.world)
    for method, path in routes_of(house.world):
        if method in ("GET", "HEAD"):
            query = "?done=saved&page=2&add=1&s-step_free=off&q=海"
            visitor.request(method, house.address(path, relation_of(path)) + query)
    assert data_of(house.world) == before


def test_every_kind_of_answer_carries_the_headers(house: House, visitor: Visitor) -> None:
    nobody = house.world.visit(None)
    own = house.address("/people/{person_id}", "own")
    answers = {
        200: visitor.get("/people"), 303: nobody.get("/people"), 403: nobody.post("/sign-in"), 404: visitor.get("/nowhere"),
        405: visitor.put("/people"), 401: nobody.get("/api/v1/hosts"), 422: visitor.submit("/people/new", {"name": ""}),
        413: visitor.post("/sign-in", content=b"x" * 11_000_000, headers={"content-type": "application/x-www-form-urlencoded"}),
    }  # fmt: skip
    others = [visitor.get(f"{own}/match/print.pdf"), visitor.get("/api/v1/hosts"), visitor.get("/schema"), visitor.get("/hosts/export.csv"),
              visitor.get("/static/app.css"), visitor.get("/static/none.css"), visitor.options("/people"), visitor.get("/healthz")]  # fmt: skip
    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    for answer in [*answers.values(), *others]:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (answer.url, name)
        assert "server" not in answer.headers


def test_an_answer_to_a_fault_of_ours_carries_the_headers_and_no_detail(house: House, visitor: Visitor) -> None:
    with kept_as_it_was(house.world):
        rename(house.world, "resource_gap", "gone")
        answer = visitor.get("/gaps")
        rename(house.world, "gone", "resource_gap")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    for word in ("Traceback", "Error", "service/", "sqlite", "psycopg", "resource_gap"):
        assert word not in answer.text


def test_no_answer_of_the_town_may_be_kept_by_a_browser_but_the_static_files(house: House, visitor: Visitor) -> None:
    for method, path in routes_of(house.world):
        if method != "GET":
            continue
        answer = visitor.get(house.address(path, relation_of(path)))
        expected = "public, max-age=31536000, immutable" if path.startswith("/static/") else "no-store"
        said = {part.strip() for part in answer.headers["cache-control"].split(",")}
        assert said == {part.strip() for part in expected.split(",")}, path


def test_the_policy_lets_no_script_and_no_style_in_but_our_own_files() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in HEADERS["content-security-policy"]
    assert "http" not in HEADERS["content-security-policy"]
    assert "*" not in HEADERS["content-security-policy"]
