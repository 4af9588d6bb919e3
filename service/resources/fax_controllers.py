"""今月の確認: who has not said anything this month, and the sheets to fax."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import EDIT_CATALOGUE, READ_CATALOGUE
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.dates import say_instant
from service.kernel.db import new_id
from service.resources.catalogue import read_host
from service.resources.fax import fax_sheet
from service.resources.freshness import BY_MAIL, WAYS, Due, ask_this_month, due_hosts
from service.resources.models import Host
from service.resources.sending import done, sent_before
from service.resources.words import freshness_of, say_confirmed
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import known_id
from service.web.print.render import render_pdf
from service.web.print.sheets import to_dict


@dataclass(frozen=True)
class DueRow:
    """One host that is due."""

    host_id: str
    name: str
    phone: str
    fax: str
    way: str
    fresh: tuple[str, str]
    asked: str


@dataclass(frozen=True)
class MonthlyView:
    """今月の確認."""

    rows: tuple[DueRow, ...]
    month: str
    by_mail: int
    by_hand: int
    may_ask: bool
    once: str


class Monthly(Controller):
    """The monthly question."""

    path = "/hosts"

    @get("/monthly", perm=READ_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Who is due, and how each is best asked."""
        today = day_in_japan(call.now)
        due = due_hosts(call.session, call.town, today)
        by_mail = sum(each.way == BY_MAIL and each.asked is None for each in due)
        rows = tuple(
            DueRow(
                each.host.id, each.host.name, each.host.phone, each.host.fax, WAYS[each.way],
                (freshness_of(each.confirmed_on, today), say_confirmed(each.confirmed_on, today)), _asked(each),
            )
            for each in due
        )  # fmt: skip
        by_hand = sum(each.way != BY_MAIL for each in due)
        view = MonthlyView(rows, f"{today.month}月", by_mail, by_hand, EDIT_CATALOGUE.allows(call.actor), new_id())
        return render(call.request, "resources/monthly.html", "今月の確認", view)

    @post("/monthly", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def ask(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Send this month's question to everybody who can be reached by mail; once, however often it is pressed."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        asked, _ = ask_this_month(call.session, call.town, call.actor.label, call.now)
        message = "asked" if asked else "nobody-to-ask"
        return done(call.session, call.actor, posted, call.now, "/hosts/monthly", message)

    @get("/monthly.pdf", perm=READ_CATALOGUE, sync_to_thread=True)
    def sheets(self, call: NamedDependency[Call]) -> Response[bytes]:
        """A sheet for every due host that is not asked by mail."""
        due = due_hosts(call.session, call.town, day_in_japan(call.now))
        hosts = [each.host for each in due if each.way != BY_MAIL] or [each.host for each in due]
        return _print(call, hosts)

    @get("/{host_id:str}/fax.pdf", perm=READ_CATALOGUE, sync_to_thread=True)
    def sheet(self, call: NamedDependency[Call], host_id: FromPath[str]) -> Response[bytes]:
        """The sheet of one host."""
        return _print(call, [read_host(call.session, known_id(host_id))])


def _print(call: Call, hosts: list[Host]) -> Response[bytes]:
    for host in hosts:
        note(call.session, "print", "host", host.id)
    return pdf_answer(render_pdf("fax", to_dict(fax_sheet(hosts, call.town, call.actor, call.now))), "fax.pdf")


def _asked(due: Due) -> str:
    return f"{say_instant(due.asked.created_at)}に送信" if due.asked else ""
