"""Clearing a release: hide what is small, hide more until nobody can work it out, else say less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.reports.counting import Count, Days
from service.reports.figures import BY_KEY, FIGURES
from service.reports.periods import Period
from service.reports.release.attack import Attack, Target, small_numbers
from service.reports.release.cells import WHOLE, Exact, Place, Said, adds_up, children, components, number_at, places_of
from service.reports.release.cleared import CHANGED, COMPARED, DROPPED, Leaving, said_of

ROUNDS: Final = 60
"""After so many a group of figures says only its wholes, and after twice as many nothing."""
MOST_ASKED: Final = 600
"""Questions to the solver for one group of figures; beyond them it says less."""
Kept = Mapping[str, Any]


@dataclass(frozen=True)
class Before:
    """What left earlier: a period, its exact counts, and what was shown of them."""

    period: Period
    counts: Mapping[str, Count]
    cleared: Kept


@dataclass(frozen=True)
class Cleared:
    """What may leave, and what the audit found."""

    figures: Mapping[str, Any]
    spans: Mapping[str, Any]
    audit: Mapping[str, Any]


def clear(
    period: Period, counts: Mapping[str, Count], spans: Mapping[str, Days], before: Sequence[Before], few: int,
    *, complements: bool = True,
) -> Cleared:  # fmt: skip
    """The counts of a period as they may leave after those that left before."""
    exact: Exact = {period: counts, **{each.period: each.counts for each in before}}
    leaving = {figure.key: Leaving.begin(figure.key, counts[figure.key], few) for figure in FIGURES if figure.leaves}
    personal = [figure.key for figure in FIGURES if figure.personal]
    for key in personal:
        if has_changed(key, exact):
            leaving[key].withheld = CHANGED
    groups = components([key for key in personal if leaving[key].withheld != CHANGED])
    asked = [_Group(group, leaving, exact, before, period, few).settle(complements) for group in groups]
    medians = {key: round(days.days) for key, days in spans.items() if days.days is not None and days.count >= few}
    audit = {"few": few, "checked": sum(checked for checked, _ in asked), "asked": sum(each for _, each in asked),
             "compared_with": sorted(each.period.key for each in before)}  # fmt: skip
    return Cleared({key: each.to_json() for key, each in leaving.items()}, medians, audit)


def has_changed(key: str, exact: Exact) -> bool:
    """Whether the parts of a period have come to more than the whole: something was entered or corrected since they left."""
    return any(
        number_at(exact[period], place) < sum(number_at(exact[each], place) for each in children(period, exact))
        for period in exact
        for place in places_of(key, exact)
        if adds_up(BY_KEY[key], place[1])
    )


@dataclass
class _Group:
    """Figures that hang together, on their way out."""

    figures: Sequence[str]
    leaving: Mapping[str, Leaving]
    exact: Exact
    before: Sequence[Before]
    period: Period
    few: int

    def settle(self, complements: bool) -> tuple[int, int]:
        """Say less until nobody can work out a small number; how many were checked, and by how many questions."""
        for key in self.figures if complements else ():
            for name, part in self.leaving[key].parts.items():
                part.hide_enough(self.leaving[key].figure, self.leaving[key].count.of(name), self.few)
        known = [place for key in self.figures for place in places_of(key, self.exact)]
        targets = small_numbers(self.exact, known, self.few)
        if not targets or not complements:
            return len(targets), 0
        earlier = [
            said
            for each in self.before
            for key in self.figures
            for said in said_of(key, each.cleared[key], each.period, known)
        ]
        asked, spoilt = 0, set()
        for round_ in range(2 * ROUNDS):
            attack = Attack(self.exact, self.figures, [*earlier, *self._said(known)], self.few)
            found = [target for target in attack.worked_out(targets) if target not in spoilt]
            if found and earlier and round_ == 0:
                # What left before already tells of these: saying less today helps none of them.
                spoilt = set(Attack(self.exact, self.figures, earlier, self.few).worked_out(found))
                found = [target for target in found if target not in spoilt]
            asked += attack.asked
            if not found:
                return len(targets), asked
            for target in {target[0][:2]: target for target in found}.values():
                self._say_less(target, round_, asked)
        for key in self.figures:
            self.leaving[key].withheld = self.leaving[key].withheld or COMPARED
        return len(targets), asked

    def _said(self, known: Sequence[Place]) -> list[Said]:
        return [said for key in self.figures for said in said_of(key, self.leaving[key].to_json(), self.period, known)]

    def _say_less(self, target: Target, round_: int, asked: int) -> None:
        """One thing less: another line hidden, a breakdown coarser, a figure withheld."""
        (figure, breakdown, _), _, _ = target
        leaving = self.leaving[figure]
        part = leaving.parts.get(breakdown)
        tired = round_ >= ROUNDS or asked > MOST_ASKED
        if breakdown != WHOLE and part is not None and part.level != DROPPED and not leaving.withheld and not tired:
            self._hide_one(leaving, breakdown)
        elif breakdown == WHOLE or not self._drop_something(leaving):
            self._withhold(figure)

    def _hide_one(self, leaving: Leaving, breakdown: str) -> None:
        cells = leaving.count.of(breakdown)
        if not leaving.parts[breakdown].hide_one(leaving.figure, cells):
            leaving.parts[breakdown].coarser(leaving.figure, cells, self.few)
            leaving.parts[breakdown].hide_enough(leaving.figure, cells, self.few)

    def _drop_something(self, leaving: Leaving) -> bool:
        """Let go of a division of this figure that still hides something."""
        if leaving.withheld:
            return False
        for part in leaving.parts.values():
            if part.level != DROPPED and part.hidden:
                part.level = DROPPED
                part.hidden = set()
                return True
        return False

    def _withhold(self, figure: str) -> None:
        """This figure, or where it says nothing already the smallest of those that tell of it."""
        if self.leaving[figure].withheld:
            others = [each for key in self.figures if not (each := self.leaving[key]).withheld]
            figure = min(others, key=lambda each: (each.count.total, each.figure.key)).figure.key if others else figure
        self.leaving[figure].withheld = self.leaving[figure].withheld or COMPARED
