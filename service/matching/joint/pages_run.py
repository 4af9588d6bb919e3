"""What the page of one joint run shows: how far it is, its proposal, those left, what changed since the last one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.accounts.roles import RECORD_MATCHES
from service.matching.joint.asking import PIN_LABELS, Pin, PinKind
from service.matching.joint.differing import Difference, Moved, Where
from service.matching.joint.models import DONE, RUNNING, WAITING, JointRun
from service.matching.joint.pages import is_old
from service.matching.joint.pages_left import LeftView, left_view
from service.matching.joint.pages_rows import LineRow, Reader, line_row
from service.matching.joint.pages_words import LOOKS, STATES, LevelLine, level_lines, say_nothing_kept, say_proof, say_times
from service.matching.joint.service import RunView
from service.matching.joint.stored import times_of
from service.resources.words import say_instant
from service.web.actor import Actor

PAGE_SIZE: Final = 50
PROPOSAL, LEFT, CHANGES = "ok", "no", "same"


@dataclass(frozen=True)
class Progress:
    """How far a run is: a step in words, seconds, and the proven gap as share of 1000 (None = not known yet)."""

    run_id: str
    state: str
    step: str
    seconds: str
    done: int | None
    said: str
    is_live: bool
    may_cancel: bool


@dataclass(frozen=True)
class Tab:
    """One part of the result."""

    key: str
    sign: str
    label: str
    count: str
    href: str
    current: bool


@dataclass(frozen=True)
class PinRow:
    """Something decided beforehand."""

    value: str
    said: str


@dataclass(frozen=True)
class ChangeRow:
    """What changed for one person since the run before."""

    name: str
    said: str


@dataclass(frozen=True)
class Settled:
    """What came of accepting one line: done or not, and what has changed since the run."""

    name: str
    place: str
    is_done: bool
    said: tuple[str, ...]


@dataclass(frozen=True)
class Before:
    """The difference to the run before, and whose proposals of then were accepted."""

    found: Difference
    accepted: frozenset[str]


@dataclass(frozen=True)
class RunPage:
    """One joint run."""

    id: str
    at: str
    author: str
    size: str
    state: str
    state_label: str
    look: str
    is_old: bool
    proof: str
    is_proven: bool
    progress: Progress | None
    problem: tuple[str, str, tuple[str, ...]] | None
    nothing_kept: str
    tabs: tuple[Tab, ...]
    tab: str
    lines: tuple[LineRow, ...]
    left: LeftView
    hidden: int
    levels: tuple[LevelLine, ...]
    pins: tuple[PinRow, ...]
    changes: tuple[ChangeRow, ...]
    same: int
    because: tuple[str, ...]
    parent: str
    settled: tuple[Settled, ...]
    reasons: tuple[tuple[str, str], ...]
    accepted: int
    open_lines: int
    number: int
    pages: int
    may_record: bool
    once: str


def run_page(
    view: RunView,
    reader: Reader,
    *,
    tab: str,
    number: int,
    once: str,
    before: Before | None,
    settled: Sequence[Settled] = (),
) -> RunPage:
    """Everything the page of a run shows to this reader."""
    run, counts = view.run, view.run.counts
    is_done = view.state == DONE
    chosen = tab if tab in (PROPOSAL, LEFT) or (tab == CHANGES and before) else PROPOSAL
    first = (number - 1) * PAGE_SIZE
    shown = view.lines[first : first + PAGE_SIZE]
    may_record = RECORD_MATCHES.allows(reader.actor)
    left = left_view(reader, view.left, with_proposals=True) if is_done and chosen == LEFT else LeftView()
    return RunPage(
        id=run.id,
        at=say_instant(run.asked_at),
        author=run.author,
        size=f"{counts['people']}人 × {counts['openings']}枠" if is_done else "",
        state=view.state,
        state_label=STATES.get(view.state, view.state),
        look=LOOKS.get(view.state, ""),
        is_old=is_done and is_old(run, reader.loaded.version),
        proof=say_proof(run) if is_done else "",
        is_proven=run.is_proven,
        progress=None if is_done else progress_of_run(run, view.state, view.progress, reader.actor),
        problem=_problem(reader, run),
        nothing_kept=say_nothing_kept(view.state, run.problem),
        tabs=tuple(_tabs(run, chosen, before)) if is_done else (),
        tab=chosen,
        lines=tuple(line_row(reader, line) for line in shown) if chosen == PROPOSAL else (),
        left=left,
        hidden=view.hidden,
        levels=level_lines(run.attained) if is_done else (),
        pins=tuple(pin_row(reader, pin) for pin in view.ask.pins),
        changes=tuple(_change(reader, moved, before) for moved in before.found.changes)
        if before and chosen == CHANGES
        else (),
        same=before.found.same if before else 0,
        because=before.found.because if before else (),
        parent=run.parent_id or "",
        settled=tuple(settled),
        reasons=tuple(reader.reasons.items()),
        accepted=sum(line.accepted_at is not None for line in view.lines),
        open_lines=sum(line.accepted_at is None and line.declined_at is None for line in view.lines),
        number=number,
        pages=max(-(-len(view.lines) // PAGE_SIZE), 1),
        may_record=may_record,
        once=once,
    )


def progress_of_run(run: JointRun, state: str, told: Mapping[str, Any], actor: Actor) -> Progress:
    """How far a run that has not ended is."""
    gap, is_live = told.get("gap"), state in (WAITING, RUNNING)
    return Progress(
        run_id=run.id,
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


def _problem(reader: Reader, run: JointRun) -> tuple[str, str, tuple[str, ...]] | None:
    """Why a run failed; contradictory decisions are named, as far as the reader may know the people."""
    if not run.problem:
        return None
    named = tuple(f"{reader.name(person)} → {reader.place(opening)}" for person, opening in run.problem.get("pairs", ()))
    return str(run.problem["message"]), str(run.problem["remedy"]), named


def _tabs(run: JointRun, chosen: str, before: Before | None) -> Iterable[Tab]:
    counts, here = run.counts, f"/joint/{run.id}"
    yield Tab(PROPOSAL, "○", "行き先の案", f"{counts['placed']}人", f"{here}?tab={PROPOSAL}", chosen == PROPOSAL)
    left = counts.get("left", counts["people"] - counts["placed"])
    yield Tab(LEFT, "×", "残る人", f"{left}人", f"{here}?tab={LEFT}", chosen == LEFT)
    if before is not None:
        yield Tab(CHANGES, "", "前回との違い", f"{len(before.found.changes)}人", f"{here}?tab={CHANGES}", chosen == CHANGES)


def pin_row(reader: Reader, pin: Pin) -> PinRow:
    """A decision in words, and as the form sends it again."""
    value = ":".join([pin.kind, pin.person_id, pin.opening_id, _or_empty(pin.weekday), _or_empty(pin.start_min)])
    label = PIN_LABELS[PinKind(pin.kind)]
    return PinRow(value, f"{label}：{reader.name(pin.person_id)} → {reader.place(pin.opening_id)}")


def _or_empty(number: int | None) -> str:
    return "" if number is None else str(number)


def _change(reader: Reader, moved: Moved, earlier: Before) -> ChangeRow:
    before, after = (_places(reader, places) for places in (moved.before, moved.after))
    said = {
        "moved": f"{before} から {after} に変わりました",
        "new": f"新しく {after} が案になりました",
        "lost": f"{before} がなくなりました",
    }[moved.kind]
    if moved.kind == "lost" and moved.person_id in earlier.accepted:
        said = f"{before} の候補に決まったので、今回は入っていません"
    return ChangeRow(reader.name(moved.person_id), f"{said}{'（' + moved.why + '）' if moved.why else ''}")


def _places(reader: Reader, places: Sequence[Where]) -> str:
    return "、".join(f"{reader.place(opening)}（{say_times(times_of(times))}）" for opening, times in places)
