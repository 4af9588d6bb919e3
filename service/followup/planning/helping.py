"""The remedies of a follow-up without a day as buttons: those that change it with one tap, and those a page is needed for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from service.followup.planner.plan import Remedy
from service.followup.planning.differing import NAME_SOMEBODY, REMEDY_SAID, Help
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import best_week


def helps_of(remedies: Iterable[str], known: Known, today: date) -> tuple[Help, ...]:
    """What the plan has found would help, each with something to tap that can be done."""
    return tuple(_helps(remedies, known, today))


def _helps(remedies: Iterable[str], known: Known, today: date) -> Iterator[Help]:
    for remedy in map(Remedy, remedies):
        if remedy is Remedy.ASK_HOST:
            # A host is asked about a day and an hour: a hand puts it there first, whatever it breaks.
            yield Help(
                remedy, REMEDY_SAID[remedy], f"/followup/week?from={best_week(known.row, today)}&hand={known.row.id}#hand"
            )
        elif remedy is Remedy.OTHER_STAFF and known.case.locked:
            yield Help(remedy, NAME_SOMEBODY, f"/people/{known.person.id}/followups#backup")
        else:
            yield Help(remedy, REMEDY_SAID[remedy])
