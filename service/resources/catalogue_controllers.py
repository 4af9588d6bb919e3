"""The list of places, and the list as a file."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from service.accounts.roles import EXPORT_CATALOGUE, READ_CATALOGUE
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.resources.catalogue import Search, all_hosts, search_hosts
from service.resources.exporting import export_header, export_rows
from service.resources.interchange.writing import write_csv, write_xlsx
from service.resources.list_page import list_view
from service.resources.places import places_of
from service.resources.vocabulary import current_vocabulary
from service.web.call import Call
from service.web.page import render
from service.web.params import page_number

AnyRequest = Request[Any, Any, Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Catalogue(Controller):
    """受け入れ先."""

    @get("/hosts", perm=READ_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The list, narrowed and by pages; data of places is not personal, so the address may hold it."""
        search, today = Search.read(call.request.query_params), day_in_japan(call.now)
        found = search_hosts(call.session, search, page_number(call.request.query_params.get("page", "")), today)
        view = list_view(found, search, call.actor, today, places_of(call.town.code))
        return render(call.request, "resources/list.html", "受け入れ先", view)

    @get("/hosts/export.xlsx", perm=EXPORT_CATALOGUE, sync_to_thread=True)
    def export_xlsx(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The list as an Excel file."""
        header, rows = _table(call.request, call.session, call.now)
        return attachment(write_xlsx(header, rows, "受け入れ先"), "受け入れ先一覧.xlsx", XLSX)

    @get("/hosts/export.csv", perm=EXPORT_CATALOGUE, sync_to_thread=True)
    def export_csv(self, call: NamedDependency[Call]) -> Response[bytes]:
        """The list as CSV; letters that Shift_JIS lacks are counted in a header of the answer and stand as 〓."""
        header, rows = _table(call.request, call.session, call.now)
        old = call.request.query_params.get("encoding") == "cp932"
        file = write_csv(header, rows, "cp932" if old else "utf-8-sig")
        answer = attachment(file.data, "受け入れ先一覧.csv", "text/csv; charset=" + ("shift_jis" if old else "utf-8"))
        if file.unmappable:
            answer.headers["x-unmappable-letters"] = quote("".join(file.unmappable))
        return answer


def _table(request: AnyRequest, session: Session, now: datetime) -> tuple[list[str], list[list[Any]]]:
    vocabulary = current_vocabulary(session)
    hosts = all_hosts(session, Search.read(request.query_params), day_in_japan(now))
    note(session, "export", "catalogue", "hosts")
    return export_header(vocabulary), list(export_rows(hosts, vocabulary))


def attachment(data: bytes, name: str, media_type: str) -> Response[bytes]:
    """A file to save under a Japanese name."""
    disposition = f"attachment; filename=\"export\"; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=media_type, headers={"content-disposition": disposition})
