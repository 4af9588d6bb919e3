"""What a joint run answers, in sentences a coordinator can say aloud: why not there, and what it would move.

Names come from whoever asks: they know whom the reader may see. Without a name somebody is 「ほかの人」.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.matching.engine.explain.whynot import Cost, Move, WhyNot
from service.matching.engine.rule import Rule
from service.matching.engine.settings import Term

SOMEBODY: Final = "ほかの人"
PROSPECT: Final = "見込み"
MOST_NAMED: Final = 3


@dataclass(frozen=True)
class Names:
    """Labels by position (conditions by code); a person's is empty where the reader may not see the case."""

    person: Callable[[int], str]
    opening: Callable[[int], str]
    condition: Callable[[str], str] = str
    host: Callable[[int], str] = str
    coordinator: Callable[[int], str] = str
    cell: Callable[[int], str] = str
    activity: Callable[[int], str] = str

    def people(self, listed: Sequence[int]) -> str:
        """Names joined, those who may not be named counted."""
        named = [name for each in listed if (name := self.person(each))]
        shown, others = named[:MOST_NAMED], len(listed) - min(len(named), MOST_NAMED)
        if not others:
            return "・".join(shown)
        return f"{'・'.join(shown)}と{SOMEBODY}{others}人" if shown else f"{SOMEBODY}{others}人"

    def openings(self, listed: Sequence[int]) -> str:
        """The first openings by name, and how many more."""
        shown = "・".join(self.opening(each) for each in listed[:MOST_NAMED])
        return shown if len(listed) <= MOST_NAMED else f"{shown}など{len(listed)}か所"


IN_THE_WAY: Final = {
    Rule.LINE: "条件か曜日・時間が合いません",
    Rule.ASK: "確かめていないことがあります（要確認）",
    Rule.FORBIDDEN: "この組は外しておくと決めてあります",
    Rule.TWICE: "同じ曜日の枠は一度だけです",
    Rule.DEMAND: "本人の今の量（週の日数）を超えます",
    Rule.FORTNIGHTLY: "隔週で通えるのは一つだけです",
    Rule.TIMES: "ほかの場所と時間が重なるか、移動が間に合いません",
    Rule.PLACES: "その曜日・時間の枠がいっぱいです",
    Rule.HIGH_SUPPORT: "手厚い支えの要る人を、同じ時間にこれ以上受けられません",
    Rule.FREE: "空きがありません",
    Rule.RESOURCES: "必要なもの（席・送迎など）が足りません",
    Rule.MOST_HOSTS: "本人の行き先の数の上限です",
    Rule.NEW_STARTS: "受け入れ先が1週間に始められる人数に達しています",
    Rule.COORDINATOR: "担当が新しく紹介できる人数に達しています",
    Rule.ACCOMPANY: "その半日に同行できる職員がもういません",
    Rule.APART: "同席を避ける設定に当たります",
    Rule.HOUSEHOLD_TOGETHER: "世帯で同じ所に、という設定に合いません",
    Rule.HOUSEHOLD_APART: "世帯で別の所に、という設定に合いません",
    Rule.LEAST_DAYS: "受け入れ先の求める週の日数に足りません",
    Rule.FORCED: "先に決めておいた組と両立しません",
}


def say_why_not(answer: WhyNot, names: Names) -> str:
    """Why somebody is not at an opening."""
    where, who = names.opening(answer.opening), names.person(answer.person) or "この人"
    if answer.cost is Cost.THERE:
        return f"{who}は、{where}に決まっています。"
    if answer.cost is Cost.IMPOSSIBLE:
        return _say_impossible(answer, names, where)
    if answer.cost is Cost.FREE:
        return f"{where}にしても、同じくらい良い案になります。" + _say_others(answer, names)
    if answer.cost is Cost.POINTS:
        return f"{where}にもできますが、{'、'.join(_costs(answer))}。" + _say_others(answer, names)
    return "".join(_say_place(answer, names, where))


def _say_others(answer: WhyNot, names: Names) -> str:
    """Who would go elsewhere; somebody whose place another gets is told as well, though as many have one."""
    displaced = names.people([move.person for move in answer.displaced])
    instead = f"ただし{displaced}の場所がなくなり、ほかの人に場所ができます。" if displaced else ""
    return instead + say_moves(answer.moves, names)


def say_moves(moves: Sequence[Move], names: Names) -> str:
    """Who would go elsewhere; nothing where nobody would."""
    staying = [move for move in moves if move.after]
    if not staying:
        return ""
    said = [_say_move(move, names) for move in staying[:MOST_NAMED]]
    more = f"ほかに{len(staying) - MOST_NAMED}人が動きます。" if len(staying) > MOST_NAMED else ""
    return f"そのとき、{'、'.join(said)}。{more}"


def _say_move(move: Move, names: Names) -> str:
    who = names.person(move.person) or SOMEBODY
    # What stays is no move: only the places given up and taken are said.
    gone = [opening for opening in move.before if opening not in move.after]
    come = [opening for opening in move.after if opening not in move.before]
    if not gone:
        return f"{who}に{names.openings(come)}が{'加わります' if move.before else '決まります'}"
    return (
        f"{who}が{names.openings(gone)}から{names.openings(come)}に移ります"
        if come
        else f"{who}の{names.openings(gone)}がなくなります"
    )


def _say_place(answer: WhyNot, names: Names, where: str) -> Iterator[str]:
    displaced = answer.displaced
    who = names.people([move.person for move in displaced]) or SOMEBODY
    fewer = round(answer.costs.get(Term.PLACED, 0.0))
    if fewer > 0:
        yield f"{where}にすると、場所がある人が{fewer}人減ります。"
    else:
        yield f"{where}に入れると、代わりに{who}の場所がなくなります。"
    if any(answer.opening in move.before for move in displaced):
        yield (
            f"いまそこに決まっている{who}の行き先がなくなるためです。"
            if fewer > 0
            else "いまそこに決まっていて、ほかに行ける所がないためです。"
        )
    elif displaced:
        yield f"順に移っていくと、{who}の行き先がなくなるためです。"
    yield say_moves(answer.moves, names)


def _say_impossible(answer: WhyNot, names: Names, where: str) -> str:
    if answer.kept:
        held = names.people(sorted({person for person, _ in answer.kept}))
        return f"{where}には、固定した利用（{held}）を動かさないとできません。{_reasons(answer.rules)}"
    if answer.forced:
        held = names.people(sorted({person for person, _ in answer.forced}))
        return f"{where}は、先に決めておいた組（{held}）と両立しません。{_reasons(answer.rules)}"
    return f"{where}にはできません。{_reasons(answer.rules)}"


def _reasons(rules: Sequence[Rule]) -> str:
    return "".join(f"{IN_THE_WAY[rule]}。" for rule in rules)


def _costs(answer: WhyNot) -> Iterator[str]:
    """What the wish costs, thing by thing, the first one first."""
    said = [words for term, cost in answer.costs.items() if cost > 0 and (words := _say_cost(term, cost))]
    yield from said or ["全体としては少し悪い案になります"]


def _say_cost(term: Term, cost: float) -> str:
    return {
        Term.PLACED: f"場所がある人が{cost:g}人減ります",
        Term.PRIORITY: "長く待つ人・場所の少ない人が後まわしになります",
        Term.POINTS: f"希望に合う点が全体で{cost:g}点下がります",
        Term.EVENNESS: "受け入れ先のかたよりが大きくなります",
        Term.KEPT: f"今と変わらない所が{cost:g}つ減ります",
        Term.TRAVEL: f"移動が全体で週に{cost:g}分長くなります",
    }[term]
