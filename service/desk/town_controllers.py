"""設定 of 市の決めごと: deadlines, names and who decides, and beside them every value that stands elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.desk.town_defaults import DefaultLine, default_lines
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.resources.sending import done, sent_before
from service.resources.town_words import Setting, keep_town, settings, town_settings
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import expect_version, typed_text

HERE: Final = "/settings/town"
GROUPS: Final = {"numbers": "期限と数", "choices": "だれが決めるか", "words": "呼び名", "bodies": "分野の会議"}


@dataclass(frozen=True)
class SettingLine:
    """One thing to decide, as typed or as it is."""

    setting: Setting
    value: str


@dataclass(frozen=True)
class TownView:
    """Everything a town decides here, in groups, and what it decides elsewhere."""

    groups: tuple[tuple[str, tuple[SettingLine, ...]], ...]
    elsewhere: tuple[DefaultLine, ...]
    version: int
    may_edit: bool
    once: str
    problem: str


class TownSettingsPages(Controller):
    """What holds in this town."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """As it is."""
        return _page(call)

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A new version; days that were already set stay as they are."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            expect_version(posted.text("_version"), town_settings(call.session).version)
            typed = _typed(posted)
        except DomainError as problem:
            return _page(call, posted, str(problem), problem.status)
        keep_town(call.session, call.actor, typed, call.now)
        return done(call.session, call.actor, posted, call.now, HERE)


def _typed(posted: Posted) -> dict[str, str]:
    typed = {}
    for key, setting in settings().items():
        if key in posted:
            try:
                typed[key] = setting.read(posted.text(key))
            except ValueError as problem:
                raise DomainError(f"{setting.label}：読めませんでした。", str(problem), "setting", 422) from problem
    return typed


def _group(setting: Setting) -> str:
    if setting.key.startswith("body."):
        return "bodies"
    return "numbers" if setting.is_number else "words" if setting.options is None else "choices"


def _page(call: Call, posted: Posted | None = None, problem: str = "", status: int = 200) -> Response[str]:
    known = town_settings(call.session)
    lines = [
        SettingLine(each, typed_text(posted.text(key), 100) if posted and key in posted else known.word(key))
        for key, each in settings().items()
    ]
    groups = tuple(
        (label, tuple(line for line in lines if _group(line.setting) == group)) for group, label in GROUPS.items()
    )
    view = TownView(groups, default_lines(call.session), known.version, EDIT_SETTINGS.allows(call.actor), new_id(), problem)
    return render(call.request, "desk/town.html", "市の決めごと", view, status)
