"""「なぜそこでないのか」: protects the answer a coordinator gives to somebody who asks for another place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from service.matching.engine.explain.around import Block, Wish
from service.matching.engine.explain.sparing import who_would_move
from service.matching.engine.explain.standing import Standing
from service.matching.engine.explain.whynot import Cost, WhyNot, why_not
from service.matching.engine.model import build_model
from service.matching.engine.model.columns import Indices
from service.matching.engine.problem import Problem
from service.matching.engine.rule import Rule
from service.matching.engine.settings import IN_ORDER, WEIGHED, Level, Settings, Term
from service.matching.engine.solution import Plan
from service.matching.engine.solve import solve
from tests.engine.four import ASKED, four_people, standing_of, unsolved
from tests.engine.towns import BINDING, legal_plans, level_values, made_up, plan_of, said, slot, town

seeds = st.integers(0, 2**32)
twenty = settings(max_examples=20, deadline=None, derandomize=True, database=None, phases=(Phase.generate,))


def ask(standing: Standing, person: str, opening: str) -> WhyNot:
    problem = standing.problem
    return why_not(standing, problem.people.ids.index(person), problem.openings.ids.index(opening))


def test_all_four_have_a_place_and_the_place_p1_likes_best_costs_another_person_theirs() -> None:
    standing = standing_of(four_people())
    assert said(standing.plan, standing.problem) == {("P1", "A01"), ("P2", "A07"), ("P3", "A01"), ("P4", "A12")}
    answer = ask(standing, "P1", "A07")
    assert answer.cost is Cost.PLACE
    assert answer.lost == 1
    assert answer.costs[Term.PLACED] == 1
    (displaced,) = answer.displaced
    assert standing.problem.people.ids[displaced.person] == "P2"
    assert displaced.before == (standing.problem.openings.ids.index("A07"),)


def test_without_p2_the_plan_gives_p1_that_place_itself() -> None:
    standing = standing_of(four_people("P2"))
    assert said(standing.plan, standing.problem) == {("P1", "A07"), ("P3", "A01"), ("P4", "A12")}
    assert ask(standing, "P1", "A07").cost is Cost.THERE
    back = ask(standing, "P1", "A01")
    assert back.cost is Cost.POINTS
    assert back.costs[Term.POINTS] == 3
    assert back.moves == ()


def test_a_place_nobody_wants_and_as_good_as_the_other_is_free() -> None:
    openings = {name: {"free": 1, "slots": [slot("月", places=1)]} for name in ("A", "B")}
    problem = town({"P": {}}, openings, [("P", "A", {"score": 2}), ("P", "B", {"score": 2})])
    standing = Standing.of(problem, ASKED, solve(problem, ASKED))
    other = ({"A", "B"} - {opening for _, opening in said(standing.plan, problem)}).pop()
    answer = ask(standing, "P", other)
    assert answer.cost is Cost.FREE
    assert not any(answer.costs.values())


def test_a_wish_that_only_moves_somebody_says_from_where_to_where() -> None:
    openings = {name: {"free": 1} for name in ("A", "B", "C")}
    pairs = [("P", "A", {"score": 5}), ("P", "C", {"score": 4}), ("Q", "A", {"score": 8}), ("Q", "B", {"score": 1})]
    standing = standing_of(town({"P": {}, "Q": {}}, openings, pairs))
    answer = ask(standing, "P", "A")
    assert answer.cost is Cost.POINTS
    assert answer.costs[Term.POINTS] == 8 + 4 - 5 - 1
    (move,) = answer.moves
    assert (move.before, move.after) == ((0,), (1,))
    assert answer.displaced == ()


def test_somebody_who_is_left_costs_another_person_their_place() -> None:
    problem = town({"P": {"waiting_days": 1}, "Q": {"waiting_days": 9}}, {"A": {"free": 1}}, [("P", "A"), ("Q", "A")])
    answer = ask(standing_of(problem), "P", "A")
    assert answer.cost is Cost.PLACE
    assert answer.costs[Term.PLACED] == 0
    assert [move.person for move in answer.displaced] == [1]


def test_what_fits_nobody_is_not_possible() -> None:
    answer = ask(standing_of(four_people()), "P2", "A12")
    assert (answer.cost, answer.rules) == (Cost.IMPOSSIBLE, (Rule.LINE,))


def test_a_fixed_place_in_the_way_is_named_as_what_would_have_to_be_opened_again() -> None:
    openings = {"A": {"slots": [slot("月", places=1)]}, "B": {}}
    kept = [{"person": "Q", "opening": "A", "slot": 0}]
    problem = town({"P": {}, "Q": {}}, openings, [("P", "A"), ("P", "B"), ("Q", "A")], kept=kept)
    answer = ask(standing_of(problem), "P", "A")
    assert (answer.cost, answer.rules, answer.kept) == (Cost.IMPOSSIBLE, (Rule.PLACES,), ((1, 0),))


def test_a_full_opening_whose_places_are_not_the_run_s_to_give_is_not_possible() -> None:
    problem = town({"P": {}}, {"A": {"free": 0}, "B": {}}, [("P", "A"), ("P", "B")])
    answer = ask(standing_of(problem), "P", "A")
    assert (answer.cost, answer.rules, answer.kept) == (Cost.IMPOSSIBLE, (Rule.FREE,), ())


def test_a_place_left_out_by_hand_and_one_that_needs_a_question_say_so() -> None:
    pairs = [("P", "A"), ("P", "B", {"asks": True}), ("P", "C")]
    forbidden = [{"person": "P", "opening": "A"}]
    standing = standing_of(town({"P": {}}, {"A": {}, "B": {}, "C": {}}, pairs, forbidden=forbidden))
    assert ask(standing, "P", "A").rules == (Rule.FORBIDDEN,)
    assert ask(standing, "P", "B").rules == (Rule.ASK,)


def test_meeting_a_fixed_person_to_be_avoided_is_a_rule_that_names_nobody() -> None:
    kept, apart = [{"person": "Q", "opening": "A", "slot": 0}], [{"person": "P", "other": "Q"}]
    people, openings = {"P": {}, "Q": {}}, {"A": {"slots": [slot("月")]}, "B": {}}
    problem = town(people, openings, [("P", "A"), ("P", "B"), ("Q", "A")], kept=kept, apart=apart)
    answer = ask(standing_of(problem), "P", "A")
    assert answer.rules == (Rule.APART,)
    assert (answer.kept, answer.moves) == ((), ())


def test_the_slack_of_a_plan_is_no_gain_of_the_wish() -> None:
    """The same people decided without the wish are the base, not the plan somebody has stopped at."""
    openings = {name: {"free": 1} for name in ("A", "B", "C")}
    pairs = [("P", "A", {"score": 5}), ("P", "B", {"score": 9}), ("Q", "B", {"score": 1}), ("Q", "C", {"score": 5})]
    problem = town({"P": {}, "Q": {}}, openings, pairs)
    standing = unsolved(problem, plan_of(problem, ("P", "A", 0), ("Q", "B", 0)))
    answer = ask(standing, "P", "B")
    assert answer.cost is Cost.FREE
    assert answer.costs[Term.POINTS] == 0


@twenty
@given(seeds, st.sets(st.sampled_from(BINDING)).map(frozenset), st.booleans(), st.booleans())
def test_every_answer_is_that_of_trying_all_plans(seed: int, on: frozenset[str], in_order: bool, is_proven: bool) -> None:
    problem, asked = made_up(seed, on), Settings(levels=IN_ORDER if in_order else WEIGHED)
    plans = list(legal_plans(problem, asked))
    assume(plans)
    best = max(plans, key=lambda plan: level_values(problem, asked, plan))
    standing = Standing.within(build_model(problem, asked), best, is_proven=is_proven)
    for person in range(len(problem.people)):
        for opening in range(len(problem.openings)):
            found = why_not(standing, person, opening)
            assert found.cost is _by_trying(problem, asked, plans, best, person, opening), (person, opening, found)


def _by_trying(problem: Problem, asked: Settings, plans: list[Plan], best: Plan, person: int, opening: int) -> Cost:
    """The class as the best of all plans with the wish says it."""

    def goes(plan: Plan) -> set[tuple[int, int]]:
        kept = zip(problem.kept.person.tolist(), problem.kept_opening.tolist(), strict=True)
        return {*kept, *zip(plan.person.tolist(), plan.opening(problem).tolist(), strict=True)}

    if (person, opening) in goes(best):
        return Cost.THERE
    wished = [plan for plan in plans if (person, opening) in goes(plan)]
    if not wished:
        return Cost.IMPOSSIBLE
    reached = max(level_values(problem, asked, plan) for plan in wished)
    others = max(
        len({who for who, _ in goes(plan)} - {person}) for plan in wished if level_values(problem, asked, plan) == reached
    )
    if others < len({who for who, _ in goes(best)} - {person}):
        return Cost.PLACE
    return Cost.FREE if reached == level_values(problem, asked, best) else Cost.POINTS


@twenty
@given(seeds, st.sets(st.sampled_from(BINDING)).map(frozenset))
def test_a_way_that_costs_nobody_a_place_is_never_ruled_out(seed: int, on: frozenset[str]) -> None:
    problem, asked = made_up(seed, on), Settings(levels=WEIGHED)
    plans = list(legal_plans(problem, asked))
    assume(plans)
    best = max(plans, key=lambda plan: level_values(problem, asked, plan))
    standing = Standing.within(build_model(problem, asked), best, is_proven=True)
    everybody = np.arange(len(problem.people))
    for person, opening in zip(problem.pairs.person.tolist(), problem.pairs.opening.tolist(), strict=True):
        wish = Wish.of(standing, person, opening)
        if len(wish.columns) and _by_trying(problem, asked, plans, best, person, opening) in (Cost.FREE, Cost.POINTS):
            assert who_would_move(standing, everybody, person, wish) is not None, (person, opening)


def test_a_chain_longer_than_the_first_look_is_found_and_only_who_moves_is_decided_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """P0 wants the place of P1, who would go to that of P2, and so on; the last of sixty has a free one to go to.

    At each place others look on who would like it too, 180 of them.
    """
    decided: list[int] = []
    block = Block.of

    def counted(standing: Standing, people: Indices, **options: bool) -> Block:
        decided.append(len(people))
        return block(standing, people, **options)

    monkeypatch.setattr(Block, "of", counted)
    standing = unsolved(*_chain(60))
    answer = ask(standing, "P0", "A1")
    assert answer.cost is Cost.POINTS
    assert (answer.lost, len(answer.moves)) == (0, 59)
    assert decided[0] == 40
    assert max(decided) <= 40 + 60


def test_where_every_way_costs_a_place_nobody_is_decided_anew_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same chain without a free place at its end: shares prove it, and no larger block is solved."""
    decided: list[int] = []
    block = Block.of

    def counted(standing: Standing, people: Indices, **options: bool) -> Block:
        decided.append(len(people))
        return block(standing, people, **options)

    monkeypatch.setattr(Block, "of", counted)
    standing = unsolved(*_chain(60, has_end=False))
    answer = ask(standing, "P0", "A1")
    assert (answer.cost, answer.lost) == (Cost.PLACE, 1)
    assert decided == [40]
    assert answer.looked_at == 60 * 4


