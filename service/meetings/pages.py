"""What the pages of meetings show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select

from service.accounts.roles import EDIT_PROCESS, READ_CASES
from service.cases.caseloads import agency_hints
from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import STATES as TOLD_STATES
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, format_wareki_short
from service.meetings.agenda import Proposal, proposals_for
from service.meetings.caseload_controllers import all_duties
from service.meetings.forms import ACTIONS, ItemForm, SeatForm, ruling_form
from service.meetings.inviting import REPLIES, referrers_to_invite
from service.meetings.models import ActionItem, AgendaItem, Meeting, Seat
from service.meetings.naming import town_kinds
from service.meetings.pages_list import hours_of
from service.meetings.reading import InHand, names_of
from service.meetings.rules import (
    DECIDED,
    DECISIONS,
    DONE,
    HELD,
    INVITED,
    JUSO,
    MARKS,
    PLANNED,
    PURPOSES,
    ROLES,
    STATUSES,
    SUPPORT,
    for_finishing,
)
from service.web.call import Call

NOT_NAMED: Final = "本人の同意が、いまはありません。議題から外してください"
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SeatLine:
    """One person at the table."""

    id: str
    name: str
    agency: str
    role: str
    is_municipal: bool
    attended: str
    reply: str
    has_sworn: bool


@dataclass(frozen=True)
class ItemBlock:
    """One item of the agenda with what was decided, or the form to decide it."""

    id: str
    version: int
    number: int
    title: str
    purpose: str
    name: str
    href: str
    summary: str
    decision: str
    text: str
    actions: tuple[tuple[str, int, str, str, str], ...]
    """id, version, what, who and until when, and what came of it."""
    form: Any
    action_lines: tuple[tuple[Any, Any, Any, Any], ...]
    is_open: bool


@dataclass(frozen=True)
class MeetingView:
    """One meeting."""

    id: str
    version: int
    title: str
    kind: str
    mark: str
    status: str
    facts: Pairs
    seats: tuple[SeatLine, ...]
    items: tuple[ItemBlock, ...]
    proposals: tuple[Proposal, ...]
    told: tuple[tuple[str, str], ...]
    missing_to_finish: tuple[str, ...]
    needs_secrecy: bool
    may_edit: bool
    is_ahead: bool
    is_held: bool
    may_decide: bool
    may_finish: bool
    to_invite: tuple[str, ...]
    """Who handed over what is spoken about, and has no seat."""
    agencies: Pairs
    """Who may be asked to do it, with what each carries already."""
    seat_form: SeatForm
    item_form: ItemForm
    once: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Typed:
    """What came back from a form."""

    seat: SeatForm | None = None
    item: ItemForm | None = None
    ruling: Any = None
    ruled_id: str = ""
    problems: tuple[str, ...] = ()


def meeting_view(call: Call, hand: InHand, typed: Typed, once: str) -> MeetingView:
    """Everything about one meeting in hand."""
    meeting, today = hand.meeting, day_in_japan(call.now)
    may_edit, is_ahead = EDIT_PROCESS.allows(call.actor), meeting.status in (PLANNED, INVITED)
    is_held, may_decide = meeting.status in (HELD, DECIDED, DONE), may_edit and meeting.status in (HELD, DECIDED)
    missing = tuple(for_finishing(hand.facts))
    proposals = proposals_for(call.session, call.town, call.actor, hand, today) if may_edit and is_ahead else []
    return MeetingView(
        id=meeting.id, version=meeting.version, title=meeting.name, kind=town_kinds(call.session)[meeting.kind], mark=MARKS[meeting.kind],
        status=STATUSES[meeting.status], facts=facts_of(meeting), seats=tuple(_seat(hand, seat) for seat in hand.seats),
        items=_items(call, hand, typed), proposals=tuple(proposals), told=_told(call, meeting),
        missing_to_finish=tuple(f"{m.message}{m.remedy}" for m in missing) if is_held else (),
        needs_secrecy=meeting.kind == SUPPORT, may_edit=may_edit, is_ahead=is_ahead, is_held=is_held,
        may_decide=may_decide,
        may_finish=may_decide and not missing,
        to_invite=tuple(f"{row.from_agency}　{row.from_person}" for row in referrers_to_invite(call.session, hand)) if may_edit else (),
        agencies=agency_hints(call.session, all_duties(call)) if may_decide else (),
        seat_form=typed.seat or SeatForm(prefix="seat-"), item_form=typed.item or ItemForm(prefix="item-"), once=once,
        problems=typed.problems,
    )  # fmt: skip


def facts_of(meeting: Meeting) -> Pairs:
    """When, where, by whom, on what ground."""
    return (
        ("日時", f"{format_wareki(meeting.on)} {hours_of(meeting)}".strip()), ("場所", meeting.place),
        ("招集", f"{meeting.convenor}{'（市町村）' if meeting.convenor_is_municipal else ''}"), ("根拠", meeting.legal_basis or "—"),
    )  # fmt: skip


def _seat(hand: InHand, row: Seat) -> SeatLine:
    agency = "　".join(filter(None, (row.agency, row.section)))
    return SeatLine(
        row.id,
        row.name,
        agency,
        ROLES[row.role],
        row.is_municipal,
        row.attended,
        REPLIES.get(row.reply, ""),
        (row.name, row.agency) in hand.sworn,
    )


def _items(call: Call, hand: InHand, typed: Typed) -> tuple[ItemBlock, ...]:
    speakable = _speakable(hand)
    names = names_of(call.session, call.town, call.actor, speakable)
    ids = [item.id for item in hand.items]
    actions = call.session.scalars(
        select(ActionItem).where(ActionItem.item_id.in_(ids)).order_by(ActionItem.due_on, ActionItem.id)
    )
    by_item: dict[str, list[ActionItem]] = {}
    for action in actions:
        by_item.setdefault(action.item_id, []).append(action)
    blocks = [_item(call, item, at, names, by_item.get(item.id, []), typed) for at, item in enumerate(hand.items, 1)]
    return tuple(
        block if item in speakable else replace(block, name=NOT_NAMED)
        for block, item in zip(blocks, hand.items, strict=True)
    )


def _speakable(hand: InHand) -> tuple[AgendaItem, ...]:
    """The items whose people may be named: what was decided is the record, what is to come needs their consent."""
    if hand.meeting.kind != JUSO:
        return tuple(hand.items)
    return tuple(
        item
        for item, fact in zip(hand.items, hand.facts.items, strict=True)
        if fact.has_consent or fact.decision or not fact.is_case
    )


def _item(
    call: Call,
    item: AgendaItem,
    number: int,
    names: dict[str, tuple[str, str, str]],
    actions: list[ActionItem],
    typed: Typed,
) -> ItemBlock:
    _, name, person_id = names.get(item.case_id or "", ("", "", ""))
    form = typed.ruling if typed.ruled_id == item.id else ruling_form(item.purpose, item.id)
    return ItemBlock(
        id=item.id, version=item.version, number=number, title=item.title, purpose=PURPOSES[item.purpose],
        name=f"{name} さん" if name else "", href=f"/people/{person_id}/course" if name and READ_CASES.allows(call.actor) else "",
        summary=item.summary, decision=DECISIONS.get(item.decision, ""), text=item.decision_text,
        actions=tuple(_action(row) for row in actions), form=form,
        action_lines=tuple((form[f"what{at}"], form[f"owner{at}"], form[f"agency{at}"], form[f"due{at}"]) for at in range(ACTIONS)),
        is_open=typed.ruled_id == item.id,
    )  # fmt: skip


def _action(row: ActionItem) -> tuple[str, int, str, str, str]:
    who = "　".join(filter(None, (row.agency, row.owner, f"{format_wareki_short(row.due_on)}まで")))
    done = f"{format_wareki_short(row.done_on)} 済み　{row.outcome}".strip() if row.done_on else ""
    return row.id, row.version, row.what, who, done


def _told(call: Call, meeting: Meeting) -> tuple[tuple[str, str], ...]:
    query = select(Feedback).where(Feedback.about == "meeting", Feedback.about_id == meeting.id)
    rows = call.session.scalars(query.order_by(Feedback.due_on, Feedback.to_agency, Feedback.id))
    return tuple(
        (
            "　".join(filter(None, (row.to_agency, row.to_name))),
            f"{TOLD_STATES[row.state]}（{format_wareki_short(row.settled_on or row.due_on)}）",
        )
        for row in rows
    )
