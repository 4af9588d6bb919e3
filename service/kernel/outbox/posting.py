"""Putting a message down and saying what became of it: by the post of the machine, or by a person's hand."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.kernel.errors import DomainError, NotFound
from service.kernel.outbox.messages import (
    CANCELLED,
    FAILED,
    HANDED_OVER,
    SENDING,
    SENT,
    UNSURE,
    WAITING,
    OutboxMessage,
)
from service.kernel.queue.jobs import enqueue

JOB: Final = "send-message"
IN_HAND: Final = frozenset({WAITING, FAILED, UNSURE})
"""States in which a person decides what becomes of a message."""


def post(
    session: Session, *, key: str, kind: str, to_type: str, to_id: str, subject: str, body: str, by: str, now: datetime,
    about_id: str = "", by_machine: bool = True,
) -> OutboxMessage:  # fmt: skip
    """Put a message down in the caller's transaction; the same key is the same message, however often it is posted.

    `by_machine` also puts down the job that sends it; without it the message waits for a person to print or copy it.
    """
    if found := _of_key(session, key):
        return found
    message = OutboxMessage(
        key=key, kind=kind, to_type=to_type, to_id=to_id, about_id=about_id, subject=subject, body=body,
        created_at=now, created_by=by,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        # Somebody else posted the same between the look and this line.
        if (found := _of_key(session, key)) is None:
            raise
        return found
    if by_machine:
        send_by_machine(session, message, now)
    return message


def send_by_machine(session: Session, message: OutboxMessage, now: datetime) -> None:
    """Ask the queue to send it."""
    enqueue(session, JOB, {"message": message.id}, now=now, key=f"{JOB}:{message.id}")


def begin_sending(session: Session, message_id: str) -> OutboxMessage | None:
    """Take a message to the door, once: one found half-way there may have left already, and a person is asked.

    None = there is nothing to send: it was cancelled, handed over, sent, or nobody knows.
    """
    message = _locked(session, message_id)
    if message is None:
        return None
    if message.state == SENDING:
        message.state, message.trouble = UNSURE, "stopped-half-way"
        return None
    if message.state != WAITING:
        return None
    message.state, message.tries = SENDING, message.tries + 1
    return message


def end_sending(session: Session, message_id: str, state: str, now: datetime, trouble: str = "") -> None:
    """What came of it: SENT, FAILED, back to WAITING for another try, or UNSURE."""
    message = _locked(session, message_id)
    if message is not None and message.state == SENDING:
        message.state, message.trouble = state, trouble
        message.left_at = now if state == SENT else None


def hand_over(session: Session, message_id: str, version: int, by: str, now: datetime) -> OutboxMessage:
    """Somebody printed it, read it out, or knows that it has arrived."""
    message = _in_hand(session, message_id, version)
    message.state, message.left_at, message.ended_by = HANDED_OVER, now, by
    return message


def send_again(session: Session, message_id: str, version: int, now: datetime) -> OutboxMessage:
    """Somebody has made sure that it did not arrive."""
    message = _in_hand(session, message_id, version)
    message.state, message.trouble = WAITING, ""
    send_by_machine(session, message, now)
    return message


def cancel(session: Session, message_id: str, version: int, by: str) -> OutboxMessage:
    """It is not needed any more."""
    message = _in_hand(session, message_id, version)
    message.state, message.ended_by = CANCELLED, by
    return message


def _in_hand(session: Session, message_id: str, version: int) -> OutboxMessage:
    message = _locked(session, message_id)
    if message is None:
        raise NotFound()
    message.expect(version)
    if message.state not in IN_HAND:
        raise DomainError("この知らせは、もう済んでいます。", "一覧を開き直してください。", "message-ended", 409)
    return message


def _locked(session: Session, message_id: str) -> OutboxMessage | None:
    query = select(OutboxMessage).where(OutboxMessage.id == message_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _of_key(session: Session, key: str) -> OutboxMessage | None:
    return session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).first()
