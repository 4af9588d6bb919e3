"""The door: how a password is kept and checked, and what happens to whoever guesses."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select

from service.accounts import sessions
from service.accounts.brake import LONGEST_WAIT
from service.accounts.doors import GLASS_MINUTES, save_access
from service.accounts.models import SignInBrake, User
from service.accounts.sessions import FREE_TRIES, hash_password, open_session
from service.kernel.audit import AuditEntry
from service.kernel.errors import DomainError
from tests.cast import NOW, World

PASSWORD = "しおみの海と夕なぎ"


@pytest.fixture(scope="module")
def kept() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def guessed(door: World) -> World:
    """The same, kept at next to no cost: these tests count tries, and hundreds of them."""
    with door.writing() as session:
        session.get_one(User, door.ids["青木"]).password_hash = PasswordHasher(
            time_cost=1, memory_cost=8, parallelism=1
        ).hash(PASSWORD)
    return door


@pytest.fixture
def door(world: World, kept: str) -> World:
    """A town that asks for a password alone; 青木 really has one."""
    with world.writing() as session:
        session.get_one(User, world.ids["青木"]).password_hash = kept
        save_access(session, 0, GLASS_MINUTES, [])
    return world


def try_to_enter(world: World, name: str, password: str, now: datetime) -> str | None:
    with world.writing() as session:
        return open_session(session, name, password, now)


# The password


def test_passwords_are_kept_as_argon2id_with_the_usual_cost(kept: str) -> None:
    assert kept.startswith("$argon2id$")
    cost = extract_parameters(kept)
    assert cost.memory_cost >= 19_456
    assert cost.time_cost >= 2
    assert cost.salt_len >= 16


def test_the_same_password_is_never_kept_the_same_way_twice() -> None:
    assert hash_password("a") != hash_password("a")


def test_the_right_password_opens_and_a_wrong_one_does_not(door: World) -> None:
    assert try_to_enter(door, "aoki", PASSWORD, NOW)
    assert try_to_enter(door, "aoki", PASSWORD + "?", NOW) is None
    assert try_to_enter(door, "aoki", "", NOW) is None


def test_an_account_whose_password_was_never_set_lets_nobody_in(door: World) -> None:
    assert try_to_enter(door, "ishii", "x", NOW) is None


@pytest.mark.parametrize(
    ("name", "password"), [("aoki", "wrong"), ("nobody-here", "wrong"), ("hojo", "wrong"), ("aoki", PASSWORD)],
    ids=["known name", "unknown name", "deactivated", "right"],
)  # fmt: skip
def test_every_try_costs_exactly_one_check_of_the_same_cost(
    door: World, kept: str, monkeypatch: pytest.MonkeyPatch, name: str, password: str
) -> None:
    """A known name must not answer slower than an unknown one; counted, since clocks deceive."""
    with door.writing() as session:
        leaver = session.get_one(User, door.ids["北条"])
        leaver.active, leaver.password_hash = False, kept
    checked: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            checked.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(sessions, "_hasher", Counting())
    try_to_enter(door, name, password, NOW)
    assert [extract_parameters(each) for each in checked] == [extract_parameters(kept)]


def test_the_page_says_the_same_for_a_wrong_password_an_unknown_name_and_a_leaver(door: World, kept: str) -> None:
    with door.writing() as session:
        leaver = session.get_one(User, door.ids["北条"])
        leaver.active, leaver.password_hash = False, kept
    said = []
    for name, password in (("aoki", "wrong"), ("nobody-here", "wrong"), ("hojo", PASSWORD)):
        answer = door.visit(None).submit("/sign-in", {"login_name": name, "password": password})
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers
        said.append(answer.text.replace(name, "NAME"))
    stripped = [strip_token(text) for text in said]
    assert stripped[0] == stripped[1] == stripped[2]
    assert "利用者名かパスワードが違います" in stripped[0]


def test_a_password_comes_back_in_no_page(door: World) -> None:
    answer = door.visit(None).submit("/sign-in", {"login_name": "aoki", "password": "kanaria-kanaria"})
    assert "kanaria" not in answer.text


# Guessing


def test_five_wrong_passwords_bring_a_wait_that_says_how_long(guessed: World) -> None:
    for _ in range(FREE_TRIES):
        assert try_to_enter(guessed, "aoki", "wrong", NOW) is None
    with pytest.raises(DomainError) as refusal:
        try_to_enter(guessed, "aoki", PASSWORD, NOW)
    assert refusal.value.status == 429
    assert "秒後" in refusal.value.remedy
    assert refusal.value.remedy[0].isdigit()


def test_an_unknown_name_is_slowed_down_like_a_known_one(guessed: World) -> None:
    for _ in range(FREE_TRIES):
        try_to_enter(guessed, "nobody-here", "wrong", NOW)
    with pytest.raises(DomainError):
        try_to_enter(guessed, "nobody-here", "wrong", NOW)


def test_the_wait_is_one_account_alone(guessed: World) -> None:
    for _ in range(FREE_TRIES):
        try_to_enter(guessed, "ishii", "wrong", NOW)
    assert try_to_enter(guessed, "aoki", PASSWORD, NOW)


def test_the_page_tells_the_wait_in_seconds(guessed: World) -> None:
    visitor = guessed.visit(None)
    for _ in range(FREE_TRIES):
        visitor.submit("/sign-in", {"login_name": "aoki", "password": "wrong"})
    answer = visitor.submit("/sign-in", {"login_name": "aoki", "password": PASSWORD})
    assert answer.status_code == 429
    assert "秒後に、もう一度お試しください" in answer.text


def test_the_waits_grow_and_never_pass_a_minute(guessed: World) -> None:
    waits, now = [], NOW
    for _ in range(14):
        try_to_enter(guessed, "aoki", "wrong", now)
        wait = seconds_to_wait(guessed, now)
        waits.append(wait)
        now += timedelta(seconds=wait)
    assert waits[: FREE_TRIES - 1] == [0] * (FREE_TRIES - 1)
    assert waits[FREE_TRIES - 1 :] == sorted(waits[FREE_TRIES - 1 :])
    assert max(waits) <= LONGEST_WAIT.total_seconds() + 1


def test_nobody_is_locked_out_for_ever(guessed: World) -> None:
    now = NOW
    for _ in range(60):
        try_to_enter(guessed, "aoki", "wrong", now)
        now += LONGEST_WAIT
    assert try_to_enter(guessed, "aoki", PASSWORD, now)


def test_a_guesser_gets_few_tries_in_ten_minutes(guessed: World) -> None:
    """A guess every second for ten minutes: only those outside a wait are evaluated."""
    evaluated = 0
    for second in range(600):
        try:
            try_to_enter(guessed, "aoki", "wrong", NOW + timedelta(seconds=second))
            evaluated += 1
        except DomainError:
            pass
    assert evaluated <= 20


def test_the_right_password_clears_the_count(guessed: World) -> None:
    for _ in range(FREE_TRIES - 1):
        try_to_enter(guessed, "aoki", "wrong", NOW)
    assert try_to_enter(guessed, "aoki", PASSWORD, NOW)
    for _ in range(FREE_TRIES - 1):
        assert try_to_enter(guessed, "aoki", "wrong", NOW) is None


def test_a_strange_name_is_a_wrong_name(door: World) -> None:
    visitor = door.visit(None)
    for name in ("あ" * 101, "aoki\0?", "a\ud800b", "' or 1=1 --", "%", "aoki "):
        body = {"login_name": name.encode("utf-8", "surrogatepass").decode("latin-1"), "password": "wrong"}
        assert visitor.submit("/sign-in", body).status_code == 422, name


def test_signing_in_and_out_is_recorded(door: World) -> None:
    visitor = door.visit(None)
    assert visitor.submit("/sign-in", {"login_name": "aoki", "password": PASSWORD}).status_code == 303
    assert visitor.submit("/sign-out").status_code == 303
    with door.reading() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.action.in_(("sign-in", "sign-out")))).all()
    assert [(entry.action, entry.object_id) for entry in acts] == [
        ("sign-in", door.ids["青木"]),
        ("sign-out", door.ids["青木"]),
    ]


# Where it leads


AWAY = ("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example",
        "/\r\nlocation: https://evil.example", "evil.example", "http:evil.example", "/" + "a" * 400, "/人", "", " //evil.example",
        "///evil.example")  # fmt: skip


def test_after_signing_in_nobody_is_led_away(guessed: World) -> None:
    for target in AWAY:
        visitor = guessed.visit(None)
        shown = visitor.get("/sign-in", params={"next": target})
        assert "evil.example" not in shown.text, target
        answer = visitor.submit("/sign-in", {"login_name": "aoki", "password": PASSWORD, "next": target})
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), target


def test_after_signing_in_the_page_that_was_asked_for_is_shown(door: World) -> None:
    visitor = door.visit(None)
    refused = visitor.get("/people")
    assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in?next=%2Fpeople")
    answer = visitor.submit("/sign-in", {"login_name": "aoki", "password": PASSWORD, "next": "/people"})
    assert answer.headers["location"] == "/people"


# Help


def seconds_to_wait(world: World, now: datetime) -> int:
    """How long the door says to wait; 0 when it would take another try."""
    with world.reading() as session:
        brake = session.get_one(SignInBrake, brake_key("aoki"))
    return max(0, int((brake.blocked_until - now).total_seconds()))


def brake_key(name: str) -> str:
    import hashlib

    return hashlib.sha256(f"sign-in|{name}".encode()).hexdigest()


def strip_token(text: str) -> str:
    import re

    return re.sub(
        r'(name="_csrf_token" value=|x-csrftoken[^a-f0-9]*)"?[a-f0-9]+', r"\1", re.sub(r"[a-f0-9]{128}", "TOKEN", text)
    )
