"""今月の確認: each host once a month, by mail or on a sheet, and the sheet typed back in one form."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cases.models import Placement
from service.kernel.outbox.mailing import MailServer
from service.kernel.outbox.messages import OutboxMessage
from service.resources.freshness import BY_FAX, BY_MAIL, BY_PHONE, ask_this_month, due_hosts
from service.resources.models import Host, Opening
from service.resources.words import say_free
from tests.cast import NOW, TODAY, World, add_host, open_case

LAST_MONTH = TODAY - timedelta(days=30)
MAIL = MailServer("mail.example.lg.jp", 587, "tsunagi@example.lg.jp")


@pytest.fixture
def three_hosts(world: World) -> World:
    """One with mail, one with FAX, one with neither; all last heard of a month ago. A fourth has just confirmed."""
    with world.writing() as session:
        for name, values in (("海の台所", {"email": "umi@example.jp"}), ("山の畑", {"fax": "0467-1"}), ("川の家", {})):
            host, opening = add_host(session, name)
            opening.confirmed_on = LAST_MONTH
            for key, value in values.items():
                setattr(host, key, value)
            world.ids |= {name: host.id, f"{name}の枠": opening.id}
        add_host(session, "もう聞いた店")
    return world


def test_who_is_due_and_how_each_is_asked(three_hosts: World) -> None:
    town = replace(three_hosts.town, mail=MAIL, host_url="https://hosts.example.jp")
    with three_hosts.reading() as session:
        ways = {due.host.name: due.way for due in due_hosts(session, town, TODAY)}
        assert ways == {"海の台所": BY_MAIL, "山の畑": BY_FAX, "川の家": BY_PHONE}
        assert BY_MAIL not in {due.way for due in due_hosts(session, three_hosts.town, TODAY)}


def test_a_host_is_asked_once_a_month(three_hosts: World) -> None:
    town = replace(three_hosts.town, mail=MAIL, host_url="https://hosts.example.jp")
    for expected in ((1, 2), (0, 2)):
        with three_hosts.writing() as session:
            assert ask_this_month(session, town, "青木", NOW) == expected
    with three_hosts.writing() as session:
        assert ask_this_month(session, town, "青木", NOW + timedelta(days=31))[0] == 1 + 0
        messages = session.scalars(select(OutboxMessage)).all()
    assert len(messages) == 2
    assert all("umi@example.jp" not in message.body and "{link}" in message.body for message in messages)


def test_the_sheet_prints_for_all_who_are_due(three_hosts: World) -> None:
    with three_hosts.visit() as aoki:
        for path in ("/hosts/monthly.pdf", f"/hosts/{three_hosts.ids['山の畑']}/fax.pdf"):
            answer = aoki.get(path)
            assert answer.status_code == 200
            assert answer.content.startswith(b"%PDF")


def form_of(world: World, said: str, **more: object) -> dict[str, object]:
    opening = world.ids["山の畑の枠"]
    with world.reading() as session:
        version = session.get_one(Opening, opening).version
    return {f"v-{opening}": version, f"s-{opening}": said, "told_by": "店主"} | {
        f"{name}-{opening}": value for name, value in more.items()
    }


def read(world: World) -> Opening:
    with world.reading() as session:
        opening = session.get_one(Opening, world.ids["山の畑の枠"])
        session.refresh(opening, ["slots"])
        return opening


def test_nothing_changed_moves_the_day_alone(three_hosts: World) -> None:
    with three_hosts.visit() as aoki:
        answer = aoki.submit(f"/hosts/{three_hosts.ids['山の畑']}/fax", form_of(three_hosts, "same"))
        assert answer.status_code == 303
    opening = read(three_hosts)
    assert opening.free == 3
    assert opening.confirmed_on is not None
    assert opening.confirmed_on > LAST_MONTH
    assert opening.confirmed_by.startswith("店主・FAX")


def test_places_days_and_a_pause_are_taken_over(three_hosts: World) -> None:
    with three_hosts.visit() as aoki:
        path = f"/hosts/{three_hosts.ids['山の畑']}/fax"
        assert aoki.submit(path, form_of(three_hosts, "changed", f="２", d=["0", "4"])).status_code == 303
        opening = read(three_hosts)
        assert (opening.free, [slot.weekday for slot in opening.slots]) == (2, [0, 4])
        assert aoki.submit(path, form_of(three_hosts, "paused", u="R9.1.10", r="改装")).status_code == 303
        opening = read(three_hosts)
        assert (opening.status, str(opening.paused_until), opening.pause_reason) == ("paused", "2027-01-10", "改装")


@pytest.mark.parametrize(
    ("said", "more", "problem"),
    [
        ("changed", {"f": "たくさん", "d": ["0"]}, "空きの人数を読めません"),
        ("changed", {"f": "9" * 5000, "d": ["0"]}, "空きの人数を読めません"),
        ("changed", {"f": "2"}, "曜日が一つも残りません"),
        ("paused", {"u": "13月"}, "休止の終わりの日を読めません"),
        ("", {}, "変わりがあるかどうかが選ばれていません"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept_as_typed(
    three_hosts: World, said: str, more: dict[str, object], problem: str
) -> None:
    with three_hosts.visit() as aoki:
        answer = aoki.submit(f"/hosts/{three_hosts.ids['山の畑']}/fax", form_of(three_hosts, said, **more))
        assert answer.status_code == 422
        assert problem in answer.text
        assert "店主" in answer.text
        assert all(str(value) in answer.text for name, value in more.items() if name != "d")
    assert read(three_hosts).confirmed_on == LAST_MONTH


def test_a_sheet_typed_over_somebody_elses_change_is_stopped(three_hosts: World) -> None:
    form = form_of(three_hosts, "changed", f="1", d=["0"])
    with three_hosts.writing() as session:
        session.get_one(Opening, three_hosts.ids["山の畑の枠"]).free = 5
    with three_hosts.visit() as aoki:
        answer = aoki.submit(f"/hosts/{three_hosts.ids['山の畑']}/fax", form)
        assert answer.status_code == 422
        assert "ほかの人が先に保存しました" in answer.text
        assert say_free(5) in answer.text
        assert read(three_hosts).free == 5
        again = form_of(three_hosts, "changed", f="1", d=["0"])
        assert f'value="{again["v-" + three_hosts.ids["山の畑の枠"]]}"' in answer.text
        assert aoki.submit(f"/hosts/{three_hosts.ids['山の畑']}/fax", again).status_code == 303
    assert read(three_hosts).free == 1


def test_the_list_says_why_it_is_empty(world: World) -> None:
    with world.visit("遠野") as tono:
        assert "今月は、すべての受け入れ先に確かめてあります。" in tono.get("/hosts/monthly").text


def test_a_good_opening_is_kept_beside_one_that_cannot_be_read(three_hosts: World) -> None:
    world = three_hosts
    with world.writing() as session:
        host = session.get_one(Host, world.ids["山の畑"])
        first = session.get_one(Opening, world.ids["山の畑の枠"])
        second = Opening(host_id=host.id, site_id=first.site_id, title="収穫", free=1, confirmed_on=LAST_MONTH)
        session.add(second)
        session.flush()
        more = {f"v-{second.id}": second.version, f"s-{second.id}": "changed", f"f-{second.id}": "?"}
    with world.visit() as aoki:
        answer = aoki.submit(f"/hosts/{world.ids['山の畑']}/fax", form_of(world, "same") | more)
        assert answer.status_code == 422
        assert "1枠は保存しました" in answer.text
    assert read(world).confirmed_on != LAST_MONTH


def test_a_sheet_takes_no_place_away_that_somebody_has_been_promised_and_the_other_rows_stay(three_hosts: World) -> None:
    world, promised = three_hosts, three_hosts.ids["山の畑の枠"]
    with world.writing() as session:
        person = open_case(session, world.ids["青木"], noise="quiet")
        session.add(Placement(person_id=person.id, opening_id=promised, step="visit", since=TODAY, recorded_by="青木"))
        first = session.get_one(Opening, promised)
        second = Opening(host_id=first.host_id, site_id=first.site_id, title="収穫", free=1, confirmed_on=LAST_MONTH)
        session.add(second)
        session.flush()
        other, more = second.id, {f"v-{second.id}": second.version, f"s-{second.id}": "changed", f"f-{second.id}": "4"}
    with world.visit() as aoki:
        path = f"/hosts/{world.ids['山の畑']}/fax"
        answer = aoki.submit(path, form_of(world, "changed", f="0", d=["0", "2", "4"]) | more)
        assert answer.status_code == 422
        assert "受け入れのお返事をいただいた方が1人います。" in answer.text
        assert "押さえている方を見送りにしてください" in answer.text
        assert "1枠は保存しました" in answer.text
        assert (read(world).free, read(world).confirmed_on) == (3, LAST_MONTH)
        with world.reading() as session:
            kept = session.get_one(Opening, other)
            assert kept.free == 4
            more = {f"v-{other}": kept.version, f"s-{other}": "same"}
        assert aoki.submit(path, form_of(world, "changed", f="1", d=["0", "2", "4"]) | more).status_code == 303
    assert read(world).free == 1
