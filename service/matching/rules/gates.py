"""Gates 🔒: evaluated for everybody, never relaxed."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.dates import age_at_fiscal_year_end
from service.kernel.geo.distance import distance_km
from service.kernel.vocab import Attribute
from service.matching.facts import UNKNOWN as NOT_KNOWN
from service.matching.instance import FLAG_BITS, STATUSES, UNKNOWN_END, Masks
from service.matching.rules.situation import VIOLATED, Findings, Situation, as_findings, unknown_where, violated_where
from service.matching.schedules import DAYS, cut_windows

# A free place nobody has confirmed for longer than this is a question, not a fact.
STALE_DAYS: Final = 90
ADULT: Final = 18
WORKING_AGE: Final = 15
# 労働基準法61条: under 18 not between 22:00 and 5:00.
NIGHT_STARTS_MIN: Final = 22 * 60
NIGHT_ENDS_MIN: Final = 5 * 60


def is_open(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """The place takes people now: neither ended nor in a pause that lasts until today or later."""
    catalogue = situation.catalogue
    until = catalogue.paused_until
    is_resting = (until == 0) | (until >= situation.today.toordinal())
    is_closed = (catalogue.states == STATUSES.index("paused")) & is_resting
    is_closed |= catalogue.states == STATUSES.index("ended")
    return violated_where(is_closed)


def has_places(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """There is a free place, and somebody confirmed so within 90 days."""
    catalogue = situation.catalogue
    is_full = (catalogue.states == STATUSES.index("full")) | ((catalogue.free <= 0) & (catalogue.free != UNKNOWN_END))
    is_stale = catalogue.confirmed_on < situation.today.toordinal() - STALE_DAYS
    is_unsure = (is_stale | (catalogue.free == UNKNOWN_END)) & ~is_full
    return as_findings(is_full, is_unsure, unknown_counts_as_violated=False)


def avoids_people(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """Nobody the person must not meet is there, and it is not a place the person must not go to."""
    person, catalogue = situation.person, situation.catalogue
    findings = np.zeros(len(catalogue), np.int8)
    for index, keys in (
        (catalogue.of_linked_person, person.avoid_persons),
        (catalogue.of_host, person.avoid_hosts),
    ):
        for key in keys & index.keys():
            findings[index[key]] = VIOLATED
    return findings


def avoids_areas(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """The place lies outside every area the person must not come near; at home there is no area."""
    catalogue = situation.catalogue
    if not situation.person.avoid_areas:
        return np.zeros(len(catalogue), np.int8)
    is_inside = np.zeros(len(catalogue), np.bool_)
    for area in situation.person.avoid_areas:
        is_inside |= distance_km(area.lat, area.lon, catalogue.lats, catalogue.lons) <= area.km
    is_nowhere = np.isnan(catalogue.lats) | np.isnan(catalogue.lons)
    findings = as_findings(is_inside, is_nowhere, unknown_counts_as_violated=False)
    return findings & catalogue.keep_unless_remote


def is_of_legal_age(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """The person may do what counts as work here, and a minor not only at night."""
    column = situation.catalogue.columns[attribute.key]
    assert isinstance(column, Masks)  # a flag by the vocabulary's own check
    if situation.age is NOT_KNOWN:
        return unknown_where(column.bits != FLAG_BITS[False])
    if situation.age is None:
        return np.zeros(len(situation.catalogue), np.int8)
    has_work = column.bits != FLAG_BITS[False]
    if not _may_work(situation):
        return as_findings(has_work, column.bits == 0, unknown_counts_as_violated=True)
    if situation.age < ADULT:
        is_only_night = _only_at_night(situation)
        return as_findings(has_work & is_only_night, (column.bits == 0) & is_only_night, unknown_counts_as_violated=True)
    return np.zeros(len(situation.catalogue), np.int8)


def _may_work(situation: Situation) -> bool:
    """From the 1 April after the 15th birthday (労働基準法56条); by the bare age where no birth date is known."""
    born_on = situation.person.birth_on
    if born_on is None:
        return isinstance(situation.age, int) and situation.age >= WORKING_AGE
    return age_at_fiscal_year_end(born_on, situation.today) > WORKING_AGE


def _only_at_night(situation: Situation) -> NDArray[np.bool_]:
    by_day = situation.catalogue.schedules.answers(cut_windows(situation.windows, NIGHT_ENDS_MIN, NIGHT_STARTS_MIN))
    no_day_is_left: NDArray[np.bool_] = (by_day & np.uint8(DAYS)) == 0
    no_day_is_left &= situation.usable_days != 0
    return no_day_is_left
