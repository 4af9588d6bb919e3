"""Agreeing on a time with a host, from the staff's side."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_FOLLOWUP
from service.followup.tasks.agreeing import ask_host, take_offer
from service.followup.tasks.reading import change_follow_up
from service.kernel.errors import NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.params import FromPath, known_id, version_of


class Agreeing(Controller):
    """One follow-up at a host's."""

    path = "/followup/{follow_up_id:str}"

    @post("/ask-host", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def ask(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Ask whether the planned time suits."""
        posted = Posted.read(data)
        known = change_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        ask_host(call.session, call.town, call.actor, known, version_of(posted.text("_version")), call.now)
        return done(call.session, call.actor, posted, call.now, f"/followup/{known.row.id}", "host-asked")

    @post("/take-offer", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def take(self, call: NamedDependency[Call], follow_up_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Promise one of the times the host has offered."""
        posted = Posted.read(data)
        known = change_follow_up(call.session, call.town, call.actor, known_id(follow_up_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        number = posted.text("number")
        if number not in {"0", "1"}:
            raise NotFound()
        take_offer(known, version_of(posted.text("_version")), int(number), call.actor, call.now)
        return done(call.session, call.actor, posted, call.now, f"/followup/{known.row.id}", "saved")
