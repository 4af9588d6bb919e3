"""The worker that `tsunagi serve` brings along: a process of its own, so that pages stay alive while it computes."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PAUSE: Final = 1.0
"""Seconds before a worker that died is started anew."""
LEAVE: Final = 20.0
"""Seconds the worker gets to hand its job back before it is killed."""


@contextmanager
def accompanied() -> Iterator[None]:
    """A worker at our side for as long as this lasts; one that dies is replaced."""
    leaving = threading.Event()
    keeper = threading.Thread(target=_keep_one, args=(leaving,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join()


def _keep_one(leaving: threading.Event) -> None:
    while not leaving.is_set():
        command = [sys.executable, "-m", "service", "worker", "--parent", str(os.getpid())]
        # In a session of its own: Ctrl+C is for us, and we tell the worker.
        worker = subprocess.Popen(command, start_new_session=True)  # noqa: S603
        while worker.poll() is None and not leaving.wait(PAUSE):
            pass
        if leaving.is_set():
            _let_go(worker)
        leaving.wait(PAUSE)


def _let_go(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(LEAVE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
