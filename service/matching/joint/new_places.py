"""Where an opening that is not there yet would help: where those left live, when they have time, what they wish for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from service.matching.engine.explain.changes import Change
from service.matching.engine.explain.newplaces import rank_new_openings
from service.matching.engine.problem import NOON
from service.matching.joint.pages_rows import Reader
from service.matching.joint.wording import Names

HALF_DAYS: Final = 14
LEAST_MINUTES: Final = 60
"""A half-day counts as free from an hour on."""


@dataclass(frozen=True)
class NewPlaces:
    """New openings, best first, and the words for their cells and activities."""

    changes: tuple[Change, ...]
    names: Names


def new_places(reader: Reader, positions: Mapping[str, int], people: Sequence[str], names: Names) -> NewPlaces:
    """What one new opening in a district, on a half-day and with an activity could do for these people of a run.

    `people` are ids of those left whose case the reader may read and who have agreed; `positions` are theirs in the run.
    """
    districts = [_district(reader, id_) for id_ in people]
    cells = sorted({district for district in districts if district})
    activities = reader.loaded.vocabulary.activities
    changes = rank_new_openings(
        np.array([positions[id_] for id_ in people], np.int32),
        np.array([cells.index(district) if district else -1 for district in districts], np.int32),
        np.array([_free_half_days(reader, id_) for id_ in people], np.bool_).reshape(len(people), HALF_DAYS),
        np.array([[each.key in _wishes(reader, id_) for each in activities] for id_ in people], np.bool_).reshape(
            len(people), len(activities)
        ),
    )
    said = replace(names, cell=lambda at: cells[at], activity=lambda at: activities[at].label)
    return NewPlaces(changes, said)


def _district(reader: Reader, person_id: str) -> str:
    """Where somebody lives, unless that is not to be known."""
    case, _ = reader.people[person_id]
    return "" if case.locked else case.household.district


def _free_half_days(reader: Reader, person_id: str) -> list[bool]:
    windows = reader.match(person_id)[1].situation.windows or ()
    free = [0] * HALF_DAYS
    for day, start, end in windows:
        free[day * 2] = max(free[day * 2], min(end, NOON) - start)
        free[day * 2 + 1] = max(free[day * 2 + 1], end - max(start, NOON))
    return [minutes >= LEAST_MINUTES for minutes in free]


def _wishes(reader: Reader, person_id: str) -> Sequence[Any]:
    need = reader.match(person_id)[0].facts.need("interests")
    tags: Sequence[Any] = need.value["tags"] if need else ()
    return tags
