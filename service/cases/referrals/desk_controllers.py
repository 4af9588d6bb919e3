"""What a つなぎ元 does beside sending a sheet: finding the right desk, and asking for advice without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import REFER
from service.cases.referrals.asking import Asked, AskForm, as_last_time, ask_advice, asked_by
from service.cases.referrals.desks import Desks, desks_of
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.db import new_id
from service.resources.agencies.catalogue import Search, search_agencies
from service.resources.agencies.kinds import FIELDS
from service.resources.agencies.models import Agency
from service.resources.agencies.pages import AgencyListView, list_view
from service.resources.agencies.paper import agency_sheet
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import typed_text
from service.web.print.directory import directory_data
from service.web.print.render import render_pdf


@dataclass(frozen=True)
class DesksView:
    """The directory as those outside the office read it."""

    found: AgencyListView
    asking: tuple[str, ...]
    """The address under which each desk is asked."""


@dataclass(frozen=True)
class AskedLine:
    """One question with its answer; both empty while it waits."""

    when: str
    asked: str
    to: str
    answered: str
    advice: str


@dataclass(frozen=True)
class AskView:
    """What somebody asked so far, and the next question."""

    lines: tuple[AskedLine, ...]
    waiting: int
    form: AskForm
    desks: Desks
    once: str
    is_open: bool


class OwnDesks(Controller):
    """Where somebody may be sent."""

    path = "/refer/desks"

    @get(perm=REFER, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """The desks in use, narrowed; the address holds nothing of anybody."""
        search, found = _narrowed(call)
        view = list_view(found, search, (), call.actor, day_in_japan(call.now))
        asking = tuple(f"/refer/advice?{urlencode({'desk': each.name})}" for each in found)
        return render(call.request, "cases/own_desks.html", "窓口をさがす", DesksView(view, asking))

    @get("/list.pdf", perm=REFER, sync_to_thread=True)
    def sheet(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The same on A4, to keep beside the telephone."""
        _, found = _narrowed(call)
        note(call.session, "print", "agency", "list")
        data = directory_data(agency_sheet(found, call.town, call.actor, call.now))
        return pdf_answer(render_pdf("agencies", data), "desks.pdf")


class OwnAdvice(Controller):
    """Asking without a sheet."""

    path = "/refer/advice"

    @get(perm=REFER, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """The questions so far, and one more."""
        desk = typed_text(call.request.query_params.get("desk", ""), 80)
        rows = asked_by(call.session, call.actor)
        data = as_last_time(call.session, call.actor) | {"to_agency": desk}
        return _page(call, rows, AskForm(data=data), is_open=bool(desk) or not rows)

    @post(perm=REFER, sync_to_thread=True)
    def ask(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Send one."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = AskForm(posted)
        if not form.validate():
            return _page(call, asked_by(call.session, call.actor), form, is_open=True, status=422)
        ask_advice(call.session, call.actor, form, call.now)
        return done(call.session, call.actor, posted, call.now, "/refer/advice", "question-sent")


def _narrowed(call: Call) -> tuple[Search, list[Agency]]:
    query = call.request.query_params
    search = Search.read({name: query.get(name, "") for name in ("q", "kind", "field")})
    return search, list(search_agencies(call.session, search, day_in_japan(call.now)))


def _page(call: Call, rows: Sequence[Asked], form: AskForm, *, is_open: bool, status: int = 200) -> Response[str]:
    lines = tuple(map(_line, rows))
    waiting = sum(not line.answered for line in lines)
    view = AskView(lines, waiting, form, desks_of(call.session), new_id(), is_open)
    return render(call.request, "cases/own_advice.html", "相談する", view, status)


def _line(row: Asked) -> AskedLine:
    asked, answer = row
    to = "　".join(filter(None, (asked.to_agency, FIELDS.get(asked.field, ""))))
    answered = f"{format_wareki(answer.on)}　{answer.recorded_by.split('（')[0]}" if answer else ""
    return AskedLine(format_wareki(day_in_japan(asked.asked_at)), asked.asked, to, answered, answer.advice if answer else "")
