"""A host sees its own things, what was agreed, and nothing else; a host's words are hostile until shown otherwise."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select

from service.accounts.models import AuthSession, User
from service.accounts.roles import HOST
from service.cases.models import Person, Placement, SupportCase
from service.followup.sharing.withdrawing import withdraw_share
from service.host_face.agreed import agreed_placements
from service.resources.doors import HostMember
from service.resources.models import Host
from tests.cast import TODAY, Visitor, World
from tests.host_face.conftest import agree, hire, place
from tests.security.house import ABSENT, without_marks

SECRET = ("佐倉", "さくら", "090-7777-7777", "母に連絡", "岡本9-9-9", "静か", "本の修理", "20代", "女性")
"""What there is to know of 佐倉, by field."""
REMARKS = ("店主は朝が弱い", "人手不足")


def pages_of(visitor: Visitor, world: World) -> dict[str, str]:
    """Every page the host can open, as text; the question's own words aside."""
    paths = ["/host", "/host/week", "/host/card", "/host/card/conditions", "/host/staff", "/host/report",
             f"/host/openings/{world.ids['枠']}", f"/host/openings/{world.ids['枠']}/pause", f"/host/people/{world.ids['見学']}"]  # fmt: skip
    return {path: visitor.get(path).text.replace("20代の方です。静かな場所で。", "") for path in paths}


def told(visitor: Visitor, world: World) -> set[str]:
    """Which facts of 佐倉 stand on the pages where people are shown."""
    shown = pages_of(visitor, world)
    people = shown["/host"] + shown["/host/week"] + shown[f"/host/people/{world.ids['見学']}"]
    return {fact for fact in SECRET if fact in people}


@pytest.mark.parametrize(
    ("items", "facts"),
    [
        ((), set()),
        (("name",), {"佐倉"}),
        (("kana", "age"), {"さくら", "20代"}),
        (("gender", "days"), {"女性"}),
        (("phone",), {"090-7777-7777"}),
        (("emergency", "agreed"), {"母に連絡", "本の修理"}),
        (("conditions",), {"静か"}),
    ],
)
def test_a_host_learns_the_agreed_items_and_no_other(kitchen: World, items: tuple[str, ...], facts: set[str]) -> None:
    if items:
        agree(kitchen, items=items)
    with kitchen.visit("店主") as host:
        assert told(host, kitchen) == facts
        assert ("13:00–16:00</span>" in host.get("/host/week").text) == ("days" in items)


def test_nothing_is_left_on_the_next_request_after_it_was_taken_back(kitchen: World) -> None:
    agree(kitchen, items=("name", "kana", "age", "gender", "days", "conditions", "agreed", "phone", "emergency"))
    with kitchen.visit("店主") as host:
        assert len(told(host, kitchen)) == 8
        with kitchen.writing() as session:
            person = session.get_one(Person, kitchen.ids["佐倉"])
            withdraw_share(
                session, kitchen.town, kitchen.actor("青木"), person, kitchen.ids["海の台所"], "やめる", datetime.now(UTC)
            )
        assert told(host, kitchen) == set()
        assert "取り下げ" in host.get("/host").text
        gone = host.get(f"/host/people/{kitchen.ids['見学']}")
        assert gone.status_code == 404
        assert without_marks(gone.text) == without_marks(host.get(f"/host/people/{ABSENT}").text)
        assert host.submit(f"/host/people/{kitchen.ids['見学']}/face", {"face": "3"}).status_code == 404


def test_a_consent_that_has_run_out_tells_nothing(kitchen: World) -> None:
    agree(kitchen, until=TODAY - timedelta(days=1))
    with kitchen.visit("店主") as host:
        assert told(host, kitchen) == set()


def test_a_consent_for_another_host_tells_nothing_here(kitchen: World) -> None:
    agree(kitchen, "山の居場所")
    with kitchen.visit("店主") as host:
        assert told(host, kitchen) == set()
        assert "取り下げ" not in host.get("/host").text


@pytest.mark.parametrize("step", ["candidate", "sounded", "offered", "declined", "ended"])
def test_nobody_is_known_before_the_visit_or_after_the_end(kitchen: World, step: str) -> None:
    agree(kitchen)
    with kitchen.writing() as session:
        session.get_one(Placement, kitchen.ids["見学"]).step = step
    with kitchen.visit("店主") as host:
        assert told(host, kitchen) == set()


def test_a_locked_case_tells_the_agreed_items_and_no_more(kitchen: World) -> None:
    agree(kitchen, items=("name",))
    with kitchen.writing() as session:
        session.scalars(select(SupportCase)).one().locked = True
    with kitchen.visit("店主") as host:
        assert told(host, kitchen) == {"佐倉"}


