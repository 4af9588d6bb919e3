"""条件を見直す: what would open if just one thing were different, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.kernel.vocab import Attribute
from service.matching.bands import Band
from service.matching.rules import UNKNOWN, VIOLATED
from service.matching.verdict import Verdicts, violated_rows


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One need that may be proposed to be dropped, and the places that would then leave 不適合, best first."""

    code: str
    attributes: tuple[Attribute, ...]
    opens: tuple[tuple[int, Band], ...]


@dataclass(frozen=True, slots=True)
class Negotiation:
    """A place that fails only on conditions its host has marked 相談可."""

    place: int
    attributes: tuple[Attribute, ...]
    band: Band


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A place that fails on one code alone, whatever the code."""

    place: int
    attribute: Attribute


def relaxations(verdicts: Verdicts) -> tuple[Relaxation, ...]:
    """Per suggestable code: the excluded places that fail on nothing else, with their band without it.

    Health, safety, law and a host's identity rules are never among them. Codes that open nothing are left out;
    those that open most come first, then in the vocabulary's order.
    """
    by_code = _by_code(verdicts)
    found = [
        Relaxation(code, attributes, tuple((place, _band_without(verdicts, rows, place)) for place in places.tolist()))
        for code, rows in by_code.items()
        if code in verdicts.catalogue.vocabulary.suggestable_codes
        and len(places := _only_failing(verdicts, rows))
        and (attributes := tuple(verdicts.asked[row].attribute for row in rows))
    ]
    return tuple(sorted(found, key=lambda relaxation: -len(relaxation.opens)))


def near_misses(verdicts: Verdicts, limit: int) -> tuple[NearMiss, ...]:
    """The best places that fail on exactly one code."""
    blocking = np.full(len(verdicts.catalogue), -1)
    for rows in _by_code(verdicts).values():
        blocking[_only_failing(verdicts, rows)] = rows[0]
    places = _in_order(verdicts, blocking >= 0)[:limit]
    return tuple(NearMiss(place, verdicts.asked[blocking[place]].attribute) for place in places.tolist())


def negotiations(verdicts: Verdicts) -> tuple[Negotiation, ...]:
    """「受け入れ先に相談すれば」: excluded places all of whose violated conditions are 相談可, best first."""
    violated = violated_rows(verdicts)
    left = verdicts.violated.copy()
    for row, need in enumerate(verdicts.asked):
        marked = verdicts.catalogue.negotiable.get(need.attribute.key)
        if marked is not None and not need.attribute.locked:
            left -= violated[row] & marked
    places = _in_order(verdicts, (left == 0) & (verdicts.violated > 0))
    return tuple(
        Negotiation(
            place,
            tuple(
                need.attribute for need, is_violated in zip(verdicts.asked, violated[:, place], strict=True) if is_violated
            ),
            Band.NEEDS_CHECK if verdicts.unknown[place] else Band.FITS,
        )
        for place in places.tolist()
    )


def _by_code(verdicts: Verdicts) -> Mapping[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, need in enumerate(verdicts.asked):
        if need.strength.decides:
            rows.setdefault(need.attribute.code, []).append(row)
    return rows


def _only_failing(verdicts: Verdicts, rows: list[int]) -> NDArray[np.intp]:
    """Places whose violated needs are all among these rows, best first."""
    failing = (verdicts.findings[rows] == VIOLATED).sum(axis=0)
    return _in_order(verdicts, (failing > 0) & (failing == verdicts.violated))


def _in_order(verdicts: Verdicts, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    places: NDArray[np.intp] = verdicts.order[mask[verdicts.order]]
    return places


def _band_without(verdicts: Verdicts, rows: list[int], place: int) -> Band:
    unknown_here = int((verdicts.findings[rows, place] == UNKNOWN).sum())
    return Band.NEEDS_CHECK if int(verdicts.unknown[place]) > unknown_here else Band.FITS
