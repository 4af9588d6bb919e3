"""The part of a joint run that pins speak of: everybody else can be left without a place and stands in nobody's way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from service.matching.engine.problem import NO_LIMIT, Ints, Pairs, Placed, Problem, Sessions

Pair = tuple[int, int]


@dataclass(frozen=True)
class Pins:
    """A small problem in which pins can be tried: `forced` pairs, and `kept` lines that could be released."""

    problem: Problem
    forced: tuple[Pair, ...]
    kept: tuple[int, ...]

    def pair_of(self, line: int) -> Pair:
        """(person, opening) of a kept line."""
        return int(self.problem.kept.person[line]), int(self.problem.kept_opening[line])

    def holding(self, forced: Sequence[Pair], kept: Sequence[int]) -> Problem:
        """The problem with these pins alone; kept lines that cannot be released stay."""
        stays = ~np.isin(np.arange(len(self.problem.kept)), self.kept)
        stays[list(kept)] = True
        lines = self.problem.kept
        return replace(
            self.problem,
            kept=Placed(lines.person[stays], lines.slot[stays], lines.half[stays]),
            rules=replace(self.problem.rules, forced=tuple(forced)),
        )


def concerned(problem: Problem) -> Pins:
    """Only the pairs that forced pairs and bound households speak of, and the kept lines that may be in their way."""
    spoken = _spoken_of(problem)
    rules, kept = problem.rules, problem.kept
    people = {person for person, _ in spoken}
    people |= {other for two in rules.apart for other in two if people & set(two)}
    openings = {opening for _, opening in spoken}
    near = np.isin(kept.person, list(people)) | np.isin(problem.kept_opening, list(openings))
    lines = np.flatnonzero(near).tolist()
    wanted = spoken | {(int(kept.person[line]), int(problem.kept_opening[line])) for line in lines}
    there = set(zip(kept.person.tolist(), problem.kept_opening.tolist(), strict=True)) if rules.forced else set()
    small = _with_sessions(_only(problem, wanted), lines)
    return Pins(small, tuple(pin for pin in dict.fromkeys(rules.forced) if pin not in there), tuple(lines))


def _spoken_of(problem: Problem) -> set[Pair]:
    """Forced pairs, and every member of a bound household at every opening where one of them is forced or kept."""
    spoken = set(problem.rules.forced)
    bound = problem.rules.households_together | problem.rules.households_apart
    members: dict[int, list[int]] = defaultdict(list)
    for person in np.flatnonzero(np.isin(problem.people.household, list(bound))).tolist():
        members[int(problem.people.household[person])].append(person)
    pinned = [*problem.rules.forced, *zip(problem.kept.person.tolist(), problem.kept_opening.tolist(), strict=True)]
    for person, opening in pinned if members else ():
        spoken |= {(member, opening) for member in members.get(int(problem.people.household[person]), ())}
    return spoken


def _only(problem: Problem, wanted: Iterable[Pair]) -> Problem:
    """The problem with these pairs alone."""
    chosen = np.array(sorted(problem.pair_of[pair] for pair in wanted if pair in problem.pair_of), np.intp)
    number = np.full(len(problem.pairs), -1, np.int32)
    number[chosen] = np.arange(len(chosen))
    mine = number[problem.sessions.pair] >= 0
    pairs = Pairs(**{name: column[chosen] for name, column in vars(problem.pairs).items()})
    sessions = Sessions(number[problem.sessions.pair[mine]], problem.sessions.slot[mine])
    return replace(problem, pairs=pairs, sessions=sessions)


def _with_sessions(problem: Problem, lines: Sequence[int]) -> Problem:
    """What is kept could also be chosen: a released line may come back."""
    kept = [(int(problem.kept.person[line]), int(problem.kept.slot[line])) for line in lines]
    missing = [(who, int(problem.slots.opening[slot])) for who, slot in kept]
    fresh = [pair for pair in dict.fromkeys(missing) if pair not in problem.pair_of]
    pairs = _appended(problem.pairs, fresh)
    place_of = {pair: place for place, pair in enumerate(zip(pairs.person.tolist(), pairs.opening.tolist(), strict=True))}
    known = set(zip(problem.sessions.pair.tolist(), problem.sessions.slot.tolist(), strict=True))
    more = [(place_of[pair], slot) for pair, (_, slot) in zip(missing, kept, strict=True)]
    more = [each for each in dict.fromkeys(more) if each not in known]
    sessions = Sessions(
        np.append(problem.sessions.pair, _ints(pair for pair, _ in more)),
        np.append(problem.sessions.slot, _ints(slot for _, slot in more)),
    )
    return replace(problem, pairs=pairs, sessions=sessions)


def _appended(pairs: Pairs, fresh: list[Pair]) -> Pairs:
    count = len(fresh)
    return Pairs(
        person=np.append(pairs.person, _ints(person for person, _ in fresh)),
        opening=np.append(pairs.opening, _ints(opening for _, opening in fresh)),
        points=np.append(pairs.points, np.zeros(count)),
        minutes=np.append(pairs.minutes, np.full(count, NO_LIMIT, np.int32)),
        asks=np.append(pairs.asks, np.zeros(count, np.bool_)),
        is_new=np.append(pairs.is_new, np.zeros(count, np.bool_)),
        least_days=np.append(pairs.least_days, np.ones(count, np.int32)),
        uses=np.concatenate([pairs.uses, np.zeros((count, pairs.uses.shape[1]), np.int32)]),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int32)
