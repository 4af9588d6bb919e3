"""What a sign-in opens: nobody can plant it, it ends by itself, and the database alone opens nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.accounts.doors import GLASS_MINUTES, save_access
from service.accounts.models import AuthSession, User
from service.accounts.sessions import ABSOLUTE, IDLE, close_session, find_session, hash_password, issue_token
from service.app import build_app
from service.settings import Settings
from service.setup import open_ready
from tests.cast import NOW, Visitor, World, hire_staff
from tests.towns import Ground

PASSWORD = "しおみの海と夕なぎ"


@pytest.fixture(scope="module")
def kept() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def door(world: World, kept: str) -> World:
    with world.writing() as session:
        session.get_one(User, world.ids["青木"]).password_hash = kept
        save_access(session, 0, GLASS_MINUTES, [])
    return world


def sign_in(visitor: Visitor) -> Any:
    answer = visitor.submit("/sign-in", {"login_name": "aoki", "password": PASSWORD})
    assert answer.status_code == 303
    return answer


def is_inside(world: World, token: str) -> bool:
    visitor = world.visit(None)
    visitor.cookies.set("tsunagi", token)
    return bool(visitor.get("/people").status_code == 200)


# Fixation and rotation


def test_a_planted_cookie_never_becomes_a_session(door: World) -> None:
    planted = "attacker-chosen-token"
    victim = door.visit(None)
    victim.cookies.set("tsunagi", planted, domain="testserver.local", path="/")
    sign_in(victim)
    assert victim.get("/people").status_code == 200
    assert victim.cookies["tsunagi"] != planted
    assert not is_inside(door, planted)


def test_every_sign_in_gives_a_new_token_and_ends_the_old_one(door: World) -> None:
    visitor = door.visit(None)
    sign_in(visitor)
    first = visitor.cookies["tsunagi"]
    sign_in(visitor)
    assert visitor.cookies["tsunagi"] != first
    assert not is_inside(door, first)
    assert is_inside(door, visitor.cookies["tsunagi"])


def test_signing_in_elsewhere_leaves_the_other_browser_signed_in(door: World) -> None:
    office, van = door.visit(None), door.visit(None)
    sign_in(office)
    sign_in(van)
    assert office.get("/people").status_code == van.get("/people").status_code == 200


def test_after_signing_out_the_token_is_dead_and_the_browser_forgets(door: World) -> None:
    visitor = door.visit(None)
    sign_in(visitor)
    token = visitor.cookies["tsunagi"]
    answer = visitor.submit("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert '"cache"' in answer.headers["clear-site-data"]
    assert not is_inside(door, token)


def test_tokens_differ_and_hold_256_bits(world: World) -> None:
    with world.writing() as session:
        user = session.get_one(User, world.ids["青木"])
        tokens = {issue_token(session, user, NOW) for _ in range(50)}
    assert len(tokens) == 50
    # 43 letters of base64.
    assert min(map(len, tokens)) >= 43


def test_the_database_holds_no_token(world: World) -> None:
    with world.writing() as session:
        token = issue_token(session, session.get_one(User, world.ids["青木"]), NOW)
    assert token not in str(world.rows())
    for file in world.settings.data.glob("*.sqlite3*"):
        assert token.encode() not in file.read_bytes()
    with world.reading() as session:
        stored = session.scalars(select(AuthSession.id)).all()
    assert not any(is_inside(world, id) for id in stored)


# Ends by itself


def lives(world: World, token: str, now: datetime) -> bool:
    with world.reading() as session:
        return find_session(session, token, now) is not None


@pytest.fixture
def token(world: World) -> str:
    with world.writing() as session:
        return issue_token(session, session.get_one(User, world.ids["青木"]), NOW)


def test_a_session_ends_after_half_an_hour_of_silence(world: World, token: str) -> None:
    assert timedelta(minutes=30) == IDLE
    assert lives(world, token, NOW + IDLE - timedelta(seconds=1))
    assert not lives(world, token, NOW + IDLE)


def test_a_session_ends_after_nine_hours_however_busy(world: World, token: str) -> None:
    assert timedelta(hours=9) == ABSOLUTE
    with world.writing() as session:
        row = session.scalars(select(AuthSession)).one()
        row.last_seen_at = NOW + ABSOLUTE - timedelta(seconds=1)
    assert lives(world, token, NOW + ABSOLUTE - timedelta(seconds=1))
    assert not lives(world, token, NOW + ABSOLUTE)


def test_a_request_keeps_the_session_awake(world: World) -> None:
    earlier = datetime.now(UTC) - timedelta(minutes=20)
    with world.writing() as session:
        token = issue_token(session, session.get_one(User, world.ids["青木"]), earlier)
    assert is_inside(world, token)
    with world.reading() as session:
        assert session.scalars(select(AuthSession)).one().last_seen_at > earlier + timedelta(minutes=19)


def test_an_ended_session_is_not_woken_by_a_request(world: World) -> None:
    with world.writing() as session:
        user = session.get_one(User, world.ids["青木"])
        token = issue_token(session, user, datetime.now(UTC) - IDLE - timedelta(seconds=1))
    assert not is_inside(world, token)
    assert not is_inside(world, token)


def test_whoever_leaves_is_out_at_once(world: World) -> None:
    visitor = world.visit("石井")
    assert visitor.get("/people").status_code == 200
    with world.writing() as session:
        session.get_one(User, world.ids["石井"]).active = False
    assert visitor.get("/people").status_code == 303


def test_a_changed_role_counts_from_the_next_request(world: World) -> None:
    visitor = world.visit("石井")
    assert visitor.get("/people").status_code == 200
    with world.writing() as session:
        session.get_one(User, world.ids["石井"]).roles = ["admin"]
    assert visitor.get("/people").status_code == 404


def test_a_closed_session_stays_closed_and_an_unknown_one_is_nothing_to_close(world: World, token: str) -> None:
    with world.writing() as session:
        close_session(session, token, NOW)
        close_session(session, "unknown", NOW)
    assert not lives(world, token, NOW)


def test_a_token_nobody_was_given_opens_nothing(world: World) -> None:
    visitor = world.visit(None)
    for token in ("", "x", "A" * 43, "é" * 43, "a" * 4000, "%00", "null", '"', "a;b"):
        answer = visitor.get("/people", headers={"cookie": f"tsunagi={token}".encode("latin-1")})
        assert answer.status_code == 303, token


# The cookie


def cookies_of(answer: Any) -> dict[str, str]:
    return {line.split("=", 1)[0]: line for line in answer.headers.get_list("set-cookie")}


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites(door: World) -> None:
    visitor = door.visit(None)
    given = cookies_of(visitor.get("/sign-in")) | cookies_of(sign_in(visitor))
    for name in ("tsunagi", "csrftoken"):
        assert "HttpOnly" in given[name]
        assert "SameSite=lax" in given[name]
        assert "Path=/" in given[name]
        assert "Domain" not in given[name]
    # It goes with the browser, not after a fortnight.
    assert "Max-Age" not in given["tsunagi"]
    assert "expires" not in given["tsunagi"].lower()


def test_served_by_tls_every_cookie_is_bound_to_this_host(door: World) -> None:
    visitor = secured(door)
    given = cookies_of(visitor.get("/sign-in"))
    token = visitor.cookies["__Host-csrf"]
    body = {"login_name": "aoki", "password": PASSWORD, "_csrf_token": token}
    answer = visitor.post("/sign-in", data=body)
    assert answer.status_code == 303
    given |= cookies_of(answer)
    assert set(given) == {"__Host-csrf", "__Host-tsunagi"}
    for line in given.values():
        assert "Secure" in line
        assert "HttpOnly" in line
        assert "Path=/" in line
        assert "Domain" not in line
    assert visitor.get("/people").status_code == 200
    assert visitor.get("/people").headers["strict-transport-security"].startswith("max-age=")


def test_served_by_tls_the_plain_cookie_of_a_neighbour_opens_nothing(door: World) -> None:
    with door.writing() as session:
        token = issue_token(session, session.get_one(User, door.ids["青木"]), datetime.now(UTC))
    visitor = secured(door)
    visitor.cookies.set("tsunagi", token)
    assert visitor.get("/people").status_code == 303


def test_a_browser_takes_the_order_to_forget_the_bound_cookie(door: World) -> None:
    """`__Host-` cookies are only changed by a Set-Cookie that is Secure itself; any other is ignored by browsers."""
    visitor = secured(door)
    visitor.get("/sign-in")
    body = {"login_name": "aoki", "password": PASSWORD, "_csrf_token": visitor.cookies["__Host-csrf"]}
    visitor.post("/sign-in", data=body)
    answer = visitor.post("/sign-out", data={"_csrf_token": visitor.cookies["__Host-csrf"]})
    assert answer.status_code == 303
    line = cookies_of(answer)["__Host-tsunagi"]
    assert "Max-Age=0" in line
    assert "Secure" in line
    assert "HttpOnly" in line


def secured(world: World) -> Visitor:
    """A browser at the same town served by TLS."""
    settings = Settings(world.settings.data, True, world.settings.entries)
    visitor = Visitor(world.in_another_app(settings), None)
    visitor.base_url = "https://testserver.local"
    return visitor


# Two towns in one house

TOWNS = (
    {"code": "111111", "name": "甲市", "host": "a.example"},
    {"code": "222222", "name": "乙市", "host": "b.example"},
)


@pytest.fixture(scope="module")
def two_empty_towns(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of 甲市 at a.example and 乙市 at b.example."""
    folder = tmp_path_factory.mktemp("two")
    settings = ground.prepare(folder, TOWNS)
    for entry in settings.entries:
        open_ready(settings, entry).database.close()
    return folder


