"""設定 of the planner: every number of a town with what it is called; each save is a new version."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.followup.planning.numbers import CLOCK, LABELS, Numbers, current_numbers, shipped, sources
from service.followup.policies import PLANNER
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.kernel.slots import SlotProblem, format_time, parse_time
from service.resources.policies import keep
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import expect_version

HERE: Final = "/settings/planner"
MAY_BE_EMPTY: Final = frozenset({"office_lat", "office_lon"})


@dataclass(frozen=True)
class NumberLine:
    """One number to edit."""

    name: str
    label: str
    value: str
    is_clock: bool
    source: str
    shipped: str


@dataclass(frozen=True)
class PlannerView:
    """Every number."""

    lines: tuple[NumberLine, ...]
    version: int
    may_edit: bool
    once: str
    problem: str


class PlannerSettings(Controller):
    """The numbers in force."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """As they are."""
        return _page(call)

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A new version; plans asked for from now on use it."""
        posted, known = Posted.read(data), current_numbers(call.session)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            expect_version(posted.text("_version"), known.version)
            made = _read(posted, known)
        except DomainError as problem:
            return _page(call, posted, str(problem), problem.status)
        keep(call.session, call.actor, PLANNER, made.to_json(), call.now)
        return done(call.session, call.actor, posted, call.now, HERE)


def _read(posted: Posted, known: Numbers) -> Numbers:
    values = {name: _number(name, posted.text(name), known.get(name)) for name in LABELS if name in posted}
    try:
        return known.changed(values)
    except ValueError:
        raise DomainError(
            "この数では、一日を組めません。", "勤務の時刻、昼休みの幅、日数と件数の範囲を確かめてください。", "planner", 422
        ) from None


def _number(name: str, text: str, kept: object) -> Any:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain and name in MAY_BE_EMPTY:
        return None
    if name in CLOCK:
        return _clock(name, plain)
    try:
        found = float(plain)
    except ValueError:
        found = float("nan")
    if not abs(found) < 100_000:
        raise DomainError(f"{LABELS[name]}：「{plain}」は数として読めません。", "数字で入れてください。", "number", 422)
    return int(found) if isinstance(kept, int) and not isinstance(kept, bool) else found


def _clock(name: str, text: str) -> int:
    try:
        found = parse_time(text)
    except SlotProblem as problem:
        raise DomainError(f"{LABELS[name]}：{problem.message}", problem.remedy, "clock", 422) from problem
    if found is None:
        raise DomainError(f"{LABELS[name]}：時刻を読めませんでした。", "「8:30」のように入れてください。", "clock", 422)
    return found


def _page(call: Call, posted: Posted | None = None, problem: str = "", status: int = 200) -> Response[str]:
    known = current_numbers(call.session)
    lines = tuple(
        NumberLine(
            name,
            label,
            posted.text(name) if posted else _say(name, known.get(name)),
            name in CLOCK,
            sources()[name],
            _say(name, shipped().get(name)),
        )
        for name, label in LABELS.items()
    )
    view = PlannerView(lines, known.version, EDIT_SETTINGS.allows(call.actor), new_id(), problem)
    return render(call.request, "followup/planner_settings.html", "組み立ての数", view, status)


def _say(name: str, value: Any) -> str:
    if value is None:
        return ""
    return format_time(value) if name in CLOCK else f"{value:.10g}"
