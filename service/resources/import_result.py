"""What became of a file that was taken in, as its page and its list show it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.kernel.dates import say_instant
from service.resources.files import ImportBatch
from service.resources.importing import CHANGED, KINDS, NEW, UNCHANGED

PAGE_SIZE = 50
STATES = {NEW: "新しい", CHANGED: "変更", UNCHANGED: "変更なし"}


@dataclass(frozen=True)
class ResultView:
    """What became of the file."""

    action: str
    filename: str
    kind: str
    at: str
    cancelled: bool
    stopped: bool
    counts: tuple[tuple[str, int], ...]
    saved: tuple[tuple[int, str, str, str], ...]
    saved_total: int
    first: int
    last: int
    page: int
    pages: int
    rejected: tuple[tuple[int, str, str], ...]


def counts(new: int, changed: int, unchanged: int, rejected: int) -> tuple[tuple[str, int], ...]:
    """How many rows of each kind, with their words."""
    return (("新しい", new), ("変更", changed), ("変更なし", unchanged), ("取り込めない", rejected))


def result_view(batch: ImportBatch) -> ResultView:
    """Everything that became of the file, on one page."""
    outcome: dict[str, Any] = batch.outcome or {}
    rejected: Sequence[dict[str, Any]] = outcome.get("rejected", [])
    saved = tuple((s["row"], s["name"], STATES[s["state"]], s["host_id"]) for s in outcome.get("saved", []))
    new, changed, unchanged = (int(outcome.get(state, 0)) for state in (NEW, CHANGED, UNCHANGED))
    return ResultView(
        action=f"/hosts/import/{batch.id}", filename=batch.filename, kind=KINDS[batch.kind], at=say_instant(batch.read_at),
        cancelled=batch.state == "cancelled", stopped=batch.state == "stopped", counts=counts(new, changed, unchanged, len(rejected)),
        saved=saved, saved_total=len(saved), first=1, last=len(saved), page=1, pages=1,
        rejected=tuple((problem["row"], problem["reason"], problem["remedy"]) for problem in rejected),
    )  # fmt: skip


def one_page(view: ResultView, wanted: int) -> ResultView:
    """So many of the rows that were written; the counts are those of all."""
    pages = max(1, -(-view.saved_total // PAGE_SIZE))
    page = min(wanted, pages)
    start = (page - 1) * PAGE_SIZE
    saved = view.saved[start : start + PAGE_SIZE]
    return replace(view, saved=saved, first=start + 1, last=start + len(saved), page=page, pages=pages)
