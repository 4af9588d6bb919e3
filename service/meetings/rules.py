"""The rules of the two kinds of meeting, apart from any table: what may be put on, held, decided, and when it is done.

重層的支援会議 (社会福祉法106条の4第2項5号): consent, and somebody of the municipality at the table.
支援会議 (社会福祉法106条の6): called by the municipality, no consent, secrecy of everybody in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.kernel.errors import Missing

JUSO, SUPPORT, OTHER = "juso", "support", "other"
KINDS: Final = {JUSO: "重層的支援会議", SUPPORT: "支援会議", OTHER: "そのほかの会議"}
MARKS: Final = {JUSO: "取扱注意・個人情報", SUPPORT: "非公開・守秘義務", OTHER: "取扱注意・個人情報"}
PLANNED, INVITED, HELD, DECIDED, DONE, CANCELLED = "planned", "invited", "held", "decided", "feedback_done", "cancelled"
STATUSES: Final = {
    PLANNED: "予定", INVITED: "案内済み", HELD: "開催", DECIDED: "決定済み", DONE: "報告まで済み", CANCELLED: "取りやめ",
}  # fmt: skip
PURPOSES: Final = {
    "plan": "プラン案の決定", "replan": "プランの見直し", "close": "終結", "suspend": "中断", "gap": "足りない資源",
    "share": "情報共有・役割分担", "report": "報告",
}  # fmt: skip
DECISIONS: Final = {
    "approve": "プランを決定", "revise": "プランを直す", "reject": "認めない", "close": "終結を決定", "replan": "新しいプランで続ける",
    "suspend": "中断を決定", "gap_register": "足りない資源として記録", "share": "役割を確かめた",
}  # fmt: skip
OF_A_CASE: Final = frozenset({"plan", "replan", "close", "suspend"})
"""Purposes that decide about a case: a 重層的支援会議's alone."""
ANSWERS: Final = {
    "plan": ("approve", "revise", "reject"), "replan": ("replan", "revise", "close", "suspend"),
    "close": ("close", "replan", "suspend"), "suspend": ("suspend", "replan"), "gap": ("gap_register", "share"),
    "share": ("share", "gap_register"), "report": ("share",),
}  # fmt: skip
"""What may be decided for each purpose."""
ROLES: Final = {"chair": "進行", "secretary": "記録", "member": "出席者", "expert": "専門職", "guest": "招いた人"}


@dataclass(frozen=True)
class SeatFact:
    """What the rules know of one seat; no name."""

    is_municipal: bool
    attended: str
    has_sworn: bool


@dataclass(frozen=True)
class ItemFact:
    """What the rules know of one item: a case's or not, with consent or not, abuse or not."""

    purpose: str
    is_case: bool = False
    has_consent: bool = False
    is_abuse: bool = False
    decision: str = ""


@dataclass(frozen=True)
class MeetingFact:
    """One meeting as the rules see it."""

    kind: str
    status: str
    convenor_is_municipal: bool = False
    seats: Sequence[SeatFact] = ()
    items: Sequence[ItemFact] = ()
    owed: int = 0

    @property
    def municipal_attended(self) -> bool:
        """Whether somebody of the municipality sat at the table."""
        return any(seat.is_municipal and seat.attended == "yes" for seat in self.seats)


def for_calling(meeting: MeetingFact) -> Iterator[Missing]:
    """Who may call it."""
    if meeting.kind == SUPPORT and not meeting.convenor_is_municipal:
        yield Missing(
            "convenor", "支援会議を開けるのは市町村だけです。", "市の担当課を招集者にするか、開催を市に頼んでください。"
        )


def for_item(meeting: MeetingFact, item: ItemFact) -> Iterator[Missing]:
    """Whether an item may stand on the agenda."""
    if meeting.status not in (PLANNED, INVITED):
        yield Missing("held", "もう開いた会議です。", "次の会議にかけてください。")
    if item.purpose in OF_A_CASE and meeting.kind != JUSO:
        yield Missing(
            "kind",
            "プラン・終結・中断を決めるのは、重層的支援会議です。",
            "重層的支援会議にかけるか、情報共有にしてください。",
        )
    if meeting.kind == JUSO and item.is_case and not item.has_consent:
        yield Missing(
            "consent",
            "本人の同意がないケースは、重層的支援会議にかけられません。",
            "支援会議か、分野の会議にかけてください。",
        )
    if meeting.kind == JUSO and item.is_abuse:
        yield Missing("abuse", "虐待のケースは、この会議では扱いません。", "虐待の定例の会議にかけてください。")


def for_inviting(meeting: MeetingFact) -> Iterator[Missing]:
    """Whether people may be invited."""
    if meeting.status != PLANNED:
        yield Missing("status", "案内はもう出してあります。", "画面を開き直してください。")
    if not meeting.seats:
        yield Missing("seats", "出席する人が決まっていません。", "出席者を入れてください。")
    if not meeting.items:
        yield Missing("items", "議題がありません。", "議題を入れてください。")


def for_holding(meeting: MeetingFact) -> Iterator[Missing]:
    """Whether it may be written down as held: who came, and — in a 支援会議 — that each of them has sworn secrecy."""
    if meeting.status not in (PLANNED, INVITED):
        yield Missing("status", "もう開いたか、取りやめた会議です。", "画面を開き直してください。")
    if not any(seat.attended == "yes" for seat in meeting.seats):
        yield Missing("attendance", "出席した人が一人もいません。", "出欠を入れてください。")
    unsaid = sum(not seat.attended for seat in meeting.seats)
    if unsaid:
        yield Missing("unsaid", f"出欠の入っていない人が{unsaid}人います。", "全員の出欠を入れてください。")
    unsworn = sum(seat.attended == "yes" and not seat.has_sworn for seat in meeting.seats)
    if meeting.kind == SUPPORT and unsworn:
        yield Missing(
            "secrecy",
            f"守秘の確認がない出席者が{unsworn}人います。",
            "この年度の守秘の確認を記録してから、開催にしてください。",
        )


def for_deciding(meeting: MeetingFact, item: ItemFact, decision: str) -> Iterator[Missing]:
    """Whether an item may be decided so, here and now."""
    if meeting.status not in (HELD, DECIDED):
        yield Missing("not-held", "まだ開いていない会議です。", "出欠を入れて「開催した」にしてください。")
    if decision not in ANSWERS.get(item.purpose, ()):
        yield Missing("decision", "この議題では選べない決定です。", "議題に合った決定を選んでください。")
    if meeting.kind == JUSO and not meeting.municipal_attended:
        yield Missing(
            "municipal", "市の職員が出席していない会議では決められません。", "出席を確かめるか、次の会議にかけてください。"
        )
    if meeting.kind == JUSO and item.is_case and not item.has_consent:
        yield Missing("consent", "本人の同意が、いまはありません。", "支援会議か、分野の会議で扱ってください。")


def for_finishing(meeting: MeetingFact) -> Iterator[Missing]:
    """Whether everything is told: nothing is undecided, nobody waits to hear."""
    undecided = sum(not item.decision for item in meeting.items)
    if meeting.status not in (HELD, DECIDED):
        yield Missing("not-held", "まだ開いていない会議です。", "出欠を入れて「開催した」にしてください。")
    if undecided:
        yield Missing(
            "undecided", f"決まっていない議題が{undecided}件あります。", "決定か、次の会議に送ることを記録してください。"
        )
    if meeting.owed:
        yield Missing(
            "owed", f"まだ報告していない相手が{meeting.owed}人います。", "つなぎ元と欠席した人に伝えて、記録してください。"
        )
