"""The sentences of a joint run: protects that they say what was computed, aloud, and name nobody who may not be named."""

from __future__ import annotations

import itertools

import pytest

from service.matching.engine.explain.barring import Barred
from service.matching.engine.explain.changes import BestSet, Change, Kind
from service.matching.engine.explain.difference import Cause, Changed
from service.matching.engine.explain.difference import Change as Happened
from service.matching.engine.explain.outside import Shown
from service.matching.engine.explain.relaxing import ConditionSet
from service.matching.engine.explain.standing import Standing
from service.matching.engine.explain.whatif import rank_openings
from service.matching.engine.explain.whynobody import Reason, WhyNobody, why_nobody
from service.matching.engine.explain.whynot import Cost, Move, WhyNot, why_not
from service.matching.engine.rule import Rule
from service.matching.engine.settings import Term
from service.matching.joint.wording import IN_THE_WAY, Names, say_why_not
from service.matching.joint.wording_change import (
    say_best_set,
    say_change,
    say_changes_outside,
    say_confirmed,
    say_difference,
    say_half_day,
    say_outside,
)
from service.matching.joint.wording_left import say_set, say_why_nobody
from tests.engine.four import four_people, standing_of
from tests.engine.towns import slot, town


def names_of(standing: Standing, hidden: str = "") -> Names:
    people, openings = standing.problem.people.ids, standing.problem.openings.ids
    return Names(lambda at: "" if people[at] in hidden else f"{people[at]}さん", lambda at: openings[at])


def by_letter(hidden: str = "") -> Names:
    return Names(
        lambda at: "" if "PQRST"[at] in hidden else f"{'PQRST'[at]}さん",
        lambda at: "ABCDE"[at],
        {"R-TIME": "時間", "R-AGE": "年齢"}.__getitem__,
    )


def test_the_answer_for_p1_and_a07_can_be_read_aloud() -> None:
    standing = standing_of(four_people())
    answer = why_not(standing, 0, standing.problem.openings.ids.index("A07"))
    assert say_why_not(answer, names_of(standing)).startswith(
        "A07にすると、場所がある人が1人減ります。いまそこに決まっているP2さんの行き先がなくなるためです。"
    )
    assert say_why_not(answer, names_of(standing, "P2")).startswith(
        "A07にすると、場所がある人が1人減ります。いまそこに決まっているほかの人1人の行き先がなくなるためです。"
    )


def test_points_moves_and_equals_are_said() -> None:
    move = Move(1, (1,), (2,))
    points = WhyNot(0, 0, Cost.POINTS, {Term.POINTS: 3.5, Term.TRAVEL: -4.0}, (move,))
    assert (
        say_why_not(points, by_letter())
        == "Aにもできますが、希望に合う点が全体で3.5点下がります。そのとき、QさんがBからCに移ります。"
    )
    free = WhyNot(0, 0, Cost.FREE, {Term.POINTS: 0.0})
    assert say_why_not(free, by_letter()) == "Aにしても、同じくらい良い案になります。"
    assert say_why_not(WhyNot(0, 0, Cost.THERE, {}), by_letter()) == "Pさんは、Aに決まっています。"


def test_a_chain_that_ends_with_somebody_else_is_told_as_a_chain() -> None:
    moves = (Move(1, (0,), (1,)), Move(2, (1,), ()))
    answer = WhyNot(0, 0, Cost.PLACE, {Term.PLACED: 1.0}, moves, 1)
    assert say_why_not(answer, by_letter()) == (
        "Aにすると、場所がある人が1人減ります。順に移っていくと、Rさんの行き先がなくなるためです。そのとき、QさんがAからBに移ります。"
    )
    instead = WhyNot(0, 0, Cost.PLACE, {Term.PLACED: 0.0}, (Move(1, (0,), ()),), 1)
    assert say_why_not(instead, by_letter()) == (
        "Aに入れると、代わりにQさんの場所がなくなります。いまそこに決まっていて、ほかに行ける所がないためです。"
    )


def test_somebody_who_loses_a_place_to_another_is_told_though_as_many_have_one() -> None:
    moves = (Move(1, (0,), ()), Move(2, (), (1,)))
    said = say_why_not(WhyNot(0, 0, Cost.POINTS, {Term.PRIORITY: 5.0}, moves), by_letter())
    assert said == (
        "Aにもできますが、長く待つ人・場所の少ない人が後まわしになります。"
        "ただしQさんの場所がなくなり、ほかの人に場所ができます。そのとき、RさんにBが決まります。"
    )


def test_what_is_fixed_or_decided_is_named_as_what_would_have_to_change() -> None:
    kept = WhyNot(0, 0, Cost.IMPOSSIBLE, {}, rules=(Rule.PLACES,), kept=((1, 0),))
    assert (
        say_why_not(kept, by_letter("Q"))
        == "Aには、固定した利用（ほかの人1人）を動かさないとできません。その曜日・時間の枠がいっぱいです。"
    )
    forced = WhyNot(0, 0, Cost.IMPOSSIBLE, {}, rules=(Rule.FREE,), forced=((1, 0),))
    assert say_why_not(forced, by_letter()) == "Aは、先に決めておいた組（Qさん）と両立しません。空きがありません。"


