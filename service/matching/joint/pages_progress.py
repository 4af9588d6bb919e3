"""How far a joint run without a plan is, or why it came to none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.matching.joint.models import RUNNING, WAITING, JointRun
from service.matching.joint.pages_rows import Reader
from service.matching.joint.pages_words import STATES, say_nothing_kept
from service.matching.joint.service import RunView
from service.web.actor import Actor


@dataclass(frozen=True)
class Progress:
    """How far a run is: a step in words, seconds, and the proven gap as share of 1000 (None = not known yet)."""

    state: str
    step: str
    seconds: str
    done: int | None
    said: str
    is_live: bool
    may_cancel: bool


@dataclass(frozen=True)
class Refusal:
    """Why a run failed; `pairs` are decisions that contradict each other."""

    message: str
    remedy: str
    pairs: tuple[str, ...]


@dataclass(frozen=True)
class Pending:
    """A run that has no plan, or none yet."""

    progress: Progress
    refusal: Refusal | None
    nothing_kept: str


def pending_view(view: RunView, reader: Reader) -> Pending:
    """How far the run is; after a failure, what contradicts what, as far as the reader may know the people."""
    run = view.run
    progress = progress_of_run(run, view.state, view.progress, reader.actor)
    return Pending(progress, _refusal(reader, run), say_nothing_kept(view.state, run.problem))


def progress_of_run(run: JointRun, state: str, told: Mapping[str, Any], actor: Actor) -> Progress:
    """How far a run that has not ended is."""
    gap, is_live = told.get("gap"), state in (WAITING, RUNNING)
    return Progress(
        state=STATES.get(state, state),
        step=str(told.get("step", "")) or ("順番を待っています" if is_live else ""),
        seconds=f"{float(told.get('seconds', 0.0)):.0f}秒",
        done=None if gap is None else max(0, min(1000, round(1000 * (1 - float(gap))))),
        said=_say_gap(told),
        is_live=is_live,
        may_cancel=is_live and run.asked_by_id == actor.id,
    )


def _say_gap(told: Mapping[str, Any]) -> str:
    gap = told.get("gap")
    if gap is None:
        return "まだ案はありません"
    return "いまの案が最良と証明できました" if gap <= 0 else f"いまの案と、考えられる最良との差は大きくても{100 * gap:.1f}%"


def _refusal(reader: Reader, run: JointRun) -> Refusal | None:
    if not run.problem:
        return None
    named = tuple(f"{reader.name(person)} → {reader.place(opening)}" for person, opening in run.problem.get("pairs", ()))
    return Refusal(str(run.problem["message"]), str(run.problem["remedy"]), named)
