"""Whether a visit of ours suits the host: asked by link or on its first page, without anybody's name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.followup.tasks.models import CANCELLED, CONFIRMED, PLANNED, FollowUp
from service.kernel.outbox.messages import OutboxMessage
from service.resources.links import VISIT, make_link
from tests.cast import Visitor, World
from tests.feeds.planned import SOON, plan

LATER = SOON + timedelta(days=4)


@pytest.fixture
def asked(kitchen: World) -> World:
    """海の台所 was asked about a visit in three days at ten."""
    kitchen.ids["訪問"] = plan(kitchen, "佐倉")
    with kitchen.visit() as aoki:
        assert aoki.submit(f"/followup/{kitchen.ids['訪問']}/ask-host", {"_once": "a", "_version": "1"}).status_code == 303
    return kitchen


def row_of(world: World) -> FollowUp:
    with world.reading() as session:
        return session.get_one(FollowUp, world.ids["訪問"])


def link(world: World) -> str:
    with world.writing() as session:
        token = make_link(
            session, world.town.key, world.ids["海の台所"], VISIT, "青木", datetime.now(UTC), about_id=world.ids["訪問"]
        )
    return f"/l/{token}"


def answer(visitor: Visitor, path: str, once: str = "o", **typed: Any) -> Any:
    return visitor.submit(path, {"_once": once, "_version": "2", **typed})


def test_the_message_says_nothing_of_a_person_and_is_one_however_often_it_is_asked(asked: World) -> None:
    with asked.visit() as aoki:
        aoki.submit(f"/followup/{asked.ids['訪問']}/ask-host", {"_once": "a", "_version": "1"})
    with asked.reading() as session:
        (message,) = session.scalars(select(OutboxMessage)).all()
    assert "{link}" in message.body
    assert not any(word in message.body + message.subject for word in ("佐倉", "みお", "岡本"))


def test_agreeing_by_link_promises_the_visit(asked: World) -> None:
    path = link(asked)
    with asked.visit(None) as host:
        page = host.get(path).text
        assert "この日時でよい" in page
        assert "佐倉" not in page
        assert answer(host, path, answer="yes").status_code == 303
        assert host.get(path).status_code == 404
    row = row_of(asked)
    assert (row.state, row.is_pinned, row.host_answer) == (CONFIRMED, True, "yes")
    assert row.confirmed_by == "海の台所（お送りしたリンクから）"


def test_other_times_wait_for_staff_who_takes_one(asked: World) -> None:
    path = link(asked)
    with asked.visit(None) as host:
        typed = {"answer": "other", "on-0": LATER.isoformat(), "time-0": "13:30"}
        assert answer(host, path, **typed).status_code == 303
    row = row_of(asked)
    assert (row.state, row.host_answer, row.host_offers) == (PLANNED, "other", [[LATER.isoformat(), 810]])
    with asked.visit() as aoki:
        taken = aoki.submit(f"/followup/{row.id}/take-offer", {"_once": "t", "_version": str(row.version), "number": "0"})
        assert taken.status_code == 303
    row = row_of(asked)
    assert (row.state, row.on, row.start_min, row.is_edited) == (CONFIRMED, LATER, 810, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "日にちと時刻を、一つか二つ"),
        ({"on-0": "あした", "time-0": "13:30"}, "日付として読めません"),
        ({"on-0": LATER.isoformat(), "time-0": "昼ごろ"}, "時刻を読めませんでした"),
        ({"on-0": "2020-01-01", "time-0": "13:30"}, "その日時では伺えません"),
    ],
)
def test_times_that_cannot_be_read_are_refused_with_words_and_kept(asked: World, typed: dict[str, str], said: str) -> None:
    path = link(asked)
    with asked.visit(None) as host:
        refused = answer(host, path, answer="other", **typed)
        assert refused.status_code == 422
        assert said in refused.text
        assert all(f'value="{value}"' in refused.text for value in typed.values())
        assert host.get(path).status_code == 200
    assert row_of(asked).host_answer == "asked"


def test_a_visit_that_was_called_off_leaves_a_dead_link(asked: World) -> None:
    path = link(asked)
    with asked.writing() as session:
        session.get_one(FollowUp, asked.ids["訪問"]).state = CANCELLED
    with asked.visit(None) as host:
        assert host.get(path).status_code == 404
        assert answer(host, path, answer="yes").status_code == 404
    assert row_of(asked).state == CANCELLED


def test_one_that_moved_since_is_shown_again_instead_of_promised(asked: World) -> None:
    path = link(asked)
    with asked.writing() as session:
        session.get_one(FollowUp, asked.ids["訪問"]).start_min = 900
    with asked.visit(None) as host:
        refused = answer(host, path, answer="yes")
        assert refused.status_code == 409
        assert "15:00から" in refused.text
    assert row_of(asked).state == PLANNED


def test_the_hosts_first_page_shows_it_and_another_hosts_does_not_exist(asked: World) -> None:
    with asked.visit("店主") as host:
        assert f"/host/visits/{asked.ids['訪問']}" in host.get("/host").text
        assert host.get(f"/host/visits/{asked.ids['訪問']}").status_code == 200
        with asked.writing() as session:
            session.get_one(FollowUp, asked.ids["訪問"]).host_id = asked.ids["山の居場所"]
        foreign = host.get(f"/host/visits/{asked.ids['訪問']}")
        absent = host.get(f"/host/visits/{'0' * 32}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.text == absent.text


def test_a_planned_visit_nobody_asked_about_stays_ours(kitchen: World) -> None:
    kitchen.ids["訪問"] = plan(kitchen, "佐倉")
    with kitchen.visit("店主") as host:
        assert "担当者が伺う日" not in host.get("/host").text
        assert host.get(f"/host/visits/{kitchen.ids['訪問']}").status_code == 404


def test_without_an_hour_there_is_nothing_to_ask(kitchen: World) -> None:
    kitchen.ids["訪問"] = plan(kitchen, "佐倉", start_min=None)
    with kitchen.visit() as aoki:
        refused = aoki.submit(f"/followup/{kitchen.ids['訪問']}/ask-host", {"_once": "a", "_version": "1"})
    assert refused.status_code == 409
    assert "始まる時刻" in refused.text
