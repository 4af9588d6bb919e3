"""前回との違い: what was asked differently, and person by person what changed and why; page, paper and files say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from service.matching.engine.explain.difference import Change, Changed
from service.matching.joint.differing import Comparison
from service.matching.joint.models import JointRun
from service.matching.joint.pages_rows import Reader
from service.matching.joint.pages_words import say_times
from service.matching.joint.stored import times_of
from service.matching.joint.wording_change import say_difference

LABELS: Final[Mapping[Change, tuple[str, str]]] = {
    Change.LEFT: ("場所がない", "no"),
    Change.MOVED: ("場所が変わる", "ask"),
    Change.OTHER_TIME: ("時間が変わる", "ask"),
    Change.NEW: ("新しく", "ok"),
    Change.ACCEPTED: ("候補に決定", "ok"),
    Change.GONE: ("入っていない", ""),
}
"""What a reader has to know first stands first."""


@dataclass(frozen=True)
class ChangeRow:
    """What changed for one person since the run before, in a sentence."""

    person_id: str
    label: str
    look: str
    said: str


@dataclass(frozen=True)
class ChangesView:
    """Everything that changed since the run before, and for how many nothing did."""

    because: tuple[str, ...]
    rows: tuple[ChangeRow, ...]
    same: int
    earlier: str


def changes_view(reader: Reader, compared: Comparison) -> ChangesView:
    """The difference in words; whoever the reader may not know is 「ほかの人」."""
    order = list(LABELS)
    found = sorted(compared.changed, key=lambda each: (order.index(each.change), reader.name(each.person), each.person))
    rows = tuple(_row(reader, each, compared.earlier) for each in found)
    return ChangesView(compared.because, rows, compared.same, compared.earlier.id)


def _row(reader: Reader, changed: Changed, earlier: JointRun) -> ChangeRow:
    now, then = (_place_namer(reader, run, changed.person) for run in (reader.run, earlier))
    label, look = LABELS[changed.change]
    return ChangeRow(changed.person, label, look, say_difference(changed, _person_namer(reader), now, then))


def _person_namer(reader: Reader) -> Callable[[str], str]:
    return lambda id_: f"{reader.name(id_)} さん" if id_ in reader.people else ""


def _place_namer(reader: Reader, run: JointRun, person_id: str) -> Callable[[str], str]:
    """Places with this person's times in that run; one that the run does not propose goes by its name alone."""
    times = {line.opening_id: say_times(times_of(line.sessions)) for line in run.lines if line.person_id == person_id}
    return lambda id_: f"{reader.place(id_)}（{times[id_]}）" if id_ in times else reader.place(id_)