@pytest.fixture
def two_towns(ground: Ground, two_empty_towns: Path, tmp_path: Path) -> Iterator[list[World]]:
    """Both towns in one house; each has its own 青木."""
    with ground.copied(two_empty_towns, tmp_path / "two") as settings:
        app = build_app(settings)
        worlds = [World(settings, app.state.towns[host], app) for host in ("a.example", "b.example")]
        for world in worlds:
            with world.writing("準備") as session:
                world.ids |= hire_staff(session)
        yield worlds
        for world in worlds:
            world.close()


def at(visitor: Visitor, host: str, path: str = "/people") -> int:
    return int(visitor.get(path, headers={"host": host}).status_code)


def test_a_token_of_one_town_is_nobody_in_the_other(two_towns: list[World]) -> None:
    here, there = two_towns
    assert at(here.visit(), "a.example") == 200
    assert at(here.visit(), "b.example") == 303
    assert at(there.visit(), "b.example") == 200
    assert at(there.visit(), "a.example") == 303


def test_an_unknown_host_name_is_refused(two_towns: list[World]) -> None:
    visitor = two_towns[0].visit()
    for host in ("c.example", "", "localhost", "a.example.evil", "xa.example", "a.example@b.example", "b%2eexample"):
        for path in ("/people", "/sign-in", "/", "/schema"):
            assert at(visitor, host, path) == 404, (host, path)


