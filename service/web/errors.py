"""Every error has one shape: what happened, what to do next, and a number for the log."""

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import structlog
from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.enums import MediaType
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.middleware.csrf import CSRFMiddleware
from litestar.response import Redirect
from litestar.utils.scope.state import ScopeState
from sqlalchemy.exc import OperationalError

from service.kernel.errors import DomainError, NotFound, places_of
from service.kernel.queue.working import AWAY
from service.web.forms import Posted
from service.web.page import frame_of, is_partial
from service.web.templating import render_template

log = structlog.get_logger()


@dataclass(frozen=True)
class ErrorView:
    """What error.html shows."""

    status: int
    title: str
    text: str
    remedy: str
    reference: str | None = None


@dataclass(frozen=True)
class ExpiredView:
    """What expired.html shows: the typed form, ready to be sent again after signing in."""

    path: str
    typed: tuple[tuple[str, str], ...]


_SAID = {
    400: ("送られた内容を読み取れませんでした。", "入力を確かめて、もう一度送ってください。"),
    403: ("この画面からの操作として確認できませんでした。", "ページを開き直してから、もう一度操作してください。"),
    405: ("この操作はできません。", "画面のボタンから操作してください。"),
    413: ("ファイルが大きすぎます（上限は5MBです）。", "分けてから、もう一度取り込んでください。"),
    429: ("操作が続いたため、少し待つ必要があります。", "しばらくしてから、もう一度お試しください。"),
}
_NOTHING = "何も書き込まれていません。入力した内容は、ブラウザの「戻る」で残っていることがあります。"
_AGAIN = "少し待ってから、もう一度操作してください。続くときは、管理者に伝えてください。"
_MAKE_ROOM = (
    "管理者に「ディスクがいっぱい」と伝えてください。見ることは、いまもできます。空きができたら、もう一度保存してください。"
)
_KEPT_LIMIT = 200
_DISK_FULL = "53100"
"""What PostgreSQL calls it."""


def answer_domain_error(request: Request[Any, Any, Any], error: DomainError) -> Response[Any]:
    """A refusal of the work itself."""
    return _answer(request, ErrorView(error.status, error.message, "", error.remedy))


def answer_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """A request the framework could not take."""
    if isinstance(error, NotAuthorizedException):
        return _ask_to_sign_in(request)
    if error.status_code == 404:
        return answer_domain_error(request, NotFound())
    title, remedy = _SAID.get(error.status_code, _SAID[400])
    return _answer(request, ErrorView(error.status_code, title, "", remedy))


def answer_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: the log gets the place, the person gets a number to quote, neither gets data."""
    if _raised_in(error) == CSRFMiddleware.__module__:
        # The check of the form's token raises on a token it cannot compare: letters beyond ASCII, a file.
        return answer_http_error(request, PermissionDeniedException())
    if is_full(error):
        log.error("the disk is full", error=type(error).__name__, places=places_of(error))
        return _answer(request, ErrorView(507, "保存する場所がいっぱいで、保存できませんでした。", _NOTHING, _MAKE_ROOM))
    if _is_away(error):
        log.warning("the database is away", error=type(error).__name__, places=places_of(error))
        return _answer(request, ErrorView(503, "いま混み合っていて、保存も表示もできませんでした。", _NOTHING, _AGAIN))
    reference = secrets.token_hex(4)
    log.error("unexpected", reference=reference, error=type(error).__name__, places=places_of(error))
    return _answer(
        request,
        ErrorView(500, "システムの不具合で処理できませんでした。", _NOTHING, "管理者に番号を伝えてください。", reference),
    )


def _is_away(error: Exception) -> bool:
    """Whether the database could not be asked at all, or not in time; a statement it refused is a fault of ours."""
    of_a_file = isinstance(error, OperationalError) and isinstance(error.orig, sqlite3.Error)
    return isinstance(error, AWAY) and (
        not of_a_file or any(word in str(error) for word in ("locked", "unable to open", "disk I/O error"))
    )


def is_full(error: BaseException | None) -> bool:
    """Whether the machine of the database has no room left: nothing is wrong with what was asked.

    SQLite takes the whole transaction back by itself then, and what fails next hides the reason behind it.
    """
    if error is None:
        return False
    cause = error.orig if isinstance(error, OperationalError) else None
    says_so = getattr(cause, "sqlstate", None) == _DISK_FULL or "disk is full" in str(cause)
    return says_so or is_full(error.__context__)


def _raised_in(error: BaseException) -> str:
    trace, module = error.__traceback__, ""
    while trace:
        module, trace = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_next
    return module


def wants_data(request: Request[Any, Any, Any]) -> bool:
    """Whether a program rather than a person is asking."""
    return request.url.path.startswith(("/api/", "/schema"))


def _ask_to_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    if wants_data(request):
        return _answer(request, ErrorView(401, "サインインが必要です。", "", "サインインしてから、もう一度お試しください。"))
    if is_partial(request):
        return Response("", status_code=401, headers={"hx-redirect": "/sign-in"})
    if request.method == "GET":
        return Redirect(f"/sign-in?{urlencode({'next': request.url.path})}", status_code=303)
    view = ExpiredView(request.url.path, _typed(request))
    _let_uploads_go(request)
    html = render_template("expired.html", page=frame_of(request, "サインインが切れました"), view=view)
    return Response(html, status_code=401, media_type=MediaType.HTML)


def _typed(request: Request[Any, Any, Any]) -> tuple[tuple[str, str], ...]:
    form = ScopeState.from_scope(request.scope).form
    # A file is chosen again: what a page can keep is text.
    texts = {n: v for n, v in form.items() if not _files_in(v)} if isinstance(form, Mapping) else {}
    posted = Posted.read(texts)
    pairs = [(name, value) for name, values in posted.items() for value in values if name != "_csrf_token"]
    return tuple(pairs[:_KEPT_LIMIT])


def _let_uploads_go(request: Request[Any, Any, Any]) -> None:
    """Close the files of a request that was refused before its handler: the framework closes only those of the others."""
    form = ScopeState.from_scope(request.scope).form
    for value in form.values() if isinstance(form, Mapping) else ():
        for file in _files_in(value):
            file.file.close()


def _files_in(value: Any) -> list[UploadFile]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, UploadFile)]


def _answer(request: Request[Any, Any, Any], view: ErrorView) -> Response[Any]:
    _let_uploads_go(request)
    if wants_data(request):
        body = {"status": view.status, "message": view.title, "remedy": view.remedy, "reference": view.reference}
        return Response(body, status_code=view.status)
    html = render_template("error.html", page=frame_of(request, "お知らせ"), error=view)
    return Response(html, status_code=view.status, media_type=MediaType.HTML)
