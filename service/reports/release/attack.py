"""The one who would work it out: how far each small number stays open to somebody who knows everything that was published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ortools.sat.python import cp_model

from service.reports.figures import BY_KEY
from service.reports.periods import Period
from service.reports.release.cells import (
    ALIKE,
    BONDS,
    WHOLE,
    Exact,
    Place,
    Said,
    adds_up,
    children,
    number_at,
    places_of,
    sums_within,
)

EFFORT: Final = 0.5
"""Deterministic time for one question to the solver; what it cannot settle counts as worked out."""
Target = tuple[Place, Period, bool]
"""A place and a period; True is the whole of the period, False the piece of it that no other published period covers."""


def small_numbers(exact: Exact, places: Sequence[Place], few: int) -> list[Target]:
    """Every small number there is: of a period, and of a piece between two of them."""
    return [
        (place, period, is_whole)
        for place in places
        for period in exact
        for is_whole in (True, False)
        if (is_whole or adds_up(BY_KEY[place[0]], place[1])) and 0 < truth(exact, place, period, is_whole) < few
    ]


def truth(exact: Exact, place: Place, period: Period, is_whole: bool) -> int:
    """The exact number behind a target."""
    number = number_at(exact[period], place)
    inside = [] if is_whole else children(period, exact)
    return number - sum(number_at(exact[each], place) for each in inside)


@dataclass
class Attack:
    """Everything published about a group of figures, as equations over what is not known."""

    exact: Exact
    figures: Sequence[str]
    said: Sequence[Said]
    few: int
    asked: int = 0
    """How many questions were put to the solver."""
    seen: dict[Target, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.family = sorted(self.exact, key=lambda each: (each.months, each.start))
        self.model = cp_model.CpModel()
        self.most = (
            2 * max((counts[key].total for counts in self.exact.values() for key in self.figures), default=0) + 10 * self.few
        )
        self.pieces: dict[tuple[Place, Period], cp_model.IntVar] = {}
        for figure in self.figures:
            self._open(figure)
        self._tie_figures()
        for each in self.said:
            self._tell(each)

    def whole(self, place: Place, period: Period) -> cp_model.LinearExpr:
        """A place over a period."""
        return self._sum([place], period, True)

    def _sum(self, places: Iterable[Place], period: Period, is_whole: bool) -> cp_model.LinearExpr:
        """Places over a period, or over the piece of it that is its own."""
        found = [piece for place in places for piece in self._pieces((place, period, is_whole))]
        return cp_model.LinearExpr.sum(found)

    def _pieces(self, target: Target) -> list[cp_model.IntVar]:
        """The own piece of a period and the pieces of all that lie inside it."""
        place, period, is_whole = target
        found = [self.pieces[place, period]]
        if is_whole and adds_up(BY_KEY[place[0]], place[1]):
            found += [piece for each in children(period, self.family) for piece in self._pieces((place, each, True))]
        return found

    def worked_out(self, targets: Sequence[Target]) -> Iterator[Target]:
        """Those that cannot take two values `few - 1` apart."""
        columns = {target: [piece.index for piece in self._pieces(target)] for target in targets}
        for target in targets:
            if not self._is_open(target) and not self._ask(target, columns):
                yield target

    def _open(self, figure: str) -> None:
        places = places_of(figure, self.exact)
        for period in self.family:
            for place in places:
                self.pieces[place, period] = self.model.new_int_var(0, self.most, "")
                self._close_what_is_left(place, period)
            for one, parts in sums_within(figure, places):
                self.model.add(self.whole(one, period) == self._sum(parts, period, True))
        self._tie_periods(figure, places)

    def _close_what_is_left(self, place: Place, period: Period) -> None:
        """Where others cover every month of a period nothing is left, and anybody knows that."""
        inside = children(period, self.family)
        covered = sum(each.months for each in inside) == period.months
        if covered and adds_up(BY_KEY[place[0]], place[1]) and truth(self.exact, place, period, False) == 0:
            self.model.add(self.pieces[place, period] == 0)

    def _tie_periods(self, figure: str, places: Sequence[Place]) -> None:
        """Whoever was there in a month was there in its year."""
        if BY_KEY[figure].adds_up:
            return
        for place in places:
            for period in self.family:
                for inner in children(period, self.family):
                    if number_at(self.exact[inner], place) <= number_at(self.exact[period], place):
                        self.model.add(self.pieces[place, inner] <= self.pieces[place, period])

    def _tie_figures(self) -> None:
        for left, right, is_equal in self._bonds():
            for period in self.family:
                for is_whole in (True, False):
                    one = truth(self.exact, left, period, is_whole)
                    other = sum(truth(self.exact, each, period, is_whole) for each in right)
                    this, that = self._sum([left], period, is_whole), self._sum(right, period, is_whole)
                    if is_equal and one == other:
                        self.model.add(this == that)
                    elif not is_equal and one <= other and (is_whole or self._all_add_up(left, right)):
                        self.model.add(this <= that)

    def _bonds(self) -> Iterator[tuple[Place, tuple[Place, ...], bool]]:
        known = {place for place, _ in self.pieces}
        for bond in BONDS:
            right = tuple(each for each in bond.right if each in known)
            if bond.left in known and right:
                yield bond.left, right, bond.is_equal
        for part, of in ALIKE:
            for place in sorted(known):
                twin = (of, place[1], place[2])
                if place[0] == part and place[1] != WHOLE and twin in known:
                    yield place, (twin,), False

    def _all_add_up(self, left: Place, right: Sequence[Place]) -> bool:
        return all(adds_up(BY_KEY[each[0]], each[1]) for each in (left, *right))

    def _tell(self, said: Said) -> None:
        known = self._sum((place for place in said.places if (place, said.period) in self.pieces), said.period, True)
        self.model.add(known >= said.least)
        if said.most is not None:
            self.model.add(known <= said.most)

    def _is_open(self, target: Target) -> bool:
        low, high = self.seen.get(target, (0, 0))
        return high - low >= self.few - 1

    def _ask(self, target: Target, columns: Mapping[Target, Sequence[int]]) -> bool:
        """The least and the most it can be, as far as needed to know that they are far enough apart."""
        place, period, is_whole = target
        goal = self._sum([place], period, is_whole)
        for point in (self.model.maximize, self.model.minimize):
            point(goal)
            self._solve(columns)
            if self._is_open(target):
                return True
        return False

    def _solve(self, columns: Mapping[Target, Sequence[int]]) -> None:
        """One more town that looks the same from outside: what every target is there is kept."""
        solver = cp_model.CpSolver()
        solver.parameters.max_deterministic_time = EFFORT
        solver.parameters.num_workers = 1
        self.asked += 1
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return
        town = solver.response_proto.solution
        for target, of in columns.items():
            value = sum(town[at] for at in of)
            low, high = self.seen.get(target, (value, value))
            self.seen[target] = (min(low, value), max(high, value))
