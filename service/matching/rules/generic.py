"""Rules that compare one value with one column; a town's own attributes use these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from service.kernel.vocab import Attribute
from service.matching.facts import UNKNOWN
from service.matching.instance import UNKNOWN_END, Masks, Numbers, Ranges
from service.matching.rules.situation import Findings, as_findings, unknown_where

# A range from birth to here leaves nobody out, so it needs no age.
OLDEST: int = 120


def at_most(value: Any, column: Masks | Numbers, attribute: Attribute) -> Findings:
    """The place has no more of it than the person can take."""
    if isinstance(column, Numbers):
        return _compared(np.greater, column, value)
    choices = attribute.host.choices[: attribute.host.index(value) + 1]
    return _has_one_of(column, [choice.key for choice in choices])


def at_least(value: Any, column: Masks | Numbers, attribute: Attribute) -> Findings:
    """The place has no less of it than the person needs."""
    if isinstance(column, Numbers):
        return _compared(np.less, column, value)
    choices = attribute.host.choices[attribute.host.index(value) :]
    return _has_one_of(column, [choice.key for choice in choices])


def within_range(value: Any, column: Ranges, attribute: Attribute) -> Findings:
    """The person's number lies between the place's ends, both included."""
    if value is UNKNOWN:
        admits_all = (column.lows <= 0) & (column.highs >= OLDEST) & (column.lows != UNKNOWN_END)
        return unknown_where(~admits_all)
    is_outside = (column.lows > value) | (column.highs < value)
    return as_findings(is_outside, column.lows == UNKNOWN_END, unknown_counts_as_violated=False)


def not_required(value: Any, column: Masks, attribute: Attribute) -> Findings:
    """The place does not insist on it."""
    return _has_one_of(column, [choice.key for choice in attribute.host.choices if choice.key != "required"])


def needs_value(value: Any, column: Masks, attribute: Attribute) -> Findings:
    """The place has one of the values that will do."""
    return _has_one_of(column, attribute.ok or ("yes",))


def any_of(value: Sequence[str], column: Masks, attribute: Attribute) -> Findings:
    """The place has at least one of what the person names."""
    return _has_one_of(column, value)


def all_of(value: Sequence[str], column: Masks, attribute: Attribute) -> Findings:
    """The place has everything the person names."""
    wanted = column.mask(value)
    lacks_one = (column.bits & wanted) != wanted
    return as_findings(lacks_one, (column.bits == 0) & lacks_one, unknown_counts_as_violated=True)


def none_of(value: Sequence[str], column: Masks, attribute: Attribute) -> Findings:
    """The place has nothing of what the person names."""
    has_one = (column.bits & column.mask(value)) != 0
    return as_findings(has_one, column.bits == 0, unknown_counts_as_violated=False)


def admits(value: Any, column: Masks, attribute: Attribute) -> Findings:
    """The place is for everybody, or for people like this one."""
    if value is UNKNOWN:
        return unknown_where(column.bits != column.mask(["any"]))
    return _has_one_of(column, ["any", value])


def _has_one_of(column: Masks, keys: Sequence[str]) -> Findings:
    has_none = (column.bits & column.mask(keys)) == 0
    return as_findings(has_none, column.bits == 0, unknown_counts_as_violated=True)


def _compared(exceeds: np.ufunc, column: Numbers, value: float) -> Findings:
    # A comparison with NaN is false, so unknown is never violated here.
    is_violated = exceeds(column.values, np.float32(value))
    return as_findings(is_violated, np.isnan(column.values), unknown_counts_as_violated=False)
