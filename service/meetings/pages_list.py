"""What the list of meetings shows, and the page that calls one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_PROCESS
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.slots import format_time
from service.meetings.forms import MeetingForm, SeriesForm, series_form
from service.meetings.models import Meeting, MeetingSeries
from service.meetings.naming import town_kinds
from service.meetings.rules import CANCELLED, DONE, STATUSES
from service.meetings.series import coming
from service.resources.policies import town_calendar
from service.web.call import Call


@dataclass(frozen=True)
class MeetingLine:
    """One meeting of the list."""

    id: str
    name: str
    kind: str
    when: str
    status: str


@dataclass(frozen=True)
class SeriesLine:
    """One series with its coming days."""

    id: str
    name: str
    kind: str
    days: tuple[tuple[str, str, str], ...]
    """The day as typed into an address, in words, and why it was moved."""


@dataclass(frozen=True)
class MeetingsView:
    """会議."""

    coming: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    series: tuple[SeriesLine, ...]
    may_edit: bool
    series_form: SeriesForm
    once: str


@dataclass(frozen=True)
class NewView:
    """Calling a meeting."""

    form: MeetingForm
    series_id: str
    once: str
    problem: str = ""


def meetings_view(
    call: Call, found: Sequence[Meeting], series: Sequence[MeetingSeries], once: str, form: SeriesForm | None = None
) -> MeetingsView:
    """The list: what comes, what was, and the series with their next days."""
    today = day_in_japan(call.now)
    ahead = [each for each in found if each.on >= today and each.status not in (DONE, CANCELLED)]
    behind = [each for each in found if each not in ahead]
    calendar, kinds = town_calendar(call.session, today), town_kinds(call.session)
    return MeetingsView(
        tuple(_line(each, kinds) for each in sorted(ahead, key=lambda each: (each.on, each.id))),
        tuple(_line(each, kinds) for each in sorted(behind, key=lambda each: (each.on, each.id), reverse=True)),
        tuple(
            SeriesLine(
                row.id, row.name, kinds[row.kind],
                tuple(
                    (day.isoformat(), format_wareki(day), why)
                    for day, why in coming([int(m) for m in row.months], row.nth or 1, row.weekday or 0, calendar, today, 3)
                ),
            )
            for row in series
        ),
        EDIT_PROCESS.allows(call.actor), form or series_form(call.session), once,
    )  # fmt: skip


def _line(row: Meeting, kinds: Mapping[str, str]) -> MeetingLine:
    return MeetingLine(
        row.id, row.name, kinds[row.kind], f"{format_wareki(row.on)} {hours_of(row)}".strip(), STATUSES[row.status]
    )


def hours_of(row: Meeting) -> str:
    """From when to when, as far as it is known."""
    return "〜".join("" if at is None else format_time(at) for at in (row.start_min, row.end_min)).strip("〜")


def first_name(session: Session, kind: str, on: date) -> str:
    """What a meeting is called before anybody has named it."""
    return f"{town_kinds(session)[kind]}（{on.month}月）"
