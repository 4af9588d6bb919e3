"""Whom a request of the hosts' pages speaks for: its own host, and no other exists for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.kernel.audit import Signature, sign
from service.kernel.clock import day_in_japan
from service.kernel.errors import NotFound
from service.resources.doors import HostLink
from service.resources.members import membership_of
from service.web.actor import Actor
from service.web.call import Call


@dataclass(frozen=True)
class Own:
    """The host of a request, and how whoever acts is called in the history of the host."""

    host_id: str
    host_name: str
    actor: Actor
    today: date


def own_of(call: Call) -> Own:
    """The host of the signed-in person; what is written from here on carries its name."""
    member = membership_of(call.session, call.actor.id)
    if member is None:
        raise NotFound()
    actor = Actor(call.actor.id, f"{member.host_name} {member.name}さん", call.actor.roles)
    return _signed(call, Own(member.host_id, member.host_name, actor, day_in_japan(call.now)))


def own_by_link(call: Call, link: HostLink, host_name: str) -> Own:
    """The host a link was handed to; whoever holds it has no account and no other page."""
    actor = Actor(link.id, f"{host_name}（お送りしたリンクから）", frozenset())
    return _signed(call, Own(link.host_id, host_name, actor, day_in_japan(call.now)))


def _signed(call: Call, own: Own) -> Own:
    sign(call.session, Signature(own.actor.id, own.actor.label, call.now, call.town.key))
    return own
