"""What the pages of the exchange show: the way to hand files over, what a file would do, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.followup.exchange.exchanging import IN, LABELS, outcome_of
from service.kernel.dates import say_instant
from service.kernel.errors import NotFound
from service.resources.exchange.incoming import Bad, Change, Clash, Outcome
from service.resources.exchange.sealing import DIRECTIONS
from service.resources.files import ExchangedFile
from service.web.actor import Town

SHOWN: Final = 50
MOST_CHANGES: Final = 200


@dataclass(frozen=True)
class FileRow:
    """One file of the history."""

    href: str
    what: str
    at: str
    by: str
    said: str
    to_see: int


@dataclass(frozen=True)
class ExchangeView:
    """Handing files over."""

    has_key: bool
    problem: str
    once: str
    files: tuple[FileRow, ...]


@dataclass(frozen=True)
class LookView:
    """What a file would do, or has done; `action` while it may still be taken or left."""

    action: str
    name: str
    counts: tuple[tuple[str, int], ...]
    clashes: tuple[Clash, ...]
    bad: tuple[Bad, ...]
    changes: tuple[Change, ...]
    more: int
    writes: bool


def exchange_view(session: Session, town: Town, once: str, problem: str = "") -> ExchangeView:
    """The two buttons and the newest files."""
    newest = select(ExchangedFile).order_by(ExchangedFile.at.desc(), ExchangedFile.id).limit(SHOWN)
    rows = tuple(_row(each) for each in session.scalars(newest))
    return ExchangeView(town.exchange_key is not None, problem, once, rows)


def look_view(action: str, name: str, counts: Mapping[str, Any]) -> LookView:
    """A file that is looked at before it is taken in."""
    # Also a file without a change is worth taking: what it knows of ours is not asked for again.
    return _view(action, name, outcome_of(counts))


def file_view(session: Session, file_id: str) -> LookView:
    """A file that was taken in; one that was handed over has nothing to show, and is NotFound like an absent one."""
    file = session.get(ExchangedFile, file_id)
    if file is None or not file.direction.endswith(IN):
        raise NotFound()
    return _view("", f"{say_instant(file.at)}　{file.by}", outcome_of(file.counts))


def _view(action: str, name: str, outcome: Outcome) -> LookView:
    shown = tuple(outcome.changes[:MOST_CHANGES])
    more = len(outcome.changes) - len(shown)
    clashes, bad = tuple(outcome.clashes), tuple(outcome.bad)
    return LookView(action, name, _counts(outcome), clashes, bad, shown, more, writes=bool(action))


def _counts(outcome: Outcome) -> tuple[tuple[str, int], ...]:
    taken = tuple((LABELS[kind], number) for kind, number in outcome.taken.items())
    clashes, bad = ("行きちがい", len(outcome.clashes)), ("取り込めない行", len(outcome.bad))
    return (*taken, ("変更なし", outcome.unchanged), clashes, bad)


def _row(file: ExchangedFile) -> FileRow:
    direction, _, way = file.direction.partition(" ")
    at = say_instant(file.at)
    if way != IN:
        return FileRow("", f"{DIRECTIONS[direction]}渡した", at, file.by, f"{file.counts['lines']}行", 0)
    outcome = outcome_of(file.counts)
    said = "・".join(f"{LABELS[kind]} {number}件" for kind, number in outcome.taken.items()) or "変更なし"
    to_see = len(outcome.clashes) + len(outcome.bad)
    return FileRow(f"/exchange/files/{file.id}", "受け取った", at, file.by, said, to_see)
