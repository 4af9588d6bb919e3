"""What the board shows: a column for each step, a card for each placement, one button on each card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from service.cases.placements import SIDES
from service.followup.placements.acts import Standpoint, label_of, next_act
from service.followup.placements.board import BoardAsk, BoardRead, BoardRow, is_overdue, read_board, standpoints
from service.followup.placements.ladder import ENDINGS, UPWARD, Ladder, Step
from service.followup.placements.stalls import is_unanswered
from service.followup.placements.wording import say_deadline, say_reserved, say_since
from service.web.actor import Actor, Town

SHOWN: Final = 8
"""So many cards a column; the others are one click away."""
SOON: Final = timedelta(days=7)
WHY_EMPTY: Final = "照合や合同照合で「候補にする」と、ここに並びます。"


@dataclass(frozen=True)
class BoardCard:
    """One placement: who, where, since when, until when, and what is next."""

    id: str
    person: str
    place: str
    since: str
    marks: tuple[tuple[str, str], ...]
    act: str
    label: str


@dataclass(frozen=True)
class Column:
    """One step with its cards."""

    key: str
    label: str
    count: int
    cards: tuple[BoardCard, ...]
    more_href: str
    more: int


@dataclass(frozen=True)
class OverLine:
    """One that is over, in a line."""

    id: str
    person: str
    place: str
    said: str


@dataclass(frozen=True)
class BoardView:
    """打診・紹介."""

    total: int
    filters: tuple[tuple[str, str, bool], ...]
    words: str
    columns: tuple[Column, ...]
    resting: Column | None
    over: tuple[OverLine, ...]
    over_count: int
    why_empty: str
    only: str


def board_view(session: Session, read: BoardRead, ask: BoardAsk, ladder: Ladder, only: str, today: date) -> BoardView:
    """The board; `only` opens one column with all of its cards."""
    of_step = {step: sorted((r for r in read.rows if r.step == step), key=lambda r: _urgency(r, today)) for step in Step}
    wanted = [step for step in (*UPWARD, Step.ON_HOLD) if not only or step == only]
    shown = {step: of_step[step] if only else of_step[step][:SHOWN] for step in wanted}
    at = standpoints(session, read, [row for rows in shown.values() for row in rows])
    columns = {
        step: _column(step, ladder, of_step[step], shown[step], read, at, ask, today)
        for step in wanted
        if of_step[step] or (ladder.rule(step).is_used and step in UPWARD)
    }
    return BoardView(
        total=len(read.rows),
        filters=_filters(ask),
        words=ask.words,
        columns=tuple(column for step, column in columns.items() if step != Step.ON_HOLD),
        resting=columns.get(Step.ON_HOLD),
        over=tuple(_over(row, read) for row in read.over),
        over_count=read.over_count,
        why_empty=_why_empty(read, ask),
        only=ladder.label(only) if only else "",
    )


def next_steps(session: Session, town: Town, actor: Actor, today: date) -> tuple[tuple[BoardCard, ...], int]:
    """One's own placements that wait for a step, the most urgent first, and how many there are; for the first page."""
    read = read_board(session, town, actor, BoardAsk(mine=True), today)
    waiting = sorted((row for row in read.rows if _waits(row, read, today)), key=lambda row: _urgency(row, today))
    at = standpoints(session, read, waiting[:SHOWN])
    cards = (_card(row, read, at[row.id], today) for row in waiting[:SHOWN])
    return tuple(card for card in cards if card.act), len(waiting)


def _waits(row: BoardRow, read: BoardRead, today: date) -> bool:
    """Whether its deadline is within a week, or somebody was asked whether it goes on."""
    return row.id in read.asked or (row.deadline_on is not None and row.deadline_on <= today + SOON)


def address(ask: BoardAsk, **more: str) -> str:
    """The board under these filters; what was searched for never stands in an address."""
    on = {"who": "mine" if ask.mine else "all", "overdue": "1" if ask.overdue else "", "stalled": "1" if ask.stalled else ""}
    pairs = {name: value for name, value in {**on, **more}.items() if value}
    return f"/placements?{urlencode(pairs)}"


def _filters(ask: BoardAsk) -> tuple[tuple[str, str, bool], ...]:
    plain = BoardAsk(ask.mine)
    return (
        ("自分の担当", address(BoardAsk(True, ask.overdue, ask.stalled)), ask.mine),
        ("見えるすべて", address(BoardAsk(False, ask.overdue, ask.stalled)), not ask.mine),
        ("期限を過ぎたもの", address(plain if ask.overdue else BoardAsk(ask.mine, overdue=True)), ask.overdue),
        ("止まっているもの", address(plain if ask.stalled else BoardAsk(ask.mine, stalled=True)), ask.stalled),
    )


def _urgency(row: BoardRow, today: date) -> tuple[bool, date, date, str]:
    return (not is_overdue(row, today), row.deadline_on or date.max, row.since, row.id)


def _column(
    step: Step, ladder: Ladder, rows: Sequence[BoardRow], shown: Sequence[BoardRow], read: BoardRead,
    at: dict[str, Standpoint], ask: BoardAsk, today: date,
) -> Column:  # fmt: skip
    return Column(
        key=step,
        label=ladder.label(step),
        count=len(rows),
        cards=tuple(_card(row, read, at[row.id], today) for row in shown),
        more_href=address(ask, step=step),
        more=len(rows) - len(shown),
    )


def _card(row: BoardRow, read: BoardRead, at: Standpoint, today: date) -> BoardCard:
    ladder = read.ladders[row.version]
    act = next_act(ladder, at)
    return BoardCard(
        row.id, row.person, _place(row), say_since(row.since, today), tuple(_marks(row, read, at, today)),
        act or "", label_of(act, ladder) if act else "",
    )  # fmt: skip


def _marks(row: BoardRow, read: BoardRead, at: Standpoint, today: date) -> list[tuple[str, str]]:
    found = []
    if said := say_deadline(row.deadline_on, today):
        found.append(("no" if row.deadline_on and row.deadline_on < today else "", said))
    if said := say_reserved(row.reserved_until, today):
        found.append(("ask", said))
    if row.id in read.asked:
        late = is_unanswered(read.ladders[row.version], read.asked[row.id], today)
        found.append(("no", "止まっています") if late else ("ask", "まだ続いていますか"))
    if at.step == Step.SOUNDED and at.host_answer and not at.waits_for_host:
        found.append(
            {"yes": ("ok", "返事 可"), "conditional": ("ok", "返事 条件付き")}.get(at.host_answer, ("", "返事 難しい"))
        )
    return found


def _place(row: BoardRow) -> str:
    return "　".join(dict.fromkeys((row.host, row.opening)))


def _over(row: BoardRow, read: BoardRead) -> OverLine:
    ladder = read.ladders[row.version]
    reason = ladder.decline(row.closing)
    why = f"{SIDES[reason.side]}：{reason.label}" if reason else ENDINGS.get(row.closing, "")
    said = f"{ladder.label(row.step)}　{row.since.month}月{row.since.day}日　{why}".strip()
    return OverLine(row.id, row.person, _place(row), said)


def _why_empty(read: BoardRead, ask: BoardAsk) -> str:
    if read.rows:
        return ""
    if ask.words:
        return "さがしたことばに合う人も受け入れ先も、進んでいる打診・紹介にはありません。"
    if ask.overdue or ask.stalled:
        return f"しぼり込みに当たるものはありません（全{read.all_count}件）。"
    return f"自分の担当では、進んでいるものはありません。{WHY_EMPTY}" if ask.mine else WHY_EMPTY
