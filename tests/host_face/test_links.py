"""Links: one purpose, once, for a while; whatever else stands behind /l/ is one and the same page."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from itsdangerous import Signer
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.sessions import open_session
from service.cases.models import Person
from service.followup.placements.answering import Answer
from service.followup.placements.asking import answer_by_staff
from service.followup.placements.models import HostWord, Sounding
from service.followup.placements.moving import void_soundings
from service.followup.sharing.withdrawing import withdraw_share
from service.resources.doors import HostLink, HostMember
from service.resources.guessing import FREE_TRIES
from service.resources.links import JOIN, OPENINGS, REPORT, SOUNDING, make_link
from service.resources.models import Opening, OpeningSlot
from tests.cast import Visitor, World
from tests.host_face.conftest import PASSWORD, REAL_TODAY, agree
from tests.security.house import data_of

AGES = timedelta(days=365)
JOINING = {"name": "新人", "login_name": "shinjin", "password": PASSWORD}


def link(world: World, purpose: str, about: str = "", host: str = "海の台所", **more: Any) -> str:
    with world.writing() as session:
        about_id = world.ids[about] if about else ""
        token = make_link(
            session, world.town.key, world.ids[host], purpose, "青木", datetime.now(UTC), about_id=about_id, **more
        )
    return f"/l/{token}"


def once_in(text: str) -> str:
    found = re.search(r'name="_once" value="([^"]+)"', text)
    assert found
    return found[1]


def dead(visitor: Visitor, world: World) -> str:
    answer = visitor.get("/l/never-made")
    assert answer.status_code == 404
    return str(answer.text)


@pytest.fixture
def nobody(kitchen: World) -> Visitor:
    visitor = kitchen.visit(None)
    visitor.get("/sign-in")
    return visitor


def test_nothing_changed_in_one_tap_and_only_once(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, OPENINGS)
    before = data_of(kitchen)
    page = nobody.get(path)
    assert page.status_code == nobody.get(path).status_code == 200
    assert data_of(kitchen) == before
    once = once_in(page.text)
    for _ in range(2):
        answer = nobody.submit(path, {"_once": once})
        assert (answer.status_code, answer.headers["location"]) == (303, "/l/thanks")
    with kitchen.reading() as session:
        opening = session.get_one(Opening, kitchen.ids["枠"])
        assert (opening.confirmed_on, opening.confirmed_by) == (REAL_TODAY, "海の台所（お送りしたリンクから）")
        assert session.get_one(Opening, kitchen.ids["山の枠"]).confirmed_by == ""
    used = nobody.get(path)
    assert (used.status_code, used.text) == (404, dead(nobody, kitchen))
    assert nobody.submit(path, {"_once": "another"}).status_code == 404


def test_numbers_are_taken_by_link_too_or_none_of_them(kitchen: World, nobody: Visitor) -> None:
    path, opening = link(kitchen, OPENINGS), kitchen.ids["枠"]
    for typed, version in (("x", "1"), ("2", "9"), ("0", "1")):
        refused = nobody.submit(path, {"what": "numbers", f"free-{opening}": typed, f"v-{opening}": version})
        assert refused.status_code in (409, 422), typed
    assert nobody.submit(path, {"what": "numbers", f"free-{opening}": "2", f"v-{opening}": "1"}).status_code == 303
    with kitchen.reading() as session:
        assert session.get_one(Opening, opening).free == 2


def test_a_link_answers_one_question_and_gives_no_session(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, SOUNDING, "打診")
    page = nobody.get(path)
    assert "20代の方です。静かな場所で。" in page.text
    assert not nobody.cookies.get("tsunagi")
    assert nobody.get("/host").status_code == 303
    assert nobody.get(f"/host/soundings/{kitchen.ids['打診']}").status_code == 303
    said = {"answer": "no", "reason": "busy_season", "_version": "1", "_once": once_in(page.text)}
    assert nobody.submit(path, said | {"reason": ""}).status_code == 422
    assert nobody.submit(path, said).status_code == 303
    with kitchen.reading() as session:
        assert session.get_one(Sounding, kitchen.ids["打診"]).reason == "busy_season"


def test_a_link_to_another_hosts_question_opens_nothing(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, SOUNDING, "山の打診")
    assert nobody.get(path).text == dead(nobody, kitchen)
    assert nobody.submit(path, {"answer": "yes", "_version": "1"}).status_code == 404


def test_a_question_taken_back_is_said_to_be_so_by_its_link(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, SOUNDING, "打診")
    with kitchen.writing() as session:
        session.get_one(Sounding, kitchen.ids["打診"]).state = "void"
    page = nobody.get(path)
    assert "取り下げ" in page.text
    assert "20代" not in page.text
    assert nobody.submit(path, {"answer": "yes", "_version": "1"}).status_code == 409


def test_a_question_answered_on_the_telephone_or_taken_back_leaves_no_link_that_opens(
    kitchen: World, nobody: Visitor
) -> None:
    for ends in (
        lambda session: answer_by_staff(
            session, kitchen.town, kitchen.actor("青木"), kitchen.ids["見学"], Answer("yes"), "店主", datetime.now(UTC)
        ),
        lambda session: void_soundings(session, kitchen.ids["見学"], "青木", datetime.now(UTC)),
    ):
        with kitchen.writing() as session:
            sounding = session.get_one(Sounding, kitchen.ids["打診"])
            sounding.placement_id, sounding.state = kitchen.ids["見学"], "open"
        path = link(kitchen, SOUNDING, "打診")
        assert "20代" in nobody.get(path).text
        with kitchen.writing() as session:
            ends(session)
        assert nobody.get(path).text == dead(nobody, kitchen)


def test_how_it_goes_is_told_without_a_name_and_only_while_it_is_agreed(kitchen: World, nobody: Visitor) -> None:
    agree(kitchen)
    first, second = (link(kitchen, REPORT, "見学") for _ in range(2))
    page = nobody.get(first)
    assert page.status_code == 200
    assert "佐倉" not in page.text
    assert nobody.submit(first, {"face": "5"}).status_code == 303
    with kitchen.writing() as session:
        person = session.get_one(Person, kitchen.ids["佐倉"])
        withdraw_share(
            session, kitchen.town, kitchen.actor("青木"), person, kitchen.ids["海の台所"], "やめる", datetime.now(UTC)
        )
    assert nobody.get(second).text == dead(nobody, kitchen)
    assert nobody.submit(second, {"face": "1"}).status_code == 404
    with kitchen.reading() as session:
        assert [(word.face, word.placement_id) for word in session.scalars(select(HostWord))] == [(5, kitchen.ids["見学"])]


def test_an_invitation_makes_one_of_the_hosts_people(kitchen: World, nobody: Visitor) -> None:
    with kitchen.visit("店主") as host:
        made = host.submit("/host/staff/invite", {"_once": "a"})
        token = re.search(r"/l/([\w.-]+)</p>", made.text)
        assert token
        assert token[1] not in host.get("/host/staff").text
        assert host.submit("/host/staff/invite", {"_once": "a"}).headers["location"] == "/host/staff?done=host-invited"
    path = f"/l/{token[1]}"
    assert nobody.submit(path, JOINING | {"password": "short"}).status_code == 422
    assert nobody.submit(path, JOINING | {"login_name": "umi"}).status_code == 422
    assert nobody.submit(path, JOINING).headers["location"] == "/l/thanks?joined=1"
    assert nobody.submit(path, JOINING | {"login_name": "second"}).status_code == 404
    entered = nobody.submit("/sign-in", {"login_name": "shinjin", "password": PASSWORD, "next": "/people"})
    assert entered.headers["location"] == "/host"
    assert "海の台所" in nobody.get("/host").text
    with kitchen.reading() as session:
        user = session.scalars(select(User).where(User.login_name == "shinjin")).one()
        assert user.roles == ["host"]
        assert (
            session.scalars(select(HostMember).where(HostMember.user_id == user.id)).one().host_id == kitchen.ids["海の台所"]
        )


def test_an_invitation_taken_back_opens_nothing(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, JOIN)
    with kitchen.visit("店主") as host:
        assert host.submit("/host/staff/withdraw").status_code == 303
    assert nobody.get(path).text == dead(nobody, kitchen)


def test_every_link_that_opens_nothing_is_the_same_page_with_what_to_do(kitchen: World, nobody: Visitor) -> None:
    good = link(kitchen, OPENINGS).removeprefix("/l/")
    secret, _, signature = good.rpartition(".")
    key = kitchen.town.key
    expired = link(kitchen, OPENINGS, lasts=-AGES)
    garbled = [
        f"/l/{secret}", f"/l/{secret}.", f"/l/.{signature}", f"/l/{secret}.{signature[:-2]}xx", f"/l/{secret[:-1]}.{signature}",
        "/l/%E3%81%82.x", f"/l/{'a' * 400}.b", expired,
        f"/l/{Signer(key, salt='host-link/join', key_derivation='hmac').sign(secret).decode()}",
        f"/l/{Signer(b'another town', salt='host-link/openings', key_derivation='hmac').sign(secret).decode()}",
    ]  # fmt: skip
    page = dead(nobody, kitchen)
    assert "お電話ください" in page
    for path in garbled:
        answer = nobody.get(path)
        assert (answer.status_code, answer.text) == (404, page), path
    assert nobody.get(f"/l/{good}").status_code == 200


def test_a_token_signed_for_one_purpose_is_none_for_another(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, OPENINGS)
    with kitchen.writing() as session:
        session.scalars(select(HostLink)).one().purpose = JOIN
    assert nobody.get(path).status_code == 404


def test_only_the_hash_of_a_link_is_kept_and_no_answer_lets_it_out(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, OPENINGS)
    secret = path.removeprefix("/l/").rpartition(".")[0]
    page = nobody.get(path)
    assert '<meta name="referrer" content="origin">' in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    nobody.submit(path, {"_once": once_in(page.text)})
    assert secret not in str(kitchen.rows())


def test_guessing_is_braked_for_all_who_come_from_there(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, OPENINGS)
    for _ in range(FREE_TRIES):
        assert nobody.get("/l/guess.guess").status_code == 404
    answer = nobody.get(path)
    assert answer.status_code == 429
    assert "秒後に" in answer.text
    assert nobody.submit(path, {}).status_code == 429


def test_a_host_signs_in_at_the_same_door_and_lands_on_its_own_pages(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, JOIN)
    nobody.submit(path, JOINING)
    for wanted, lands in (("/", "/host"), ("/hosts", "/host"), ("/host/week", "/host/week"), ("//evil", "/host")):
        entered = nobody.submit("/sign-in", {"login_name": "shinjin", "password": PASSWORD, "next": wanted})
        assert (entered.status_code, entered.headers["location"]) == (303, lands)
    assert nobody.submit("/sign-out").status_code == 303
    assert nobody.get("/host").status_code == 303
    with kitchen.reading() as session:
        assert session.scalars(select(User).where(User.login_name == "shinjin")).one().password_hash.startswith("$argon2id$")
    with kitchen.town.database.write() as session:
        assert open_session(session, "shinjin", "wrong", datetime.now(UTC)) is None


def test_days_and_numbers_are_changed_by_link_in_words(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, OPENINGS)
    page = nobody.get(path).text
    assert "月水金 13:00–16:00" in page
    fields = {"_once": once_in(page), "what": "numbers", f"free-{kitchen.ids['枠']}": "2", f"v-{kitchen.ids['枠']}": "1"}
    hours = f"hours-{kitchen.ids['枠']}"
    refused = nobody.submit(path, fields | {hours: "そのうち"})
    assert refused.status_code == 422
    assert 'value="そのうち"' in refused.text
    assert nobody.submit(path, fields | {hours: "月水 13:00-16:00; 土 9:00-11:00"}).status_code == 303
    with kitchen.reading() as session:
        opening = session.get_one(Opening, kitchen.ids["枠"])
        slots = session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == opening.id)).all()
    assert opening.free == 2
    assert sorted(slot.weekday for slot in slots) == [0, 2, 5]


def test_a_rest_is_said_by_link_with_its_reason_and_until_when(kitchen: World, nobody: Visitor) -> None:
    path = link(kitchen, OPENINGS)
    fields = {"_once": once_in(nobody.get(path).text), "what": "pause", "opening": kitchen.ids["枠"], "_version": "1"}
    refused = nobody.submit(path, fields | {"until": "week"})
    assert refused.status_code == 422
    assert "わけが選ばれていません" in refused.text
    other = nobody.submit(path, fields | {"until": "week", "reason": "busy", "opening": kitchen.ids["山の枠"]})
    assert other.status_code == 404
    assert nobody.submit(path, fields | {"until": "week", "reason": "busy"}).status_code == 303
    with kitchen.reading() as session:
        opening = session.get_one(Opening, kitchen.ids["枠"])
    assert (opening.status, opening.pause_reason) == ("paused", "忙しい時期のため")
    assert opening.paused_until == REAL_TODAY + timedelta(days=7)
