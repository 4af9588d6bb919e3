"""The second factor: a code of one's own telephone, taken once; ten codes on paper; and nobody in with half of it."""

import re
import threading
from datetime import datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from service.accounts.doors import save_access
from service.accounts.models import AuthSession, User
from service.accounts.roles import ADMIN, AUDITOR, COORDINATOR, GUEST, HOST, REFERRER
from service.accounts.second.codes import STEP, matching_step, secret_of, square_of
from service.accounts.second.keeping import (
    FREE_TRIES,
    factor_of,
    is_required,
    offer,
    offered_secret,
    passes,
    prove,
    take_away,
)
from service.accounts.second.models import RecoveryCode
from service.accounts.sessions import HALF_OPEN, find_session, find_waiting
from service.kernel.audit import AuditEntry
from service.kernel.clock import now_utc
from service.kernel.errors import DomainError
from tests.cast import NOW, Visitor, World

PASSWORD = "しおみの海と夕なぎ"
LATER = now_utc() + timedelta(days=9)
"""When nobody has tried for a while."""
KEY = b"k" * 32


def code_at(secret: str, now: datetime) -> str:
    """What the telephone shows."""
    return pyotp.TOTP(secret).at(now)


@pytest.fixture
def door(world: World) -> World:
    """A town that asks its staff for a second factor, as towns do until they decide otherwise; 青木 has a password."""
    with world.writing() as session:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        session.get_one(User, world.ids["青木"]).password_hash = hasher.hash(PASSWORD)
    return world


@pytest.fixture
def paper(door: World) -> list[str]:
    """青木 has set hers up a while ago; the codes she wrote on paper."""
    with door.writing() as session:
        user, then = session.get_one(User, door.ids["青木"]), now_utc() - timedelta(hours=1)
        offer(session, user)
        session.flush()
        secret = offered_secret(session, door.town, user)
        assert secret is not None
        codes = prove(session, door.town, user, code_at(secret, then), then)
    assert codes is not None
    return codes


def secret_in_force(world: World) -> str:
    with world.reading() as session:
        row = factor_of(session, world.ids["青木"])
        assert row is not None
        return secret_of(world.town.key, row.user_id, row.nonce)


def tried(world: World, typed: str, now: datetime) -> bool:
    """青木's second step with this code."""
    with world.writing() as session:
        return passes(session, world.town, session.get_one(User, world.ids["青木"]), typed, now)


# The code


def test_a_secret_is_made_anew_from_the_towns_key_and_differs_for_each_person_and_number() -> None:
    assert secret_of(KEY, "a", "1") == secret_of(KEY, "a", "1")
    assert (
        len({secret_of(KEY, "a", "1"), secret_of(KEY, "b", "1"), secret_of(KEY, "a", "2"), secret_of(b"x", "a", "1")}) == 4
    )


