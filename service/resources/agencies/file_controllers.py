"""The directory as a file: out as Excel, CSV and paper, and in again by way of a preview."""

from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from service.accounts.roles import EXPORT_CATALOGUE, IMPORT_CATALOGUE, READ_CATALOGUE
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.resources.agencies.catalogue import Search, search_agencies
from service.resources.agencies.file_pages import AgencyUploadView, outcome_view, preview_view
from service.resources.agencies.importing import (
    BATCH,
    confirm_batch,
    plan_import,
    read_file,
)
from service.resources.agencies.paper import agency_sheet
from service.resources.agencies.table import HEADER, SAMPLE, write_row
from service.resources.catalogue_controllers import XLSX, attachment
from service.resources.interchange.writing import Value, write_csv, write_xlsx
from service.resources.sending import sent_before
from service.resources.uploads import PREVIEWED, cancel_batch, keep_upload, read_batch, read_upload
from service.web.call import Call
from service.web.forms import FormBody, Posted, UploadBody
from service.web.once import remember_result
from service.web.page import go, pdf_answer, render
from service.web.params import FromPath, known_id
from service.web.print.directory import directory_data
from service.web.print.render import render_pdf

NAME = "相談支援機関等一覧"


class AgencyFiles(Controller):
    """The directory, out and in."""

    path = "/agencies"

    @get("/list.pdf", perm=READ_CATALOGUE, sync_to_thread=True)
    def sheet(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The list on A4, as it is narrowed."""
        search = Search.read(call.request.query_params)
        found = search_agencies(call.session, search, day_in_japan(call.now))
        note(call.session, "print", "agency", "list")
        return pdf_answer(
            render_pdf("agencies", directory_data(agency_sheet(found, call.town, call.actor, call.now))), "agencies.pdf"
        )

    @get("/export.xlsx", perm=EXPORT_CATALOGUE, sync_to_thread=True)
    def export_xlsx(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The list as an Excel file."""
        return attachment(write_xlsx(HEADER, _rows(call), NAME), f"{NAME}.xlsx", XLSX)

    @get("/export.csv", perm=EXPORT_CATALOGUE, sync_to_thread=True)
    def export_csv(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The list as CSV; letters that Shift_JIS lacks are counted in a header of the answer and stand as 〓."""
        old = call.request.query_params.get("encoding") == "cp932"
        file = write_csv(HEADER, _rows(call), "cp932" if old else "utf-8-sig")
        answer = attachment(file.data, f"{NAME}.csv", "text/csv; charset=" + ("shift_jis" if old else "utf-8"))
        if file.unmappable:
            answer.headers["x-unmappable-letters"] = quote("".join(file.unmappable))
        return answer

    @get("/import", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def choose(self, call: NamedDependency[Call]) -> Response[str]:
        """Which file."""
        return _show_upload(call, "")

    @post("/import", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def upload(self, call: NamedDependency[Call], data: UploadBody) -> Response[Any]:
        """Read the file and keep it to be looked at; one that cannot be read is refused with the reason."""
        posted = Posted.read({name: value for name, value in data.items() if not isinstance(value, UploadFile)})
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            name, content = read_upload(data.get("file"))
            read_file(content)
        except DomainError as problem:
            return _show_upload(call, str(problem), 422)
        batch = keep_upload(call.session, BATCH, name, content, call.actor, call.now)
        remember_result(call.session, call.actor.id, posted.text("_once"), f"/agencies/import/{batch.id}", call.now)
        return go(f"/agencies/import/{batch.id}")

    @get("/import/template.xlsx", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def template(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The empty list to fill in, with a sample row that is never taken in."""
        return attachment(write_xlsx(HEADER, [SAMPLE], NAME), f"{NAME}（記入用）.xlsx", XLSX)

    @get("/import/{list_id:str}", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def look(self, call: NamedDependency[Call], list_id: FromPath[str]) -> Response[str]:
        """What the file would do, or what became of it."""
        batch = read_batch(call.session, known_id(list_id), (BATCH,))
        if batch.state != PREVIEWED:
            return render(call.request, "resources/agency_file.html", "取り込みの結果", outcome_view(batch))
        plan = plan_import(call.session, read_file(batch.content))
        return render(call.request, "resources/agency_file.html", "取り込みの確認", preview_view(batch, plan))

    @post("/import/{list_id:str}/confirm", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def confirm(self, call: NamedDependency[Call], list_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Write it; a second press leads to the same result."""
        batch = read_batch(call.session, known_id(list_id), (BATCH,))
        confirm_batch(call.session, batch)
        return go(f"/agencies/import/{batch.id}", "imported")

    @post("/import/{list_id:str}/cancel", perm=IMPORT_CATALOGUE, sync_to_thread=True)
    def cancel(self, call: NamedDependency[Call], list_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Let the file go."""
        cancel_batch(read_batch(call.session, known_id(list_id), (BATCH,)))
        return go("/agencies/import", "withdrawn")


def _rows(call: Call) -> list[list[Value]]:
    note(call.session, "export", "agency", "list")
    search = Search.read(call.request.query_params)
    return [write_row(agency) for agency in search_agencies(call.session, search, day_in_japan(call.now))]


def _show_upload(call: Call, problem: str, status: int = 200) -> Response[str]:
    return render(
        call.request, "resources/agency_import.html", f"{NAME}の取り込み", AgencyUploadView(problem, new_id()), status
    )
