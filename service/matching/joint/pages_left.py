"""Those a run leaves without a place: why, in sentences, and what one more of something would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from service.matching.engine.explain.whynobody import Reason, WhyNobody, why_nobody
from service.matching.gather import person_facts
from service.matching.joint.hindrances import Hindrances, blocks_of
from service.matching.joint.models import JointLeft
from service.matching.joint.new_places import new_places
from service.matching.joint.pages_elsewhere import names_of, standing_of_run
from service.matching.joint.pages_rows import Reader
from service.matching.joint.prospects import Prospects, for_reader, prospects_at_once, prospects_of
from service.matching.joint.wording import Names
from service.matching.joint.wording_change import say_best_set, say_change, say_changes_outside
from service.matching.joint.wording_left import NOT_KEPT, say_why_nobody

MOST_CHANGES: Final = 6
MOST_NEW: Final = 3


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
    """Why each of them is left, as the run was matched and solved; room is counted for everybody, without a name.

    `with_proposals` also says what a new opening would do and what changes would do together.
    """
    if not left:
        return LeftView()
    standing = standing_of_run(reader.run)
    problem, names = standing.problem, names_of(reader, standing.problem)
    at = {id_: place for place, id_ in enumerate(problem.people.ids)}
    agreed = [each for each in left if _agreed(reader, each.person_id)]
    kept = dict(_kept(agreed, at))
    answers = why_nobody(standing, blocks_of(kept, len(problem.openings), reader.loaded.vocabulary))
    said = {answer.person: _say(answer, kept, names) for answer in answers}
    rows = tuple(_row(reader, each, said.get(at.get(each.person_id, -1), ())) for each in left)
    stored = reader.run.prospects
    known = frozenset(at[each.person_id] for each in agreed)
    found = for_reader(prospects_of(problem, stored) if stored else prospects_at_once(standing), known)
    view = LeftView(rows, tuple(say_change(change, names) for change in found.changes[:MOST_CHANGES]))
    return _with_proposals(view, reader, found, at, [each.person_id for each in agreed], names) if with_proposals else view


def _with_proposals(
    view: LeftView, reader: Reader, found: Prospects, at: Mapping[str, int], agreed: Sequence[str], names: Names
) -> LeftView:
    """The view with new openings, the changes together, and what of all this may go outside."""
    new = new_places(reader, at, agreed, names)
    shown = [*(change for change in found.changes[:MOST_CHANGES] if change.may_suggest), *new.changes[:MOST_NEW]]
    return replace(
        view,
        new_places=tuple(say_change(change, new.names) for change in new.changes[:MOST_NEW]),
        # One change alone is said already.
        together=say_best_set(found.together, names) if len(found.together.changes) > 1 else "",
        outside=say_changes_outside(shown, new.names),
    )


def _kept(left: Sequence[JointLeft], at: Mapping[str, int]) -> Iterator[tuple[int, Hindrances]]:
    """What keeps each of them from each opening, by position in the run, as far as it was kept."""
    for each in left:
        if (found := Hindrances.of_json(each.why)) is not None:
            yield at[each.person_id], found


def _say(answer: WhyNobody, kept: Mapping[int, Hindrances], names: Names) -> tuple[str, ...]:
    """The answer; without the conditions of then nobody can say that nothing was there."""
    if answer.reason is Reason.NOTHING and answer.person not in kept:
        return (NOT_KEPT,)
    return say_why_nobody(answer, names)


def _row(reader: Reader, left: JointLeft, reasons: tuple[str, ...]) -> LeftRow:
    person = left.person_id
    return LeftRow(left.id, person, reader.name(person), reader.said(person), f"待ち{left.waiting_days}日", reasons)


def _agreed(reader: Reader, person_id: str) -> bool:
    return person_facts(reader.people[person_id][1], reader.loaded.vocabulary, reader.today).consented
