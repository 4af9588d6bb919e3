"""The pages of one opening as its host keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.host_face.forms import OpeningForm
from service.host_face.openings import PAUSE_REASONS
from service.host_face.own import Own
from service.kernel.dates import format_wareki_short
from service.kernel.timetable import format_slots
from service.resources.models import Opening
from service.resources.sending import last_change
from service.resources.timing import HourRow, rows_of
from service.resources.words import OPENING_STATUS, freshness_of, say_confirmed, say_free, say_slots, slot_text

Rows = tuple[tuple[str, str, str], ...]
UNTIL: Final = {"week": "1週間", "month": "今月いっぱい", "next": "来月いっぱい", "open": "いつまでか未定"}


@dataclass(frozen=True)
class SlotRow:
    """One weekly time with its own free places."""

    id: str
    label: str
    free: str


@dataclass(frozen=True)
class OpeningView:
    """One opening: places with ±, days and hours, and what somebody else changed meanwhile."""

    host_name: str
    id: str
    title: str
    state: str
    is_paused: bool
    pause: str
    free: str
    slots: tuple[SlotRow, ...]
    form: OpeningForm
    rows: tuple[HourRow, ...]
    rows_error: str
    freshness: str
    confirmed: str
    version: int
    once: str
    problem: str
    conflict: Rows
    changed_by: tuple[str, str]


@dataclass(frozen=True)
class PauseView:
    """A rest: why, and until when."""

    host_name: str
    id: str
    title: str
    reasons: tuple[tuple[str, str], ...]
    chosen: str
    until: tuple[tuple[str, str], ...]
    date: str
    version: int
    once: str
    problem: str


def opening_view(
    session: Session, own: Own, opening: Opening, once: str, *, form: OpeningForm | None = None,
    rows: Sequence[HourRow] | None = None, rows_error: str = "", problem: str = "", conflict: Rows = (),
) -> OpeningView:  # fmt: skip
    """The opening as it stands, or as it was typed."""
    return OpeningView(
        host_name=own.host_name,
        id=opening.id,
        title=opening.title,
        state=OPENING_STATUS[opening.status],
        is_paused=opening.status == "paused",
        pause=say_pause(opening),
        free=say_free(opening.free),
        slots=tuple(SlotRow(slot.id, format_slots([slot_text(slot)]), say_free(slot.free)) for slot in opening.slots),
        form=form or OpeningForm.of(opening),
        rows=tuple(rows if rows is not None else rows_of(opening.slots)),
        rows_error=rows_error,
        freshness=freshness_of(opening.confirmed_on, own.today),
        confirmed=say_confirmed(opening.confirmed_on, own.today),
        version=opening.version,
        once=once,
        problem=problem,
        conflict=conflict,
        changed_by=last_change(session, opening.id) if conflict else ("", ""),
    )


def say_pause(opening: Opening) -> str:
    """Why and until when it rests."""
    until = f"{format_wareki_short(opening.paused_until)}まで" if opening.paused_until else "期限は未定"
    return "　".join(part for part in (until, opening.pause_reason) if part) if opening.status == "paused" else ""


def as_it_stands(opening: Opening) -> Rows:
    """The numbers and days of an opening, beside which a tap is shown that came too late."""
    return (
        ("空き", say_free(opening.free), "（押したボタンは、まだ入っていません）"),
        ("曜日・時間", say_slots(opening.slots), ""),
        ("状況", OPENING_STATUS[opening.status], ""),
    )


def pause_view(own: Own, opening: Opening, once: str, *, chosen: str = "", typed: str = "", problem: str = "") -> PauseView:
    """The page of a rest."""
    return PauseView(
        own.host_name, opening.id, opening.title, tuple(PAUSE_REASONS.items()), chosen, tuple(UNTIL.items()), typed,
        opening.version, once, problem,
    )  # fmt: skip


def end_of(until: str, today: date) -> date | None:
    """The last day of a rest as its button says; None = not said."""
    if until == "week":
        return today + timedelta(days=7)
    if until == "month":
        return _last_of_month(today)
    return _last_of_month(_last_of_month(today) + timedelta(days=1)) if until == "next" else None


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