def test_a_host_name_counts_without_its_port_and_its_case(two_towns: list[World]) -> None:
    for host in ("A.EXAMPLE", "a.example:8000"):
        assert at(two_towns[0].visit(), host) == 200


def test_no_other_header_chooses_the_town(two_towns: list[World]) -> None:
    visitor = two_towns[0].visit()
    for header in ("x-forwarded-host", "forwarded", "x-host", "x-original-host"):
        assert visitor.get("/people", headers={"host": "b.example", header: "a.example"}).status_code == 303, header


def test_what_is_written_in_one_town_is_nowhere_in_the_other(two_towns: list[World]) -> None:
    here, there = two_towns
    visitor = here.visit()
    visitor.get("/sign-in", headers={"host": "a.example"})
    body = {"name": "カナリア 甲", "_csrf_token": visitor.cookies["csrftoken"], "_once": "k"}
    made = visitor.post("/people/new", data=body, headers={"host": "a.example"})
    assert made.status_code == 303
    path = made.headers["location"].split("?")[0]
    assert "カナリア" in visitor.get(path, headers={"host": "a.example"}).text
    assert at(there.visit(), "b.example", path) == 404
    assert "カナリア" not in there.visit().get("/people", headers={"host": "b.example"}).text
    other = Path(str(there.town.database.reading.url.database))
    assert not any("カナリア".encode() in file.read_bytes() for file in other.parent.glob(f"{other.name}*"))


def test_the_towns_do_not_share_the_key_of_their_logs(two_towns: list[World]) -> None:
    assert two_towns[0].town.key != two_towns[1].town.key
