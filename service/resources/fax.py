"""The sheet a host fills in with a pen, and reading back what was ticked on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from service.kernel.clock import day_in_japan
from service.kernel.dates import WEEKDAYS, DateProblem, format_wareki, parse_date, say_instant
from service.kernel.errors import Conflict, DomainError
from service.kernel.timetable import format_slots
from service.resources.forms import whole_number
from service.resources.freshness import on_offer
from service.resources.models import Host, Opening
from service.resources.openings import Told, tell_opening
from service.resources.words import OPENING_STATUS, say_free, slot_text
from service.web.actor import Actor, Town
from service.web.forms import Posted
from service.web.params import typed_text, version_of
from service.web.print.sheets import FaxHost, FaxOpening, FaxSheet, Letterhead

OFFICE = "参加支援"
SAME, CHANGED, PAUSED = "same", "changed", "paused"
MOST = 999
Check = Callable[[Opening, Told], None]
"""Refuses with a DomainError what would take away a promised place; who is promised one is not known to the catalogue."""


@dataclass(frozen=True)
class FaxRow:
    """One opening of the sheet as the form shows it, stored or as typed."""

    id: str
    version: str
    title: str
    now: str
    said: str
    free: str
    days: tuple[tuple[int, str, bool], ...]
    until: str
    reason: str
    problem: str = ""


def fax_sheet(hosts: Sequence[Host], town: Town, actor: Actor, now: datetime) -> FaxSheet:
    """A page per host: what we think, and boxes to tick; it holds nothing about any person."""
    today = day_in_japan(now)
    head = Letterhead(f"{today.year}年{today.month}月の受け入れの確認", town.name, OFFICE, "", actor.label, say_instant(now))
    return FaxSheet(head, f"{format_wareki(today)} 現在", tuple(_host(host) for host in hosts))


def _host(host: Host) -> FaxHost:
    return FaxHost(host.name, host.contact_person, host.fax, host.phone, tuple(_opening(each) for each in on_offer(host)))


def _opening(opening: Opening) -> FaxOpening:
    weekdays = sorted({slot.weekday for slot in opening.slots})
    return FaxOpening(
        opening.title, say_now(opening), tuple(WEEKDAYS[day] for day in weekdays) or tuple(WEEKDAYS), say_free(opening.free)
    )


def say_now(opening: Opening) -> str:
    """What we think of an opening: status, days and hours, free places."""
    hours = format_slots([slot_text(slot) for slot in opening.slots]) if opening.slots else "曜日は決まっていません"
    return f"{OPENING_STATUS[opening.status]}・{hours}・空き {say_free(opening.free)}"


def rows_of_host(host: Host) -> tuple[FaxRow, ...]:
    """The form before anything is typed: everything unchanged."""
    return tuple(
        FaxRow(
            each.id, str(each.version), each.title, say_now(each), SAME,
            "" if each.free is None else str(each.free), _days(each, {slot.weekday for slot in each.slots}), "", "",
        )
        for each in on_offer(host)
    )  # fmt: skip


def keep_fax(
    session: Session, host: Host, posted: Posted, actor: Actor, today: date, check: Check
) -> tuple[int, tuple[FaxRow, ...]]:
    """Keep every opening that can be read and that `check` lets pass; (how many, the others as typed with what to mend)."""
    kept, wrong = 0, []
    for opening in on_offer(host):
        try:
            told, version = _told(opening, posted), version_of(posted.text(f"v-{opening.id}"))
            check(opening, told)
            tell_opening(opening, version, told, posted_by(posted), actor, today)
            kept += 1
        except DomainError as problem:
            wrong.append(_typed(opening, posted, problem))
    session.flush()
    return kept, tuple(wrong)


def posted_by(posted: Posted) -> str:
    """Who answered, with the way it came."""
    name = typed_text(posted.text("told_by"), 60)
    return f"{name}・FAX" if name else "FAX"


def _told(opening: Opening, posted: Posted) -> Told:
    said = posted.text(f"s-{opening.id}")
    if said == SAME:
        return Told()
    if said == PAUSED:
        return Told(
            status="paused", paused_until=_day(posted.text(f"u-{opening.id}")),
            pause_reason=typed_text(posted.text(f"r-{opening.id}"), 200),
        )  # fmt: skip
    if said != CHANGED:
        raise DomainError(
            "変わりがあるかどうかが選ばれていません。", "「変更なし」「変更あり」「休止」から選んでください。", "said", 422
        )
    ticked = frozenset(int(day) for day in posted.getlist(f"d-{opening.id}") if day in set("0123456"))
    return Told(
        free=_number(posted.text(f"f-{opening.id}")), weekdays=ticked if opening.slots else None,
        status="open" if opening.status == "paused" else "",
    )  # fmt: skip


def _typed(opening: Opening, posted: Posted, problem: DomainError) -> FaxRow:
    """As typed, with what is wrong; after somebody else's change the next sending is about what stands now."""
    ticked = {int(day) for day in posted.getlist(f"d-{opening.id}") if day in set("0123456")}
    text: Mapping[str, str] = {name: posted.text(f"{name}-{opening.id}") for name in ("v", "s", "f", "u", "r")}
    version = str(opening.version) if isinstance(problem, Conflict) else text["v"]
    return FaxRow(
        opening.id, version, opening.title, say_now(opening), text["s"], text["f"], _days(opening, ticked), text["u"],
        text["r"], str(problem),
    )  # fmt: skip


def _days(opening: Opening, ticked: set[int]) -> tuple[tuple[int, str, bool], ...]:
    return tuple((day, WEEKDAYS[day], day in ticked) for day in sorted({slot.weekday for slot in opening.slots}))


def _number(text: str) -> int | None:
    try:
        return whole_number(text, MOST)
    except ValueError:
        raise DomainError("空きの人数を読めません。", f"0〜{MOST}の数字で入れてください。", "free", 422) from None


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text.strip() else None
    except DateProblem as problem:
        raise DomainError("休止の終わりの日を読めません。", str(problem), "until", 422) from None
