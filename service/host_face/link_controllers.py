"""Links a host was handed: each opens one thing once; every other address here is the same 404."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.host_face.link_pages import DeadLinkView, ThanksView
from service.host_face.link_work import ACTS, SHOWS, stands
from service.host_face.own import Own, own_by_link
from service.resources.doors import HostLink
from service.resources.guessing import count_guess, refuse_guessers
from service.resources.links import JOIN, is_open, signed_link
from service.resources.models import Host
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, render
from service.web.params import FromPath
from service.web.permission import PUBLIC

THANKS: Final = "/l/thanks"


class Links(Controller):
    """What a link is for, and doing it."""

    path = "/l"

    @get("/thanks", perm=PUBLIC, sync_to_thread=True)
    def thanks(self, call: NamedDependency[Call]) -> Response[str]:
        """It has arrived."""
        view = ThanksView("joined" in call.request.query_params)
        return render(call.request, "host_face/thanks.html", "ありがとうございました", view)

    @get("/{token:str}", perm=PUBLIC, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], token: FromPath[str]) -> Response[str]:
        """Looking uses nothing up: a mail program may open a link before the host does."""
        refuse_guessers(call)
        link = signed_link(call.session, call.town.key, token)
        if link is None or not is_open(link, call.now):
            return _dead(call)
        own = _own(call, link)
        if not stands(call, own, link):
            return _dead(call)
        return SHOWS[link.purpose](call, own, link, f"/l/{token}", None)

    @post("/{token:str}", perm=PUBLIC, sync_to_thread=True)
    def act(self, call: NamedDependency[Call], token: FromPath[str], data: FormBody) -> Response[Any]:
        """Do the one thing; a second sending of the same form is thanked like the first."""
        posted = Posted.read(data)
        refuse_guessers(call)
        link = signed_link(call.session, call.town.key, token, lock=True)
        if link is None:
            return _dead(call)
        if earlier := earlier_result(call.session, link.id, posted.text("_once")):
            return go(earlier)
        own = _own(call, link)
        if not is_open(link, call.now) or not stands(call, own, link):
            return _dead(call)
        refused = ACTS[link.purpose](call, own, link, f"/l/{token}", posted)
        if refused is not None:
            return refused
        link.used_at = call.now
        leads = f"{THANKS}?joined=1" if link.purpose == JOIN else THANKS
        remember_result(call.session, link.id, posted.text("_once"), leads, call.now)
        return go(leads)


def _own(call: Call, link: HostLink) -> Own:
    return own_by_link(call, link, call.session.get_one(Host, link.host_id).name)


def _dead(call: Call) -> Response[Any]:
    """One answer for used, late, taken back, another town's and never made; and one more guess is counted."""
    count_guess(call)
    return render(call.request, "host_face/dead_link.html", "このリンクは使えません", DeadLinkView(call.town.phone), 404)
