"""Messages are never lost and never doubled, whatever breaks on the way."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.kernel.clock import now_utc
from service.kernel.errors import Conflict, DomainError
from service.kernel.outbox.mailing import Letter, NotTaken, sender_of
from service.kernel.outbox.messages import FAILED, HANDED_OVER, SENDING, SENT, UNSURE, WAITING, OutboxMessage
from service.kernel.outbox.posting import JOB, begin_sending, cancel, hand_over, post, send_again
from service.kernel.queue.claims import MOST_ATTEMPTS, Claim
from service.kernel.queue.jobs import Job
from tests.cast import NOW, World
from tests.outbox.post_office import PostOffice, open_post_office


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def put(world: World, key: str = "fresh:1", **more: Any) -> str:
    with world.writing() as session:
        return post(
            session, key=key, kind="fresh", to_type="host", to_id="h", subject="今月の受け入れ", body="変わりはありませんか。",
            by="青木", now=NOW, **more,
        ).id  # fmt: skip


def write(session: Session, town: Any, message: OutboxMessage, now: datetime) -> Letter:
    return Letter("umi@example.jp", message.subject, message.body)


def send(world: World, message: str, office: PostOffice, attempt: int = 1) -> None:
    """What a worker does with the job of a message."""
    town = replace(world.town, mail=office.server)
    claim = Claim("j", JOB, {"message": message}, "w", attempt, attempt)
    save = sender_of(write)(town, claim, lambda progress: None, lambda: False)
    with world.writing() as session:
        save(session)


def state(world: World, message: str) -> tuple[str, str]:
    with world.reading() as session:
        found = session.get_one(OutboxMessage, message)
        return found.state, found.trouble


def test_the_same_message_is_one_row_and_one_job(world: World) -> None:
    assert put(world) == put(world)
    with world.reading() as session:
        assert session.scalar(select(func.count(OutboxMessage.id))) == 1
        assert [job.argument.keys() for job in session.scalars(select(Job))] == [{"message"}]


def test_many_who_post_the_same_at_once_leave_one(world: World) -> None:
    threads = [threading.Thread(target=put, args=(world,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.reading() as session:
        assert session.scalar(select(func.count(OutboxMessage.id))) == 1


def test_a_message_of_a_transaction_that_fails_is_not_there(world: World) -> None:
    def fail() -> None:
        with world.writing() as session:
            post(session, key="k", kind="fresh", to_type="host", to_id="h", subject="s", body="b", by="青木", now=NOW)
            raise DomainError("だめでした。", "もう一度。")

    with pytest.raises(DomainError):
        fail()
    with world.reading() as session:
        assert session.scalar(select(func.count(OutboxMessage.id))) == 0 == session.scalar(select(func.count(Job.id)))


def test_it_leaves_once_however_often_its_job_is_done(world: World, office: PostOffice) -> None:
    message = put(world)
    for _ in range(3):
        send(world, message, office)
    assert len(office.letters) == 1
    assert state(world, message) == (SENT, "")


def test_one_found_half_way_is_not_sent_again_but_asked_about(world: World, office: PostOffice) -> None:
    message = put(world)
    with world.writing() as session:
        begin_sending(session, message)
    assert state(world, message)[0] == SENDING
    send(world, message, office, attempt=2)
    assert not office.letters
    assert state(world, message) == (UNSURE, "stopped-half-way")


def test_a_server_that_hangs_up_after_the_text_leaves_it_unsure(world: World, office: PostOffice) -> None:
    office.hang_up = True
    message = put(world)
    send(world, message, office)
    assert len(office.letters) == 1
    assert state(world, message) == (UNSURE, "broken-off")


def test_a_refusal_for_now_is_tried_again_and_then_left_to_a_person(world: World, office: PostOffice) -> None:
    office.refuse = "450 busy"
    message = put(world)
    for attempt in range(1, MOST_ATTEMPTS):
        with pytest.raises(NotTaken):
            send(world, message, office, attempt)
        assert state(world, message) == (WAITING, "address-refused")
    send(world, message, office, MOST_ATTEMPTS)
    assert state(world, message) == (FAILED, "address-refused")


def test_a_refusal_for_good_is_not_tried_again(world: World, office: PostOffice) -> None:
    office.refuse = "550 no such user"
    message = put(world)
    send(world, message, office)
    assert state(world, message) == (FAILED, "address-refused")


def test_without_a_server_a_person_hands_it_over(world: World) -> None:
    message = put(world)
    claim = Claim("j", JOB, {"message": message}, "w", 1, 1)
    save = sender_of(write)(world.town, claim, lambda progress: None, lambda: False)
    with world.writing() as session:
        save(session)
    assert state(world, message) == (FAILED, "no-server")
    with world.writing() as session:
        hand_over(session, message, session.get_one(OutboxMessage, message).version, "青木", now_utc())
    assert state(world, message)[0] == HANDED_OVER


def test_only_one_of_two_people_decides(world: World, office: PostOffice) -> None:
    message = put(world, by_machine=False)
    with world.writing() as session:
        cancel(session, message, 1, "青木")
    with pytest.raises(Conflict), world.writing() as session:
        hand_over(session, message, 1, "石井", now_utc())
    with pytest.raises(DomainError), world.writing() as session:
        send_again(session, message, 2, now_utc())
    send(world, message, office)
    assert not office.letters
