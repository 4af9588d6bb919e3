"""What the pages of 環境調整 show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from service.cases.access import may_change
from service.followup.tasks.rows import say_long
from service.followup.visits.adjusting import ENDINGS, WORDS, Arranged
from service.followup.visits.adjusting_forms import ArrangeForm, EndForm, WordsForm
from service.kernel.audit import FieldChange
from service.kernel.dates import format_wareki, say_instant
from service.kernel.db import new_id
from service.web.actor import Actor

PAGE: Final = 50
WAITING: Final = "まだ"
WORD_LABELS: Final = {"what": "何を", "who": "だれが", "until_on": "いつまでに"}
Corrections = Sequence[tuple[datetime, str, Sequence[FieldChange]]]


@dataclass(frozen=True)
class AdjustmentRow:
    """One adjustment in a list."""

    id: str
    what: str
    who: str
    until: str
    overdue: int
    state: str
    outcome: str
    person_id: str
    person: str
    number: str
    host_id: str
    host: str
    staff: str
    waits: bool


@dataclass(frozen=True)
class Choice:
    """Something the list may be narrowed to."""

    id: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class AdjustmentsView:
    """A page of the list: how many wait, how many are late, and of what."""

    title: str
    back: tuple[str, str]
    rows: tuple[AdjustmentRow, ...]
    total: int
    waiting: int
    overdue: int
    staff: tuple[Choice, ...]
    host_id: str
    with_ended: bool
    why_empty: str
    number: int
    pages: int
    base: str


@dataclass(frozen=True)
class PersonAdjustmentsView:
    """What is and was arranged for one person, and the form for more."""

    person_id: str
    name: str
    rows: tuple[AdjustmentRow, ...]
    form: ArrangeForm
    may_change: bool
    has_places: bool
    once: str
    problem: str


@dataclass(frozen=True)
class AdjustmentView:
    """One adjustment, with the form of what came of it and the one that corrects it."""

    row: AdjustmentRow
    made: str
    history: tuple[tuple[str, str, str], ...]
    """When it was corrected, by whom, and from which words."""
    form: EndForm
    words: WordsForm
    may_change: bool
    version: int
    once: str
    once_words: str
    problem: str


def adjustments_view(
    found: Sequence[Arranged], staff: Sequence[Choice], host: tuple[str, str], today: date, *, page: int, base: str, with_ended: bool
) -> AdjustmentsView:  # fmt: skip
    """One page of what the filter and the chosen narrowing have given."""
    pages = max(1, -(-len(found) // PAGE))
    number = min(page, pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    narrowed = bool(host[0]) or any(each.is_chosen for each in staff)
    return AdjustmentsView(
        title=f"{host[1]}の環境調整" if host[0] else "環境調整",
        back=(f"/hosts/{host[0]}", host[1]) if host[0] else ("/followup", "フォローアップ"),
        rows=tuple(row_of(each, today) for each in shown),
        total=len(found),
        waiting=sum(each.waits for each in found),
        overdue=sum(bool(each.days_overdue(today)) for each in found),
        staff=tuple(staff),
        host_id=host[0],
        with_ended=with_ended,
        why_empty="しぼった中にはありません。"
        if narrowed
        else "訪問の記録か、本人のページの「環境調整」で入れると、ここに並びます。",
        number=number,
        pages=pages,
        base=base,
    )


def person_adjustments_view(
    name: str, person_id: str, found: Sequence[Arranged], form: ArrangeForm, today: date, *, may: bool, has_places: bool, problem: str
) -> PersonAdjustmentsView:  # fmt: skip
    """Of one person."""
    rows = tuple(row_of(each, today) for each in found)
    return PersonAdjustmentsView(person_id, name, rows, form, may, has_places, new_id(), problem)


def adjustment_view(
    arranged: Arranged,
    actor: Actor,
    form: EndForm,
    words: WordsForm | None,
    corrections: Corrections,
    today: date,
    problem: str,
) -> AdjustmentView:
    """The page of one."""
    row = arranged.row
    made = f"{say_instant(row.made_at)}　{row.made_by}"
    may = arranged.waits and may_change(actor, arranged.case)
    words = words or WordsForm(data={"what": row.what, "who": row.who, "until_on": format_wareki(row.until_on)})
    history = tuple((say_instant(at), who, _say_correction(changes)) for at, who, changes in corrections)
    return AdjustmentView(row_of(arranged, today), made, history, form, words, may, row.version, new_id(), new_id(), problem)


def _say_correction(changes: Sequence[FieldChange]) -> str:
    """What was written before, and what was put in its place."""
    told = {
        each.field: f"{WORD_LABELS[each.field]}：{_said(each.field, each.before)} → {_said(each.field, each.after)}"
        for each in changes
    }
    return "　".join(told[name] for name in WORDS if name in told)


def _said(name: str, value: Any) -> str:
    return say_long(date.fromisoformat(value)) if name == "until_on" else f"「{value}」"


def row_of(arranged: Arranged, today: date) -> AdjustmentRow:
    """One adjustment in words."""
    row, state = arranged.row, ENDINGS.get(arranged.row.state, WAITING)
    ended = f"{state}（{say_long(row.ended_on)}）" if row.ended_on else state
    return AdjustmentRow(
        row.id, row.what, row.who, say_long(row.until_on), arranged.days_overdue(today), ended, row.outcome, arranged.person.id,
        f"{arranged.person.name} さん", arranged.case.number, arranged.host.id, arranged.host.name, arranged.case.assigned.name,
        arranged.waits,
    )  # fmt: skip
