"""The board read: who stands at which step, in as many statements whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from service.cases.access import visible_cases
from service.cases.models import Person, Placement, SupportCase
from service.cases.placements import LIVE
from service.followup.placements.acts import Standpoint
from service.followup.placements.gathering import check_ins_of
from service.followup.placements.guards import Facts, held_for_a_while
from service.followup.placements.ladder import FINAL, Ladder
from service.followup.placements.ladders import ladders
from service.followup.placements.models import ANSWERED, OPEN, ContactWithBoth, Offer, Sounding, StallQuestion
from service.followup.placements.stalls import is_unanswered
from service.kernel.clock import day_in_japan
from service.kernel.kana import fold_text
from service.resources.models import Host, Opening
from service.web.actor import Actor, Town

Rows = Select[*tuple[Any, ...]]
OVER_SHOWN: Final = 40
"""So many of those that are over are listed, the newest first."""


@dataclass(frozen=True)
class BoardAsk:
    """Which placements are wanted; the words are those of a posted search."""

    mine: bool = False
    overdue: bool = False
    stalled: bool = False
    words: str = ""


@dataclass(frozen=True)
class BoardRow:
    """One placement as a card needs it."""

    id: str
    person_id: str
    person: str
    host: str
    opening: str
    step: str
    since: date
    deadline_on: date | None
    reserved_until: date | None
    before_hold: str
    version: int
    closing: str


@dataclass(frozen=True)
class BoardRead:
    """Every card of the board with what its button depends on, and those that are over."""

    rows: tuple[BoardRow, ...]
    over: tuple[BoardRow, ...]
    over_count: int
    all_count: int
    asked: Mapping[str, date]
    ladders: Mapping[int, Ladder]


def read_board(session: Session, town: Town, actor: Actor, ask: BoardAsk, today: date) -> BoardRead:
    """The placements of the cases this person may read, under the filters asked for."""
    query = _placements(town, actor, ask)
    rows = _rows(session, query.where(Placement.step.in_(LIVE)))
    over = _rows(session, query.where(Placement.step.in_(FINAL)).order_by(Placement.since.desc()).limit(OVER_SHOWN))
    counted = query.where(Placement.step.in_(FINAL)).with_only_columns(func.count(Placement.id.distinct()))
    asked, known = _asked(session), ladders(session)
    kept = [each for each in rows if _is_wanted(each, ask, asked, known, today)]
    over_count = len(over) if len(over) < OVER_SHOWN else session.scalar(counted) or 0
    return BoardRead(tuple(kept), tuple(over), over_count, len(rows), asked, known)


def standpoints(session: Session, read: BoardRead, rows: Sequence[BoardRow]) -> dict[str, Standpoint]:
    """Where each of these stands, as far as its button depends on it."""
    ids = [each.id for each in rows]
    soundings, offers, contacts = (
        _by_placement(session, table, order, ids)
        for table, order in (
            (Sounding, Sounding.asked_at),
            (Offer, Offer.shown_on),
            (ContactWithBoth, ContactWithBoth.done_on),
        )
    )
    return {
        each.id: Standpoint(
            step=each.step,
            before_hold=each.before_hold,
            host_answer=next((s.answer for s in reversed(soundings[each.id]) if s.state == ANSWERED), ""),
            waits_for_host=any(s.state == OPEN for s in soundings[each.id]),
            waits_for_person=any(o.answer == "" for o in offers[each.id]),
            contacts=len(contacts[each.id]),
            is_held=_is_held(contacts[each.id], read.ladders[each.version]),
            is_asked=each.id in read.asked,
        )
        for each in rows
    }


def _placements(town: Town, actor: Actor, ask: BoardAsk) -> Rows:
    visible = visible_cases(town, actor)
    if ask.mine:
        visible = visible.where(SupportCase.assigned_id == actor.id)
    inside = visible.with_only_columns(SupportCase.household_id)
    query: Rows = (
        select(
            Placement.id, Placement.person_id, Person.name, Host.name, Opening.title, Placement.step, Placement.since,
            Placement.deadline_on, Placement.reserved_until, Placement.before_hold, Placement.ladder_version,
            Placement.closing,
        )
        .join(Person, Placement.person_id == Person.id)
        .join(Opening, Placement.opening_id == Opening.id)
        .join(Host, Opening.host_id == Host.id)
        .where(Person.household_id.in_(inside))
    )  # fmt: skip
    if folded := fold_text(ask.words):
        named = (Person.search_text, Host.search_text)
        query = query.where(or_(*(column.contains(folded, autoescape=True) for column in named)))
    return query


def _rows(session: Session, query: Rows) -> list[BoardRow]:
    return [BoardRow(*row) for row in session.execute(query)]


def _asked(session: Session) -> dict[str, date]:
    """The day of the oldest open question of each placement; ids alone."""
    query = select(StallQuestion.placement_id, func.min(StallQuestion.asked_at)).where(StallQuestion.answered_at.is_(None))
    return {id_: day_in_japan(at) for id_, at in session.execute(query.group_by(StallQuestion.placement_id))}


def _is_wanted(row: BoardRow, ask: BoardAsk, asked: Mapping[str, date], known: Mapping[int, Ladder], today: date) -> bool:
    if ask.overdue and not is_overdue(row, today):
        return False
    return not ask.stalled or (row.id in asked and is_unanswered(known[row.version], asked[row.id], today))


def is_overdue(row: BoardRow, today: date) -> bool:
    """Whether the step should be over by now, or the place held for the person has gone back."""
    return any(day is not None and day < today for day in (row.deadline_on, row.reserved_until))


def _by_placement(session: Session, table: Any, order: Any, ids: Sequence[str]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in session.scalars(select(table).where(table.placement_id.in_(ids)).order_by(order, table.id)):
        found[row.placement_id].append(row)
    return found


def _is_held(contacts: Sequence[ContactWithBoth], ladder: Ladder) -> bool:
    return not list(held_for_a_while(Facts(check_ins=check_ins_of(contacts)), ladder))
