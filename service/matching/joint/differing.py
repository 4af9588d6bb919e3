"""Two runs side by side: their plans, what is known besides, and what was asked differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.cases.consent import state_of
from service.cases.models import Person, SupportCase
from service.matching.engine.explain.difference import Change, Changed, Known, Places, difference
from service.matching.joint.models import JointRun
from service.matching.joint.stored import ask_of
from service.resources.facts import OpeningRecord

Records = Mapping[str, OpeningRecord]
People = Mapping[str, tuple[SupportCase, Person]]
"""Those whose case the reader may read, of either run."""


@dataclass(frozen=True)
class Comparison:
    """What changed for the people the reader may know; `same` counts those for whom nothing did."""

    earlier: JointRun
    changed: tuple[Changed, ...]
    same: int
    because: tuple[str, ...]


def compare(run: JointRun, earlier: JointRun, people: People, known: Known) -> Comparison:
    """The run beside the one it grew out of."""
    found = [each for each in difference(_plan(earlier), _plan(run), known) if each.person in people]
    changed = tuple(each for each in found if each.change is not Change.SAME)
    return Comparison(earlier, changed, len(found) - len(changed), tuple(_because(run, earlier)))


def known_of_plans(run: JointRun, earlier: JointRun) -> Known:
    """As much as the lines tell: enough to say what changed, and for how many."""
    return Known(people=_named(run), accepted=_accepted(run, earlier))


def known_of_runs(run: JointRun, earlier: JointRun, people: People, records: Records, today: date) -> Known:
    """What the two stored runs, the decisions and the records tell of causes; nobody's waiting but a reader's own people."""
    rows = {str(row["id"]): row for row in run.instance["people"]}
    before = {str(row["id"]) for row in earlier.instance["people"]}
    fits = {(pair["person"], pair["opening"]) for pair in run.instance["pairs"]}
    proposed = {(line.person_id, line.opening_id) for line in earlier.lines}
    return Known(
        people=rows.keys(),
        pinned={(pin.person_id, pin.opening_id) for pin in {*ask_of(run).pins} ^ {*ask_of(earlier).pins}},
        gone=_gone(run, {opening for _, opening in proposed}, records, today),
        unfit=proposed - fits,
        roomy=_roomy(run),
        withdrawn=_withdrawn(people, before - rows.keys(), today),
        newcomers=rows.keys() - before,
        accepted=_accepted(run, earlier),
        waiting={person: int(row.get("waiting_days", 0)) for person, row in rows.items() if person in people},
    )


def _plan(run: JointRun) -> Mapping[str, Places]:
    plan: dict[str, dict[str, frozenset[tuple[int, int, int, int]]]] = defaultdict(dict)
    for line in run.lines:
        plan[line.person_id][line.opening_id] = frozenset(_session(*time) for time in line.sessions)
    return plan


def _session(day: int | None, start: int | None, end: int | None, half: int) -> tuple[int, int, int, int]:
    """A time that can be compared; −1 where there is none."""
    return (-1 if day is None else day, -1 if start is None else start, -1 if end is None else end, half)


def _named(run: JointRun) -> set[str]:
    return {line.person_id for line in run.lines} | {left.person_id for left in run.left}


def _accepted(run: JointRun, earlier: JointRun) -> set[tuple[str, str]]:
    """Lines of the earlier run that somebody had accepted before this one was asked for."""
    return {
        (line.person_id, line.opening_id)
        for line in earlier.lines
        if line.accepted_at is not None and line.accepted_at <= run.asked_at
    }


def _withdrawn(people: People, missing: Iterable[str], today: date) -> set[str]:
    over = ("withdrawn", "expired")
    return {each for each in missing if each in people and state_of(people[each][1].consents, today) in over}


def _gone(run: JointRun, places: Iterable[str], records: Records, today: date) -> set[str]:
    """Of these openings, those nobody of the run can use: full, or shut and fitting nobody."""
    full = {str(row["id"]) for row in run.instance["openings"] if row.get("free") == 0}
    fitting = {str(pair["opening"]) for pair in run.instance["pairs"]}
    shut = {id_ for id_ in places if id_ not in records or _is_shut(records[id_], today)}
    return full | (shut - fitting)


def _is_shut(record: OpeningRecord, today: date) -> bool:
    rests = record.status == "paused" and (record.paused_until is None or record.paused_until >= today)
    return rests or record.status in ("full", "ended") or record.free == 0


def _roomy(run: JointRun) -> set[str]:
    """Openings that could take somebody more beside those who are there; a limit of single times is not looked into."""
    there: dict[str, set[str]] = defaultdict(set)
    for person, opening in _present(run):
        there[opening].add(person)
    return {
        str(row["id"])
        for row in run.instance["openings"]
        if not any("places" in slot for slot in row.get("slots", ()))
        and ("free" not in row or len(there[str(row["id"])]) < row["free"])
    }


def _present(run: JointRun) -> Iterable[tuple[str, str]]:
    kept: Iterable[Mapping[str, Any]] = run.instance.get("kept", ())
    yield from ((line.person_id, line.opening_id) for line in run.lines)
    yield from ((str(row["person"]), str(row["opening"])) for row in kept)


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
