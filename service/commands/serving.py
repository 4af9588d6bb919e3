"""`tsunagi serve`: the pages in one process, which ends without keeping anybody waiting."""

import sys
from contextlib import suppress
from types import FrameType
from typing import Final

import uvicorn
from litestar import Litestar

from service.web.watching import Watched

ENDING_SECONDS: Final = 5
"""How long an answer that is on its way may hold up the end."""
NOT_STARTED: Final = 3


class _Server(uvicorn.Server):
    """Tells the pages that follow a run that the end has come, before it waits for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if isinstance(self.config.app, Watched):
            self.config.app.app.state.leaving.set()
        super().handle_exit(sig, frame)


def serve_pages(app: Litestar, host: str, port: int) -> None:
    """Answer until SIGTERM or Ctrl+C; ends the process where the port is taken."""
    server = _Server(
        uvicorn.Config(
            Watched(app),
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=ENDING_SECONDS,
        )
    )
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(NOT_STARTED)
