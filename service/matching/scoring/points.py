"""Points that order places inside a band: named parts, whole hundredths, nothing hidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.vocab import Attribute, Kind, Strength
from service.matching.instance import Catalogue, Masks
from service.matching.rules import Asked, Findings, Situation

HUNDREDTHS: Final = 100
# The text of a wish may earn as much as one 希望, so it can break ties and no more than that.
TEXT_POINTS: Final = 3
TEXT_LABEL: Final = "希望と活動の近さ"
# After the first activity in common each further one adds a point, up to this many.
FURTHER_MATCHES: Final = 2


def total_points(
    situation: Situation,
    asked: Sequence[Asked],
    findings: Findings,
    similarity: NDArray[np.float32] | None,
) -> NDArray[np.int32]:
    """int32[N] in hundredths: soft needs met minus not met, activities in common, closeness of the text."""
    total = np.zeros(len(situation.catalogue), np.int32)
    for strength in (Strength.WISH, Strength.NICE):
        rows = [row for row, need in enumerate(asked) if need.strength is strength]
        if rows:
            # 1 − finding summed over the rows: met 1, unknown 0, violated −1.
            total += (len(rows) - findings[rows].sum(axis=0, dtype=np.int16)) * (strength.points * HUNDREDTHS)
    for attribute in situation.catalogue.vocabulary.of_kind(Kind.TEXT):
        total += activity_points(situation, attribute)
    if similarity is not None:
        total += text_points(similarity)
    return total


def text_points(similarity: NDArray[np.float32]) -> NDArray[np.int32]:
    """Hundredths for a similarity of 0…1, rounded so that the last bit of a product never changes an order."""
    return np.rint(similarity * (TEXT_POINTS * HUNDREDTHS)).astype(np.int32)


def activity_points(situation: Situation, attribute: Attribute) -> NDArray[np.int32] | int:
    """Hundredths for the tags a person and an opening have in common; 0 where the person names none."""
    need = situation.person.need(attribute.key)
    tags = need.value.get("tags") if need is not None else None
    if need is None or not tags:
        return 0
    table = points_by_matches(need.strength.points or 1)
    return np.take(table, matched_tags(situation, attribute, tags), mode="clip")


def points_by_matches(weight: int) -> NDArray[np.int32]:
    """Hundredths for 0, 1, 2 … tags in common."""
    return np.array([0, *(weight + further for further in range(FURTHER_MATCHES + 1))], np.int32) * HUNDREDTHS


def matched_tags(situation: Situation, attribute: Attribute, tags: Sequence[str]) -> NDArray[np.uint8]:
    """uint8[N]: how many of the tags an opening has, by its own tags or by what another value implies."""
    column = situation.catalogue.columns[attribute.key]
    assert isinstance(column, Masks)  # tags by the vocabulary's own check
    bits = column.bits & column.mask(tags)
    for tag in tags:
        for key, values in situation.catalogue.vocabulary.implying.get(tag, ()):
            other = situation.catalogue.columns[key]
            assert isinstance(other, Masks)
            bits |= ((other.bits & other.mask(values)) != 0) * column.mask([tag])
    count: NDArray[np.uint8] = np.bitwise_count(bits)
    return count


def matched_keys(catalogue: Catalogue, attribute: Attribute, tags: Sequence[str], place: int) -> list[str]:
    """The same for one opening, as the tags themselves."""
    own = catalogue.value(place, attribute) or ()
    meant = {
        tag
        for tag in tags
        for key, values in catalogue.vocabulary.implying.get(tag, ())
        if catalogue.value(place, catalogue.vocabulary[key]) in values
    }
    return [
        choice.key for choice in attribute.host.choices if choice.key in tags and (choice.key in own or choice.key in meant)
    ]
