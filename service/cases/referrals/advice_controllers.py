"""助言の記録: the list of a fiscal year, and one more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_PROCESS, READ_PROCESS
from service.cases.referrals.advice import GIVEN, WAYS, AdviceForm, advice_since, record_advice
from service.cases.referrals.asking import answer_request, waiting_requests
from service.cases.referrals.models import AdviceRecord, AdviceRequest
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.dates import fiscal_year, format_wareki
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.resources.agencies.kinds import FIELDS
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, typed_text, version_of


@dataclass(frozen=True)
class AdviceLine:
    """One piece of advice in words."""

    id: str
    on: str
    way: str
    whom: str
    field: str
    asked: str
    advice: str
    by: str


@dataclass(frozen=True)
class Typed:
    """An answer that came back."""

    request_id: str = ""
    advice: str = ""


NOTHING_TYPED: Final = Typed()


@dataclass(frozen=True)
class RequestLine:
    """A question that waits, with what was typed as its answer."""

    id: str
    version: int
    when: str
    whom: str
    phone: str
    to: str
    asked: str
    typed: str


@dataclass(frozen=True)
class AdviceView:
    """The questions that wait, the year's advice counted by way, and the form."""

    requests: tuple[RequestLine, ...]

    lines: tuple[AdviceLine, ...]
    given: int
    taken: int
    since: str
    form: AdviceForm
    may_edit: bool
    is_open: bool
    problem: str
    unsent: str
    """An answer somebody typed that was not kept."""
    once: str


class AdvicePages(Controller):
    """支援者支援と、専門職の助言."""

    path = "/advice"

    @get(perm=READ_PROCESS, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """This fiscal year's."""
        return _page(call, _blank(call))

    @post(perm=EDIT_PROCESS, sync_to_thread=True)
    def add(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """One more."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = AdviceForm(posted)
        if not form.validate():
            return _page(call, form, status=422)
        try:
            record_advice(call.session, call.actor, form, call.now)
        except DomainError as refusal:
            return _page(call, form, str(refusal), refusal.status)
        return done(call.session, call.actor, posted, call.now, "/advice", "saved")

    @post("/requests/{request_id:str}/answer", perm=EDIT_PROCESS, sync_to_thread=True)
    def answer(self, call: NamedDependency[Call], request_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Answer what a つなぎ元 asked; it is kept as the advice it is."""
        posted, id_ = Posted.read(data), known_id(request_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        advice, version = typed_text(posted.text("advice"), 2000), version_of(posted.text("_version"))
        try:
            with attempt(call.session):
                answer_request(call.session, call.actor, id_, version, advice, call.now)
        except NotFound:
            raise
        except DomainError as refusal:
            return _page(call, _blank(call), str(refusal), refusal.status, Typed(request_id, advice))
        return done(call.session, call.actor, posted, call.now, "/advice", "advised")


def _blank(call: Call) -> AdviceForm:
    return AdviceForm(data={"way": GIVEN, "on": format_wareki(day_in_japan(call.now))})


def _page(call: Call, form: AdviceForm, problem: str = "", status: int = 200, typed: Typed = NOTHING_TYPED) -> Response[str]:
    since = date(fiscal_year(day_in_japan(call.now)), 4, 1)
    rows = advice_since(call.session, call.town, call.actor, since)
    given = sum(row.way == GIVEN for row in rows)
    requests = tuple(_request(row, typed) for row in waiting_requests(call.session))
    view = AdviceView(
        requests, tuple(map(_line, rows)), given, len(rows) - given, format_wareki(since), form, EDIT_PROCESS.allows(call.actor),
        status != 200 and not typed.request_id, problem, typed.advice, new_id(),
    )  # fmt: skip
    return render(call.request, "cases/advice.html", "助言の記録", view, status)


def _line(row: AdviceRecord) -> AdviceLine:
    whom = "　".join(filter(None, (row.to_agency, row.expert, row.to_person)))
    return AdviceLine(
        row.id, format_wareki(row.on), WAYS[row.way], whom, FIELDS.get(row.field, ""), row.asked, row.advice, row.recorded_by
    )


def _request(row: AdviceRequest, typed: Typed) -> RequestLine:
    return RequestLine(
        row.id, row.version, format_wareki(day_in_japan(row.asked_at)), f"{row.from_agency}　{row.from_person}", row.from_phone,
        "　".join(filter(None, (row.to_agency, FIELDS.get(row.field, "")))), row.asked,
        typed.advice if typed.request_id == row.id else "",
    )  # fmt: skip
