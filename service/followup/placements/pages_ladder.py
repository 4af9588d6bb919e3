"""What the settings of the ladder show: its steps, reasons and numbers as kept, or as typed where a save came back."""

from dataclasses import dataclass

from sqlalchemy import func, select

from service.accounts.roles import EDIT_SETTINGS
from service.cases.models import LadderVersion, Placement
from service.cases.placements import LIVE, SIDES
from service.followup.placements.forms_ladder import CONSEQUENCES, LIMIT_WORDS
from service.followup.placements.ladder import ALWAYS_THERE, FINAL, MAY_BE_LEFT_OUT, Ladder
from service.kernel.dates import say_instant
from service.kernel.db import new_id
from service.web.call import Call
from service.web.forms import Posted
from service.web.params import typed_text

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


class _Shown:
    """Each field as it is kept, or as it was typed."""

    def __init__(self, posted: Posted | None) -> None:
        self.posted = posted

    def text(self, name: str, kept: object) -> str:
        """What stands in a field."""
        return typed_text(self.posted.text(name), 40) if self.posted else "" if kept is None else str(kept)

    def tick(self, name: str, *, kept: bool) -> bool:
        """Whether a box is ticked."""
        return self.posted.text(name) == "1" if self.posted else kept


def ladder_view(call: Call, ladder: Ladder, posted: Posted | None = None, problems: tuple[str, ...] = ()) -> LadderView:
    """The page, with what was typed where that could not be kept."""
    shown = _Shown(posted)
    return LadderView(
        steps=_steps(ladder, shown),
        reasons=tuple((said, _reasons(ladder, side, shown)) for side, said in SIDES.items()),
        limits=tuple(
            LimitLine(key, label, unit, shown.text(f"limit-{key}", getattr(ladder, key)))
            for key, (label, unit) in LIMIT_WORDS.items()
        ),
        consequences=tuple((str(key), word) for key, word in CONSEQUENCES.items()),
        sides=tuple(SIDES.items()),
        new={name: shown.text(name, None) for name in ("new", "new-side", "then-new", "days-new")},
        problems=problems,
        running=_running(call),
        history=_history(call),
        version=ladder.version,
        may_edit=EDIT_SETTINGS.allows(call.actor),
        once=new_id(),
    )


def _steps(ladder: Ladder, shown: _Shown) -> tuple[StepLine, ...]:
    return tuple(
        StepLine(
            each.key, shown.text(f"step-{each.key}", each.label), shown.text(f"deadline-{each.key}", each.deadline_days),
            shown.text(f"stall-{each.key}", each.stall_days), each.key not in FINAL, each.key in MAY_BE_LEFT_OUT,
            shown.tick(f"use-{each.key}", kept=each.is_used),
        )
        for each in ladder.steps
    )  # fmt: skip


def _reasons(ladder: Ladder, side: str, shown: _Shown) -> tuple[ReasonLine, ...]:
    return tuple(
        ReasonLine(
            each.key, shown.text(f"reason-{each.key}", each.label), shown.text(f"then-{each.key}", each.consequence),
            shown.text(f"days-{each.key}", each.days or None), shown.tick(f"note-{each.key}", kept=each.needs_note),
            each.key in ALWAYS_THERE, shown.tick(f"offer-{each.key}", kept=each.is_used),
        )
        for each in ladder.declines
        if each.side == side
    )  # fmt: skip


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
