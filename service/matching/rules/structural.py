"""Rules with more to look at than one column: time, days, travel, a space for women only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.kernel.geo.travel import MODES, reach_km
from service.kernel.vocab import GENDER, STAFF, Attribute
from service.matching.instance import Masks, Numbers
from service.matching.rules.situation import MET, UNKNOWN, VIOLATED, Findings, Situation, as_findings
from service.matching.schedules import CERTAIN


def time_fits(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """Some slot and some window share an unbroken stretch as long as the place's shortest stay."""
    answers = situation.time_answers
    findings: Findings = (answers < CERTAIN).view(np.int8)
    findings += answers == 0
    findings[situation.catalogue.schedules.unknown] = UNKNOWN
    return findings


def frequency_fits(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """The place asks for no more days a week than the person has, and than suit both; days are at most seven."""
    column = situation.catalogue.columns[attribute.key]
    assert isinstance(column, Numbers)  # a number by the vocabulary's own check
    limit = 7 if value is None else min(int(value), 7)
    possible = np.minimum(np.bitwise_count(situation.usable_days), np.uint8(limit))
    possible += (possible == 0) * np.uint8(limit)
    is_too_often = column.values > possible
    return as_findings(is_too_often, np.isnan(column.values), unknown_counts_as_violated=False)


def is_reachable(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """One of the person's ways takes no longer than the limit, or the place fetches people from there."""
    modes, limit = situation.travel or ((), 0)
    column = situation.catalogue.columns[attribute.key]
    assert isinstance(column, Numbers)  # a number by the vocabulary's own check
    reach = max((reach_km(mode, limit) for mode in modes if mode in MODES), default=-1.0)
    is_far = ~(situation.km <= reach)
    if "pickup" in modes:
        is_far &= ~is_fetched(situation.km, column)
    findings = as_findings(is_far, np.isnan(situation.km) & is_far, unknown_counts_as_violated=True)
    for site, minutes in situation.person.travel_minutes.items():
        if site in situation.catalogue.of_site:
            findings[situation.catalogue.of_site[site]] = MET if minutes <= limit else VIOLATED
    return findings


def is_fetched(km: NDArray[np.float64], column: Numbers) -> NDArray[np.bool_]:
    """The home lies inside the place's pick-up radius; a radius of 0 fetches nobody."""
    return (km <= column.values) & (column.values > 0)


def is_for_women_only(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """The place is for women and its staff are women."""
    place = situation.catalogue.columns[GENDER]
    staff = situation.catalogue.columns[STAFF]
    assert isinstance(place, Masks)  # as above
    assert isinstance(staff, Masks)
    is_mixed = (place.bits != 0) & (place.bits != place.mask(["F"]))
    is_mixed |= (staff.bits != 0) & (staff.bits != (staff.mask(["F"]) | staff.known))
    is_unknown = ((place.bits == 0) | (staff.bits == 0)) & ~is_mixed
    return as_findings(is_mixed, is_unknown, unknown_counts_as_violated=False)
