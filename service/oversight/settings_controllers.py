"""緊急のとき: how long an emergency opening lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.doors import LONGEST, SHORTEST, access_setting, save_access
from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.kernel.digits import whole
from service.kernel.errors import Conflict
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import go, render
from service.web.params import typed_text, version_of


@dataclass(frozen=True)
class AccessView:
    """The setting as it stands or as it was typed; `theirs` is what somebody saved meanwhile."""

    minutes: str
    version: int
    may_edit: bool
    shortest: int = SHORTEST
    longest: int = LONGEST
    problem: str = ""
    theirs: str = ""


class AccessSettings(Controller):
    """緊急のとき."""

    path = "/settings/access"

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """What holds."""
        row = access_setting(call.session)
        return _page(call, str(row.glass_minutes), row.version)

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Keep it; what was typed is not lost when somebody saved first."""
        posted = Posted.read(data)
        minutes, version = typed_text(posted.text("minutes"), 10), version_of(posted.text("_version"))
        length = whole(minutes, LONGEST, SHORTEST)
        if length is None:
            return _page(call, minutes, version, f"{SHORTEST}〜{LONGEST}の数で入れてください。", status=422)
        try:
            save_access(call.session, version, length)
        except Conflict:
            row = access_setting(call.session)
            return _page(call, minutes, row.version, theirs=f"{row.glass_minutes}分", status=409)
        return go("/settings/access", "saved")


def _page(call: Call, minutes: str, version: int, problem: str = "", theirs: str = "", status: int = 200) -> Response[str]:
    view = AccessView(minutes, version, EDIT_SETTINGS.allows(call.actor), problem=problem, theirs=theirs)
    return render(call.request, "oversight/access.html", "緊急のとき", view, status)
