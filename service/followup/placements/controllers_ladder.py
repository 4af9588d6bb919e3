"""設定 of the ladder: names, deadlines, steps to leave out, reasons to decline; every save is a new version."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import func, select

from service.accounts.roles import EDIT_SETTINGS, READ_SETTINGS
from service.cases.models import LadderVersion, Placement
from service.cases.placements import LIVE, SIDES
from service.followup.placements.forms_ladder import CONSEQUENCES, LIMIT_WORDS, read_ladder
from service.followup.placements.ladder import ALWAYS_THERE, FINAL, MAY_BE_LEFT_OUT, Ladder
from service.followup.placements.ladders import current_ladder, keep_ladder
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.resources.sending import done, sent_before
from service.resources.words import say_instant
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import typed_text, version_of

HERE = "/settings/ladder"
TITLE = "打診から定着までの設定"
SHOWN_VERSIONS = 20


@dataclass(frozen=True)
class StepLine:
    """One step to edit."""

    key: str
    label: str
    deadline: str
    stall: str
    has_days: bool
    may_be_left_out: bool
    is_used: bool


@dataclass(frozen=True)
class ReasonLine:
    """One reason to edit."""

    key: str
    label: str
    consequence: str
    days: str
    needs_note: bool
    is_fixed: bool
    is_used: bool


@dataclass(frozen=True)
class LimitLine:
    """One number of the town."""

    key: str
    label: str
    unit: str
    text: str


@dataclass(frozen=True)
class LadderView:
    """The page."""

    steps: tuple[StepLine, ...]
    reasons: tuple[tuple[str, tuple[ReasonLine, ...]], ...]
    limits: tuple[LimitLine, ...]
    consequences: tuple[tuple[str, str], ...]
    sides: tuple[tuple[str, str], ...]
    new: dict[str, str]
    problems: tuple[str, ...]
    running: int
    history: tuple[tuple[str, str, str], ...]
    version: int
    may_edit: bool
    once: str


class LadderSettings(Controller):
    """The ladder of the town."""

    path = HERE

    @get(perm=READ_SETTINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The ladder in force."""
        return render(call.request, "followup/ladder.html", TITLE, _view(call, current_ladder(call.session)))

    @post(perm=EDIT_SETTINGS, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A new version for what begins from now on; what cannot be read stays typed."""
        posted, before = Posted.read(data), current_ladder(call.session)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        if version_of(posted.text("_version")) != before.version:
            raise Conflict()
        typed = read_ladder(posted, before)
        if typed.problems:
            view = _view(call, before, posted, typed.problems)
            return render(call.request, "followup/ladder.html", TITLE, view, status=422)
        if typed.ladder == before:
            return done(call.session, call.actor, posted, call.now, HERE, "nothing-to-save")
        keep_ladder(call.session, call.actor, typed.ladder, call.now)
        return done(call.session, call.actor, posted, call.now, HERE)


def _view(call: Call, ladder: Ladder, posted: Posted | None = None, problems: tuple[str, ...] = ()) -> LadderView:
    def shown(name: str, kept: object) -> str:
        return typed_text(posted.text(name), 40) if posted else "" if kept is None else str(kept)

    def is_on(name: str, kept: bool) -> bool:
        return posted.text(name) == "1" if posted else kept

    steps = tuple(
        StepLine(
            each.key, shown(f"step-{each.key}", each.label), shown(f"deadline-{each.key}", each.deadline_days),
            shown(f"stall-{each.key}", each.stall_days), each.key not in FINAL, each.key in MAY_BE_LEFT_OUT,
            is_on(f"use-{each.key}", each.is_used),
        )
        for each in ladder.steps
    )  # fmt: skip
    reasons = {
        side: tuple(
            ReasonLine(
                each.key, shown(f"reason-{each.key}", each.label), shown(f"then-{each.key}", each.consequence),
                shown(f"days-{each.key}", each.days or None), is_on(f"note-{each.key}", each.needs_note),
                each.key in ALWAYS_THERE, is_on(f"offer-{each.key}", each.is_used),
            )
            for each in ladder.declines
            if each.side == side
        )
        for side in SIDES
    }  # fmt: skip
    return LadderView(
        steps=steps,
        reasons=tuple((SIDES[side], lines) for side, lines in reasons.items()),
        limits=tuple(
            LimitLine(key, label, unit, shown(f"limit-{key}", getattr(ladder, key)))
            for key, (label, unit) in LIMIT_WORDS.items()
        ),
        consequences=tuple((str(key), word) for key, word in CONSEQUENCES.items()),
        sides=tuple(SIDES.items()),
        new={name: shown(name, None) for name in ("new", "new-side", "then-new", "days-new")},
        problems=problems,
        running=_running(call),
        history=_history(call),
        version=ladder.version,
        may_edit=EDIT_SETTINGS.allows(call.actor),
        once=new_id(),
    )


def _running(call: Call) -> int:
    """How many are on their way, under whatever version: they keep theirs."""
    return call.session.scalar(select(func.count(Placement.id)).where(Placement.step.in_(LIVE))) or 0


def _history(call: Call) -> tuple[tuple[str, str, str], ...]:
    newest = select(LadderVersion).order_by(LadderVersion.seq.desc()).limit(SHOWN_VERSIONS)
    counts = select(Placement.ladder_version, func.count(Placement.id)).where(Placement.step.in_(LIVE))
    under = {row[0]: row[1] for row in call.session.execute(counts.group_by(Placement.ladder_version))}
    lines = [(row.seq, say_instant(row.at), row.author, f"第{row.seq}版") for row in call.session.scalars(newest)]
    return tuple(
        (at, who, f"{text}（進んでいる{under.get(seq, 0)}件がこの版）")
        for seq, at, who, text in (*lines, (0, "", "", "はじめの版"))
    )
