"""Those a run leaves without a place: why, in sentences, and what one more of something would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from service.matching.engine.explain.changes import Change
from service.matching.engine.explain.relaxing import MOST_CODES, Blocks
from service.matching.engine.explain.standing import Standing
from service.matching.engine.explain.whatif import rank_conditions, rank_openings, refine
from service.matching.engine.explain.whynobody import why_nobody
from service.matching.gather import person_facts
from service.matching.joint.models import JointLeft
from service.matching.joint.new_places import new_places
from service.matching.joint.pages_elsewhere import names_of, standing_of_run
from service.matching.joint.pages_rows import Reader
from service.matching.joint.wording import Names
from service.matching.joint.wording_change import say_best_set, say_change, say_changes_outside
from service.matching.joint.wording_left import say_why_nobody
from service.matching.rules import UNKNOWN, VIOLATED
from service.matching.verdict import Verdicts

FULL: Final = frozenset({"R-CAPACITY"})
MOST_CHANGES: Final = 6
MOST_NEW: Final = 3
MOST_TOGETHER: Final = 5
REFINING_SECONDS: Final = 0.3


@dataclass(frozen=True)
class LeftRow:
    """Somebody without a place: the reason first, then what could be looked at again."""

    id: str
    person_id: str
    name: str
    said: str
    waited: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class LeftView:
    """Everybody left whom the reader may see, and the changes that could help most of all who are left.

    `together` is the best few of them at once; `outside` says what may be changed to readers who may read no case.
    """

    rows: tuple[LeftRow, ...] = ()
    changes: tuple[str, ...] = ()
    new_places: tuple[str, ...] = ()
    together: str = ""
    outside: tuple[str, ...] = ()


def left_view(reader: Reader, left: Sequence[JointLeft], *, with_proposals: bool = False) -> LeftView:
    """Why each of them is left; the counts of the changes are of everybody, without a name.

    `with_proposals` also looks for the changes that help most together, which takes a moment.
    """
    if not left:
        return LeftView()
    standing = standing_of_run(reader.run)
    names, blocks = names_of(reader, standing.problem), blocks_of(reader, standing, left)
    at = {id_: place for place, id_ in enumerate(standing.problem.people.ids)}
    said = {answer.person: say_why_nobody(answer, names) for answer in why_nobody(standing, blocks)}
    rows = [_row(reader, each, said.get(at.get(each.person_id, -1), ())) for each in left]
    changes = [*rank_openings(standing), *rank_conditions(standing, blocks)]
    best = sorted(changes, key=lambda change: (-change.gain, not change.may_suggest))[:MOST_CHANGES]
    view = LeftView(tuple(rows), tuple(say_change(change, names) for change in best))
    if not with_proposals:
        return view
    agreed = [each.person_id for each in left if _agreed(reader, each.person_id)]
    new = new_places(reader, at, agreed, names)
    shown = [*(change for change in best if change.may_suggest), *new.changes[:MOST_NEW]]
    return replace(
        view,
        new_places=tuple(say_change(change, new.names) for change in new.changes[:MOST_NEW]),
        together=_together(standing, [change for change in changes if change.may_suggest], names),
        outside=say_changes_outside(shown, new.names),
    )


def _together(standing: Standing, changes: Sequence[Change], names: Names) -> str:
    """A few changes at once; one alone is said already."""
    found = refine(standing, changes, MOST_TOGETHER, REFINING_SECONDS)
    return say_best_set(found, names) if len(found.changes) > 1 else ""


def _row(reader: Reader, left: JointLeft, reasons: tuple[str, ...]) -> LeftRow:
    person = left.person_id
    return LeftRow(left.id, person, reader.name(person), reader.said(person), f"待ち{left.waiting_days}日", reasons)


def blocks_of(reader: Reader, standing: Standing, left: Sequence[JointLeft]) -> Blocks:
    """What keeps each of them from each opening of the run, by the match of this moment; nobody without consent is asked."""
    people = [each.person_id for each in left if _agreed(reader, each.person_id)]
    verdicts = [reader.match(person)[1] for person in people]
    codes = _codes(verdicts)
    places = reader.loaded.catalogue.place_of
    known = [places.get(id_, -1) for id_ in standing.problem.openings.ids]
    shape = (len(people), len(known))
    violated, unknown = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
    for row, found in enumerate(verdicts):
        for need, findings in zip(found.asked, found.findings[:, known], strict=True):
            if need.strength.decides and need.attribute.code in codes:
                bit = np.uint64(1 << codes.index(need.attribute.code))
                violated[row][findings == VIOLATED] |= bit
                unknown[row][findings == UNKNOWN] |= bit
    vocabulary, number = reader.loaded.vocabulary, {id_: at for at, id_ in enumerate(standing.problem.people.ids)}
    return Blocks(
        codes,
        np.array([number[person] for person in people], np.int32),
        violated,
        unknown,
        frozenset(vocabulary.suggestable_codes) & frozenset(codes),
        frozenset(code for code in codes if all(attribute.locked for attribute in vocabulary.of_code(code))),
        FULL & frozenset(codes),
    )


def _agreed(reader: Reader, person_id: str) -> bool:
    return person_facts(reader.people[person_id][1], reader.loaded.vocabulary, reader.today).consented


def _codes(verdicts: Sequence[Verdicts]) -> tuple[str, ...]:
    """The conditions asked of anybody, as many as there are bits for."""
    found = dict.fromkeys(need.attribute.code for each in verdicts for need in each.asked if need.strength.decides)
    return tuple(found)[:MOST_CODES]
