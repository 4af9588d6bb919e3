"""A joint run taken out: on A4 for the meeting, as a table for other programs; each is recorded."""

import json
from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import READ_MATCHES
from service.kernel.audit import note
from service.kernel.errors import DomainError
from service.matching.joint.models import DONE
from service.matching.joint.pages_changes import ChangesView, changes_view
from service.matching.joint.pages_reading import before_of, comparison_of, reader_of
from service.matching.joint.pages_rows import Reader
from service.matching.joint.paper import HEADER, joint_file, joint_rows, joint_sheet
from service.matching.joint.service import RunView, read_run
from service.resources.catalogue_controllers import XLSX, attachment
from service.resources.interchange.writing import write_csv, write_xlsx
from service.web.call import Call
from service.web.params import known_id
from service.web.print.render import render_pdf
from service.web.print.sheets import to_dict


class JointFiles(Controller):
    """One run as a file."""

    path = "/joint/{run_id:str}"

    @get("/print.pdf", perm=READ_MATCHES, sync_to_thread=True)
    def on_paper(self, call: NamedDependency[Call], run_id: FromPath[str]) -> Response[bytes]:
        """The proposal on A4."""
        sheet = joint_sheet(*_read(call, run_id, "print"), call.town, call.actor, call.now)
        headers = {"content-disposition": 'inline; filename="joint.pdf"'}
        return Response(render_pdf("joint", to_dict(sheet)), media_type="application/pdf", headers=headers)

    @get("/lines.xlsx", perm=READ_MATCHES, sync_to_thread=True)
    def as_xlsx(self, call: NamedDependency[Call], run_id: FromPath[str]) -> Response[Any]:
        """The lines as an Excel file."""
        rows = joint_rows(*_read(call, run_id, "export"))
        return attachment(write_xlsx(HEADER, rows, "合同照合"), "合同照合.xlsx", XLSX)

    @get("/lines.csv", perm=READ_MATCHES, sync_to_thread=True)
    def as_csv(self, call: NamedDependency[Call], run_id: FromPath[str]) -> Response[Any]:
        """The lines as CSV."""
        rows = joint_rows(*_read(call, run_id, "export"))
        return attachment(write_csv(HEADER, rows).data, "合同照合.csv", "text/csv; charset=utf-8")

    @get("/lines.json", perm=READ_MATCHES, sync_to_thread=True)
    def as_json(self, call: NamedDependency[Call], run_id: FromPath[str]) -> Response[Any]:
        """The lines and what changed since the run before, as JSON."""
        found = joint_file(*_read(call, run_id, "export"))
        return attachment(json.dumps(found, ensure_ascii=False, indent=1).encode(), "合同照合.json", "application/json")


def _read(call: Call, run_id: str, how: str) -> tuple[RunView, Reader, ChangesView | None]:
    view = read_run(call.session, call.town, call.actor, known_id(run_id))
    if view.state != DONE:
        raise DomainError(
            "この計算には、まだ案がありません。", "計算が終わってから、もう一度開いてください。", "no-plan", 409
        )
    note(call.session, how, "joint_run", view.run.id)
    earlier = before_of(call.session, call.town, call.actor, view.run)
    reader = reader_of(call.session, call.town, call.actor, view, call.now, earlier=earlier)
    compared = comparison_of(reader, earlier)
    return view, reader, changes_view(reader, compared) if compared else None
