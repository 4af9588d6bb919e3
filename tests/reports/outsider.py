"""Somebody outside with all that was published and a solver of their own: month by month, and nothing of the service's audit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from service.reports.counting import Count
from service.reports.figures import BY_KEY
from service.reports.periods import Period

Unknown = tuple[str, str, str, str]
"""A figure, a breakdown, a value, and a month (or a period, where months do not add up)."""
Release = tuple[Period, Mapping[str, Count], Mapping[str, Any]]


@dataclass
class Outsider:
    """What they write down: unknown numbers, and what is known of their sums."""

    releases: Sequence[Release]
    names: dict[Unknown, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, int], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for period, counts, cleared in self.releases:
            self._compare(period, counts)
            for key, kept in cleared.items():
                if BY_KEY[key].personal and not kept["withheld"]:
                    self._read(period, key, kept)
                elif BY_KEY[key].personal:
                    self._divide(period, key)
                    if kept["withheld"] == "few":
                        self._say(self.unknowns(period, key, "", ""), 0, kept["below"] - 1)

    def _compare(self, period: Period, counts: Mapping[str, Count]) -> None:
        """What the definitions of two figures say of each other: a start is a step, a 重層案件 a decision."""
        for left, right in (
            (("starts", "", ""), (("steps", "step", "started"),)),
            (("consents", "", ""), (("screenings", "result", "juso"),)),
            (("ended", "", ""), (("steps", "step", "declined"), ("steps", "step", "ended"))),
        ):
            if counts[left[0]].total:
                for columns in zip(
                    self.unknowns(period, *left), *(self.unknowns(period, *each) for each in right), strict=True
                ):
                    self._balance(columns[:1], columns[1:])

    def unknowns(self, period: Period, key: str, breakdown: str, value: str) -> list[int]:
        figure = BY_KEY[key]
        adds = figure.adds_up and not (breakdown and figure.breakdown(breakdown).moves)
        when = [each.key for each in period.months_of()] if adds else [period.key]
        return [self.names.setdefault((key, breakdown, value, at), len(self.names)) for at in when]

    def _read(self, period: Period, key: str, kept: Mapping[str, Any]) -> None:
        self._say(self.unknowns(period, key, "", ""), kept["total"], kept["total"])
        listed: dict[str, set[str]] = {}
        for name, part in kept["parts"].items():
            if part["level"] != "dropped":
                listed[name] = {value for _, values, _ in part["cells"] for value in values}
                for _, values, number in part["cells"]:
                    columns = [at for value in values for at in self.unknowns(period, key, name, value)]
                    self._say(columns, *((1, np.inf) if number is None else (number, number)))
        self._divide(period, key)
        for name, values in listed.items():
            for value in self._values(key, name) - values:
                self._say(self.unknowns(period, key, name, value), 0, 0)

    def _divide(self, period: Period, key: str) -> None:
        """In every breakdown the values make up the whole, month by month."""
        for breakdown in BY_KEY[key].breakdowns:
            whole = self.unknowns(period, key, "", "")
            columns = [
                self.unknowns(period, key, breakdown.key, value) for value in sorted(self._values(key, breakdown.key))
            ]
            if columns and len(columns[0]) == len(whole):
                for at, column in enumerate(whole):
                    self._balance([column], [each[at] for each in columns])
            elif columns:
                self._balance(whole, [each[0] for each in columns])
            for at, part in enumerate(breakdown.parts):
                for one in self._values(key, part):
                    inside = [value for value in self._values(key, breakdown.key) if value.split("｜")[at] == one]
                    for month, column in enumerate(self.unknowns(period, key, part, one)):
                        self._balance([column], [self.unknowns(period, key, breakdown.key, each)[month] for each in inside])

    def _values(self, key: str, breakdown: str) -> set[str]:
        return {value for _, counts, _ in self.releases for value in counts[key].of(breakdown)}

    def _say(self, columns: Sequence[int], low: float, high: float) -> None:
        self.rows.append((dict.fromkeys(columns, 1), low, high))

    def _balance(self, left: Sequence[int], right: Sequence[int]) -> None:
        self.rows.append((dict.fromkeys(left, 1) | dict.fromkeys(right, -1), 0, 0))

    def widths(self, goals: Sequence[tuple[Mapping[int, int], str]], enough: int) -> Iterator[tuple[float, str]]:
        """How far each goal stays open: its least and its most, as far as needed to know that they are `enough` apart."""
        size = len(self.names)
        matrix, wanted = np.zeros((len(self.rows), size)), np.zeros((len(goals), size))
        for table, rows in ((matrix, [columns for columns, _, _ in self.rows]), (wanted, [columns for columns, _ in goals])):
            for at, columns in enumerate(rows):
                for column, factor in columns.items():
                    table[at, column] = factor
        known = LinearConstraint(csr_array(matrix), [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        low, high = np.full(len(goals), np.inf), np.full(len(goals), -np.inf)
        for at, (_, said) in enumerate(goals):
            for sign in (1, -1):
                if high[at] - low[at] < enough:
                    found = milp(sign * wanted[at], constraints=known, integrality=np.ones(size), bounds=Bounds(0, 500))
                    assert found.success, "what was published contradicts itself"
                    there = np.round(wanted @ found.x)
                    low, high = np.minimum(low, there), np.maximum(high, there)
            yield high[at] - low[at], f"{said} in {low[at]:.0f}…{high[at]:.0f}"


def narrowest(releases: Sequence[Release], few: int) -> tuple[float, str]:
    """How close anybody outside comes to a small number, and to which."""
    outsider = Outsider(releases)
    goals = list(_small(outsider, few))
    return min(outsider.widths(goals, few - 1), default=(float("inf"), ""))


def _small(outsider: Outsider, few: int) -> Iterator[tuple[Mapping[int, int], str]]:
    """Small true numbers: of a period that left, and of one less the others inside it."""
    for period, counts, _ in outsider.releases:
        inside = [(other, found) for other, found, _ in outsider.releases if other != period and _within(other, period)]
        largest = [
            (other, found)
            for other, found in inside
            if not any(_within(other, each) and each != other for each, _ in inside)
        ]
        for key, count in counts.items():
            if not BY_KEY[key].personal:
                continue
            for name, value in [("", ""), *((b, v) for b, cells in count.cells.items() for v in cells)]:
                number = _number(count, name, value)
                columns = outsider.unknowns(period, key, name, value)
                if 0 < number < few:
                    yield dict.fromkeys(columns, 1), f"{key} {name} {value} {period.key} = {number}"
                rest = number - sum(_number(found[key], name, value) for _, found in largest)
                if largest and len(columns) > 1 and 0 < rest < few:
                    less = {at for other, _ in largest for at in outsider.unknowns(other, key, name, value)}
                    yield dict.fromkeys(set(columns) - less, 1), f"{key} {name} {value} rest of {period.key} = {rest}"


def _number(count: Count, name: str, value: str) -> int:
    return count.of(name).get(value, 0) if name else count.total


def _within(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last
