"""Carrying a message to the mail server: before it goes it is marked, so that a crash on the way never sends it twice."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Final

from sqlalchemy.orm import Session

from service.kernel.audit import Signature
from service.kernel.clock import now_utc
from service.kernel.outbox.messages import FAILED, SENT, UNSURE, WAITING, OutboxMessage
from service.kernel.outbox.posting import begin_sending, end_sending
from service.kernel.queue.claims import MOST_ATTEMPTS, Claim
from service.kernel.queue.working import IsStopped, Save, Tell

SECONDS: Final = 20.0
MACHINE: Final = ("-", "（送信）")


@dataclass(frozen=True)
class MailServer:
    """Where mail goes out; no password is ever shown or logged."""

    host: str
    port: int
    sender: str
    starttls: bool = True
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class Letter:
    """A message as it leaves; an empty `to` = there is no address."""

    to: str
    subject: str
    body: str


class NotTaken(Exception):
    """The server said no before anything left; it may be tried again unless it is `final`."""

    def __init__(self, code: str, *, final: bool) -> None:
        super().__init__(code)
        self.code, self.final = code, final


Write = Callable[[Session, Any, OutboxMessage, datetime], Letter]
"""Finds the address and finishes the text (a link is made at this moment and kept nowhere)."""
Carry = Callable[[MailServer, Letter, str], None]


def sender_of(write: Write, carry: Carry | None = None) -> Callable[[Any, Claim, Tell, IsStopped], Save]:
    """The queue's handler for one message; `carry` is the way to the server, by default SMTP."""

    def send(town: Any, claim: Claim, tell: Tell, is_stopped: IsStopped) -> Save:
        message_id = str(claim.argument["message"])
        letter = _take(town, message_id, write)
        if letter is None:
            return lambda session: message_id
        state, trouble = _carry_it(town, letter, message_id, claim.attempt, carry or over_smtp)
        if state == WAITING:
            _put_back(town, message_id, trouble)
            raise NotTaken(trouble, final=False)
        return lambda session: _ended(session, message_id, state, trouble)

    return send


def over_smtp(server: MailServer, letter: Letter, message_id: str) -> None:
    """Hand a letter to the server. NotTaken when it was refused; anything else = nobody knows whether it left."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = server.sender, letter.to, letter.subject
    mail["Message-ID"], mail["Auto-Submitted"] = f"<{message_id}@tsunagi>", "auto-generated"
    mail.set_content(letter.body)
    try:
        door = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    except OSError as away:
        raise NotTaken("server-away", final=False) from away
    with door:
        try:
            if server.starttls:
                door.starttls()
            if server.user:
                door.login(server.user, server.password)
            door.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            raise NotTaken("address-refused", final=_is_final(*refused.recipients.values())) from refused
        except smtplib.SMTPResponseException as refused:
            raise NotTaken(f"smtp-{refused.smtp_code}", final=_is_final((refused.smtp_code, b""))) from refused
        except smtplib.SMTPNotSupportedError as refused:
            raise NotTaken("no-starttls", final=True) from refused


def _is_final(*answers: tuple[int, bytes]) -> bool:
    return any(500 <= code < 600 for code, _ in answers)


def _take(town: Any, message_id: str, write: Write) -> Letter | None:
    now = now_utc()
    with town.database.write(signature=Signature(*MACHINE, now, town.key)) as session:
        message = begin_sending(session, message_id)
        if message is None:
            return None
        # Where no mail can leave nothing is finished: the text waits for a person.
        return write(session, town, message, now) if town.mail else Letter("", message.subject, message.body)


def _carry_it(town: Any, letter: Letter, message_id: str, attempt: int, carry: Carry) -> tuple[str, str]:
    if town.mail is None or not letter.to:
        return FAILED, "no-address" if town.mail else "no-server"
    try:
        carry(town.mail, letter, message_id)
    except NotTaken as refusal:
        return (FAILED if refusal.final or attempt >= MOST_ATTEMPTS else WAITING), refusal.code
    except (OSError, smtplib.SMTPException):
        return UNSURE, "broken-off"
    return SENT, ""


def _put_back(town: Any, message_id: str, trouble: str) -> None:
    now = now_utc()
    with town.database.write(signature=Signature(*MACHINE, now, town.key)) as session:
        end_sending(session, message_id, WAITING, now, trouble)


def _ended(session: Session, message_id: str, state: str, trouble: str) -> str:
    end_sending(session, message_id, state, now_utc(), trouble)
    return message_id