def test_no_remark_and_no_assessment_reaches_a_host(kitchen: World) -> None:
    agree(kitchen)
    with kitchen.visit("店主") as host:
        for path, text in pages_of(host, kitchen).items():
            assert not [word for word in REMARKS if word in text], path
        assert "昼は混む" not in host.get("/host").text
    with kitchen.visit("青木") as aoki:
        assert "店主は朝が弱い" in aoki.get(f"/hosts/{kitchen.ids['海の台所']}").text


def test_the_loader_asks_for_the_host_and_gives_no_row(kitchen: World) -> None:
    agree(kitchen)
    with kitchen.reading() as session:
        here = agreed_placements(session, kitchen.ids["海の台所"], TODAY)
        assert [each.card.title for each in here.people] == ["佐倉 みお さん"]
        assert agreed_placements(session, kitchen.ids["山の居場所"], TODAY).people == ()


def routes(world: World, which: str) -> list[tuple[str, str, dict[str, str]]]:
    """Every address with an id in it, of one host."""
    ids = {
        "own": (world.ids["枠"], world.ids["打診"], world.ids["見学"], world.ids["手伝いの席"]),
        "other": (world.ids["山の枠"], world.ids["山の打診"], world.ids["山の人"], world.ids["山の主の席"]),
        "absent": (ABSENT,) * 4,
    }
    opening, sounding, placement, member = ids[which]
    return [
        ("GET", f"/host/openings/{opening}", {}),
        ("GET", f"/host/openings/{opening}/pause", {}),
        ("GET", f"/host/soundings/{sounding}", {}),
        ("GET", f"/host/people/{placement}", {}),
        ("POST", f"/host/openings/{opening}", {"_version": "1"}),
        ("POST", f"/host/openings/{opening}/free", {"_version": "1", "step": "+1"}),
        ("POST", f"/host/openings/{opening}/pause", {"_version": "1", "reason": "busy", "until": "week"}),
        ("POST", f"/host/openings/{opening}/resume", {"_version": "1"}),
        ("POST", f"/host/soundings/{sounding}", {"_version": "1", "answer": "yes"}),
        ("POST", f"/host/people/{placement}/face", {"face": "3"}),
        ("POST", f"/host/people/{placement}/report", {"text": "x", "kind": "worry"}),
        ("POST", f"/host/staff/{member}/disable", {}),
    ]


def send(visitor: Visitor, method: str, path: str, data: dict[str, str]) -> Any:
    return visitor.get(path) if method == "GET" else visitor.submit(path, data)


def test_what_is_of_another_host_is_answered_like_what_is_not_there(kitchen: World) -> None:
    with kitchen.writing() as session:
        person = session.get_one(Person, kitchen.ids["佐倉"])
        kitchen.ids["山の人"] = place(session, person.id, kitchen.ids["山の枠"]).id
    agree(kitchen)
    agree(kitchen, "山の居場所")
    with kitchen.visit("店主") as host:
        before = {name: rows for name, rows in kitchen.rows().items() if name not in ("auth_session",)}
        for other, absent in zip(routes(kitchen, "other"), routes(kitchen, "absent"), strict=True):
            theirs, nothing = send(host, *other), send(host, *absent)
            assert theirs.status_code == nothing.status_code == 404, other
            assert without_marks(theirs.text) == without_marks(nothing.text), other
        assert {name: rows for name, rows in kitchen.rows().items() if name not in ("auth_session",)} == before
        assert [send(host, *own).status_code for own in routes(kitchen, "own")] != [404] * 12
        for text in pages_of(host, kitchen).values():
            assert "山の居場所" not in text
            assert "山への問い合わせ" not in text


def test_the_staffs_pages_do_not_exist_for_a_host_nor_the_hosts_for_the_staff(kitchen: World) -> None:
    with kitchen.visit("店主") as host:
        for path in ("/", "/people", "/hosts", f"/hosts/{kitchen.ids['海の台所']}", "/settings", "/schema", "/api/v1/hosts"):
            answer = host.get(path)
            assert answer.status_code == 404, path
            assert "人をさがす" not in answer.text
            assert 'action="/search"' not in answer.text
        page = host.get("/hosts").text
        assert "host-face" in page
        assert 'href="/host"' in page
    for name in ("青木", "北条", "遠野"):
        with kitchen.visit(name) as staff:
            assert staff.get("/host").status_code == 404


def test_somebody_stopped_is_out_at_once_and_cannot_come_back(kitchen: World) -> None:
    helper = kitchen.visit("手伝い")
    with kitchen.visit("店主") as host:
        assert helper.get("/host").status_code == 200
        assert host.submit(f"/host/staff/{kitchen.ids['店主の席']}/disable").status_code == 409
        assert host.submit(f"/host/staff/{kitchen.ids['手伝いの席']}/disable").status_code == 303
        assert helper.get("/host").status_code == 303
        assert helper.submit("/host/confirm").status_code == 401
        assert host.get("/host").status_code == 200
    with kitchen.reading() as session:
        assert not session.get_one(User, kitchen.ids["手伝い"]).active
        opened = select(AuthSession).where(AuthSession.user_id == kitchen.ids["手伝い"], AuthSession.revoked_at.is_(None))
        assert session.scalars(opened).all() == []


