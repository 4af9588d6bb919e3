"""会議次第 and 会議録 on paper; the papers of a 支援会議 are closed, marked, and every copy has its number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.kernel.dates import format_wareki, say_instant
from service.meetings.models import ActionItem, NumberedCopy
from service.meetings.naming import town_kinds
from service.meetings.pages import facts_of
from service.meetings.reading import InHand
from service.meetings.rules import DECISIONS, MARKS, PURPOSES, ROLES, SUPPORT
from service.web.actor import Actor, Town
from service.web.print.document import Block, Document, Fact, Facts, Rows, Signatures, Words, rows_or_blank
from service.web.print.sheets import Letterhead

MINUTES = "minutes"


def count_copy(session: Session, actor: Actor, hand: InHand, for_name: str, now: datetime) -> int:
    """The number of this copy of the minutes, written down for a 支援会議; 0 for other meetings, whose copies are not counted."""
    if hand.meeting.kind != SUPPORT:
        return 0
    query = select(func.max(NumberedCopy.number)).where(
        NumberedCopy.meeting_id == hand.meeting.id, NumberedCopy.paper == MINUTES
    )
    number = (session.scalar(query) or 0) + 1
    session.add(NumberedCopy(
        meeting_id=hand.meeting.id, paper=MINUTES, number=number, for_name=for_name, printed_at=now, printed_by=actor.label,
    ))  # fmt: skip
    session.flush()
    return number


def agenda_paper(session: Session, town: Town, actor: Actor, hand: InHand, now: datetime) -> Document:
    """The agenda: numbers of cases and no names, for it lies on a table."""
    items = [(str(at), item.title, PURPOSES[item.purpose]) for at, item in enumerate(hand.items, 1)]
    blocks: tuple[Block, ...] = (
        _about(hand),
        Rows(("", "議題", "何を決めるか"), (1, 8, 4), rows_or_blank(items, 3, 1), "議題"),
        _attendance(hand, with_marks=False),
    )
    return Document(_head(session, town, actor, hand, "会議次第", now), blocks)


def minutes_paper(session: Session, town: Town, actor: Actor, hand: InHand, copy: int, now: datetime) -> Document:
    """The minutes: what was said and decided, the tasks, who came."""
    title = f"会議録　第{copy}号" if copy else "会議録"
    ids = [item.id for item in hand.items]
    actions = session.scalars(
        select(ActionItem).where(ActionItem.item_id.in_(ids)).order_by(ActionItem.due_on, ActionItem.id)
    ).all()
    tasks = [(row.what, "　".join(filter(None, (row.agency, row.owner))), format_wareki(row.due_on)) for row in actions]
    blocks: list[Block] = [_about(hand), _attendance(hand, with_marks=True)]
    for at, item in enumerate(hand.items, 1):
        decision = "　".join(filter(None, (DECISIONS.get(item.decision, ""), item.decision_text)))
        facts = (
            Fact("話し合ったこと", item.summary, wide=True, lines=3),
            Fact("決定", decision, wide=True, must=True, lines=2),
        )
        blocks.append(Facts(facts, f"{at}　{item.title}"))
    blocks.append(Rows(("宿題", "だれが", "いつまで"), (6, 4, 3), rows_or_blank(tasks, 3, 1), "宿題"))
    if hand.meeting.kind == SUPPORT:
        blocks.append(
            Words(
                (
                    "社会福祉法第106条の6により、出席者には守秘義務があります。複写・転記をせず、終わったら事務局に返してください。",
                )
            )
        )
    blocks.append(Signatures(("記録した人",)))
    return Document(_head(session, town, actor, hand, title, now), tuple(blocks))


def _about(hand: InHand) -> Facts:
    return Facts(tuple(Fact(label, value if value != "—" else "") for label, value in facts_of(hand.meeting)))


def _attendance(hand: InHand, *, with_marks: bool) -> Rows:
    said = {"yes": "出席", "no": "欠席", "": ""}
    rows = [
        (seat.agency, seat.section, seat.name, ROLES[seat.role], said[seat.attended] if with_marks else "")
        for seat in hand.seats
    ]
    return Rows(("機関", "課・係", "名前", "役割", "出欠"), (4, 3, 3, 2, 2), rows_or_blank(rows, 5, 1), "出席者")


def _head(session: Session, town: Town, actor: Actor, hand: InHand, title: str, now: datetime) -> Letterhead:
    return Letterhead(
        f"{town_kinds(session)[hand.meeting.kind]}　{title}", town.name, hand.meeting.convenor, MARKS[hand.meeting.kind], actor.label,
        say_instant(now),
    )  # fmt: skip
