"""What came of accepting several lines at once, said for each."""

from collections.abc import Sequence

from service.matching.joint.accepting import Outcome
from service.matching.joint.models import JointLine
from service.matching.joint.pages_rows import Reader
from service.matching.joint.pages_run import Settled


def all_went_well(outcomes: Sequence[Outcome]) -> bool:
    """Whether every line was accepted and nothing has changed since the run."""
    return all(outcome.accepted is not None and not outcome.accepted.changes for outcome in outcomes)


def settled_of(reader: Reader, lines: Sequence[JointLine], outcomes: Sequence[Outcome]) -> tuple[Settled, ...]:
    """Each line with its answer; a refusal says what happened and what to do."""
    by_id = {line.id: line for line in lines}
    return tuple(_settled(reader, by_id[outcome.line_id], outcome) for outcome in outcomes)


def _settled(reader: Reader, line: JointLine, outcome: Outcome) -> Settled:
    name, place = reader.name(line.person_id), reader.place(line.opening_id)
    if outcome.accepted is not None:
        return Settled(name, place, True, outcome.accepted.changes)
    refusal = outcome.refusal
    return Settled(name, place, False, (refusal.message, refusal.remedy) if refusal else ())
