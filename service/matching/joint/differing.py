"""What changed from one run to the next, in data: who moved, who is new, who has no place any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.matching.joint.models import JointLine, JointRun
from service.matching.joint.stored import ask_of, times_json, times_of

Where = tuple[str, tuple[tuple[Any, ...], ...]]


@dataclass(frozen=True)
class Moved:
    """One person whose proposal changed; openings before and after, with their times; empty = no place."""

    person_id: str
    before: tuple[Where, ...]
    after: tuple[Where, ...]
    why: str = ""

    @property
    def kind(self) -> str:
        """moved, new or lost."""
        return "moved" if self.before and self.after else "new" if self.after else "lost"


@dataclass(frozen=True)
class Difference:
    """Everything that changed, and the count of what did not."""

    changes: tuple[Moved, ...]
    same: int
    because: tuple[str, ...]


def difference(run: JointRun, before: JointRun) -> Difference:
    """Two runs with their lines side by side; `because` says what was asked differently or changed in between."""
    then, now = _by_person(before.lines), _by_person(run.lines)
    both = sorted(then.keys() | now.keys())
    pinned = {pin.person_id for pin in ask_of(run).pins}
    changes = [
        Moved(person, then.get(person, ()), now.get(person, ()), "決めたことのため" if person in pinned else "")
        for person in both
        if then.get(person) != now.get(person)
    ]
    return Difference(tuple(changes), len(both) - len(changes), tuple(_because(run, before)))


def _by_person(lines: Iterable[JointLine]) -> Mapping[str, tuple[Where, ...]]:
    found: dict[str, list[Where]] = {}
    for line in lines:
        times = tuple(tuple(times_json(each)) for each in times_of(line.sessions))
        found.setdefault(line.person_id, []).append((line.opening_id, times))
    return {person: tuple(sorted(places, key=str)) for person, places in found.items()}


def _because(run: JointRun, before: JointRun) -> Iterable[str]:
    if run.pins != before.pins:
        yield "「決めておく・外しておく・動かしてよい」が変わりました。"
    if run.settings != before.settings:
        yield "目標の順や回数などの設定が変わりました。"
    if run.filters != before.filters:
        yield "人か受け入れ先のしぼり込みが変わりました。"
    if run.catalogue_version != before.catalogue_version:
        yield "受け入れ先の一覧（空き・時間・条件など）が、前の計算から変わっています。"
    if run.vocabulary_version != before.vocabulary_version:
        yield "条件のことばか強さが、前の計算から変わっています。"
    if run.fingerprint == before.fingerprint:
        yield "計算のもとになったことは、前と同じです。"
