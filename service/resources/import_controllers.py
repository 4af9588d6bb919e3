"""Taking in a file of places: choose, look, confirm, and see what became of each row."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from service.accounts.roles import IMPORT_CATALOGUE
from service.kernel.audit import note
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.kernel.queue.jobs import Job
from service.kernel.vocab import Vocabulary
from service.resources.catalogue_controllers import XLSX, attachment
from service.resources.files import ImportBatch
from service.resources.import_job import IMPORTING, LARGE, job_of, put_down, stop_import
from service.resources.import_result import STATES, counts, one_page, result_view
from service.resources.importing import (
    CHANGED,
    KINDS,
    NEW,
    UNCHANGED,
    Plan,
    RowPlan,
    confirm_batch,
    plan_import,
    read_file,
    say_facts,
)
from service.resources.interchange.template import write_template
from service.resources.interchange.writing import Value, write_csv
from service.resources.places import places_of
from service.resources.sending import sent_before
from service.resources.uploads import PREVIEWED, cancel_batch, keep_upload, read_batch, read_upload
from service.resources.vocabulary import current_vocabulary
from service.web.call import Call
from service.web.forms import FormBody, Posted, UploadBody
from service.web.once import remember_result
from service.web.page import go, render
from service.web.params import FromPath, known_id, page_number

AnyRequest = Request[Any, Any, Any]
SHOWN = 20


@dataclass(frozen=True)
class UploadView:
    """Choosing a file."""

    kinds: tuple[tuple[str, str], ...]
    kind: str
    problem: str
    once: str


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be taken in."""

    row: int
    name: str
    state: str
    address: str
    what: str


@dataclass(frozen=True)
class PreviewView:
    """What the file would do; nothing has been written."""

    action: str
    filename: str
    kind: str
    counts: tuple[tuple[str, int], ...]
    rows: tuple[PreviewRow, ...]
    more: int
    problems: tuple[tuple[int, str, str], ...]
    by_hand: tuple[tuple[int, str, str], ...]
    writes: int


@dataclass(frozen=True)
class ProgressView:
    """How far a large file is; `is_live` False = nobody works on it any more, and it can be gone on with."""

    action: str
    filename: str
    kind: str
    done: int
    of: int
    is_live: bool


