"""A sheet that came back by FAX, typed in: what the host ticked, but never below what it has promised."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import EDIT_CATALOGUE
from service.cases.promises import check_told
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.resources.catalogue import read_host
from service.resources.fax import FaxRow, keep_fax, rows_of_host
from service.resources.models import Host, Opening
from service.resources.openings import Told
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import known_id


@dataclass(frozen=True)
class FaxView:
    """Typing a returned sheet."""

    host_id: str
    host: str
    rows: tuple[FaxRow, ...]
    told_by: str
    kept: int
    once: str


class ReturnedSheets(Controller):
    """Typing a returned sheet."""

    path = "/hosts"

    @get("/{host_id:str}/fax", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def type_in(self, call: NamedDependency[Call], host_id: FromPath[str]) -> Response[str]:
        """The returned sheet, to be typed: everything stands at 変更なし."""
        host = read_host(call.session, known_id(host_id))
        return _form(call, host, rows_of_host(host))

    @post("/{host_id:str}/fax", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def keep(self, call: NamedDependency[Call], host_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep what can be read; what cannot is shown again as typed."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host = read_host(call.session, known_id(host_id))
        today = day_in_japan(call.now)

        def check(opening: Opening, told: Told) -> None:
            check_told(call.session, opening, told, today)

        kept, wrong = keep_fax(call.session, host, posted, call.actor, today, check)
        if wrong:
            return _form(call, host, wrong, told_by=posted.text("told_by"), kept=kept)
        return done(call.session, call.actor, posted, call.now, f"/hosts/{host.id}", "confirmed")


def _form(call: Call, host: Host, rows: tuple[FaxRow, ...], *, told_by: str = "", kept: int = 0) -> Response[str]:
    view = FaxView(host.id, host.name, rows, told_by or host.contact_person, kept, new_id())
    status = 422 if any(row.problem for row in rows) else 200
    return render(call.request, "resources/fax.html", f"{host.name} のFAXを書き写す", view, status=status)
