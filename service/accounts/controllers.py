"""Signing in and out."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.cookies import at_home, device_of, give_cookie, inside, token_of
from service.accounts.forms import SignInForm
from service.accounts.models import CODE, SET_UP
from service.accounts.roles import LEAVE
from service.accounts.second.controllers import CODE_PAGE, SET_UP_PAGE
from service.accounts.sessions import close_session, find_session, find_waiting, open_session
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.permission import PUBLIC


@dataclass(frozen=True)
class SignInView:
    """The sign-in page."""

    form: SignInForm
    next: str
    problem: str | None


class SignIn(Controller):
    """The door."""

    @get("/sign-in", perm=PUBLIC, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The sign-in page."""
        view = SignInView(SignInForm(), inside(call.request.query_params.get("next", "/")), None)
        return render(call.request, "accounts/sign_in.html", "サインイン", view)

    @post("/sign-in", perm=PUBLIC, sync_to_thread=True)
    def enter(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Open a new session; an earlier token of this browser is worth nothing afterwards."""
        posted = Posted.read(data)
        form, target = SignInForm(posted), inside(posted.text("next"))
        token = (
            open_session(call.session, posted.text("login_name"), posted.text("password"), call.now, device_of(call.request))
            if form.validate()
            else None
        )
        if token is None:
            problem = None if form.errors else "利用者名かパスワードが違います。"
            return render(call.request, "accounts/sign_in.html", "サインイン", SignInView(form, target, problem), status=422)
        if earlier := token_of(call.request):
            close_session(call.session, earlier, call.now)
        return give_cookie(call.request, go(_next_step(call, token, target)), token)

    @post("/sign-out", perm=LEAVE, sync_to_thread=True)
    def leave(self, call: NamedDependency[Call]) -> Response[Any]:
        """End this session here and in the database."""
        close_session(call.session, call.request.auth, call.now)
        answer = go("/sign-in")
        # Browsers change a __Host- cookie only for an order that is Secure itself.
        answer.headers["clear-site-data"] = '"cache", "storage"'
        return give_cookie(call.request, answer, "", max_age=0)


def _next_step(call: Call, token: str, target: str) -> str:
    """Into the house, or to the second step that is still to be taken."""
    for stage, page in ((CODE, CODE_PAGE), (SET_UP, SET_UP_PAGE)):
        if find_waiting(call.session, token, stage, call.now):
            return f"{page}?{urlencode({'next': target})}"
    opened = find_session(call.session, token, call.now)
    return at_home(target, opened.user.roles if opened else [])
