"""The demo city served on this machine, and a browser to look at it."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from litestar import Litestar
from playwright.sync_api import Browser, Playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.sessions import close_session, issue_token
from service.app import build_app
from service.settings import read_settings
from service.setup import set_up_town, signature
from service.web.actor import Town

CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
START_WITHIN_S = 20


@dataclass(frozen=True)
class DemoTown:
    """A running 汐見市."""

    base: str
    app: Litestar
    town: Town

    def sign_in(self, login_name: str) -> str:
        """The token of a new session, as if the password had been typed."""
        with self.town.database.write() as session:
            user = session.scalars(select(User).where(User.login_name == login_name)).one()
            return issue_token(session, user, datetime.now(UTC))

    def end_session(self, token: str) -> None:
        """What thirty idle minutes would do."""
        now = datetime.now(UTC)
        with self.town.database.write(signature=signature(self.town, now)) as session:
            close_session(session, token, now)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look into the database."""
        with self.town.database.read() as session:
            yield session


def load_town(folder: Path) -> None:
    """Migrate a town in this folder and put the demo city into it."""
    settings = read_settings(folder)
    for _ in set_up_town(settings, settings.entry(), demo=True):
        pass


@contextmanager
def serve(folder: Path) -> Iterator[DemoTown]:
    """The web application over this folder, on a free port of this machine."""
    app = build_app(read_settings(folder))
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        _wait_for(server)
        yield DemoTown(f"http://127.0.0.1:{bound.getsockname()[1]}", app, next(iter(app.state.towns.values())))
        server.should_exit = True
        thread.join(START_WITHIN_S)


def _wait_for(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while not server.started:
        if time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.02)


def open_browser(playwright: Playwright) -> Browser:
    """Debian's chromium; its sandbox refuses to run as root."""
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"), chromium_sandbox=os.geteuid() != 0, args=CHROMIUM_FLAGS
    )
