"""What a joint run is asked to do: the order of its aims, its limits, its seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Term(StrEnum):
    """What can be counted of a plan; more is better for each (evenness and travel count below zero)."""

    PLACED = "placed"
    PRIORITY = "priority"
    POINTS = "points"
    EVENNESS = "evenness"
    KEPT = "kept"
    TRAVEL = "travel"


@dataclass(frozen=True)
class Level:
    """One aim: a weighted sum of terms, pursued before every later level."""

    name: str
    weights: Mapping[Term, float]


IN_ORDER: Final = (
    Level("場所がある人の数", {Term.PLACED: 1}),
    Level("長く待つ人・場所の少ない人", {Term.PRIORITY: 1}),
    Level("希望に合う点", {Term.POINTS: 1}),
    Level("受け入れ先のかたよりの少なさ", {Term.EVENNESS: 1}),
    Level("今と変わらないこと", {Term.KEPT: 1}),
    Level("移動の短さ", {Term.TRAVEL: 1}),
)
"""The six aims of the page, one after the other."""

WEIGHED: Final = (Level("重み付きの合計", {Term.PLACED: 20_000, Term.POINTS: 1, Term.KEPT: 150}),)
"""One sum instead, as the benchmark and large runs use it."""


@dataclass(frozen=True)
class Settings:
    """How to run. `scarcity_days`: having one possible opening alone counts like this many days of waiting.

    `effort` limits the search per aim in the solver's deterministic units, `seconds` the whole run by the wall clock.
    """

    levels: tuple[Level, ...] = IN_ORDER
    include_ask: bool = False
    scarcity_days: int = 30
    seconds: float = 10.0
    seed: int = 0
    effort: float = 60.0
