"""The agenda, what is decided about each item, the tasks that come of it, and who has to hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import cases_in_process
from service.cases.course.moving import note_decision
from service.cases.feedback.owing import ABSENT, OWED, Hearer, Told, owe, owe_referrers
from service.cases.models import SupportCase
from service.kernel.errors import DomainError, NotFound
from service.meetings.holding import refuse
from service.meetings.models import ActionItem, AgendaItem
from service.meetings.naming import town_kinds
from service.meetings.reading import InHand, item_fact
from service.meetings.rules import DECIDED, DECISIONS, DONE, PURPOSES, for_deciding, for_finishing, for_item
from service.resources.models import ResourceGap
from service.web.actor import Actor, Town


@dataclass(frozen=True)
class Item:
    """Something to be put on an agenda: a case by its number, an unmet need, or a matter of its own."""

    purpose: str
    case_number: str = ""
    gap_id: str | None = None
    title: str = ""
    plan_id: str | None = None


@dataclass(frozen=True)
class Action:
    """A task that comes of a decision."""

    what: str
    owner: str
    due_on: date
    agency: str = ""


@dataclass(frozen=True)
class Ruling:
    """What was said and decided about one item."""

    decision: str
    text: str
    summary: str = ""
    actions: Sequence[Action] = ()


def put_on(session: Session, town: Town, actor: Actor, hand: InHand, item: Item) -> AgendaItem:
    """付議: put an item on a meeting that has not been held; the same case with the same purpose is one item.

    Raises NotFound for a case this person may not follow, MeetingRefused with all that is missing.
    """
    if item.purpose not in PURPOSES:
        raise DomainError("議題の種類が選ばれていません。", "選んでください。", "purpose", 422)
    case = _case(session, town, actor, item.case_number) if item.case_number else None
    title = item.title.strip() or (f"{case.number}　{PURPOSES[item.purpose]}" if case else _gap_title(session, item.gap_id))
    row = AgendaItem(
        meeting_id=hand.meeting.id, position=len(hand.items) + 1, case_id=case.id if case else None, gap_id=item.gap_id,
        plan_id=item.plan_id, title=title, purpose=item.purpose,
    )  # fmt: skip
    refuse(for_item(hand.facts, item_fact(session, row, hand.today)))
    same = [
        each for each in hand.items if (each.case_id, each.gap_id, each.purpose) == (row.case_id, row.gap_id, row.purpose)
    ]
    if same and (row.case_id or row.gap_id):
        return same[0]
    session.add(row)
    session.flush()
    return row


def take_off(session: Session, hand: InHand, item_id: str) -> None:
    """Take an undecided item off again."""
    item = item_in(hand, item_id)
    if item.decision:
        raise DomainError("決まった議題は消せません。", "次の会議で改めて扱ってください。", "decided", 409)
    session.delete(item)


def item_in(hand: InHand, item_id: str) -> AgendaItem:
    """An item of this meeting; another one's is as absent as none."""
    item = next((each for each in hand.items if each.id == item_id), None)
    if item is None:
        raise NotFound()
    return item


def decide(
    session: Session, actor: Actor, hand: InHand, item_id: str, version: int, ruling: Ruling, now: datetime
) -> AgendaItem:
    """What was decided about an item, with its tasks; the case's log hears of it, and so does everybody who has to.

    Raises Conflict when somebody decided it meanwhile, MeetingRefused with all that is missing.
    """
    item = item_in(hand, item_id)
    item.expect(version)
    if item.decision:
        raise DomainError("この議題は、もう決まっています。", "画面を開き直して、内容を確かめてください。", "decided", 409)
    refuse(for_deciding(hand.facts, item_fact(session, item, hand.today), ruling.decision))
    if not ruling.text.strip():
        raise DomainError("決まったことの言葉がありません。", "一言で書いてください。", "ruling", 422)
    item.decision, item.decision_text, item.summary = ruling.decision, ruling.text.strip(), ruling.summary.strip()
    item.decided_at, item.decided_by = now, actor.label
    session.add_all(ActionItem(item_id=item.id, **vars(action)) for action in ruling.actions)
    if item.case_id:
        _tell_the_case(session, actor, hand, item, now)
    elif ruling.decision == "gap_register" and item.gap_id is None:
        item.gap_id = _register(session, actor, item, now)
    if all(each.decision for each in hand.items):
        hand.meeting.status = DECIDED
    session.flush()
    return item


def finish(hand: InHand, version: int) -> None:
    """報告まで済み: nobody waits to hear any more."""
    hand.meeting.expect(version)
    refuse(for_finishing(hand.facts))
    hand.meeting.status = DONE


def finish_action(session: Session, hand: InHand, action_id: str, version: int, outcome: str, today: date) -> ActionItem:
    """A task is done, with what came of it."""
    ids = [item.id for item in hand.items]
    action = session.scalars(select(ActionItem).where(ActionItem.id == action_id, ActionItem.item_id.in_(ids))).first()
    if action is None:
        raise NotFound()
    action.expect(version)
    action.done_on, action.outcome = today, outcome.strip()
    return action


def _case(session: Session, town: Town, actor: Actor, number: str) -> SupportCase:
    case = session.scalars(cases_in_process(town, actor).where(SupportCase.number == number.strip())).first()
    if case is None:
        raise DomainError(
            f"ケース番号「{number.strip()}」が見つかりません。",
            "「R8-012」のように、番号を確かめてください。",
            "case-number",
            422,
        )
    return case


def _gap_title(session: Session, gap_id: str | None) -> str:
    gap = session.get(ResourceGap, gap_id) if gap_id else None
    if gap is None:
        raise DomainError("議題の名前がありません。", "ケース番号か、議題の名前を入れてください。", "title", 422)
    return f"足りない資源　{gap.summary}"


def _tell_the_case(session: Session, actor: Actor, hand: InHand, item: AgendaItem, now: datetime) -> None:
    case = session.get_one(SupportCase, item.case_id)
    meeting, said = (
        hand.meeting,
        f"{town_kinds(session)[hand.meeting.kind]}：{DECISIONS[item.decision]}　{item.decision_text}",
    )
    facts = {"by": meeting.kind, "municipal": hand.facts.municipal_attended, "meeting_id": meeting.id, "item_id": item.id}
    note_decision(session, actor, case, item.decision, said, facts, now)
    owe_referrers(session, actor, case, "meeting", meeting.id, Told(OWED), now)
    for seat in hand.seats:
        if seat.attended == "no":
            owe(session, actor, case, Hearer(seat.name, seat.agency, ABSENT), "meeting", meeting.id, Told(OWED), now)


def _register(session: Session, actor: Actor, item: AgendaItem, now: datetime) -> str:
    gap = ResourceGap(
        recorded_at=now, recorded_by=actor.label, code="", summary=item.decision_text, age_band="", district="",
    )  # fmt: skip
    session.add(gap)
    session.flush()
    return gap.id
