"""The telephone script: shown, printed, and answered back."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import ANSWER_CALLS, READ_MATCHES
from service.cases.pages import Heading, heading_of
from service.kernel.errors import DomainError
from service.matching.asking import asked
from service.matching.bands import Band
from service.matching.paper import phone_sheet
from service.matching.phone import CALLS_AT_ONCE, HostCall, list_calls, with_typed, write_answers
from service.matching.service import Ask, ask_for, match
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import known_id
from service.web.print.render import render_pdf
from service.web.print.sheets import to_dict

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class PhoneView:
    """電話で確かめること."""

    heading: Heading
    back: str
    calls: tuple[HostCall, ...]
    total: int
    shown: int
    may_answer: bool


class PhoneCalls(Controller):
    """The questions that turn 要確認 into 適合 or 不適合."""

    path = "/people/{person_id:str}/match"

    @get("/phone", perm=READ_MATCHES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """The calls worth making, with fields for the answers."""
        ask = asked(call, known_id(person_id))
        return _page(call, ask)

    @get("/phone.pdf", perm=READ_MATCHES, sync_to_thread=True)
    def print_calls(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[bytes]:
        """The calls on paper; nothing on it says whom they are for."""
        ask = asked(call, known_id(person_id))
        calls = list_calls(call.session, ask, match(ask), call.request.query_params.get("opening", ""))
        content = render_pdf("phone_script", to_dict(phone_sheet(calls, call.town, call.actor, call.now)))
        return Response(content, media_type="application/pdf")

    @post("/phone/{opening_id:str}", perm=ANSWER_CALLS, sync_to_thread=True)
    def answer(
        self, call: NamedDependency[Call], person_id: FromPath[str], opening_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Write the answers to the host card, with who answered and the day."""
        ask, posted = ask_for(call.session, call.town, call.actor, known_id(person_id), call.now), Posted.read(data)
        opening = known_id(opening_id)
        try:
            _, problems = write_answers(call.session, ask.loaded, opening, posted, call.actor, ask)
        except DomainError as problem:
            if problem.status != 422:
                raise
            return _page(call, ask, (opening, posted, f"{problem.message}{problem.remedy}", {}))
        if problems:
            return _page(call, ask, (opening, posted, "保存できなかった答えがあります。", problems))
        return go(f"/people/{ask.person.id}/match/phone", "answered")


def _page(
    call: Call,
    ask: Ask,
    typed: tuple[str, Posted, str, dict[str, str]] | None = None,
) -> Response[str]:
    verdicts = match(ask)
    calls = list_calls(call.session, ask, verdicts, call.request.query_params.get("opening", ""))
    if typed is not None:
        opening, posted, problem, problems = typed
        calls = tuple(with_typed(c, posted, problem, problems) if c.opening_id == opening else c for c in calls)
    total = verdicts.counts[Band.NEEDS_CHECK]
    heading = heading_of(ask.case, ask.person, ask.today)
    may_answer = ANSWER_CALLS.allows(call.actor)
    view = PhoneView(heading, f"/people/{ask.person.id}/match", calls, total, min(total, CALLS_AT_ONCE), may_answer)
    return render(call.request, "matching/phone.html", "電話で確かめること", view, status=422 if typed else 200)
