"""Taking a list of agencies in: read, shown first, written only when confirmed; the same file twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from service.kernel.errors import DomainError
from service.resources.agencies.catalogue import by_key, index_agency
from service.resources.agencies.models import Agency
from service.resources.agencies.table import LABELS, Draft, ReadAgencies, read_agencies
from service.resources.files import ImportBatch
from service.resources.hosts import assign
from service.resources.interchange.drafts import RowProblem
from service.resources.interchange.reading import FileProblem
from service.resources.uploads import PREVIEWED

BATCH: Final = "agencies"
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True)
class RowPlan:
    """What a good row would do: the agency it is, and what of it would change."""

    draft: Draft
    agency: Agency | None
    moved: Mapping[str, Any]

    @property
    def state(self) -> str:
        """new, changed or unchanged."""
        return NEW if self.agency is None else CHANGED if self.moved else UNCHANGED

    @property
    def name(self) -> str:
        """The agency's name as the file writes it."""
        return str(self.draft.values["name"])

    @property
    def what(self) -> str:
        """The columns that would change, in words."""
        return "・".join(LABELS[name] for name in self.moved) if self.state == CHANGED else ""


@dataclass(frozen=True)
class Plan:
    """What a file would do to the directory, row by row; nothing is written by making it."""

    rows: Sequence[RowPlan]
    problems: Sequence[RowProblem]

    def count(self, state: str) -> int:
        """How many rows are new, changed or unchanged."""
        return sum(row.state == state for row in self.rows)


def read_file(data: bytes) -> ReadAgencies:
    """The drafts and problems of a file; DomainError when it cannot be read at all."""
    try:
        return read_agencies(data)
    except FileProblem as problem:
        raise DomainError(problem.message, problem.remedy, problem.code, 422) from None


def plan_import(session: Session, read: ReadAgencies) -> Plan:
    """Compare a file with the directory; what a row leaves empty stays as it is, unknown being no answer."""
    known = by_key(session)
    return Plan([_plan_row(draft, known.get(draft.key)) for draft in read.drafts], read.problems)


def _plan_row(draft: Draft, agency: Agency | None) -> RowPlan:
    # The name and the section found the agency: another spelling of them is no change.
    values = {name: value for name, value in draft.values.items() if agency is None or name not in ("name", "section")}
    moved = {name: value for name, value in values.items() if agency is None or getattr(agency, name) != value}
    return RowPlan(draft, agency, moved)


def confirm_batch(session: Session, batch: ImportBatch) -> None:
    """Write a kept file into the directory, once; what it holds is read again, and dropped when done."""
    if batch.state != PREVIEWED:
        return
    plan = plan_import(session, read_file(batch.content))
    saved = [_apply_row(session, row) for row in plan.rows if row.state != UNCHANGED]
    rejected = [[problem.row, problem.reason, problem.remedy] for problem in plan.problems]
    counted = {state: plan.count(state) for state in (NEW, CHANGED, UNCHANGED)}
    batch.outcome = {**counted, "saved": saved, "rejected": rejected}
    batch.state, batch.content = "imported", b""


def _apply_row(session: Session, row: RowPlan) -> list[Any]:
    agency = row.agency or Agency(kind="other")
    assign(agency, row.moved)
    index_agency(agency)
    session.add(agency)
    session.flush()
    return [row.draft.row, agency.name, row.state, agency.id]