class Imports(Controller):
    """Files of places."""

    path = "/hosts/import"

    @get(perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def choose(self, call: NamedDependency[Call]) -> Response[str]:
        """Which file."""
        return _show_upload(call.request, "kodomo-shokudo", "")

    @post(perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def upload(self, call: NamedDependency[Call], data: UploadBody) -> Response[Any]:
        """Read the file and keep it to be looked at; one that cannot be read is refused with the reason."""
        posted = Posted.read({name: value for name, value in data.items() if not isinstance(value, UploadFile)})
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        kind = posted.text("kind") if posted.text("kind") in KINDS else "kodomo-shokudo"
        try:
            name, content = read_upload(data.get("file"))
            read_file(kind, content, current_vocabulary(call.session))
        except DomainError as problem:
            return _show_upload(call.request, kind, str(problem), 422)
        batch = keep_upload(call.session, kind, name, content, call.actor, call.now)
        remember_result(call.session, call.actor.id, posted.text("_once"), f"/hosts/import/{batch.id}", call.now)
        return go(f"/hosts/import/{batch.id}")

    @get("/template.xlsx", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def template(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The empty list to fill in."""
        return attachment(write_template(current_vocabulary(call.session)), "受け入れ先一覧（記入用）.xlsx", XLSX)

    @get("/{batch_id:str}", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def look(self, call: NamedDependency[Call], batch_id: FromPath[str]) -> Response[str]:
        """What the file would do, or what became of it."""
        batch = read_batch(call.session, known_id(batch_id), KINDS)
        if batch.state == IMPORTING:
            progress = _progress_view(batch, job_of(call.session, batch.id))
            return render(call.request, "resources/import_progress.html", "取り込んでいます", progress)
        if batch.state != PREVIEWED:
            view = one_page(result_view(batch), page_number(call.request.query_params.get("page", "")))
            return render(call.request, "resources/import_result.html", "取り込みの結果", view)
        vocabulary = current_vocabulary(call.session)
        plan = plan_import(call.session, read_file(batch.kind, batch.content, vocabulary))
        return render(
            call.request, "resources/import_preview.html", "取り込みの確認", _preview_view(batch, plan, vocabulary)
        )

    @post("/{batch_id:str}/confirm", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def confirm(self, call: NamedDependency[Call], batch_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Write it, a large file aside; a second press leads to the same result."""
        batch = read_batch(call.session, known_id(batch_id), KINDS)
        if batch.state == IMPORTING or (batch.state == PREVIEWED and len(batch.content) > LARGE):
            put_down(call.session, batch, call.now)
            return go(f"/hosts/import/{batch.id}")
        confirm_batch(call.session, batch, call.actor, call.now, places_of(call.town.code), current_vocabulary(call.session))
        return go(f"/hosts/import/{batch.id}", "imported")

    @post("/{batch_id:str}/cancel", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def cancel(self, call: NamedDependency[Call], batch_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Let the file go, or stop what is under way: rows already written stay."""
        batch = read_batch(call.session, known_id(batch_id), KINDS)
        if batch.state == IMPORTING:
            stop_import(call.session, batch, call.now)
            return go(f"/hosts/import/{batch.id}")
        cancel_batch(batch)
        return go("/hosts/import", "withdrawn")

    @get("/{batch_id:str}/result.csv", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def result(self, call: NamedDependency[Call], batch_id: FromPath[str]) -> Response[bytes]:
        """Every row that was saved or refused, as a file."""
        batch = read_batch(call.session, known_id(batch_id), KINDS)
        view = result_view(batch)
        saved: list[list[Value]] = [[row, name, state, "", ""] for row, name, state, _ in view.saved]
        rejected: list[list[Value]] = [[row, "", "取り込めない", reason, remedy] for row, reason, remedy in view.rejected]
        note(call.session, "export", "import_batch", batch.id)
        file = write_csv(["行", "名称", "結果", "理由", "直し方"], [*saved, *rejected])
        return attachment(file.data, "取り込みの結果.csv", "text/csv; charset=utf-8")


def _show_upload(request: AnyRequest, kind: str, problem: str, status: int = 200) -> Response[str]:
    view = UploadView(tuple(KINDS.items()), kind, problem, new_id())
    return render(request, "resources/import.html", "受け入れ先の取り込み", view, status)


def _preview_view(batch: ImportBatch, plan: Plan, vocabulary: Vocabulary) -> PreviewView:
    writing = [row for row in plan.rows if row.state != UNCHANGED]
    return PreviewView(
        action=f"/hosts/import/{batch.id}", filename=batch.filename, kind=KINDS[batch.kind],
        counts=counts(plan.count(NEW), plan.count(CHANGED), plan.count(UNCHANGED), len(plan.problems)),
        rows=tuple(_preview_row(row, vocabulary) for row in (writing or plan.rows)[:SHOWN]),
        more=max(0, len(writing or plan.rows) - SHOWN),
        problems=tuple((problem.row, problem.reason, problem.remedy) for problem in plan.problems),
        by_hand=tuple((row.row, row.draft.name, say_facts(row.by_hand, vocabulary)) for row in plan.rows if row.by_hand),
        writes=len(writing),
    )  # fmt: skip


def _progress_view(batch: ImportBatch, job: Job | None) -> ProgressView:
    told = job.progress if job else {}
    done = int((batch.outcome or {}).get("done", 0))
    return ProgressView(
        f"/hosts/import/{batch.id}", batch.filename, KINDS[batch.kind], done, int(told.get("of", 0)), job is not None
    )


def _preview_row(row: RowPlan, vocabulary: Vocabulary) -> PreviewRow:
    times = "・".join(opening.times_note for opening in row.draft.openings if opening.times_note)
    what = say_facts(row.moved, vocabulary) if row.state == CHANGED else times
    return PreviewRow(row.row, row.draft.name, STATES[row.state], row.draft.full_address, what[:120])
