"""出ていく知らせ: what waits for a person to print or copy, what did not arrive, and what nobody knows of."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import select

from service.accounts.roles import EDIT_CATALOGUE, READ_CATALOGUE
from service.kernel.audit import note
from service.kernel.dates import say_instant
from service.kernel.errors import NotFound
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
from service.kernel.outbox.posting import IN_HAND, cancel, hand_over, send_again
from service.resources.agencies.models import Agency
from service.resources.letters import KINDS, addressee, finish_text
from service.resources.models import Host
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import known_id, version_of

STATES = {
    WAITING: ("送る順番待ち", "ask"),
    SENDING: ("送っています", "ask"),
    SENT: ("送りました", "ok"),
    HANDED_OVER: ("渡しました", "ok"),
    UNSURE: ("届いたか分かりません", "no"),
    FAILED: ("送れませんでした", "no"),
    CANCELLED: ("取り消し", ""),
}
TROUBLES = {
    "no-server": "メールの設定がありません。写すか印刷して渡してください。",
    "no-address": "メールの宛先がありません。写すか印刷して渡してください。",
    "address-refused": "相手のメールサーバーが宛先を断りました。宛先を確かめてください。",
    "server-away": "メールサーバーにつながりませんでした。",
    "stopped-half-way": "送っている途中で止まりました。相手に届いたかを聞いてください。",
    "broken-off": "送り終わる前に切れました。相手に届いたかを聞いてください。",
}
ROOMS = {"host": "hosts", "agency": "agencies"}
SHOWN = 100


@dataclass(frozen=True)
class MessageRow:
    """One message."""

    id: str
    version: int
    kind: str
    to: str
    href: str
    at: str
    state: str
    look: str
    trouble: str
    in_hand: bool


@dataclass(frozen=True)
class OutboxView:
    """出ていく知らせ."""

    rows: tuple[MessageRow, ...]
    in_hand: int
    may_act: bool


@dataclass(frozen=True)
class TextView:
    """One message to copy or print, with a link made for it just now."""

    id: str
    version: int
    to: str
    subject: str
    body: str


class Outbox(Controller):
    """The one door messages leave by."""

    path = "/outbox"

    @get(perm=READ_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """What waits for a person first, then the newest."""
        query = (
            select(OutboxMessage, Host.name, Agency.name)
            .outerjoin(Host, OutboxMessage.to_id == Host.id)
            .outerjoin(Agency, OutboxMessage.to_id == Agency.id)
        )
        newest = query.order_by(OutboxMessage.state.in_(IN_HAND).desc(), OutboxMessage.created_at.desc()).limit(SHOWN)
        rows = tuple(_row(message, host or agency or "") for message, host, agency in call.session.execute(newest))
        view = OutboxView(rows, sum(row.in_hand for row in rows), EDIT_CATALOGUE.allows(call.actor))
        return render(call.request, "resources/outbox.html", "出ていく知らせ", view)

    @post("/{message_id:str}/text", perm=EDIT_CATALOGUE, sync_to_thread=True, status_code=200)
    def text(self, call: NamedDependency[Call], message_id: FromPath[str]) -> Response[str]:
        """The text to copy or print; its link is made now, and shown this once."""
        message = call.session.get(OutboxMessage, known_id(message_id))
        if message is None or message.state not in IN_HAND:
            raise NotFound()
        note(call.session, "print", "outbox_message", message.id)
        body = finish_text(call.session, call.town, message, call.now)
        to = addressee(call.session, message)
        view = TextView(message.id, message.version, to.name if to else "", message.subject, body)
        return render(call.request, "resources/outbox_text.html", message.subject, view)

    @post("/{message_id:str}/handed-over", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def handed_over(self, call: NamedDependency[Call], message_id: FromPath[str], data: FormBody) -> Response[Any]:
        """It has reached them."""
        hand_over(call.session, known_id(message_id), _version(data), call.actor.label, call.now)
        return go("/outbox", "saved")

    @post("/{message_id:str}/again", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def again(self, call: NamedDependency[Call], message_id: FromPath[str], data: FormBody) -> Response[Any]:
        """It has not arrived: once more."""
        send_again(call.session, known_id(message_id), _version(data), call.now)
        return go("/outbox", "saved")

    @post("/{message_id:str}/cancel", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def cancelled(self, call: NamedDependency[Call], message_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Not needed any more."""
        cancel(call.session, known_id(message_id), _version(data), call.actor.label)
        return go("/outbox", "saved")


def _version(data: FormBody) -> int:
    return version_of(Posted.read(data).text("_version"))


def _row(message: OutboxMessage, name: str) -> MessageRow:
    label, look = STATES[message.state]
    trouble = TROUBLES.get(message.trouble, "メールサーバーが受け取りませんでした。" if message.trouble else "")
    return MessageRow(
        message.id, message.version, KINDS.get(message.kind, message.subject), name, f"/{ROOMS.get(message.to_type, 'hosts')}/{message.to_id}",
        say_instant(message.created_at), label, look, trouble, message.state in IN_HAND,
    )  # fmt: skip
