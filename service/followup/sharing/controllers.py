"""What each host may be told: agreed item by item, printed for a signature, taken back at once."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import EDIT_CASES, READ_CASES
from service.cases.access import change_person, may_change, read_person
from service.cases.course.log import log_consent
from service.cases.models import Person, SupportCase
from service.cases.people import load_person
from service.cases.sharing import record_share
from service.followup.sharing.forms import ShareForm, WithdrawForm
from service.followup.sharing.pages import share_view, shares_view
from service.followup.sharing.paper import consent_paper
from service.followup.sharing.withdrawing import withdraw_share
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.dates import parse_date
from service.kernel.db import new_id
from service.kernel.errors import NotFound
from service.resources.models import Host
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import pdf_answer, render
from service.web.params import known_id
from service.web.print.document import document_data
from service.web.print.render import render_pdf


@dataclass(frozen=True)
class _Both:
    """A person of a case in hand, and a host."""

    case: SupportCase
    person: Person
    host: Host


class Shares(Controller):
    """Consent per host."""

    path = "/people/{person_id:str}/share"

    @get(perm=READ_CASES, sync_to_thread=True)
    def list(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """Every host the person has to do with, and what it may know."""
        case, bare = read_person(call.session, call.town, call.actor, known_id(person_id))
        person, today = load_person(call.session, bare), day_in_japan(call.now)
        view = shares_view(call.session, case, person, today, may_change=may_change(call.actor, case))
        return render(call.request, "followup/shares.html", f"伝えてよいこと {person.name} さん", view)

    @get("/{host_id:str}", perm=READ_CASES, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str], host_id: FromPath[str]) -> Response[str]:
        """One host: what is agreed, the forms, what was answered before."""
        case, bare = read_person(call.session, call.town, call.actor, known_id(person_id))
        return _page(call, _Both(case, load_person(call.session, bare), _host(call, host_id)))

    @get("/{host_id:str}/consent.pdf", perm=READ_CASES, sync_to_thread=True)
    def paper(self, call: NamedDependency[Call], person_id: FromPath[str], host_id: FromPath[str]) -> Response[bytes]:
        """The consent form on A4, with what is ticked on the page."""
        _, bare = read_person(call.session, call.town, call.actor, known_id(person_id))
        person, host = load_person(call.session, bare), _host(call, host_id)
        note(call.session, "print", "person", person.id)
        paper = consent_paper(person, host, call.town, call.actor, call.now)
        return pdf_answer(render_pdf("document", document_data(paper)), "consent.pdf")

    @post("/{host_id:str}", perm=EDIT_CASES, sync_to_thread=True)
    def agree(
        self, call: NamedDependency[Call], person_id: FromPath[str], host_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Keep what this host may know."""
        posted, both = Posted.read(data), _in_hand(call, person_id, host_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = ShareForm(posted)
        if not form.validate():
            return _page(call, both, form=form)
        record_share(
            call.session, call.actor, both.person, both.host.id, "given", call.now,
            decided_on=parse_date(form.decided_on.data or ""), items=form.items.data or (), until=form.until_day,
            method=form.method.data, given_by=(form.given_by.data or "").strip(), reason=(form.reason.data or "").strip(),
        )  # fmt: skip
        _log(call, both, "伝えてよい")
        return done(call.session, call.actor, posted, call.now, f"/people/{both.person.id}/share/{both.host.id}", "shared")

    @post("/{host_id:str}/withdraw", perm=EDIT_CASES, sync_to_thread=True)
    def withdraw(
        self, call: NamedDependency[Call], person_id: FromPath[str], host_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Take it back: from this answer on the host sees nothing, and what was on its way is stopped."""
        posted, both = Posted.read(data), _in_hand(call, person_id, host_id, although_over=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = WithdrawForm(posted)
        if not form.validate():
            return _page(call, both, withdraw=form)
        withdraw_share(
            call.session, call.town, call.actor, both.person, both.host.id, (form.reason.data or "").strip(), call.now,
            given_by=(form.given_by.data or "").strip(),
        )  # fmt: skip
        _log(call, both, "撤回")
        return done(call.session, call.actor, posted, call.now, f"/people/{both.person.id}/share/{both.host.id}", "unshared")


def _in_hand(call: Call, person_id: str, host_id: str, *, although_over: bool = False) -> _Both:
    case, bare = change_person(call.session, call.town, call.actor, known_id(person_id), although_over=although_over)
    return _Both(case, load_person(call.session, bare), _host(call, host_id))


def _log(call: Call, both: _Both, said: str) -> None:
    log_consent(call.session, call.actor, both.case, both.person, f"{both.host.name}に伝えること：{said}", call.now)


def _host(call: Call, host_id: str) -> Host:
    host = call.session.get(Host, known_id(host_id))
    if host is None:
        raise NotFound()
    return host


def _page(call: Call, both: _Both, *, form: ShareForm | None = None, withdraw: WithdrawForm | None = None) -> Response[str]:
    view = share_view(
        both.case, both.person, both.host, day_in_japan(call.now), new_id(),
        may_change=may_change(call.actor, both.case), form=form, withdraw=withdraw,
    )  # fmt: skip
    status = 422 if form or withdraw else 200
    return render(call.request, "followup/share.html", f"{both.host.name} に伝えてよいこと", view, status=status)
