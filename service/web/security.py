"""What every answer carries, and what no request may do."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import PermissionDeniedException
from litestar.types import Message, Scope

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
SECURE = {"strict-transport-security": "max-age=31536000"}


def guard_answers(*, secure: bool):  # type: ignore[no-untyped-def]  # the framework's hook type is recursive
    """A hook that puts the headers on every answer, errors included; pages of a town stay in no cache."""
    headers = {**HEADERS, **(SECURE if secure else {})}

    async def put_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        message.setdefault("headers", [])
        answer = MutableScopeHeaders.from_message(message)
        for name, value in headers.items():
            answer[name] = value
        if not scope["path"].startswith("/static/"):
            answer["cache-control"] = "no-store"

    return put_headers


def refuse_foreign_origin(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """A change may only be asked for from a page of our own."""
    origin = connection.headers.get("origin")
    if connection.scope.get("method") in {"GET", "HEAD", "OPTIONS"} or origin is None:
        return
    if origin.split("://", 1)[-1] != connection.headers.get("host"):
        raise PermissionDeniedException("foreign origin")
