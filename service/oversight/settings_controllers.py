"""サインインと緊急のとき: how long an opening lasts, and whose sign-in takes a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.doors import LONGEST, MAY_NEED_FACTOR, SHORTEST, access_setting, save_access
from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS, ROLE_LABELS
from service.kernel.errors import Conflict
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import version_of


@dataclass(frozen=True)
class AccessView:
    """The setting as it stands or as it was typed; `theirs` is what somebody saved meanwhile."""

    minutes: str
    roles: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    version: int
    may_edit: bool
    shortest: int = SHORTEST
    longest: int = LONGEST
    problem: str = ""
    theirs: tuple[str, str] = ("", "")


class AccessSettings(Controller):
    """サインインと緊急のとき."""

    path = "/settings/access"

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """What holds."""
        row = access_setting(call.session)
        return _page(call, str(row.glass_minutes), tuple(row.factor_roles), row.version)

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Keep it; what was typed is not lost when somebody saved first."""
        posted = Posted.read(data)
        minutes, roles = posted.text("minutes").strip(), tuple(r for r in MAY_NEED_FACTOR if r in posted.getlist("roles"))
        version = version_of(posted.text("_version"))
        if not (minutes.isascii() and minutes.isdigit() and len(minutes) < 5 and SHORTEST <= int(minutes) <= LONGEST):
            return _page(call, minutes[:10], roles, version, f"{SHORTEST}〜{LONGEST}の数で入れてください。", status=422)
        try:
            save_access(call.session, version, int(minutes), list(roles))
        except Conflict:
            row = access_setting(call.session)
            theirs = (f"{row.glass_minutes}分", _say(row.factor_roles))
            return _page(call, minutes, roles, row.version, theirs=theirs, status=409)
        return go("/settings/access", "saved")


def _page(
    call: Call, minutes: str, roles: tuple[str, ...], version: int, problem: str = "", theirs: tuple[str, str] = ("", ""),
    status: int = 200,
) -> Response[str]:  # fmt: skip
    choices = tuple((role, ROLE_LABELS[role]) for role in MAY_NEED_FACTOR)
    may_edit = EDIT_SETTINGS.allows(call.actor)
    view = AccessView(minutes, roles, choices, version, may_edit, problem=problem, theirs=theirs)
    return render(call.request, "oversight/access.html", "サインインと緊急のとき", view, status)


def _say(roles: list[str]) -> str:
    return "・".join(ROLE_LABELS.get(role, role) for role in roles) or "だれにも求めない"
