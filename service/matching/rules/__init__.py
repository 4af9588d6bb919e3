"""The rules, one per kind, each written once over all openings: 0 met, 1 unknown, 2 violated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from service.kernel.vocab import Attribute, Kind
from service.matching.instance import Column
from service.matching.rules import gates, generic, structural
from service.matching.rules.situation import MET, UNKNOWN, VIOLATED, Asked, Findings, Situation

GenericRule = Callable[[Any, Any, Attribute], Findings]
StructuralRule = Callable[[Situation, Attribute, Any], Findings]

GENERIC: Final[Mapping[Kind, GenericRule]] = {
    Kind.AT_MOST: generic.at_most,
    Kind.AT_LEAST: generic.at_least,
    Kind.WITHIN_RANGE: generic.within_range,
    Kind.NOT_REQUIRED: generic.not_required,
    Kind.NEEDS_VALUE: generic.needs_value,
    Kind.ANY_OF: generic.any_of,
    Kind.ALL_OF: generic.all_of,
    Kind.NONE_OF: generic.none_of,
    Kind.ADMITS: generic.admits,
    Kind.SESSION: generic.at_most,
    Kind.REMOTE: generic.needs_value,
}
STRUCTURAL: Final[Mapping[Kind, StructuralRule]] = {
    Kind.OPEN: gates.is_open,
    Kind.PLACES: gates.has_places,
    Kind.AVOID: gates.avoids_people,
    Kind.AVOID_AREA: gates.avoids_areas,
    Kind.LEGAL_AGE: gates.is_of_legal_age,
    Kind.TIME: structural.time_fits,
    Kind.FREQUENCY: structural.frequency_fits,
    Kind.TRAVEL: structural.is_reachable,
    Kind.WOMEN_ONLY: structural.is_for_women_only,
}

__all__ = ["GENERIC", "MET", "STRUCTURAL", "UNKNOWN", "VIOLATED", "Asked", "Findings", "Situation", "apply_rule"]


def apply_rule(situation: Situation, attribute: Attribute, value: Any) -> Findings:
    """int8[N]: how every opening answers one need. KeyError for a kind without a rule (text, fact)."""
    if attribute.kind in GENERIC:
        column: Column = situation.catalogue.columns[attribute.key]
        return GENERIC[attribute.kind](value, column, attribute)
    return STRUCTURAL[attribute.kind](situation, attribute, value)
