"""A figure as it may leave the office: which numbers are shown, which are hidden, what was rolled up — and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from service.reports.counting import Count
from service.reports.figures import BY_KEY, Breakdown, Figure
from service.reports.periods import Period
from service.reports.presenting import ordered, say_value
from service.reports.release.cells import WHOLE, Place, Said

FINE, WIDE, DROPPED = "fine", "wide", "dropped"
FEW, COMPARED, CHANGED = "few", "compared", "changed"
HIDDEN: Final = "＊"
"""In place of a number that is not shown."""


@dataclass(frozen=True)
class Cell:
    """One line: what it is called, the values it stands for, and its number or None."""

    label: str
    values: tuple[str, ...]
    number: int | None


@dataclass
class Divided:
    """One breakdown on its way out: how fine, and which of its lines are hidden."""

    breakdown: Breakdown
    level: str = FINE
    hidden: set[str] = field(default_factory=set)

    def lines(self, figure: Figure, cells: Mapping[str, int]) -> list[tuple[str, tuple[str, ...], int]]:
        """Label, values and number of each line at this level."""
        if self.level == DROPPED:
            return []
        if self.level == FINE:
            return [
                (say_value(figure, self.breakdown, value), (value,), number)
                for value, number in ordered(self.breakdown, cells)
            ]
        groups: dict[str, list[tuple[str, int]]] = {}
        for value, number in ordered(self.breakdown, cells):
            groups.setdefault(self.breakdown.wider.get(value, self.breakdown.say(value)), []).append((value, number))
        return [
            (label, tuple(value for value, _ in found), sum(number for _, number in found))
            for label, found in groups.items()
        ]

    def hide_few(self, figure: Figure, cells: Mapping[str, int], few: int) -> None:
        """What is too small to show, by itself."""
        self.hidden = {label for label, _, number in self.lines(figure, cells) if 0 < number < few}

    def hide_one(self, figure: Figure, cells: Mapping[str, int]) -> bool:
        """The smallest line that is shown, unless more than half would be hidden."""
        lines = self.lines(figure, cells)
        shown = sorted((number, label) for label, _, number in lines if label not in self.hidden)
        if not shown or 2 * (len(self.hidden) + 1) > len(lines) + 1:
            return False
        self.hidden.add(shown[0][1])
        return True

    def hide_enough(self, figure: Figure, cells: Mapping[str, int], few: int) -> None:
        """As many as a subtraction from the whole asks for, by itself; coarser where that would be most of them.

        So many hidden lines are at least one each: no one of them is closer than their sum less their count.
        """
        while self.level != DROPPED and self.hidden:
            lines = self.lines(figure, cells)
            numbers = [number for label, _, number in lines if label in self.hidden]
            is_open = sum(numbers) - len(numbers) >= few - 1
            if is_open and len(numbers) < len(lines):
                return
            # Lines of which none is shown tell nothing.
            if is_open or not self.hide_one(figure, cells):
                self.coarser(figure, cells, few)

    def coarser(self, figure: Figure, cells: Mapping[str, int], few: int) -> None:
        """Fewer lines: wider groups where there are any, else none."""
        self.level = WIDE if self.level == FINE and self.breakdown.wider else DROPPED
        self.hide_few(figure, cells, few)


@dataclass
class Leaving:
    """One figure on its way out."""

    figure: Figure
    count: Count
    few: int
    withheld: str = ""
    """Why nothing of it is said; empty when it leaves."""
    parts: dict[str, Divided] = field(default_factory=dict)

    @classmethod
    def begin(cls, key: str, count: Count, few: int) -> Leaving:
        """Everything but the numbers that are too small; what is not about people leaves whole."""
        figure = BY_KEY[key]
        found = cls(figure, count, few)
        least = few if figure.personal else 0
        if count.total < least:
            # Nought too: whoever reads that there are few knows no more than that.
            found.withheld = FEW
        for breakdown in figure.breakdowns if count.total else ():
            divided = Divided(breakdown)
            divided.hide_few(figure, count.of(breakdown.key), least)
            found.parts[breakdown.key] = divided
        return found

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        if self.withheld:
            return {"withheld": self.withheld, "below": self.few}
        parts = {
            key: {"level": part.level, "cells": [[label, list(values), None if label in part.hidden else number]
                                                 for label, values, number in part.lines(self.figure, self.count.of(key))]}
            for key, part in self.parts.items()
        }  # fmt: skip
        return {"withheld": "", "total": self.count.total, "parts": parts}


def said_of(key: str, kept: Mapping[str, Any], period: Period, known: Sequence[Place]) -> Iterator[Said]:
    """What somebody outside reads in a figure that left; a value that is not listed is nought."""
    whole: tuple[Place, ...] = ((key, WHOLE, WHOLE),)
    if kept["withheld"] == FEW:
        yield Said(whole, period, 0, kept["below"] - 1)
    if kept["withheld"]:
        return
    yield Said(whole, period, kept["total"], kept["total"])
    for breakdown, part in kept["parts"].items():
        if part["level"] == DROPPED:
            continue
        listed = {value for _, values, _ in part["cells"] for value in values}
        for _, values, number in part["cells"]:
            yield Said(tuple((key, breakdown, value) for value in values), period, number or 1, number)
        rest = tuple(place for place in known if place[0] == key and place[1] == breakdown and place[2] not in listed)
        if rest:
            yield Said(rest, period, 0, 0)
