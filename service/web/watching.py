"""How every answer went: figures for Prometheus and a line for the log, by route — never by address, person or town."""

from time import perf_counter
from typing import Final

import structlog
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import HTTPScope, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram, disable_created_metrics

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN: Final = "-"
"""Stands for a method nobody uses and an address that leads nowhere: both are chosen by whoever asks."""

# When a series began helps nobody here, and doubles what is read.
disable_created_metrics()  # type: ignore[no-untyped-call]
ANSWERS: Final = Counter("tsunagi_answers_total", "Answers, by route and status", ("method", "route", "status"))
SECONDS: Final = Histogram(
    "tsunagi_answer_seconds",
    "Seconds until an answer begins",
    ("route",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)

log = structlog.get_logger()


class Watched:
    """The application, with a note of each answer taken from outside: an error's page is counted as what it became."""

    def __init__(self, app: Litestar) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does; what follows a run for minutes is counted when it begins to answer."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        began = perf_counter()

        async def note_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                _note(scope, message["status"], perf_counter() - began)
            await send(message)

        await self.app(scope, receive, note_and_send)


def _note(scope: HTTPScope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else UNKNOWN
    route = scope.get("path_template") or UNKNOWN
    ANSWERS.labels(method, route, status).inc()
    SECONDS.labels(route).observe(seconds)
    log.debug("answer", method=method, route=route, status=status, seconds=round(seconds, 4))
