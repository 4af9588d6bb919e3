"""出ていく知らせ: the monthly question reaches a host with a link that is kept nowhere, or a person hands it over."""

import email
import re
from dataclasses import replace
from datetime import timedelta
from email import policy

import pytest
from sqlalchemy import select

from service.commands.worker import handlers
from service.kernel.outbox.messages import FAILED, HANDED_OVER, SENT, OutboxMessage
from service.kernel.outbox.posting import JOB
from service.kernel.queue.claims import Claim
from service.kernel.queue.jobs import Job
from service.resources.doors import HostLink
from service.resources.freshness import ask_this_month
from service.resources.links import OPENINGS, signed_link
from service.web.actor import Town
from tests.cast import NOW, TODAY, World, add_host
from tests.outbox.post_office import open_post_office


@pytest.fixture
def a_host_with_mail(world: World) -> World:
    with world.writing() as session:
        host, opening = add_host(session)
        host.email, opening.confirmed_on = "umi@example.jp", TODAY - timedelta(days=40)
        world.ids["海の台所"] = host.id
    return world


def send_all(world: World, town: Town) -> None:
    with world.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == JOB)).all()
    for job in jobs:
        save = handlers()[JOB](town, Claim(job.id, JOB, job.argument, "w", 1, 1), lambda progress: None, lambda: False)
        with world.writing() as session:
            save(session)


def test_the_monthly_question_arrives_with_a_link_of_its_own(a_host_with_mail: World) -> None:
    world = a_host_with_mail
    with open_post_office() as office:
        town = replace(world.town, mail=office.server, host_url="https://hosts.example.jp")
        with world.writing() as session:
            ask_this_month(session, town, "青木", NOW)
        send_all(world, town)
        [letter] = office.letters
    # The text arrives in base64 or quoted: read as a mail programme would.
    body = email.message_from_string(letter, policy=policy.default).get_content()
    token = re.search(r"https://hosts.example.jp/l/(\S+)", body)
    assert token
    with world.reading() as session:
        assert session.scalars(select(OutboxMessage.state)).all() == [SENT]
        link = signed_link(session, world.town.key, token[1])
        assert link is not None
        assert (link.host_id, link.purpose) == (world.ids["海の台所"], OPENINGS)
    assert not any(token[1] in row for rows in world.rows().values() for row in rows)


def test_what_could_not_leave_is_copied_by_hand_and_ticked_off(a_host_with_mail: World) -> None:
    world = a_host_with_mail
    town = replace(world.town, host_url="https://hosts.example.jp")
    with open_post_office() as office, world.writing() as session:
        ask_this_month(session, replace(town, mail=office.server), "青木", NOW)
    send_all(world, town)
    with world.visit() as aoki:
        page = aoki.get("/outbox").text
        assert "手が要るもの <b>1</b>件" in page
        assert "メールの設定がありません" in page
        message = re.search(r'action="/outbox/(\w{32})/text"', page)
        assert message
        text = aoki.submit(f"/outbox/{message[1]}/text")
        assert "電話かFAXで" in text.text
        with world.reading() as session:
            version = session.get_one(OutboxMessage, message[1]).version
            assert session.get_one(OutboxMessage, message[1]).state == FAILED
        assert aoki.submit(f"/outbox/{message[1]}/handed-over", {"_version": version}).status_code == 303
        assert aoki.submit(f"/outbox/{message[1]}/handed-over", {"_version": version}).status_code == 409
    with world.reading() as session:
        assert session.scalars(select(OutboxMessage.state)).all() == [HANDED_OVER]
        # The town of the page has no address for hosts, so no link was made that leads nowhere.
        assert session.scalars(select(HostLink)).all() == []


def test_an_empty_outbox_says_so(world: World) -> None:
    with world.visit("北条") as hojo:
        assert "まだ何も出ていません" in hojo.get("/outbox").text
