"""One person before the whole catalogue: every finding, the band that follows, and the points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.geo.travel import MODES, travel_minutes
from service.kernel.vocab import AGE, GENDER, Attribute, Kind, Strength, Vocabulary
from service.matching.bands import Band, band_of, order
from service.matching.facts import ConsentMissing, PersonFacts
from service.matching.instance import Catalogue, Indices, Numbers
from service.matching.rules import VIOLATED, Asked, Findings, Situation, apply_rule
from service.matching.rules.structural import is_fetched
from service.matching.scoring.points import total_points

# Without a word about how the person travels, the estimate is what anybody could do.
USUAL_MODES: Final = ("walk", "transit")


@dataclass(frozen=True)
class Verdicts:
    """What every opening answers. Row k of `findings` (int8[K, N]) belongs to `asked[k]`; columns go by opening id.

    `violated` and `unknown` count hard needs only; `score` is in hundredths of a point.
    """

    situation: Situation
    asked: tuple[Asked, ...]
    findings: Findings
    violated: NDArray[np.uint8]
    unknown: NDArray[np.uint8]
    bands: NDArray[np.int8]
    score: NDArray[np.int32]
    similarity: NDArray[np.float32] | None

    @property
    def catalogue(self) -> Catalogue:
        return self.situation.catalogue

    @property
    def usable_days(self) -> NDArray[np.uint8]:
        """Bit d set = weekday d (0=月) can be used."""
        return self.situation.usable_days

    @property
    def km(self) -> NDArray[np.float64]:
        """Distance from home; NaN where either end is not known."""
        return self.situation.km

    @cached_property
    def minutes(self) -> NDArray[np.int16]:
        """Shortest one-way estimate among the person's modes; 0 at home or fetched, −1 unknown."""
        return shortest_minutes(self.situation)

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """Positions of all openings, best first."""
        return order(self.bands, self.violated, self.unknown, self.score, self.minutes)

    @cached_property
    def counts(self) -> Mapping[Band, int]:
        """How many openings stand in each band."""
        found = np.bincount(self.bands, minlength=len(Band))
        return {band: int(found[band]) for band in Band}

    def in_band(self, band: Band, limit: int | None = None) -> NDArray[np.intp]:
        """Positions of a band's openings, best first; bands follow each other in the order."""
        start = sum(self.counts[before] for before in Band if before < band)
        end = start + self.counts[band]
        return self.order[start : end if limit is None else min(end, start + limit)]

    def of(self, place: int) -> list[tuple[Asked, int]]:
        """All findings of one opening with what was asked."""
        return list(zip(self.asked, self.findings[:, place].tolist(), strict=True))


def evaluate(
    catalogue: Catalogue,
    person: PersonFacts,
    *,
    today: date,
    without: frozenset[str] = frozenset(),
    similarity: NDArray[np.float32] | None = None,
) -> Verdicts:
    """Every opening's verdict for one person; ConsentMissing before anything is computed without consent.

    `without` holds codes or attribute keys to be treated as satisfied (条件を見直す); a 🔒 among them stays in
    force. `similarity` (float32[N], 0…1, by opening id) is the closeness of wishes and activities: it only earns
    points.
    """
    if not person.consented:
        raise ConsentMissing
    situation = Situation(catalogue, person, today)
    asked = tuple(
        need
        for need in asked_needs(situation, catalogue.vocabulary)
        if need.attribute.locked or not (need.attribute.key in without or need.attribute.code in without)
    )
    findings = np.empty((len(asked), len(catalogue)), np.int8)
    for row, need in zip(findings, asked, strict=True):
        row[:] = apply_rule(situation, need.attribute, need.value)
        if need.attribute.remote_satisfies:
            row &= catalogue.keep_unless_remote
    violated, unknown = count_hard(findings, asked)
    return Verdicts(
        situation,
        asked,
        findings,
        violated,
        unknown,
        band_of(violated, unknown),
        total_points(situation, asked, findings, similarity),
        similarity,
    )


def asked_needs(situation: Situation, vocabulary: Vocabulary) -> list[Asked]:
    """The gates, and every need the person has, in the vocabulary's order."""
    own = situation.person.needs
    needs = (_asked(situation, a) for a in vocabulary.with_rule if a.key in own or a.key in vocabulary.asked_anyway)
    return [need for need in needs if need is not None]


def _asked(situation: Situation, attribute: Attribute) -> Asked | None:
    person = situation.person
    if attribute.strength is Strength.GATE:
        return Asked(attribute, None, Strength.GATE)
    if attribute.key in (AGE, GENDER):
        value = situation.age if attribute.key == AGE else person.gender
        return None if value is None else Asked(attribute, value, attribute.strength)
    need = person.need(attribute.key)
    if attribute.kind is Kind.FREQUENCY and need is None and situation.windows is not None:
        # Days that suit both bound the week even when nobody has said how many days are too many.
        return Asked(attribute, None, attribute.strength)
    if need is None or (attribute.kind is Kind.TRAVEL and situation.travel is None):
        return None
    return Asked(attribute, need.value, Strength.GATE if attribute.locked else need.strength)


def count_hard(findings: Findings, asked: tuple[Asked, ...]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """How many hard needs each opening violates, and how many it leaves unknown: two uint8[N]."""
    hard = findings[[need.strength.decides for need in asked]].view(np.uint8)
    violated = (hard & 2).sum(axis=0, dtype=np.uint8) >> 1
    unknown = (hard & 1).sum(axis=0, dtype=np.uint8)
    return violated, unknown


def shortest_minutes(situation: Situation) -> NDArray[np.int16]:
    """int16[N]: see Verdicts.minutes."""
    modes = situation.travel[0] if situation.travel else USUAL_MODES
    catalogue = situation.catalogue
    shortest = np.full(len(catalogue), np.inf)
    for mode in modes:
        if mode in MODES:
            np.fmin(shortest, travel_minutes(mode, situation.km), out=shortest)
    if "pickup" in modes:
        for attribute in catalogue.vocabulary.of_kind(Kind.TRAVEL):
            column = catalogue.columns[attribute.key]
            if isinstance(column, Numbers):
                shortest[is_fetched(situation.km, column)] = 0
    shortest[catalogue.is_remote] = 0
    minutes = np.where(np.isfinite(shortest), np.minimum(shortest, 32_000), -1).astype(np.int16)
    for site, typed in situation.person.travel_minutes.items():
        if site in catalogue.of_site:
            minutes[catalogue.of_site[site]] = typed
    return minutes


def rows_of(verdicts: Verdicts, code: str) -> Indices:
    """Rows of the finding matrix that carry a code."""
    return np.array([row for row, need in enumerate(verdicts.asked) if need.attribute.code == code], np.intp)


def violated_rows(verdicts: Verdicts) -> NDArray[np.bool_]:
    """bool[K, N]: a hard need is violated."""
    decides = np.array([need.strength.decides for need in verdicts.asked], np.bool_)
    violated: NDArray[np.bool_] = (verdicts.findings == VIOLATED) & decides[:, np.newaxis]
    return violated
