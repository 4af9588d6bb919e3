"""The host's own people: who signs in, a link for one more, and an end at once."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import HOST_FACE
from service.host_face.own import Own, own_of
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.db import new_id
from service.resources.links import JOIN, LASTS, link_address, open_links, revoke_links
from service.resources.members import MemberRow, disable_member, invite, members_of
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import remember_result
from service.web.page import render
from service.web.params import FromPath, known_id


@dataclass(frozen=True)
class StaffView:
    """Everybody who signs in for this host; `link` only right after it was made."""

    host_name: str
    own_user_id: str
    members: tuple[MemberRow, ...]
    waiting: int
    link: str
    link_until: str
    once: str


class Staff(Controller):
    """The people of a host."""

    path = "/host/staff"

    @get(perm=HOST_FACE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Who signs in."""
        return _page(call, own_of(call))

    @post("/invite", perm=HOST_FACE, sync_to_thread=True)
    def invite(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A link with which one more may join; it is shown once, here."""
        posted, own = Posted.read(data), own_of(call)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        token = invite(call.session, call.town.key, own.host_id, own.actor.label, call.now)
        # The address of the link is its key: a second sending of the form is told that it was made, not what it is.
        remember_result(call.session, call.actor.id, posted.text("_once"), "/host/staff?done=host-invited", call.now)
        return _page(call, own, link_address(call.town.host_url or str(call.request.base_url), token))

    @post("/withdraw", perm=HOST_FACE, sync_to_thread=True)
    def withdraw(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Take back every invitation that nobody has taken up."""
        posted, own = Posted.read(data), own_of(call)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        revoke_links(call.session, own.host_id, JOIN, call.now)
        return done(call.session, call.actor, posted, call.now, "/host/staff", "host-saved")

    @post("/{member_id:str}/disable", perm=HOST_FACE, sync_to_thread=True)
    def disable(self, call: NamedDependency[Call], member_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Stop somebody: whatever they have open ends now."""
        posted, own = Posted.read(data), own_of(call)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        disable_member(call.session, own.host_id, known_id(member_id), call.actor.id, call.now)
        return done(call.session, call.actor, posted, call.now, "/host/staff", "host-disabled")


def _page(call: Call, own: Own, link: str = "") -> Response[str]:
    view = StaffView(
        own.host_name, call.actor.id, members_of(call.session, own.host_id),
        len(open_links(call.session, own.host_id, JOIN, call.now)), link,
        format_wareki(day_in_japan(call.now + LASTS[JOIN])) if link else "", new_id(),
    )  # fmt: skip
    return render(call.request, "host_face/staff.html", "サインインする人", view)