def test_whoever_is_to_be_avoided_is_in_no_sentence() -> None:
    """With P and Q kept apart, everything said about P is searched for Q's name."""
    people, monday, apart = {"P": {}, "Q": {}}, {"A": {"slots": [slot("月")]}}, [{"person": "P", "other": "Q"}]
    for more in ({}, {"kept": [{"person": "Q", "opening": "A", "slot": 0}]}, {"forced": [{"person": "Q", "opening": "A"}]}):
        problem = town(people, monday, [("P", "A"), ("Q", "A", {"score": 9})], apart=apart, **more)
        standing = standing_of(problem)
        names = names_of(standing)
        (left,) = why_nobody(standing)
        words = [*say_why_nobody(left, names), *(say_change(change, names) for change in rank_openings(standing))]
        if more:
            words.append(say_why_not(why_not(standing, 0, 0), names))
            assert "同席を避ける設定" in words[-1]
        assert any("同席を避ける設定" in each for each in words)
        assert not any("Q" in each for each in words)


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_a_sentence(rule: Rule) -> None:
    assert rule in IN_THE_WAY or rule is Rule.LINE
    assert not IN_THE_WAY[rule].endswith("。")


def test_every_reason_is_said_and_full_places_name_who_has_them() -> None:
    problem = town({"P": {}, "Q": {}}, {"A": {"free": 1}}, [("P", "A"), ("Q", "A", {"score": 9})])
    standing = standing_of(problem)
    (answer,) = why_nobody(standing)
    assert say_why_nobody(answer, names_of(standing)) == (
        "合う所はありますが、空きがありません。",
        "AにはQさんが決まっています。",
    )
    assert say_why_nobody(answer, names_of(standing, "Q"))[1] == "Aにはほかの人1人が決まっています。"
    for reason in Reason:
        assert say_why_nobody(WhyNobody(0, reason), by_letter())[0].endswith("。")


def test_what_has_to_be_checked_is_said_once_and_leaves_room_for_other_rules() -> None:
    asks = tuple(Barred(opening, frozenset({Rule.ASK})) for opening in range(3))
    answer = WhyNobody(0, Reason.RULES, barred=(*asks, Barred(3, frozenset({Rule.COORDINATOR}))), asks=(0, 1, 2))
    assert say_why_nobody(answer, by_letter()) == (
        "合う所はありますが、ほかの決まりに当たります。",
        "確かめる所：A・B・C。",
        "D：担当が新しく紹介できる人数に達しています。",
    )


def test_only_what_may_be_suggested_is_proposed() -> None:
    assert (
        say_set(ConditionSet(("R-TIME",), (0, 1), True, False), by_letter()) == "「時間」を見直すと、A・Bが候補になります。"
    )
    assert "見直しは勧めません" in say_set(ConditionSet(("R-AGE",), (0,), False, False), by_letter())
    locked = say_set(ConditionSet(("R-AGE", "R-TIME"), (0,), False, True), by_letter())
    assert "外せません" in locked
    assert "見直す" not in locked


def test_a_change_is_a_prospect_until_it_is_solved_again() -> None:
    change = Change(Kind.PLACE, 0, (0, 1, 2))
    assert (
        say_change(change, by_letter())
        == "Aにあと1人分あれば、残っている人のうち1人に場所ができる見込みです（使えそうな人は3人）。"
    )
    assert "見込み" not in say_confirmed(change, 1, by_letter())
    assert "増えませんでした" in say_confirmed(change, 0, by_letter())
    both = BestSet((change, Change(Kind.CONDITION, 1, (3,), 1, "R-TIME")), ((0,), (3,)), 2, True)
    assert (
        say_best_set(both, by_letter())
        == "Aにあと1人分あれば、Bの「時間」が変われば：合わせて2人に場所ができる見込みです（これより多くはできません）。"
    )


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_change_has_words_and_no_person_s_name(kind: Kind) -> None:
    thing = (0, 5, 0) if kind is Kind.OPENING else 0
    said = say_change(Change(kind, thing, (0,), 1, "R-TIME"), by_letter())
    assert "見込み" in said
    assert "さん" not in said


def test_half_days_are_said_as_people_say_them() -> None:
    assert (say_half_day(0), say_half_day(5)) == ("月曜の午前", "水曜の午後")


@pytest.mark.parametrize(("change", "cause"), [*itertools.product(Happened, Cause)])
def test_every_difference_has_words(change: Happened, cause: Cause) -> None:
    said = say_difference(
        Changed("P", change, ("A",), ("B",), cause, ("Q", "R")), lambda who: "" if who == "R" else who, str
    )
    assert said.endswith("。")
    if cause in (Cause.LONGER_WAITING, Cause.PLACE_FREED):
        assert "Q・ほかの人1人" in said


def test_outsiders_read_fewer_than_five_as_that() -> None:
    assert say_outside(Shown("東", None, True)) == "東（ほかを合わせて）：5人未満"
    assert say_outside(Shown("東", 7)) == "東：7人"


def test_outsiders_read_no_coordinators_name() -> None:
    change, names = Change(Kind.COORDINATOR, 0, tuple(range(6))), by_letter()
    assert names.coordinator(0) in say_change(change, names)
    assert say_changes_outside((change,), names) == ("担当があと1人紹介できれば、使えそうな人：6人",)


def test_the_changes_outsiders_read_hide_small_counts_behind_their_kind() -> None:
    many, few = Change(Kind.PLACE, 0, tuple(range(6))), Change(Kind.PLACE, 1, (7, 8))
    one = Change(Kind.CONDITION, 2, (9,), 1, "R-TIME")
    assert say_changes_outside((many, few, one), by_letter()) == (
        "Aにあと1人分あれば、使えそうな人：6人",
        "「時間」の条件（ほかを合わせて）：5人未満",
        "受け入れ先の空き（ほかを合わせて）：5人未満",
    )
    for kind in Kind:
        (row,) = say_changes_outside(
            (Change(kind, (0, 0, 0) if kind is Kind.OPENING else 0, (1,), 1, "R-TIME"),), by_letter()
        )
        assert row.endswith("5人未満")
