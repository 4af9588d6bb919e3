"""サインインする人: the list, inviting, asking, agreeing and stopping."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.approvals import answer
from service.accounts.joining import HOLDS
from service.accounts.models import Approval, User
from service.accounts.roles import ASK_PEOPLE, READ_PEOPLE
from service.desk.people.deciding import (
    DOES,
    JOIN,
    KINDS,
    ROLES,
    account_in_hand,
    ask_about,
    invite,
    is_taken,
    may_confirm,
    stop,
)
from service.desk.people.pages import AskForm, CodeView, InviteForm, InviteView, people_view, person_view
from service.kernel.dates import say_instant
from service.kernel.db import new_id
from service.kernel.errors import DomainError, Forbidden, NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted, said
from service.web.page import go, render
from service.web.params import FromPath, known_id

HERE = "/settings/people"
NO_ROLE = "役割を一つ以上選んでください。"


class PeoplePages(Controller):
    """Accounts of the staff and of everybody who comes from outside but the hosts."""

    path = HERE

    @get(perm=READ_PEOPLE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Who signs in, and what waits for a second person."""
        return render(call.request, "desk/people.html", "サインインする人", people_view(call))

    @get("/invite", perm=ASK_PEOPLE, sync_to_thread=True)
    def blank(self, call: NamedDependency[Call]) -> Response[str]:
        """The empty form."""
        return _invite_page(call, InviteForm(), 200)

    @post("/invite", perm=ASK_PEOPLE, sync_to_thread=True)
    def invite(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Ask for somebody new."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = InviteForm(posted)
        if not form.validate():
            return _invite_page(call, form, 422)
        if not form.roles.data:
            form.roles.errors = [NO_ROLE]
        if is_taken(call.session, said(form.login_name)):
            form.login_name.errors = ["この利用者名は、もう使われています。別の名前にしてください。"]
        if form.errors:
            return _invite_page(call, form, 422)
        user = invite(
            call.session,
            call.actor,
            said(form.name),
            said(form.login_name),
            form.roles.data or [],
            said(form.reason),
            call.now,
        )
        return done(call.session, call.actor, posted, call.now, f"{HERE}/{user.id}", "account-asked")

    @get("/{account_id:str}", perm=READ_PEOPLE, sync_to_thread=True)
    def look(self, call: NamedDependency[Call], account_id: FromPath[str]) -> Response[str]:
        """One account."""
        return _person_page(call, account_in_hand(call.session, known_id(account_id)))

    @post("/{account_id:str}/ask", perm=ASK_PEOPLE, sync_to_thread=True)
    def ask(self, call: NamedDependency[Call], account_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Ask for something about it; nothing changes before another agrees."""
        user, posted = account_in_hand(call.session, known_id(account_id)), Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, kind = AskForm(posted), posted.text("what")
        if form.validate() and kind in (JOIN, ROLES) and not form.roles.data:
            form.roles.errors = [NO_ROLE]
        if form.errors:
            return _person_page(call, user, form, kind, status=422)
        try:
            ask_about(call.session, call.actor, kind, user, form.roles.data or [], said(form.reason), call.now)
        except DomainError as refusal:
            return _person_page(call, user, form, kind, str(refusal), refusal.status)
        return done(call.session, call.actor, posted, call.now, f"{HERE}/{user.id}", "account-asked")

    @post("/{account_id:str}/stop", perm=READ_PEOPLE, sync_to_thread=True)
    def stop(self, call: NamedDependency[Call], account_id: FromPath[str]) -> Response[Any]:
        """No sign-in any more, from this moment."""
        user = account_in_hand(call.session, known_id(account_id))
        stop(call.session, call.actor, user, call.now)
        return go(f"{HERE}/{user.id}", "account-stopped")

    @post("/questions/{question_id:str}", perm=READ_PEOPLE, sync_to_thread=True)
    def answer(self, call: NamedDependency[Call], question_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Agree or refuse; a code that comes of it is shown this once."""
        posted, question = Posted.read(data), call.session.get(Approval, known_id(question_id))
        if question is None or question.kind not in KINDS:
            raise NotFound()
        if not may_confirm(call.actor, question):
            raise Forbidden()
        agreed = posted.text("agreed") == "yes"
        code = answer(call.session, call.town, call.actor, question.id, agreed, posted.text("words"), call.now, DOES)
        if code is not None:
            return _code_page(call, call.session.get_one(User, question.user_id), code)
        return go(f"{HERE}/{question.user_id}", "account-changed" if agreed else "account-refused")


def _invite_page(call: Call, form: InviteForm, status: int) -> Response[str]:
    return render(call.request, "desk/people_invite.html", "招く", InviteView(form, new_id()), status)


def _person_page(
    call: Call, user: User, form: AskForm | None = None, kind: str = "", problem: str = "", status: int = 200
) -> Response[str]:
    chosen = form or AskForm(data={"roles": user.roles})
    view = person_view(call, user, chosen, kind, new_id(), problem)
    return render(call.request, "desk/account.html", "サインインする人", view, status)


def _code_page(call: Call, user: User, code: str) -> Response[str]:
    address = f"{call.request.base_url}".rstrip("/") + "/join"
    view = CodeView(user.name, user.login_name, code, say_instant(call.now + HOLDS), address)
    return render(call.request, "desk/one_time_code.html", "一度だけの番号", view)
