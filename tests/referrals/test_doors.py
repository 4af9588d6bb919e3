"""A link handed to an agency: one sheet without signing in, what becomes of it afterwards, and nothing else behind it."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.feedback.models import Feedback
from service.cases.models import Person, SupportCase
from service.cases.referrals.models import Referral, ReferralStep
from service.kernel.audit import AuditEntry, FieldChange
from service.kernel.db import new_id
from service.kernel.outbox.messages import OutboxMessage
from service.resources.agencies.catalogue import add_agency
from service.resources.agencies.models import Agency
from service.resources.doors import AgencyLink
from service.resources.guessing import FREE_TRIES
from service.resources.letters import DOOR, write_letter
from service.resources.links import OPENINGS, SECRET, make_agency_link, make_link, signed_agency_link
from service.web.once import OnceKey
from tests.cast import NOW, OTHERS, TODAY, Visitor, World, add_host, hire_staff
from tests.security.house import data_of

SHEET = {
    "from_person": "大野", "from_phone": "0467-1", "name": "浜田 とも", "age_band": "50代", "address": "汐見市岡本一丁目",
    "troubles": ["withdrawn"], "tried": "訪問を三度", "story": "家から出ていない", "knows": "unknown",
}  # fmt: skip
KITA = {
    "name": "民生委員 北地区",
    "section": "",
    "kind": "commissioner",
    "phone": "0467-00-2001",
    "email": "kita@example.jp",
}


@pytest.fixture
def office(world: World) -> World:
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        world.ids["北"] = add_agency(session, KITA).id
        world.ids["南"] = add_agency(session, {**KITA, "name": "民生委員 南地区", "email": ""}).id
    return world


@pytest.fixture
def nobody(office: World) -> Visitor:
    visitor = office.visit(None)
    visitor.get("/sign-in")
    return visitor


def door(world: World, agency: str = "北") -> str:
    with world.writing() as session:
        return f"/d/{make_agency_link(session, world.town.key, world.ids[agency], '青木', datetime.now(UTC))}"


def link_of(world: World, path: str) -> AgencyLink:
    with world.reading() as session:
        found = signed_agency_link(session, world.town.key, path.removeprefix("/d/"))
    assert found is not None
    return found


def change(world: World, path: str, **values: Any) -> None:
    with world.writing() as session:
        link = session.get_one(AgencyLink, link_of(world, path).id)
        for name, value in values.items():
            setattr(link, name, value)


def send(visitor: Visitor, path: str, **changes: Any) -> Any:
    return visitor.submit(path, {**SHEET, "_once": new_id(), **changes})


def test_one_sheet_is_sent_without_signing_in_and_answered_with_its_number(office: World, nobody: Visitor) -> None:
    path, before = door(office), data_of(office)
    page = nobody.get(path)
    assert page.status_code == nobody.get(path).status_code == 200
    assert data_of(office) == before
    assert (page.headers["cache-control"], "noindex" in page.text) == ("no-store", True)
    assert 'name="from_agency"' not in page.text
    assert send(nobody, path).headers["location"] == f"{path}?done=sent"
    receipt = nobody.get(path).text
    assert "受付番号 R8-001" in receipt
    assert not nobody.cookies.get("tsunagi")
    with office.reading() as session:
        row = session.scalars(select(Referral)).one()
        person = session.scalars(select(Person)).one()
    assert (row.came_by, row.agency_id, row.from_agency, row.from_email) == (
        "link", office.ids["北"], "民生委員 北地区", "kita@example.jp",
    )  # fmt: skip
    assert person.coordinate_level == "chome"
    with office.visit() as aoki:
        assert "浜田 とも" in aoki.get("/referrals").text


def test_what_is_wrong_is_said_at_once_and_what_was_typed_stays(office: World, nobody: Visitor) -> None:
    refused = send(nobody, door(office), tried="", troubles=[], story="ここは残る")
    assert refused.status_code == 422
    assert "ここは残る" in refused.text
    assert "試したことを一言で" in refused.text


def test_nobody_can_say_they_are_another_desk(office: World, nobody: Visitor) -> None:
    send(nobody, door(office), from_agency="民生委員 南地区", agency_id=office.ids["南"], came_by="inside")
    with office.reading() as session:
        row = session.scalars(select(Referral)).one()
    assert (row.came_by, row.agency_id) == ("link", office.ids["北"])


def test_sent_twice_or_again_it_is_one_sheet(office: World, nobody: Visitor) -> None:
    path, once = door(office), new_id()
    assert send(nobody, path, _once=once).status_code == 303
    for again in ({"_once": once}, {}):
        assert send(nobody, path, **again).headers["location"] == path
    with office.reading() as session:
        assert len(session.scalars(select(Referral)).all()) == 1
        assert not [each for each in session.scalars(select(OnceKey.location)) if path[4:] in each]


def test_a_door_shows_what_became_of_its_own_sheet_and_nothing_of_the_case(office: World, nobody: Visitor) -> None:
    path, other = door(office), door(office, "南")
    send(nobody, path)
    send(nobody, other, name="別の 人", story="別の話")
    with office.writing() as session:
        row = session.scalars(select(Referral).where(Referral.agency_id == office.ids["北"])).one()
        case = session.get_one(SupportCase, row.case_id)
        case.status = "assessing"
        session.add(
            ReferralStep(
                referral_id=row.id, kind="question", on=TODAY, text="何時なら会えますか", recorded_at=NOW, recorded_by="青木"
            )
        )
        session.add(
            ReferralStep(
                referral_id=row.id, kind="pre_meeting", on=TODAY, text="庁内の話", recorded_at=NOW, recorded_by="青木"
            )
        )
        for state, text in (("given", "重層でお受けしました"), ("owed", "まだ言わないこと")):
            session.add(Feedback(case_id=case.id, about="screening", to_role="referrer", to_name="大野", due_on=TODAY,
                                 settled_on=TODAY, state=state, text=text, made_at=NOW))  # fmt: skip
    page = nobody.get(path).text
    for shown in ("重層でお受けしました", "支援に向けて進めています", "何時なら会えますか", "お尋ねへの答え"):
        assert shown in page
    for hidden in (
        "浜田",
        "岡本",
        "家から出ていない",
        "まだ言わないこと",
        "庁内の話",
        "アセスメント",
        "青木",
        "別の",
        row.id,
        case.id,
    ):
        assert hidden not in page
    assert nobody.submit(f"{path}/answer", {"text": "夕方です", "_once": new_id()}).status_code == 303
    assert "夕方です" in nobody.get(path).text
    assert "夕方です" not in nobody.get(other).text


def test_an_answer_of_nothing_and_one_before_the_sheet_are_refused(office: World, nobody: Visitor) -> None:
    path = door(office)
    assert nobody.submit(f"{path}/answer", {"text": "早い", "_once": new_id()}).status_code == 404
    assert nobody.submit(f"{path}/withdraw", {"why": "早い", "_version": "1"}).status_code == 404
    send(nobody, path)
    assert nobody.submit(f"{path}/answer", {"text": " ", "_once": new_id()}).status_code == 422


def test_a_sheet_is_taken_back_by_its_door_once(office: World, nobody: Visitor) -> None:
    path = door(office)
    send(nobody, path)
    refused = nobody.submit(f"{path}/withdraw", {"why": "弟が来た", "_version": "9"})
    assert (refused.status_code, "弟が来た" in refused.text) == (409, True)
    assert nobody.submit(f"{path}/withdraw", {"why": "弟が来た", "_version": "1"}).status_code == 303
    assert nobody.submit(f"{path}/withdraw", {"why": "弟が来た", "_version": "2"}).status_code == 409
    assert "取り下げ：令和" in nobody.get(path).text


def test_what_came_by_a_door_is_signed_with_its_desk_in_the_log(office: World, nobody: Visitor) -> None:
    path = door(office)
    nobody.get(path)
    send(nobody, path)
    with office.reading() as session:
        log = session.scalars(select(AuditEntry)).all()
    made = [each for each in log if (each.action, each.object_type) == ("create", "referral")]
    assert [(each.actor_id, each.actor_label) for each in made] == [
        (link_of(office, path).id, "民生委員 北地区（お渡ししたリンクから）")
    ]
    assert ("view", "agency_link") in {(each.action, each.object_type) for each in log}


Spoil = Callable[[World, str], Any]
AGO = timedelta(days=1)
DEAD: dict[str, Spoil] = {
    "止めた": lambda world, path: change(world, path, revoked_at=datetime.now(UTC)),
    "期限切れ": lambda world, path: change(world, path, expires_at=datetime.now(UTC) - AGO),
    "使わない機関": lambda world, path: retire(world),
}


def retire(world: World) -> None:
    with world.writing() as session:
        session.get_one(Agency, world.ids["北"]).active = False


@pytest.mark.parametrize("is_sent", [False, True], ids=["送る前", "送った後"])
@pytest.mark.parametrize("spoil", DEAD.values(), ids=list(DEAD))
def test_a_door_that_is_shut_looks_like_one_never_made(office: World, nobody: Visitor, spoil: Spoil, is_sent: bool) -> None:
    never, path = nobody.get("/d/never-made"), door(office)
    if is_sent:
        send(nobody, path)
    spoil(office, path)
    before = data_of(office)
    for answer in (nobody.get(path), send(nobody, path), nobody.submit(f"{path}/answer", {"text": "x"}),
                   nobody.submit(f"{path}/withdraw", {"why": "x", "_version": "1"})):  # fmt: skip
        assert (answer.status_code, answer.text) == (404, never.text)
    assert data_of(office) == before


def test_a_token_of_another_kind_another_key_or_half_of_one_opens_nothing(office: World, nobody: Visitor) -> None:
    path = door(office)
    letters = path.removeprefix("/d/").replace("-", "")
    secret, mark = letters[:SECRET], letters[SECRET:]
    with office.writing() as session:
        host, _ = add_host(session)
        of_host = make_link(session, office.town.key, host.id, OPENINGS, "青木", datetime.now(UTC))
    other = "b" if mark[0] == "a" else "a"
    for token in (
        of_host,
        secret,
        f"{secret}-{mark[:-1]}",
        f"{secret}{other}{mark[1:]}",
        f"{letters}a",
        mark,
        "あ",
        "x" * 300,
    ):
        assert nobody.get(f"/d/{token}").status_code == 404, token
    assert nobody.get(f"/l/{path.removeprefix('/d/')}").status_code == 404
    assert nobody.get(path).status_code == 200


def test_a_door_sealed_by_another_town_opens_nothing_here(office: World, nobody: Visitor) -> None:
    with office.writing() as session:
        token = make_agency_link(session, b"x" * 32, office.ids["北"], "隣市", datetime.now(UTC))
    assert nobody.get(f"/d/{token}").status_code == 404


def test_an_address_can_be_typed_from_paper(office: World, nobody: Visitor) -> None:
    path = door(office)
    token = path.removeprefix("/d/")
    assert re.fullmatch("([a-hjkmnp-z2-9]{5}-){5}[a-hjkmnp-z2-9]{5}", token)
    for typed in (token, token.upper(), token.replace("-", ""), f"{token[:5]}{token[6:]}"):
        assert nobody.get(f"/d/{typed}").status_code == 200, typed


def test_whoever_guesses_has_to_wait_even_with_a_door_that_opens(office: World, nobody: Visitor) -> None:
    path = door(office)
    for at in range(FREE_TRIES):
        assert nobody.get(f"/d/guess-{at}").status_code == 404
    slowed = nobody.get(path)
    assert (slowed.status_code, "待つ必要があります" in slowed.text) == (429, True)
    assert send(nobody, path).status_code == 429


def test_a_form_of_a_foreign_page_is_refused(office: World, nobody: Visitor) -> None:
    path = door(office)
    assert nobody.post(path, data=SHEET).status_code == 403
    assert nobody.submit(path, SHEET, headers={"origin": "https://example.jp"}).status_code == 403
    with office.reading() as session:
        assert session.scalars(select(Referral)).all() == []


def test_once_a_case_is_under_lock_its_door_tells_no_more(office: World, nobody: Visitor) -> None:
    path = door(office)
    send(nobody, path)
    with office.writing() as session:
        case = session.scalars(select(SupportCase)).one()
        case.locked = True
        session.add(Feedback(case_id=case.id, about="screening", to_role="referrer", to_name="大野", due_on=TODAY,
                             settled_on=TODAY, state="given", text="重層でお受けしました", made_at=NOW))  # fmt: skip
    page = nobody.get(path).text
    assert "お電話でお知らせします" in page
    assert "重層でお受けしました" not in page


def test_the_staff_make_a_door_print_it_and_shut_it(office: World, nobody: Visitor, tmp_path: Path) -> None:
    with office.visit("真鍋") as manabe:
        assert manabe.submit("/referrals/doors", {"agency": "だれでもない", "_once": new_id()}).status_code == 422
        once = new_id()
        made = manabe.submit("/referrals/doors", {"agency": "民生委員　北地区", "_once": once})
        address = re.search(r"<code>(.+)</code>", made.text)
        assert address
        path = "/d/" + address[1].rpartition("/d/")[2]
        again = manabe.submit("/referrals/doors", {"agency": "民生委員 北地区", "_once": once})
        assert (again.status_code, again.headers["location"]) == (303, "/referrals/doors?done=door-made")
        listed = manabe.get("/referrals/doors").text
        assert path not in listed
        assert "まだ届いていません" in listed
        file = tmp_path / "door.pdf"
        file.write_bytes(manabe.submit("/referrals/doors/sheet.pdf", {"door": path.removeprefix("/d/")}).content)
        assert manabe.submit("/referrals/doors/sheet.pdf", {"door": "none"}).status_code == 404
        send(nobody, path)
        assert "R8-001" in manabe.get("/referrals/doors").text
        shut = manabe.submit(f"/referrals/doors/{link_of(office, path).id}/revoke", {"_once": new_id()})
        assert shut.status_code == 303
        assert "止めました" in manabe.get("/referrals/doors").text
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()
    assert path in "".join(text.split()).replace("\u200b", "")
    assert nobody.get(path).status_code == 404
    with office.reading() as session:
        assert path[4:20] not in str(session.scalars(select(FieldChange.after)).all())


def test_a_door_goes_by_mail_without_a_word_about_anybody(office: World, nobody: Visitor) -> None:
    town = replace(office.town, mail=object(), refer_url="https://tsunagu.example.jp")  # type: ignore[arg-type]
    assert not post_mail(office)
    office.app.state.towns = dict.fromkeys(office.app.state.towns, town)
    assert post_mail(office, "民生委員 南地区") is None
    message = post_mail(office)
    assert message is not None
    with office.writing() as session:
        letter = write_letter(session, town, session.get_one(OutboxMessage, message.id), datetime.now(UTC))
    assert (letter.to, DOOR) == ("kita@example.jp", message.kind)
    path = re.search(r"https://tsunagu\.example\.jp(/d/\S+)", letter.body)
    assert path
    assert nobody.get(path[1]).status_code == 200
    with office.visit() as aoki:
        page = aoki.get("/outbox").text
        assert f'<a href="/agencies/{office.ids["北"]}">民生委員 北地区</a>' in page


def post_mail(world: World, agency: str = "民生委員 北地区") -> OutboxMessage | None:
    with world.visit() as aoki:
        aoki.submit("/referrals/doors", {"agency": agency, "how": "mail", "_once": new_id()})
    with world.reading() as session:
        return session.scalars(select(OutboxMessage)).first()
