"""Signing in and out."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency

from service.accounts.doorkeeper import cookie_name
from service.accounts.forms import SignInForm
from service.accounts.roles import HOMES, LEAVE
from service.accounts.sessions import close_session, find_session, open_session
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.permission import PUBLIC

AnyRequest = Request[Any, Any, Any]


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
        view = SignInView(SignInForm(), _inside(call.request.query_params.get("next", "/")), None)
        return render(call.request, "accounts/sign_in.html", "サインイン", view)

    @post("/sign-in", perm=PUBLIC, sync_to_thread=True)
    def enter(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Open a new session; an earlier token of this browser is worth nothing afterwards."""
        posted = Posted.read(data)
        form, target = SignInForm(posted), _inside(posted.text("next"))
        token = (
            open_session(call.session, posted.text("login_name"), posted.text("password"), call.now)
            if form.validate()
            else None
        )
        if token is None:
            problem = None if form.errors else "利用者名かパスワードが違います。"
            return render(call.request, "accounts/sign_in.html", "サインイン", SignInView(form, target, problem), status=422)
        if earlier := call.request.cookies.get(cookie_name(secure=call.request.app.state.secure)):
            close_session(call.session, earlier, call.now)
        opened = find_session(call.session, token, call.now)
        answer = go(_at_home(target, opened.user.roles if opened else []))
        answer.set_cookie(self._cookie(call.request, token))
        return answer

    @post("/sign-out", perm=LEAVE, sync_to_thread=True)
    def leave(self, call: NamedDependency[Call]) -> Response[Any]:
        """End this session here and in the database."""
        close_session(call.session, call.request.auth, call.now)
        answer = go("/sign-in")
        # Browsers change a __Host- cookie only for an order that is Secure itself.
        answer.set_cookie(self._cookie(call.request, "", max_age=0))
        answer.headers["clear-site-data"] = '"cache", "storage"'
        return answer

    def _cookie(self, request: AnyRequest, token: str, max_age: int | None = None) -> Cookie:
        secure: bool = request.app.state.secure
        name = cookie_name(secure=secure)
        return Cookie(name, value=token, path="/", max_age=max_age, httponly=True, secure=secure, samesite="lax")


def _inside(path: str) -> str:
    """A place of our own to go on to; anything else leads to the first page."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") and len(path) < 300 else "/"


def _at_home(target: str, roles: list[str]) -> str:
    """Whoever has pages of their own goes on to one of them, whatever page they came from."""
    home = next((HOMES[role] for role in roles if role in HOMES), "")
    return target if not home or target == home or target.startswith(f"{home}/") else home
