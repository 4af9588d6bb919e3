"""Why somebody has no place, in sentences: the reason first, then what could be looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from service.matching.engine.explain.barring import Barred
from service.matching.engine.explain.relaxing import ConditionSet
from service.matching.engine.explain.whynobody import Reason, WhyNobody
from service.matching.engine.rule import Rule
from service.matching.joint.wording import IN_THE_WAY, Names

MOST_OPENINGS: Final = 3
FIXED: Final = "固定した利用"
NOT_KEPT: Final = "この案には、条件の記録がありません。計算し直すと、理由が出ます。"


def say_why_nobody(answer: WhyNobody, names: Names) -> tuple[str, ...]:
    """The answer for one person, sentence by sentence."""
    return (_REASONS[answer.reason], *_details(answer, names), *(say_set(each, names) for each in answer.sets))


_REASONS: Final = {
    Reason.NOTHING: "選んだ範囲に、受け入れ先がありません。",
    Reason.CONDITIONS: "条件が合う所がありません。",
    Reason.ASKS: "確かめれば候補になる所があります。",
    Reason.CAPACITY: "合う所はありますが、空きがありません。",
    Reason.ORDER: "合う所は、もっと長く待っている人か、行ける所の少ない人に決まりました。",
    Reason.RULES: "合う所はありますが、ほかの決まりに当たります。",
    Reason.UNFINISHED: "まだ入れる所があります。この案はこれまでの最良で、続けて計算すると決まるかもしれません。",
}


def _details(answer: WhyNobody, names: Names) -> Iterator[str]:
    if answer.asks and answer.reason is not Reason.NOTHING:
        yield f"確かめる所：{names.openings(answer.asks)}。"
    if answer.reason in (Reason.CAPACITY, Reason.ORDER):
        yield from (_say_full(each, names) for each in answer.barred[:MOST_OPENINGS] if each.is_full)
        if answer.taken:
            yield f"{names.openings(answer.taken)}は、いま利用中の人でいっぱいです。"
    if answer.reason is Reason.RULES:
        # What has to be checked has been said in one sentence.
        others = [each for each in answer.barred if each.rules != {Rule.ASK}]
        yield from (_say_barred(each, names) for each in others[:MOST_OPENINGS])
    if answer.reason is Reason.UNFINISHED:
        yield f"入れる所：{names.openings([each.opening for each in answer.barred if not each.rules])}。"


def _say_full(barred: Barred, names: Names) -> str:
    """Who has the place: proposed to them, or theirs for good."""
    where = names.opening(barred.opening)
    if barred.holders:
        return f"{where}には{names.people(barred.holders)}が決まっています。"
    if barred.kept:
        return f"{where}は{FIXED}（{names.people(barred.kept)}）でいっぱいです。"
    return f"{where}：{_rules(barred)}。"


def _say_barred(barred: Barred, names: Names) -> str:
    return f"{names.opening(barred.opening)}：{_rules(barred)}。"


def _rules(barred: Barred) -> str:
    return "、".join(IN_THE_WAY[rule] for rule in Rule if rule in barred.rules)


def say_set(found: ConditionSet, names: Names) -> str:
    """One smallest set of conditions; those that nobody should loosen are told and not proposed."""
    codes = "と".join(f"「{names.condition(code)}」" for code in found.codes)
    where = names.openings(found.openings)
    if found.is_locked:
        return f"{where}は{codes}に当たります。これは外せません。"
    if found.may_suggest:
        return f"{codes}を見直すと、{where}が候補になります。"
    return f"{codes}が合えば{where}が候補になりますが、見直しは勧めません。"
