"""The second step at the door: the code, or setting it up for the first time."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.cookies import at_home, give_cookie, inside, token_of
from service.accounts.models import CODE, SET_UP, AuthSession
from service.accounts.second.keeping import is_in_force, offered_secret, passes, prove
from service.accounts.second.pages import CodesView, CodeView, set_up_view
from service.accounts.sessions import find_waiting, go_in
from service.kernel.dates import say_instant
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.permission import PUBLIC

CODE_PAGE, SET_UP_PAGE = "/sign-in/code", "/sign-in/set-up"
WRONG = "番号が合いません。"


class SecondStep(Controller):
    """Nobody is signed in yet here: a right password alone opens these two pages and no other."""

    path = "/sign-in"

    @get("/code", perm=PUBLIC, sync_to_thread=True)
    def ask(self, call: NamedDependency[Call]) -> Response[Any]:
        """Asks for the code; without a right password it leads back to the beginning."""
        if _waiting(call, CODE) is None:
            return go("/sign-in")
        return _code_page(call, inside(call.request.query_params.get("next", "/")))

    @post("/code", perm=PUBLIC, sync_to_thread=True)
    def check(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A right code opens the house under a new token."""
        posted = Posted.read(data)
        waiting, on = _waiting(call, CODE), inside(posted.text("next"))
        if waiting is None:
            return go("/sign-in")
        if not passes(call.session, call.town, waiting.user, posted.text("code"), call.now):
            return _code_page(call, on, WRONG, 422)
        answer = go(at_home(on, waiting.user.roles))
        return give_cookie(call.request, answer, go_in(call.session, waiting, call.now))

    @get("/set-up", perm=PUBLIC, sync_to_thread=True)
    def offer(self, call: NamedDependency[Call]) -> Response[Any]:
        """The square of somebody whose role needs a second factor and who has none."""
        waiting = _waiting(call, SET_UP)
        if waiting is None:
            return go("/sign-in")
        return _set_up_page(call, waiting, inside(call.request.query_params.get("next", "/")))

    @post("/set-up", perm=PUBLIC, sync_to_thread=True)
    def begin(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """The first code proves it: the recovery codes are shown, and the house is open."""
        posted = Posted.read(data)
        waiting, on = _waiting(call, SET_UP), inside(posted.text("next"))
        if waiting is None:
            return go("/sign-in")
        codes = prove(call.session, call.town, waiting.user, posted.text("code"), call.now)
        if codes is None:
            return _set_up_page(call, waiting, on, WRONG, 422)
        view = CodesView(tuple(codes), waiting.user.login_name, say_instant(call.now), at_home(on, waiting.user.roles))
        answer = render(call.request, "accounts/recovery_codes.html", "予備の番号", view)
        return give_cookie(call.request, answer, go_in(call.session, waiting, call.now))


def _waiting(call: Call, stage: str) -> AuthSession | None:
    token = token_of(call.request)
    row = find_waiting(call.session, token, stage, call.now) if token else None
    # Somebody has set one up meanwhile: from then on a password alone is shown no secret.
    return None if row and stage == SET_UP and is_in_force(call.session, row.user_id) else row


def _code_page(call: Call, on: str, problem: str = "", status: int = 200) -> Response[str]:
    return render(call.request, "accounts/code.html", "番号を入れる", CodeView(on, problem), status)


def _set_up_page(call: Call, waiting: AuthSession, on: str, problem: str = "", status: int = 200) -> Response[Any]:
    secret = offered_secret(call.session, call.town, waiting.user)
    if secret is None:
        return go("/sign-in")
    view = set_up_view(call.town, waiting.user, secret, SET_UP_PAGE, at_door=True, on=on, problem=problem)
    return render(call.request, "accounts/set_up.html", "二段階のサインイン", view, status)
