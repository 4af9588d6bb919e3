"""Taking a list of places in: read, shown first, written only when confirmed, and the same file twice changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.kernel.vocab import Vocabulary
from service.resources.conditions import Told
from service.resources.files import ImportBatch, ImportedRow
from service.resources.imported import (
    Importing,
    facts_of_draft,
    facts_of_host,
    kept_by_hand,
    new_from_draft,
    say_fact,
    what_moved,
    write_facts,
)
from service.resources.interchange.drafts import HostDraft, ReadResult, RowProblem
from service.resources.interchange.kodomo_shokudo import read_kodomo_shokudo
from service.resources.interchange.own_template import read_own_template
from service.resources.interchange.reading import FileProblem
from service.resources.interchange.wam import SOURCE as WAM
from service.resources.interchange.wam import read_wam
from service.resources.models import Host, Opening
from service.resources.places import Places
from service.resources.uploads import PREVIEWED
from service.web.actor import Actor

KINDS: Final[Mapping[str, str]] = {"kodomo-shokudo": "子ども食堂一覧", "wam": WAM, "own": "受け入れ先一覧"}
_READERS: Final[Mapping[str, Callable[[bytes, Vocabulary], ReadResult]]] = {
    "kodomo-shokudo": lambda data, _: read_kodomo_shokudo(data),
    "wam": lambda data, _: read_wam(data),
    "own": read_own_template,
}
_CHUNK: Final = 400
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True)
class RowPlan:
    """What a good row would do: its draft, the host it is, what moved since the last file, what was edited by hand."""

    row: int
    draft: HostDraft
    host: Host | None
    said: Mapping[str, Any]
    moved: Mapping[str, Any]
    by_hand: Sequence[str]

    @property
    def state(self) -> str:
        """new, changed or unchanged."""
        return NEW if self.host is None else CHANGED if self.moved else UNCHANGED


@dataclass(frozen=True)
class Plan:
    """What a file would do to the catalogue, row by row; nothing is written by making it."""

    rows: Sequence[RowPlan]
    problems: Sequence[RowProblem]

    def count(self, state: str) -> int:
        """How many rows are new, changed or unchanged."""
        return sum(row.state == state for row in self.rows)


def read_file(kind: str, data: bytes, vocabulary: Vocabulary) -> ReadResult:
    """The drafts and problems of a file of this kind; DomainError when it cannot be read at all."""
    try:
        return _READERS[kind](data, vocabulary)
    except FileProblem as problem:
        raise DomainError(problem.message, problem.remedy, problem.code, 422) from None


def plan_import(session: Session, read: ReadResult) -> Plan:
    """Compare a file with the catalogue and with what the same rows said the last time."""
    hosts = _known_hosts(session, [draft.key for _, draft in read.drafts])
    bodies = _last_bodies(session, [host.id for host in hosts.values()])
    rows = [_plan_row(row, draft, hosts.get(draft.key), bodies) for row, draft in read.drafts]
    return Plan(rows, read.problems)


def _plan_row(row: int, draft: HostDraft, host: Host | None, bodies: Mapping[str, Mapping[str, Any]]) -> RowPlan:
    said = facts_of_draft(draft)
    if host is None:
        return RowPlan(row, draft, None, said, said, ())
    before = bodies.get(host.id, {})
    return RowPlan(row, draft, host, said, what_moved(said, before), kept_by_hand(said, before, facts_of_host(host)))


def _known_hosts(session: Session, keys: Sequence[str]) -> dict[str, Host]:
    parts = (
        selectinload(Host.sites),
        selectinload(Host.openings).selectinload(Opening.slots),
        selectinload(Host.conditions),
    )
    found: dict[str, Host] = {}
    for some in _chunks(keys):
        for host in session.scalars(select(Host).where(Host.import_key.in_(some)).options(*parts)):
            found[str(host.import_key)] = host
    return found


def _last_bodies(session: Session, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    return {
        row.host_id: row.body
        for some in _chunks(ids)
        for row in session.scalars(select(ImportedRow).where(ImportedRow.host_id.in_(some)))
    }


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def apply_plan(session: Session, plan: Plan, how: Importing) -> dict[str, Any]:
    """Write what the plan says and return what was done, as it is kept with the file."""
    hosts = [row.host or new_from_draft(session, row.draft, how) for row in plan.rows]
    # Conditions point at openings that must stand before them.
    session.flush()
    saved = [_apply_row(session, row, host, how) for row, host in zip(plan.rows, hosts, strict=True)]
    session.flush()
    return {
        "new": plan.count(NEW),
        "changed": plan.count(CHANGED),
        "unchanged": plan.count(UNCHANGED),
        "saved": [entry for entry in saved if entry["state"] != UNCHANGED],
        "rejected": list(rejected_rows(plan.problems)),
    }


def rejected_rows(problems: Iterable[RowProblem]) -> Iterator[dict[str, Any]]:
    """The rows that were not taken, each with its number, why, and what to do."""
    for problem in problems:
        yield {"row": problem.row, "reason": problem.reason, "remedy": problem.remedy}


def _apply_row(session: Session, row: RowPlan, host: Host, how: Importing) -> dict[str, Any]:
    if row.moved:
        write_facts(session, host, row.moved, how)
        _remember(session, host, row)
    return {"row": row.row, "name": row.draft.name, "host_id": host.id, "state": row.state}


def _remember(session: Session, host: Host, row: RowPlan) -> None:
    known = session.get(ImportedRow, host.id) if row.host else None
    if known:
        known.body = dict(row.said)
    else:
        session.add(ImportedRow(host_id=host.id, body=dict(row.said)))


def importing_by(kind: str, filename: str, actor: Actor, now: datetime, places: Places, vocabulary: Vocabulary) -> Importing:
    """What the rows of one import share."""
    source = KINDS[kind]
    told = Told(f"{source}（{filename[:80]}）", actor.label, day_in_japan(now))
    return Importing(told, places, vocabulary.activities, source)


def confirm_batch(
    session: Session, batch: ImportBatch, actor: Actor, now: datetime, places: Places, vocabulary: Vocabulary
) -> None:
    """Write a kept file into the catalogue, once; what it holds is read again, and dropped when done."""
    if batch.state != PREVIEWED:
        return
    plan = plan_import(session, read_file(batch.kind, batch.content, vocabulary))
    batch.outcome = apply_plan(session, plan, importing_by(batch.kind, batch.filename, actor, now, places, vocabulary))
    batch.state, batch.content = "imported", b""


def say_facts(paths: Iterable[str], vocabulary: Vocabulary) -> str:
    """Facts in words, each once."""
    labels = {attribute.key: attribute.label for attribute in vocabulary}
    return "・".join(dict.fromkeys(say_fact(path, labels) for path in paths))
