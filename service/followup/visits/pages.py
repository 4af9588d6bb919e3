"""What the record page and the histories show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.followup.placements.contacting import HOST_SAYS, PERSON_SAYS
from service.followup.placements.models import FACES, HostWord
from service.followup.placements.story import say_word
from service.followup.rhythms.rule import AT_HOST, KIND_LABELS, Kind
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import Line, line_of, say_long
from service.followup.visits.forms import FACE_CHOICES, RecordForm
from service.followup.visits.models import CONNECTED, STATES, Visit
from service.kernel.dates import say_instant
from service.kernel.db import new_id

PAGE: Final = 50
BOTH_SIDES: Final = AT_HOST | {Kind.MONITORING}


@dataclass(frozen=True)
class RecordView:
    """The form of a record."""

    line: Line
    action: str
    back: str
    form: RecordForm
    faces: tuple[tuple[str, str], ...]
    asks_host: bool
    asks_connected: bool
    last_wish: str
    once: str
    version: int
    problem: str


@dataclass(frozen=True)
class VisitRow:
    """One record in a history."""

    id: str
    follow_up_id: str
    done_on: str
    kind: str
    who: str
    person: str
    person_said: str
    wish: str
    host_said: str
    worry: str
    state: str
    note: str
    recorded: str
    is_replaced: bool
    is_beside: bool


@dataclass(frozen=True)
class HistoryView:
    """Every record of a person, or at a host."""

    title: str
    back: str
    back_label: str
    rows: tuple[VisitRow, ...]
    empty: str
    total: int
    first: int
    last: int
    number: int
    pages: int
    base: str
    words: tuple[tuple[str, str, str], ...]
    """What the host said about nobody in particular, with who of us has seen it and when."""


def record_view(
    known: Known,
    form: RecordForm,
    today: date,
    *,
    action: str = "",
    version: int | None = None,
    last_wish: str = "",
    problem: str = "",
) -> RecordView:
    """The page; a record about the person alone does not ask the host."""
    kind = Kind(known.row.kind)
    return RecordView(
        line_of(known, today), action or f"/followup/{known.row.id}/record", f"/followup/{known.row.id}", form,
        tuple(FACE_CHOICES.items()), kind in BOTH_SIDES, kind is Kind.POST_CLOSURE_CONTACT, last_wish, new_id(),
        known.row.version if version is None else version, problem,
    )  # fmt: skip


def history_view(
    title: str, back: tuple[str, str], rows: tuple[VisitRow, ...], empty: str, *, page: int, path: str, words: Sequence[HostWord] = ()
) -> HistoryView:  # fmt: skip
    """One page of a history; `page` counts from 1, one beyond the end is the last. A host's words stand on the first."""
    pages = max(1, -(-len(rows) // PAGE))
    number = min(page, pages)
    start = (number - 1) * PAGE
    shown = rows[start : start + PAGE]
    told = tuple((say_instant(each.at), each.by, _say_seen(each)) for each in words) if number == 1 else ()
    return HistoryView(
        title, *back, shown, empty, len(rows), start + 1, start + len(shown), number, pages, f"{path}?page=", told
    )


def _say_seen(word: HostWord) -> str:
    """What was said, and who has read it when."""
    seen = f"{word.seen_by}が見ました　{say_instant(word.seen_at)}" if word.seen_at else "まだだれも見ていません"
    return f"{say_word(word)}（{seen}）"


def rows_of(visits: Iterable[Visit], names: dict[str, str]) -> tuple[VisitRow, ...]:
    """Records in words; `names` says whom each is about, by the person's id."""
    kept = list(visits)
    replaced = {visit.replaces_id for visit in kept if visit.replaces_id}
    return tuple(_row(visit, names.get(visit.person_id, ""), visit.id in replaced) for visit in kept)


def _row(visit: Visit, name: str, is_replaced: bool) -> VisitRow:
    times = "" if visit.times_planned is None else f"出席 {visit.times_attended or 0}／{visit.times_planned}回"
    person = " ".join(
        filter(
            None,
            (
                FACES.get(visit.person_face or 0, ""),
                PERSON_SAYS.get(visit.person_says, ""),
                CONNECTED.get(visit.connected, ""),
                times,
            ),
        )
    )
    host = " ".join(filter(None, (FACES.get(visit.host_face or 0, ""), HOST_SAYS.get(visit.host_says, ""))))
    return VisitRow(
        visit.id, visit.follow_up_id or "", say_long(visit.done_on), KIND_LABELS[Kind(visit.kind)], visit.recorded_by, name, person,
        visit.wish, host, visit.host_worry, STATES.get(visit.state, ""), visit.note, say_instant(visit.recorded_at), is_replaced,
        visit.beside_id is not None,
    )  # fmt: skip
