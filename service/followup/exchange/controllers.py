"""The staff's side of the exchange: a file to hand over, and one from the hosts to look at and take in."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from sqlalchemy import select

from service.accounts.roles import EDIT_CATALOGUE
from service.followup.exchange.exchanging import Taken, export_file, import_file, preview_file
from service.followup.exchange.pages import exchange_view, file_view, look_view
from service.kernel.dates import say_instant
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.resources.catalogue_controllers import attachment
from service.resources.exchange.sealing import TO_HOST
from service.resources.files import ExchangedFile
from service.resources.sending import sent_before
from service.resources.uploads import PREVIEWED, cancel_batch, keep_upload, read_batch, read_upload
from service.web.call import Call
from service.web.forms import FormBody, Posted, UploadBody
from service.web.once import remember_result
from service.web.page import go, render
from service.web.params import FromPath, known_id

BATCH: Final = "exchange"


class Exchange(Controller):
    """Files between the staff's and the hosts' network."""

    path = "/exchange"

    @get(perm=EDIT_CATALOGUE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """Both ways, and the files so far."""
        return _page(call)

    @post("/export", perm=EDIT_CATALOGUE, sync_to_thread=True, status_code=200)
    def export(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """The file for the hosts' network; that it left is kept, so it is posted for and not only fetched."""
        try:
            content = export_file(call.session, call.town, call.actor, TO_HOST, call.now)
        except DomainError as problem:
            return _page(call, str(problem), problem.status)
        return attachment(content, f"tsunagi-{call.town.code}-to-host.txt", "text/plain; charset=utf-8")

    @post(perm=EDIT_CATALOGUE, sync_to_thread=True)
    def upload(self, call: NamedDependency[Call], data: UploadBody) -> Response[Any]:
        """Look at a file of the hosts' network; nothing of it stays until it is confirmed."""
        posted = Posted.read({name: value for name, value in data.items() if not isinstance(value, UploadFile)})
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            name, content = read_upload(data.get("file"), "受け入れ先の側から来たファイルを選んでください。")
            taken = _looked(call, content)
        except DomainError as problem:
            return _page(call, str(problem), problem.status)
        batch = keep_upload(call.session, BATCH, name, content, call.actor, call.now, taken.as_json())
        remember_result(call.session, call.actor.id, posted.text("_once"), f"/exchange/{batch.id}", call.now)
        return go(f"/exchange/{batch.id}")

    @get("/{exchange_id:str}", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def look(self, call: NamedDependency[Call], exchange_id: FromPath[str]) -> Response[Any]:
        """What the file would do."""
        batch = read_batch(call.session, known_id(exchange_id), (BATCH,))
        if batch.state != PREVIEWED:
            return go("/exchange")
        view = look_view(f"/exchange/{batch.id}", batch.filename, batch.outcome)
        return render(call.request, "followup/exchange_look.html", "ファイルの確認", view)

    @post("/{exchange_id:str}/confirm", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def confirm(self, call: NamedDependency[Call], exchange_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Take it in, once; what has changed here since it was looked at counts."""
        batch = read_batch(call.session, known_id(exchange_id), (BATCH,))
        if batch.state == PREVIEWED:
            batch.outcome = import_file(call.session, call.town, call.actor, batch.content, call.now).as_json()
            batch.state, batch.content = "imported", b""
        query = select(ExchangedFile.id).where(ExchangedFile.digest == batch.digest)
        file_id = call.session.scalars(query).one_or_none()
        return go(f"/exchange/files/{file_id}", "imported") if file_id else go("/exchange")

    @post("/{exchange_id:str}/cancel", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def cancel(self, call: NamedDependency[Call], exchange_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Let the file go."""
        cancel_batch(read_batch(call.session, known_id(exchange_id), (BATCH,)))
        return go("/exchange", "withdrawn")

    @get("/files/{exchanged_id:str}", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def file(self, call: NamedDependency[Call], exchanged_id: FromPath[str]) -> Response[str]:
        """What became of a file that was taken in."""
        view = file_view(call.session, known_id(exchanged_id))
        return render(call.request, "followup/exchange_look.html", "取り込んだファイル", view)


def _page(call: Call, problem: str = "", status: int = 200) -> Response[str]:
    view = exchange_view(call.session, call.town, new_id(), problem)
    return render(call.request, "followup/exchange.html", "受け入れ先の画面とのやりとり", view, status)


def _looked(call: Call, content: bytes) -> Taken:
    taken = preview_file(call.session, call.town, call.actor, content, call.now)
    if taken.before is not None:
        raise DomainError(
            f"このファイルは {say_instant(taken.before)} に取り込んでいます。",
            "何も変えていません。新しいファイルを選んでください。",
            "same-file",
        )
    return taken
