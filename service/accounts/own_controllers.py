"""自分のアカウント: one's own password, second factor and open sign-ins; nobody else's."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.brake import brake_of, press
from service.accounts.cookies import token_of
from service.accounts.models import AuthSession, User
from service.accounts.own_pages import account_view
from service.accounts.passwords import NewPasswordForm, ProofForm, weakness_of
from service.accounts.roles import LEAVE
from service.accounts.second.controllers import WRONG
from service.accounts.second.keeping import (
    is_in_force,
    is_required,
    offer,
    offered_secret,
    passes,
    prove,
    renew_codes,
    take_away,
)
from service.accounts.second.pages import CodesView, set_up_view
from service.accounts.sessions import FREE_TRIES, digest, end_others, hash_password, verifies
from service.kernel.audit import note
from service.kernel.dates import say_instant
from service.kernel.errors import DomainError, NotFound
from service.web.call import Call
from service.web.forms import FormBody, Posted, said
from service.web.page import go, render
from service.web.params import FromPath, known_id

HERE, SET_UP = "/account", "/account/second-factor"


class OwnAccount(Controller):
    """Everybody who signs in has this page."""

    path = HERE

    @get(perm=LEAVE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """How I sign in, and where I am signed in."""
        return _page(call)

    @post("/password", perm=LEAVE, sync_to_thread=True)
    def change(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A new password; every other sign-in of mine ends."""
        form, user = NewPasswordForm(Posted.read(data), prefix="n-"), _me(call)
        if not form.validate():
            return _page(call, change=form, status=422)
        if not _proven(call, user, form.password.data or ""):
            form.password.errors = ["いまのパスワードが違います。"]
            return _page(call, change=form, status=422)
        if weakness := weakness_of(form.new.data or "", user.login_name, call.town.name):
            form.new.errors = [weakness]
            return _page(call, change=form, status=422)
        user.password_hash = hash_password(form.new.data or "")
        end_others(call.session, user.id, _own_session(call), call.now)
        return go(HERE, "password-changed")

    @post("/sessions/{session_id:str}/end", perm=LEAVE, sync_to_thread=True)
    def end(self, call: NamedDependency[Call], session_id: FromPath[str]) -> Response[Any]:
        """End one of my other sign-ins."""
        row = call.session.get(AuthSession, known_id(session_id))
        if row is None or row.user_id != call.actor.id:
            raise NotFound()
        if row.revoked_at is None:
            row.revoked_at = call.now
            note(call.session, "sign-out-others", "user", call.actor.id)
        return go(HERE, "signed-out-there")

    @post("/sessions/end-others", perm=LEAVE, sync_to_thread=True)
    def end_all(self, call: NamedDependency[Call]) -> Response[Any]:
        """End every sign-in of mine but this one."""
        end_others(call.session, call.actor.id, _own_session(call), call.now)
        return go(HERE, "signed-out-there")

    @post("/second-factor", perm=LEAVE, sync_to_thread=True)
    def begin(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """With the password once more, and a code where one is asked for: set up, set up anew, take away, new recovery codes."""
        posted, user = Posted.read(data), _me(call)
        form = ProofForm(posted, prefix="p-")
        if not form.validate() or not _proven(call, user, form.password.data or ""):
            form.password.errors = form.password.errors or ["パスワードが違います。"]
            return _page(call, proof=form, status=422)
        if not is_in_force(call.session, user.id):
            offer(call.session, user)
            return go(SET_UP)
        if not passes(call.session, call.town, user, said(form.code), call.now):
            form.code.errors = [f"{WRONG}アプリの次の番号か、予備の番号を入れてください。"]
            return _page(call, proof=form, status=422)
        match posted.text("what"):
            case "codes":
                return _codes_page(call, user, renew_codes(call.session, call.town, user))
            case "off":
                return _taken_away(call, user)
            case _:
                offer(call.session, user)
                return go(SET_UP)

    @get("/second-factor", perm=LEAVE, sync_to_thread=True)
    def offer(self, call: NamedDependency[Call]) -> Response[Any]:
        """The square of the factor I am setting up."""
        return _set_up_page(call)

    @post("/second-factor/prove", perm=LEAVE, sync_to_thread=True)
    def prove(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Its first code; from here on it is asked for."""
        user = _me(call)
        codes = prove(call.session, call.town, user, Posted.read(data).text("code"), call.now)
        if codes is None:
            return _set_up_page(call, WRONG, 422)
        end_others(call.session, user.id, _own_session(call), call.now)
        return _codes_page(call, user, codes)


def _me(call: Call) -> User:
    return call.session.get_one(User, call.actor.id)


def _own_session(call: Call) -> str:
    return digest(token_of(call.request) or "")


def _proven(call: Call, user: User, password: str) -> bool:
    """Whether this is the password of whoever sits here; guessing is braked as at the door."""
    brake = brake_of(call.session, f"own|{user.id}", call.now, "パスワードの間違いが続いたため、少し待つ必要があります。")
    if not verifies(user.password_hash, password):
        press(brake, call.now, FREE_TRIES)
        return False
    brake.failures, brake.blocked_until = 0, call.now
    return True


def _taken_away(call: Call, user: User) -> Response[Any]:
    if is_required(call.session, user):
        raise DomainError(
            "あなたの役割では、二段階のサインインをやめられません。",
            "スマートフォンを替えるときは、「新しいスマートフォンで設定し直す」を使ってください。",
            "second-factor-required",
            409,
        )
    take_away(call.session, user)
    return go(HERE, "second-factor-off")


def _page(
    call: Call, proof: ProofForm | None = None, change: NewPasswordForm | None = None, status: int = 200
) -> Response[str]:
    return render(call.request, "accounts/account.html", "自分のアカウント", account_view(call, proof, change), status)


def _set_up_page(call: Call, problem: str = "", status: int = 200) -> Response[Any]:
    user = _me(call)
    secret = offered_secret(call.session, call.town, user)
    if secret is None:
        return go(HERE)
    view = set_up_view(call.town, user, secret, f"{SET_UP}/prove", at_door=False, on=HERE, problem=problem)
    return render(call.request, "accounts/set_up.html", "二段階のサインイン", view, status)


def _codes_page(call: Call, user: User, codes: list[str]) -> Response[str]:
    view = CodesView(tuple(codes), user.login_name, say_instant(call.now), HERE)
    return render(call.request, "accounts/recovery_codes.html", "予備の番号", view)
