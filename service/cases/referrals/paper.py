"""つなぐシート on paper: blank to be filled in with a pen, or as it was received."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from service.cases.feedback.owing import entries_of
from service.cases.referrals.doors import Door
from service.cases.referrals.inbox import Arrived, screenings_of
from service.cases.referrals.pages import said_feedback
from service.cases.referrals.screening import RESULTS
from service.cases.referrals.troubles import KNOWS, TROUBLES
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, say_instant
from service.resources.town_words import town_settings
from service.web.actor import Actor, Town
from service.web.print.document import Block, Check, Checks, Document, Fact, Facts, Words
from service.web.print.sheets import Letterhead

INTRO = "気になる方がいたら、この一枚で知らせてください。分からないところは空けたままで構いません。名前を書かなくても受け付けます。"

DOOR_INTRO = "気になる方がいらっしゃるときに、電話やFAXのかわりに、つなぐシートを送れる入り口です。サインインは要りません。"
DOOR_WORDS = (
    "1　スマートフォンかパソコンで、上のアドレスを開きます。大文字で入れても、「-」を入れなくても開けます。",
    "2　分かるところだけ書いて送ります。名前が分からなくても送れます。三分ほどで済みます。",
    "3　受付番号が出ます。同じアドレスで、その後のお知らせを読み、お尋ねに答え、取り下げることもできます。",
    "一つの入り口で送れるのは一枚です。もう一枚送るときは、新しい入り口をお渡しします。",
    "この紙を見た人は、だれでもこの入り口を使えます。ほかの方に渡さず、なくしたときは、すぐにお知らせください。",
)


def blank_sheet(session: Session, town: Town, actor: Actor, now: datetime) -> Document:
    """The sheet with nothing on it."""
    values = dict.fromkeys(_LABELS, "")
    return Document(_head(session, town, actor, now), _blocks(values, frozenset(), "", "unknown-yet"), INTRO)


def filled_sheet(session: Session, town: Town, actor: Actor, found: Arrived, now: datetime) -> Document:
    """The sheet as received, with the office's answer below."""
    row, person, case = found.referral, found.principal, found.case
    values = {
        "received_on": format_wareki(row.received_on), "from": f"{row.from_agency}　{row.from_person}",
        "from_phone": row.from_phone, "to": row.to_agency or case.lead_agency, "name": person.name, "kana": person.kana,
        "born": format_wareki(person.birth_on) if person.birth_on else row.age_band,
        "address": "非開示" if case.locked else person.address, "phone": "非開示" if case.locked else person.phone,
        "reach": row.reach, "members": row.members, "story": row.story, "tried": row.tried,
        "urgent": "急ぎ" if row.is_urgent else "ふつう", "feedback_by": row.feedback_by,
        "acknowledged": format_wareki(row.acknowledged_on) if row.acknowledged_on else "", "assigned": case.assigned.name,
        "result": "　".join(RESULTS[each.result] for each in screenings_of(session, case.id)[:1]),
        "feedback": "　".join(said_feedback(each)[2] for each in entries_of(session, case.id)[:3]),
    }  # fmt: skip
    return Document(_head(session, town, actor, now), _blocks(values, frozenset(row.troubles), row.pressing, row.knows))


def door_paper(town: Town, actor: Actor, door: Door, address: str, now: datetime) -> Document:
    """A door to hand over: its address, until when, and how it is used; no person's name stands on it."""
    until = format_wareki(day_in_japan(door.link.expires_at))
    head = Letterhead("つなぐシートの入り口", town.name, "", "取扱注意", actor.label, say_instant(now))
    ask = (
        f"分からないことは、{town.name}（電話 {town.phone}）に。"
        if town.phone
        else f"分からないことは、{town.name}の担当者に。"
    )
    return Document(head, (
        Facts((Fact("お渡しする機関", door.agency.name, wide=True), Fact("アドレス", address, wide=True), Fact("いつまで", until, wide=True))),
        Words(DOOR_WORDS, "使い方"),
        Words((ask,)),
    ), DOOR_INTRO)  # fmt: skip


_LABELS = {
    "received_on": "日付", "to": "つなぎ先", "from": "つなぎ元（機関・名前）", "from_phone": "電話",
    "name": "本人の名前（匿名でもよい）", "kana": "かな", "born": "生年月日・年代", "phone": "電話", "address": "住所・地区",
    "reach": "連絡のしかた（時間帯・電話不可など）", "members": "世帯の様子", "story": "どんなことで困っているか",
    "tried": "これまでに試したこと", "urgent": "急ぎ（命・食べもの・住まい）", "feedback_by": "報告のしかたの希望",
    "acknowledged": "受け取った日", "assigned": "担当", "result": "判断", "feedback": "報告",
}  # fmt: skip
_WIDE = frozenset({"address", "reach", "members", "story", "tried", "feedback", "from"})
_LINES = {"story": 6, "tried": 4, "members": 3, "feedback": 4, "reach": 2}
_MUST = frozenset({"received_on", "from", "from_phone", "name", "tried", "urgent"})


def _blocks(values: dict[str, str], ticked: frozenset[str], pressing: str, knows: str) -> tuple[Block, ...]:
    def facts(title: str, *keys: str) -> Facts:
        return Facts(
            tuple(Fact(_LABELS[key], values[key], key in _WIDE, key in _MUST, _LINES.get(key, 1)) for key in keys), title
        )

    troubles = tuple(Check(f"{'◎ ' if key == pressing else ''}{label}", key in ticked) for key, label in TROUBLES.items())
    return (
        facts("", "received_on", "to", "from", "from_phone", "feedback_by"),
        facts("本人", "name", "kana", "born", "phone", "address", "reach", "members"),
        Checks(troubles, "困りごと（いちばん困っていることに◎）", 4),
        facts("", "story", "tried", "urgent"),
        Checks(tuple(Check(label, key == knows) for key, label in KNOWS.items()), "本人は、つなぐことを", 3),
        Words(("ここから下は、受け取った側が書きます。",)),
        facts("", "acknowledged", "assigned", "result", "feedback"),
    )


def _head(session: Session, town: Town, actor: Actor, now: datetime) -> Letterhead:
    title = town_settings(session).word("sheet")
    return Letterhead(title, town.name, "", "取扱注意・個人情報", actor.label, say_instant(now))
