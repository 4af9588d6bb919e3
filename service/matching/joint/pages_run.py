"""What the page of one joint run shows: its head, how far it is or its proposal, those left, what changed since the last one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from service.accounts.roles import RECORD_MATCHES
from service.kernel.dates import say_instant
from service.matching.joint.asking import PIN_LABELS, Pin, PinKind
from service.matching.joint.differing import Comparison
from service.matching.joint.models import DONE, JointRun
from service.matching.joint.pages import is_old
from service.matching.joint.pages_changes import ChangesView, changes_view
from service.matching.joint.pages_left import LeftView, left_view
from service.matching.joint.pages_progress import Pending, pending_view
from service.matching.joint.pages_rows import LineRow, Reader, line_row
from service.matching.joint.pages_words import LOOKS, STATES, LevelLine, level_lines, say_proof
from service.matching.joint.service import RunView

PAGE_SIZE: Final = 50
PROPOSAL, LEFT, CHANGES = "ok", "no", "same"


@dataclass(frozen=True)
class Head:
    """Which run it is, who asked for it when, and how it stands."""

    id: str
    at: str
    author: str
    size: str
    state: str
    look: str
    is_old: bool


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
class Proposal:
    """A page of the lines, and the reasons one may be left aside for."""

    lines: tuple[LineRow, ...]
    reasons: tuple[tuple[str, str], ...]
    number: int
    pages: int


@dataclass(frozen=True)
class Proof:
    """What each aim attained, and how far that is proven."""

    said: str
    is_proven: bool
    levels: tuple[LevelLine, ...]


@dataclass(frozen=True)
class PinRow:
    """Something decided beforehand."""

    value: str
    said: str


@dataclass(frozen=True)
class Settled:
    """What came of accepting one line: done or not, and what has changed since the run."""

    name: str
    place: str
    is_done: bool
    said: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """A run that came to a plan; of `proposal`, `left` and `changes` the one whose tab is open is there."""

    tabs: tuple[Tab, ...]
    settled: tuple[Settled, ...]
    hidden: int
    proposal: Proposal | None
    left: LeftView | None
    changes: ChangesView | None
    proof: Proof
    pins: tuple[PinRow, ...]


@dataclass(frozen=True)
class RunPage:
    """One joint run: without a plan it is pending, with one there is a result."""

    head: Head
    pending: Pending | None
    result: Result | None
    may_record: bool
    once: str


def run_page(
    view: RunView,
    reader: Reader,
    *,
    tab: str,
    number: int,
    once: str,
    compared: Comparison | None,
    settled: Sequence[Settled] = (),
) -> RunPage:
    """Everything the page of a run shows to this reader."""
    is_done = view.state == DONE
    return RunPage(
        head=_head(view, reader),
        pending=None if is_done else pending_view(view, reader),
        result=_result(view, reader, tab, number, compared, settled) if is_done else None,
        may_record=RECORD_MATCHES.allows(reader.actor),
        once=once,
    )


def _head(view: RunView, reader: Reader) -> Head:
    run, counts, is_done = view.run, view.run.counts, view.state == DONE
    return Head(
        id=run.id,
        at=say_instant(run.asked_at),
        author=run.author,
        size=f"{counts['people']}人 × {counts['openings']}枠" if is_done else "",
        state=STATES.get(view.state, view.state),
        look=LOOKS.get(view.state, ""),
        is_old=is_done and is_old(run, reader.loaded.version),
    )


def _result(
    view: RunView, reader: Reader, tab: str, number: int, compared: Comparison | None, settled: Sequence[Settled]
) -> Result:
    run = view.run
    chosen = tab if tab == LEFT or (tab == CHANGES and compared) else PROPOSAL
    return Result(
        tabs=tuple(_tabs(run, chosen, compared)),
        settled=tuple(settled),
        hidden=view.hidden,
        proposal=_proposal(view, reader, number) if chosen == PROPOSAL else None,
        left=left_view(reader, view.left, with_proposals=True) if chosen == LEFT else None,
        changes=changes_view(reader, compared) if compared and chosen == CHANGES else None,
        proof=Proof(say_proof(run), run.is_proven, level_lines(run.attained)),
        pins=tuple(pin_row(reader, pin) for pin in view.ask.pins),
    )


def _proposal(view: RunView, reader: Reader, number: int) -> Proposal:
    first = (number - 1) * PAGE_SIZE
    shown = view.lines[first : first + PAGE_SIZE]
    pages = max(-(-len(view.lines) // PAGE_SIZE), 1)
    return Proposal(tuple(line_row(reader, line) for line in shown), tuple(reader.reasons.items()), number, pages)


def _tabs(run: JointRun, chosen: str, compared: Comparison | None) -> Iterable[Tab]:
    counts, here = run.counts, f"/joint/{run.id}"
    yield Tab(PROPOSAL, "○", "行き先の案", f"{counts['placed']}人", f"{here}?tab={PROPOSAL}", chosen == PROPOSAL)
    left = counts.get("left", counts["people"] - counts["placed"])
    yield Tab(LEFT, "×", "残る人", f"{left}人", f"{here}?tab={LEFT}", chosen == LEFT)
    if compared is not None:
        yield Tab(CHANGES, "", "前回との違い", f"{len(compared.changed)}人", f"{here}?tab={CHANGES}", chosen == CHANGES)


def pin_row(reader: Reader, pin: Pin) -> PinRow:
    """A decision in words, and as the form sends it again."""
    value = ":".join([pin.kind, pin.person_id, pin.opening_id, _or_empty(pin.weekday), _or_empty(pin.start_min)])
    label = PIN_LABELS[PinKind(pin.kind)]
    return PinRow(value, f"{label}：{reader.name(pin.person_id)} → {reader.place(pin.opening_id)}")


def _or_empty(number: int | None) -> str:
    return "" if number is None else str(number)
