"""A file of agencies as its pages show it: choosing it, what it would do, what became of it."""

from dataclasses import dataclass
from typing import Any

from service.kernel.dates import say_instant
from service.resources.agencies.importing import CHANGED, NEW, UNCHANGED, Plan
from service.resources.files import ImportBatch

STATES = {NEW: "新しい", CHANGED: "変更", UNCHANGED: "変更なし"}


@dataclass(frozen=True)
class AgencyUploadView:
    """Choosing a file."""

    problem: str
    once: str


@dataclass(frozen=True)
class AgencyRow:
    """A row that is, or would be, taken in; `href` once it stands in the directory."""

    row: int
    name: str
    state: str
    what: str
    href: str | None


@dataclass(frozen=True)
class AgencyFileView:
    """What a file would do while `waits`, and afterwards what became of it."""

    action: str
    filename: str
    at: str
    waits: bool
    cancelled: bool
    writes: int
    counts: tuple[tuple[str, int], ...]
    rows: tuple[AgencyRow, ...]
    problems: tuple[tuple[int, str, str], ...]


def preview_view(batch: ImportBatch, plan: Plan) -> AgencyFileView:
    """What the file would do; nothing has been written."""
    counted = {state: plan.count(state) for state in STATES}
    rows = tuple(
        AgencyRow(row.draft.row, row.name, STATES[row.state], row.what, f"/agencies/{row.agency.id}" if row.agency else None)
        for row in plan.rows
    )
    problems = tuple((problem.row, problem.reason, problem.remedy) for problem in plan.problems)
    return AgencyFileView(
        action=_address(batch), filename=batch.filename, at=say_instant(batch.read_at), waits=True, cancelled=False,
        writes=counted[NEW] + counted[CHANGED], counts=_counts(counted, len(problems)), rows=rows, problems=problems,
    )  # fmt: skip


def outcome_view(batch: ImportBatch) -> AgencyFileView:
    """What became of the file."""
    outcome: dict[str, Any] = batch.outcome or {}
    counted = {state: int(outcome.get(state, 0)) for state in STATES}
    rows = tuple(
        AgencyRow(at, name, STATES[state], "", f"/agencies/{key}") for at, name, state, key in outcome.get("saved", ())
    )
    problems = tuple((at, reason, remedy) for at, reason, remedy in outcome.get("rejected", ()))
    return AgencyFileView(
        action=_address(batch), filename=batch.filename, at=say_instant(batch.read_at), waits=False,
        cancelled=batch.state == "cancelled", writes=0, counts=_counts(counted, len(problems)), rows=rows, problems=problems,
    )  # fmt: skip


def _address(batch: ImportBatch) -> str:
    return f"/agencies/import/{batch.id}"


def _counts(counted: dict[str, int], rejected: int) -> tuple[tuple[str, int], ...]:
    return (*((STATES[state], number) for state, number in counted.items()), ("取り込めない", rejected))
