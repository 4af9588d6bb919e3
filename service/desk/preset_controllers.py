"""設定 of whole ways of working: look at one, see what it would change here, take it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.desk.presets import Difference, Preset, apply_preset, differences, presets
from service.kernel.db import new_id
from service.kernel.errors import Conflict, NotFound
from service.resources.sending import done, sent_before
from service.resources.town_words import town_settings
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, expect_version

HERE: Final = "/settings/presets"


@dataclass(frozen=True)
class PresetsView:
    """The ways there are, each with how much it would change here."""

    lines: tuple[tuple[Preset, int], ...]


@dataclass(frozen=True)
class PresetView:
    """One way, and all it would change here."""

    preset: Preset
    changes: tuple[Difference, ...]
    version: int
    may_edit: bool
    once: str
    problem: str


class PresetPages(Controller):
    """Ways of working to begin from."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """The ways shipped."""
        lines = tuple((each, len(differences(call.session, each))) for each in presets().values())
        return render(call.request, "desk/presets.html", "ほかの市のやり方", PresetsView(lines))

    @get("/{preset_key:str}", perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], preset_key: FromPath[str]) -> Response[str]:
        """What this one would change; nothing is written."""
        return _page(call, _known(preset_key))

    @post("/{preset_key:str}", perm=EDIT_SETTINGS, sync_to_thread=True)
    def apply(self, call: NamedDependency[Call], preset_key: FromPath[str], data: FormBody) -> Response[Any]:
        """Take it over, unless somebody has changed the town meanwhile."""
        posted, chosen = Posted.read(data), _known(preset_key)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            expect_version(posted.text("_version"), town_settings(call.session).version)
        except Conflict as moved:
            return _page(call, chosen, str(moved), moved.status)
        apply_preset(call.session, call.actor, chosen, call.now)
        return done(call.session, call.actor, posted, call.now, HERE)


def _known(key: str) -> Preset:
    found = presets().get(key)
    if found is None:
        raise NotFound()
    return found


def _page(call: Call, preset: Preset, problem: str = "", status: int = 200) -> Response[str]:
    view = PresetView(
        preset, differences(call.session, preset), town_settings(call.session).version, EDIT_SETTINGS.allows(call.actor),
        new_id(), problem,
    )  # fmt: skip
    return render(call.request, "desk/preset.html", preset.name, view, status)
