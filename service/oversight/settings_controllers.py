"""サインインと緊急のとき: which roles show a second factor, and how long an emergency opening lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.doors import LONGEST, SHORTEST, access_setting, save_access
from service.accounts.models import AccessSetting
from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS, ROLE_LABELS
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
    second: tuple[str, ...]
    version: int
    may_edit: bool
    roles: tuple[tuple[str, str], ...] = tuple(ROLE_LABELS.items())
    shortest: int = SHORTEST
    longest: int = LONGEST
    problem: str = ""
    theirs: tuple[tuple[str, str, str], ...] = ()


class AccessSettings(Controller):
    """緊急のとき."""

    path = "/settings/access"

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """What holds."""
        row = access_setting(call.session)
        return _page(call, _Typed(str(row.glass_minutes), tuple(row.second_factor)), row.version)

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Keep it; what was typed is not lost when somebody saved first."""
        posted = Posted.read(data)
        version = version_of(posted.text("_version"))
        typed = _Typed(
            typed_text(posted.text("minutes"), 10), tuple(r for r in ROLE_LABELS if r in posted.getlist("second"))
        )
        minutes = whole(typed.minutes, LONGEST, SHORTEST)
        if minutes is None:
            return _page(call, typed, version, f"{SHORTEST}〜{LONGEST}の数で入れてください。", status=422)
        try:
            save_access(call.session, version, minutes, list(typed.second))
        except Conflict:
            row = access_setting(call.session)
            return _page(call, typed, row.version, theirs=_differing(row, typed), status=409)
        return go("/settings/access", "saved")


@dataclass(frozen=True)
class _Typed:
    """The page's two answers."""

    minutes: str
    second: tuple[str, ...]


def _differing(row: AccessSetting, typed: _Typed) -> tuple[tuple[str, str, str], ...]:
    """What somebody saved meanwhile, beside what was typed."""
    lines = (
        ("緊急に開いていられる時間", f"{row.glass_minutes}分", f"{typed.minutes}分"),
        ("二段階のサインイン", _said(row.second_factor), _said(typed.second)),
    )
    return tuple(line for line in lines if line[1] != line[2])


def _said(roles: Sequence[str]) -> str:
    return "・".join(ROLE_LABELS[role] for role in roles if role in ROLE_LABELS) or "求めない"


def _page(
    call: Call, typed: _Typed, version: int, problem: str = "", theirs: tuple[tuple[str, str, str], ...] = (),
    status: int = 200,
) -> Response[str]:  # fmt: skip
    may_edit = EDIT_SETTINGS.allows(call.actor)
    view = AccessView(typed.minutes[:10], typed.second, version, may_edit, problem=problem, theirs=theirs)
    return render(call.request, "oversight/access.html", "サインインと緊急のとき", view, status)