def _chain(length: int, *, has_end: bool = True) -> tuple[Problem, Plan]:
    """Each has their own place and would do with the next one's, for fewer points; three more would like it as well."""
    names = [f"P{at}" for at in range(length)]
    openings = {f"A{at}": {"free": 1, "slots": [slot("月", places=1)]} for at in range(length + 1)}
    pairs = [(name, f"A{at}", {"score": 5}) for at, name in enumerate(names)]
    pairs += [(name, f"A{at + 1}", {"score": 4}) for at, name in enumerate(names[: None if has_end else -1])]
    others = {f"{name}{who}": (f"{name}{who}", f"A{at}") for at, name in enumerate(names) for who in "abc"}
    openings |= {other: {"free": 1} for other in others}
    pairs += [(other, other, {"score": 5}) for other in others] + [(*pair, {"score": 1}) for pair in others.values()]
    problem = town({name: {} for name in (*names, *others)}, openings, pairs)
    held = [(name, f"A{at}", 0) for at, name in enumerate(names)] + [(other, other, 0) for other in others]
    return problem, plan_of(problem, *held)


@pytest.mark.parametrize("levels", [IN_ORDER, WEIGHED])
def test_nobody_else_is_moved_where_nothing_has_to_move(levels: tuple[Level, ...]) -> None:
    openings = {name: {"free": 1} for name in ("A", "B", "C", "D")}
    pairs = [(who, where, {"score": 3}) for who in "PQ" for where in "ABCD"]
    standing = standing_of(town({"P": {}, "Q": {}}, openings, pairs), Settings(levels=levels))
    taken = {opening for _, opening in said(standing.plan, standing.problem)}
    assert ask(standing, "P", min(set("ABCD") - taken)).moves == ()