@pytest.mark.parametrize(("off", "holds"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephones_clock_may_be_one_step_off(off: int, holds: bool) -> None:
    secret, middle = secret_of(KEY, "a", "1"), NOW.replace(second=15)
    step = matching_step(secret, code_at(secret, middle + timedelta(seconds=off * STEP)), middle, 0)
    assert (step is not None) == holds


def test_a_code_is_read_in_any_width_and_a_text_is_none() -> None:
    secret = secret_of(KEY, "a", "1")
    code = code_at(secret, NOW)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    assert matching_step(secret, f"{wide[:3]} {wide[3:]}", NOW, 0)
    assert matching_step(secret, "", NOW, 0) is None
    assert matching_step(secret, "²³½六", NOW, 0) is None


def test_a_code_is_taken_once_and_no_older_one_after_it(door: World, paper: list[str]) -> None:
    secret = secret_in_force(door)
    assert tried(door, code_at(secret, LATER), LATER)
    assert not tried(door, code_at(secret, LATER), LATER)
    earlier = LATER - timedelta(seconds=STEP)
    assert not tried(door, code_at(secret, earlier), LATER)


def test_of_many_who_send_the_same_code_at_once_one_comes_in(door: World, paper: list[str]) -> None:
    now, results = LATER, list[bool]()
    code = code_at(secret_in_force(door), now)

    def enter() -> None:
        try:
            results.append(tried(door, code, now))
        except DomainError:
            results.append(False)

    threads = [threading.Thread(target=enter) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 11 + [True]


def test_whoever_guesses_waits(door: World, paper: list[str]) -> None:
    now = LATER
    assert not any(tried(door, f"{guess:06}", now) for guess in range(FREE_TRIES))
    with pytest.raises(DomainError, match="間違いが続いた") as refused:
        tried(door, code_at(secret_in_force(door), now), now)
    assert refused.value.status == 429
    assert tried(door, code_at(secret_in_force(door), now + timedelta(minutes=2)), now + timedelta(minutes=2))


# On paper


def test_a_code_on_paper_opens_once_whatever_its_case(door: World, paper: list[str]) -> None:
    assert len(paper) == len(set(paper)) == 10
    assert tried(door, f" {paper[0].upper()} ", LATER)
    assert not tried(door, paper[0], LATER)
    assert tried(door, paper[9], LATER)


def test_neither_a_secret_nor_a_code_lies_in_the_database(door: World, paper: list[str]) -> None:
    secret = secret_in_force(door)
    rows = str(door.rows())
    for hidden in (secret, *paper, *(code.replace("-", "") for code in paper)):
        assert hidden not in rows


def test_what_was_taken_away_opens_nothing(door: World, paper: list[str]) -> None:
    secret = secret_in_force(door)
    with door.writing() as session:
        take_away(session, session.get_one(User, door.ids["青木"]))
    assert not tried(door, paper[0], LATER)
    assert not tried(door, code_at(secret, LATER), LATER)
    with door.reading() as session:
        assert session.scalars(select(RecoveryCode)).all() == []


def test_the_square_is_a_whole_qr_code() -> None:
    size, path = square_of("otpauth://totp/x")
    assert size >= 29
    # The outer ring of the first eye stands four modules from the edge.
    assert all(f"M{4 + x} 4h1v1h-1z" in path for x in range(7))


# Who needs one


@pytest.mark.parametrize(
    ("role", "needs"), [(COORDINATOR, True), (ADMIN, True), (GUEST, True), (AUDITOR, True), (HOST, False), (REFERRER, False)]
)
def test_until_a_town_decides_whoever_reads_of_strangers_needs_one(world: World, role: str, needs: bool) -> None:
    with world.reading() as session:
        assert is_required(session, User(login_name="x", name="x", password_hash="x", roles=[role])) is needs


# At the door


def signs_in(visitor: Visitor, **more: str) -> str:
    """Name and password; where the browser is sent."""
    answer = visitor.submit("/sign-in", {"login_name": "aoki", "password": PASSWORD, "next": "/people", **more})
    return str(answer.headers.get("location", answer.status_code))


def test_with_the_password_alone_no_page_knows_anybody(door: World, paper: list[str]) -> None:
    with door.visit(None) as browser:
        assert signs_in(browser) == "/sign-in/code?next=%2Fpeople"
        for path in ("/", "/people", "/account", "/api/v1/people/x/match"):
            assert browser.get(path).status_code in (303, 401)
        with door.reading() as session:
            token = browser.cookies["tsunagi"]
            assert find_session(session, token, now_utc()) is None
            assert find_waiting(session, token, "code", now_utc()) is not None
            assert find_waiting(session, token, "code", now_utc() + HALF_OPEN) is None


def test_a_right_code_opens_the_house_under_a_new_token(door: World, paper: list[str]) -> None:
    with door.visit(None) as browser:
        signs_in(browser)
        half = browser.cookies["tsunagi"]
        wrong = browser.submit("/sign-in/code", {"code": "000000", "next": "/people"})
        assert wrong.status_code == 422
        assert 'value="/people"' in wrong.text
        answer = browser.submit("/sign-in/code", {"code": code_at(secret_in_force(door), now_utc()), "next": "/people"})
        assert answer.headers["location"] == "/people"
        assert browser.cookies["tsunagi"] != half
        assert browser.get("/people").status_code == 200
        with door.reading() as session:
            assert find_waiting(session, half, "code", now_utc()) is None
            acts = session.scalars(select(AuditEntry.action).where(AuditEntry.object_id == door.ids["青木"])).all()
    assert acts[-2:] == ["password", "sign-in"]


def test_without_a_password_the_second_step_leads_back(door: World, paper: list[str]) -> None:
    with door.visit(None) as browser:
        for path in ("/sign-in/code", "/sign-in/set-up"):
            assert browser.get(path).headers["location"] == "/sign-in"
            assert browser.submit(path, {"code": paper[0]}).headers["location"] == "/sign-in"
    assert tried(door, paper[0], LATER)


def test_whoever_still_needs_one_sets_it_up_before_anything_else(door: World) -> None:
    with door.visit(None) as browser:
        assert signs_in(browser) == "/sign-in/set-up?next=%2Fpeople"
        assert browser.get("/people").status_code == 303
        secret = shown_secret(browser.get("/sign-in/set-up?next=/people").text)
        assert browser.submit("/sign-in/set-up", {"code": "000000"}).status_code == 422
        code = code_at(secret, now_utc())
        shown = browser.submit("/sign-in/set-up", {"code": code, "next": "/people"})
        assert shown.status_code == 200
        assert len(re.findall(r"<li><code>[a-z2-9]{5}-[a-z2-9]{5}</code></li>", shown.text)) == 10
        assert browser.get("/people").status_code == 200
        again = browser.submit("/sign-in/set-up", {"code": code})
        assert again.headers["location"] == "/sign-in"


# One's own account


def test_other_sign_ins_are_listed_and_end_at_once(door: World) -> None:
    with door.visit() as here:
        there = door.visit()
        page = here.get("/account").text
        assert page.count("ここを終わらせる") == 1
        (other,) = re.findall(r"/account/sessions/([0-9a-f]{32})/end", page)
        assert here.submit(f"/account/sessions/{other}/end").status_code == 303
        assert there.get("/people").status_code == 303
        assert here.get("/people").status_code == 200


def test_nobody_ends_the_sign_in_of_another(door: World) -> None:
    door.visit("石井")
    with door.reading() as session:
        theirs = session.scalars(select(AuthSession.id).where(AuthSession.user_id == door.ids["石井"])).one()
    with door.visit() as aoki:
        answers = [aoki.submit(f"/account/sessions/{each}/end") for each in (theirs, "0" * 32)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    with door.reading() as session:
        assert session.get_one(AuthSession, theirs).revoked_at is None


def test_a_new_password_ends_every_other_sign_in(door: World) -> None:
    new = "ゆうなぎの浜辺で本を読む"
    with door.visit() as here:
        there = door.visit()
        typed = {"n-password": PASSWORD, "n-new": new, "n-again": new}
        assert here.submit("/account/password", {**typed, "n-password": "x"}).status_code == 422
        assert here.submit("/account/password", {**typed, "n-again": "x"}).status_code == 422
        assert (
            here.submit("/account/password", {**typed, "n-new": "aoki-aoki-aoki", "n-again": "aoki-aoki-aoki"}).status_code
            == 422
        )
        assert here.submit("/account/password", typed).status_code == 303
        assert there.get("/people").status_code == 303
        assert here.get("/people").status_code == 200
    with door.visit(None) as browser:
        assert signs_in(browser, password=new).startswith("/sign-in/set-up")


def test_a_second_factor_is_replaced_only_with_the_password_and_the_old_one_holds_until_then(
    door: World, paper: list[str]
) -> None:
    old = secret_in_force(door)
    with door.visit() as aoki:
        assert aoki.submit("/account/second-factor", {"p-password": "x", "what": "anew"}).status_code == 422
        for code in ("", "000000"):
            typed = {"p-password": PASSWORD, "p-code": code, "what": "anew"}
            assert aoki.submit("/account/second-factor", typed).status_code == 422
        typed = {"p-password": PASSWORD, "p-code": code_at(old, now_utc()), "what": "anew"}
        assert aoki.submit("/account/second-factor", typed).status_code == 303
        assert secret_in_force(door) == old
        new = shown_secret(aoki.get("/account/second-factor").text)
        assert aoki.submit("/account/second-factor/prove", {"code": code_at(old, now_utc())}).status_code == 422
        shown = aoki.submit("/account/second-factor/prove", {"code": code_at(new, now_utc())})
        assert "予備の番号" in shown.text
    assert secret_in_force(door) == new
    assert not tried(door, paper[0], LATER)


def test_whose_role_needs_one_cannot_do_without_it(door: World, paper: list[str]) -> None:
    with door.visit() as aoki:
        off = {"p-password": PASSWORD, "what": "off"}
        refused = aoki.submit("/account/second-factor", {**off, "p-code": paper[0]})
        assert refused.status_code == 409
        assert "設定し直す" in refused.text
        with door.writing("遠野") as session:
            save_access(session, 0, 60, [])
        assert aoki.submit("/account/second-factor", {**off, "p-code": paper[1]}).status_code == 303
        assert "使っていません" in aoki.get("/account").text


def shown_secret(page: str) -> str:
    """The secret to be typed, as a page shows it."""
    (secret,) = re.findall(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    return str(secret).replace(" ", "")


def test_a_half_open_sign_in_never_reads_the_secret_of_a_later_factor(door: World) -> None:
    thief, owner = door.visit(None), door.visit(None)
    for browser in (thief, owner):
        assert signs_in(browser).startswith("/sign-in/set-up")
    secret = shown_secret(owner.get("/sign-in/set-up").text)
    assert owner.submit("/sign-in/set-up", {"code": code_at(secret, now_utc())}).status_code == 200
    assert thief.get("/sign-in/set-up").status_code == 303
    with door.visit(None) as another:
        assert signs_in(another).startswith("/sign-in/code")
        assert another.get("/sign-in/set-up").status_code == 303


def test_setting_up_from_two_browsers_shows_one_secret(door: World) -> None:
    one, other = door.visit(None), door.visit(None)
    assert signs_in(one)
    secret = shown_secret(one.get("/sign-in/set-up").text)
    assert signs_in(other)
    assert one.submit("/sign-in/set-up", {"code": code_at(secret, now_utc())}).status_code == 200


def test_a_sign_in_begun_with_the_old_password_ends_with_it(door: World, paper: list[str]) -> None:
    owner, thief = door.visit(), door.visit(None)
    assert signs_in(thief).startswith("/sign-in/code")
    new = "ゆうなぎの浜辺で本を読む"
    assert owner.submit("/account/password", {"n-password": PASSWORD, "n-new": new, "n-again": new}).status_code == 303
    assert thief.submit("/sign-in/code", {"code": paper[0]}).headers["location"] == "/sign-in"
    assert thief.get("/people").status_code == 303


def test_new_codes_are_not_given_for_the_password_alone(door: World, paper: list[str]) -> None:
    with door.visit() as aoki:
        assert aoki.submit("/account/second-factor", {"p-password": PASSWORD, "what": "codes"}).status_code == 422
        fresh = aoki.submit("/account/second-factor", {"p-password": PASSWORD, "p-code": paper[0], "what": "codes"})
    codes = re.findall(r"<li><code>([a-z2-9-]+)</code></li>", fresh.text)
    assert len(codes) == 10
    assert not tried(door, paper[1], LATER)
    assert tried(door, codes[0], LATER + timedelta(minutes=5))


def test_no_typed_name_presses_the_brake_of_a_code(door: World, paper: list[str]) -> None:
    with door.visit(None) as browser:
        for _ in range(FREE_TRIES + 2):
            for kind in ("second-factor", "own"):
                browser.submit("/sign-in", {"login_name": f"{kind}|{door.ids['青木']}", "password": "x"})
    assert tried(door, paper[0], now_utc())


def test_a_code_from_paper_is_read_in_any_width(door: World, paper: list[str]) -> None:
    assert tried(door, "".join(chr(ord(each) + 0xFEE0) for each in paper[0]), LATER)


def test_of_two_who_send_one_code_from_paper_one_comes_in(door: World, paper: list[str]) -> None:
    results = list[bool]()
    threads = [threading.Thread(target=lambda: results.append(tried(door, paper[0], LATER))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]
