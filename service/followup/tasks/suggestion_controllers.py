"""Answering what the machine suggests: yes does it, no keeps a word."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_FOLLOWUP
from service.followup.tasks.suggesting import accept, refuse, suggestion_in_hand
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.params import FromPath, known_id, typed_text


class Suggestions(Controller):
    """One suggestion."""

    path = "/suggestions/{suggestion_id:str}"

    @post("/accept", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def accept(self, call: NamedDependency[Call], suggestion_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Do it, or lead to where it is done."""
        posted = Posted.read(data)
        row = suggestion_in_hand(call.session, call.town, call.actor, known_id(suggestion_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        return done(call.session, call.actor, posted, call.now, accept(call.session, row, call.actor, call.now))

    @post("/refuse", perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def refuse(self, call: NamedDependency[Call], suggestion_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Not now; the same sign is not asked about again."""
        posted = Posted.read(data)
        row = suggestion_in_hand(call.session, call.town, call.actor, known_id(suggestion_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        refuse(row, typed_text(posted.text("note"), 200), call.actor, call.now)
        return done(call.session, call.actor, posted, call.now, "/")
