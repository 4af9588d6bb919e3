"""つながりの様子: attendance, both sides' words and what is open, of every place the person went to, on one sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Person, Placement, SupportCase
from service.cases.pages import Heading, heading_of
from service.cases.ways import placements_of
from service.followup.placements.contacting import HOST_SAYS, PERSON_SAYS
from service.followup.placements.gathering import check_ins_of, contacts_of
from service.followup.placements.guards import Facts, held_for_a_while
from service.followup.placements.ladders import ladder_at
from service.followup.placements.models import ContactWithBoth
from service.followup.visits.models import STATES, Adjustment, Visit
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.web.call import Call


@dataclass(frozen=True)
class WordLine:
    """What was seen and heard on one day."""

    day: date
    attended: str
    person: str
    host: str
    state: str
    problem: str

    @property
    def when(self) -> str:
        """令和8年7月22日(水)."""
        return format_wareki(self.day)


@dataclass(frozen=True)
class PlaceSheet:
    """One place: how it has gone, what was last difficult, what is arranged, and whether it holds."""

    place: str
    step: str
    since: str
    lines: tuple[WordLine, ...]
    last_problem: str
    open_adjustments: tuple[str, ...]
    done_adjustments: tuple[str, ...]
    holds: bool
    verdict: str


@dataclass(frozen=True)
class StabilityView:
    """The sheet."""

    heading: Heading
    printed_by: str
    printed_on: str
    places: tuple[PlaceSheet, ...]


def stability_view(call: Call, case: SupportCase, person: Person) -> StabilityView:
    """The sheet of a person the filter has given; the places begun, the newest first."""
    today = day_in_japan(call.now)
    begun = [row for row in placements_of(call.session, person.id) if row[0].started_on is not None]
    sheets = (_sheet(call.session, placement, host, title) for placement, host, title in begun)
    return StabilityView(heading_of(case, person, today), call.actor.label, format_wareki(today), tuple(sheets))


def _sheet(session: Session, placement: Placement, host: str, title: str) -> PlaceSheet:
    ladder, contacts = ladder_at(session, placement.ladder_version), contacts_of(session, placement.id)
    missing = list(held_for_a_while(Facts(check_ins=check_ins_of(contacts)), ladder))
    lines = _lines(_visits(session, placement.id), contacts)
    query = select(Adjustment).where(Adjustment.placement_id == placement.id).order_by(Adjustment.until_on, Adjustment.id)
    arranged = session.scalars(query).all()
    days = "・".join(format_wareki(row.done_on) for row in contacts[-2:])
    good = f"{days}の二回、間をあけて続けて、両者とも「続けたい」「続けられる」で、困りごとはありません。"
    return PlaceSheet(
        place="　".join(dict.fromkeys((host, title))),
        step=ladder.label(placement.step),
        since=format_wareki(placement.started_on) if placement.started_on else "",
        lines=lines,
        last_problem=next((f"{line.when}　{line.problem}" for line in lines if line.problem), ""),
        open_adjustments=tuple(_open(row) for row in arranged if row.state == "open"),
        done_adjustments=tuple(_done(row) for row in arranged if row.state != "open"),
        holds=not missing,
        verdict="".join(each.message for each in missing) or good,
    )


def _visits(session: Session, placement_id: str) -> list[Visit]:
    """The records in force: what was corrected is left to the history."""
    rows = session.scalars(select(Visit).where(Visit.placement_id == placement_id)).all()
    replaced = {row.replaces_id for row in rows}
    return [row for row in rows if row.id not in replaced]


def _lines(visits: Sequence[Visit], contacts: Iterable[ContactWithBoth]) -> tuple[WordLine, ...]:
    told: dict[str | None, ContactWithBoth] = {row.id: row for row in contacts}
    lines = [_of_visit(row, told.pop(row.contact_id, None)) for row in visits]
    lines += [_of_contact(row) for row in told.values()]
    return tuple(sorted(lines, key=lambda line: line.day, reverse=True))


def _of_visit(row: Visit, contact: ContactWithBoth | None) -> WordLine:
    wish = f"「{row.wish}」" if row.wish else ""
    attended = ""
    if row.times_attended is not None:
        attended = f"{row.times_planned}回のうち{row.times_attended}回" if row.times_planned else f"{row.times_attended}回"
    problem = row.host_worry or ("困りごとがあります" if contact and contact.has_problem else "")
    return WordLine(
        row.done_on, attended, "　".join(filter(None, (PERSON_SAYS.get(row.person_says, ""), wish))),
        HOST_SAYS.get(row.host_says, ""), STATES.get(row.state, ""), problem,
    )  # fmt: skip


def _of_contact(row: ContactWithBoth) -> WordLine:
    problem = (row.note or "困りごとがあります") if row.has_problem else ""
    return WordLine(row.done_on, "", PERSON_SAYS[row.person_says], HOST_SAYS[row.host_says], "", problem)


def _open(row: Adjustment) -> str:
    return f"{row.what}（{row.who}・{format_wareki(row.until_on)}まで）"


def _done(row: Adjustment) -> str:
    word = "できた" if row.state == "done" else "取りやめ"
    day = format_wareki(row.ended_on) if row.ended_on else ""
    return "　".join(filter(None, (f"{row.what}（{word}）", day, row.outcome)))