def test_a_host_user_without_a_place_at_a_host_finds_nothing(kitchen: World) -> None:
    with kitchen.writing() as session:
        user = User(login_name="stray", name="迷子", password_hash="x", roles=[HOST])
        session.add(user)
        session.flush()
        kitchen.ids["迷子"] = user.id
    with kitchen.visit("迷子") as stray:
        assert stray.get("/host").status_code == 404


PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "{{7*7}}${7*7}",
    "javascript:alert(1)", "＜script＞alert(1)＜/script＞", "\u202e<b>x</b>", "</textarea><script>x</script>",
    "</title><script>x</script>", "<a href=javascript:alert(1)>x</a>",
)  # fmt: skip


class Elements(HTMLParser):
    """Every element with its attributes' names and addresses, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(name, (value or "") if name in ("href", "src", "action") else "") for name, value in attrs]
        self.found.append((tag, tuple(sorted(kept))))


def elements(text: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    parser = Elements()
    parser.feed(re.sub("[0-9a-f]{32,}", "*", text))
    return parser.found


def typed_everywhere(host: Visitor, world: World, text: str) -> None:
    """A host types one text into every field it has."""
    opening = f"/host/openings/{world.ids['枠']}"
    with world.reading() as session:
        versions = {
            row.id: str(row.version) for row in session.scalars(select(Host).where(Host.id == world.ids["海の台所"]))
        }
    form = dict.fromkeys(("contact_person", "phone", "fax", "email", "url", "description"), text)
    number = re.search(rf'name="v-{world.ids["枠"]}" value="(\d+)"', host.get("/host/card").text)
    assert number
    version = versions[world.ids["海の台所"]]
    card = form | {"_version": version, f"activity-{world.ids['枠']}": text, f"v-{world.ids['枠']}": number[1]}
    assert host.submit("/host/card", card).status_code == 303
    number = re.search(r'name="_version" value="(\d+)"', host.get(opening).text)
    assert number
    assert host.submit(opening, {"times_note": text, "free": "2", "_version": number[1]}).status_code == 303
    assert host.submit("/host/report", {"text": text}).status_code == 303
    said = {"answer": "conditional", "conditions": text, "_version": "1"}
    assert host.submit(f"/host/soundings/{world.ids['打診']}", said).status_code in (303, 409)


def test_whatever_a_host_types_is_text_on_every_page(kitchen: World) -> None:
    staff = ("/", "/hosts", f"/hosts/{kitchen.ids['海の台所']}", f"/hosts/{kitchen.ids['海の台所']}/edit",
             f"/openings/{kitchen.ids['枠']}/edit", f"/hosts/{kitchen.ids['海の台所']}/conditions")  # fmt: skip
    agree(kitchen)
    host = kitchen.visit("店主")
    with kitchen.visit("青木") as aoki:
        typed_everywhere(host, kitchen, "ふつうの文")
        plain = [elements(aoki.get(path).text) for path in staff]
        own = [elements(text) for text in pages_of(host, kitchen).values()]
        for payload in PAYLOADS:
            typed_everywhere(host, kitchen, payload)
            for path, before in zip(staff, plain, strict=True):
                new = [each for each in elements(aoki.get(path).text) if each not in before]
                # A web site is shown as a link; only http(s) makes one.
                assert [
                    each for each in new if each[0] in ("script", "img", "svg", "b") or "javascript:" in str(each[1])
                ] == [], (path, payload)
            for before, text in zip(own, pages_of(host, kitchen).values(), strict=True):
                assert [each[0] for each in elements(text)] == [each[0] for each in before], payload


def test_another_towns_host_is_nobody_here(kitchen: World) -> None:
    """A person of the same name and id in another database opens nothing: the session is looked for in this town alone."""
    with kitchen.visit(None) as stranger:
        stranger.cookies.set("tsunagi", "a-token-of-another-town")
        assert stranger.get("/host").status_code == 303


def test_a_host_may_have_several_people_and_each_is_named(kitchen: World) -> None:
    with kitchen.writing() as session:
        hire(session, kitchen, "三人目", "three", kitchen.ids["海の台所"])
        assert session.scalars(select(HostMember).where(HostMember.host_id == kitchen.ids["海の台所"])).all()
    with kitchen.visit("三人目") as third:
        third.submit("/host/report", {"text": "一言"})
        assert "海の台所 三人目さん" in third.get("/host").text
