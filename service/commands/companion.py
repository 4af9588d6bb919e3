"""Workers that another command brings along: processes of their own, so that pages stay alive while they compute."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

STANDARD_ERROR: Final = 2
PAUSE: Final = 1.0
"""Seconds before a worker that died is started anew."""
LEAVE: Final = 20.0
"""Seconds the worker gets to hand its job back before it is killed."""


@contextmanager
def accompanied(workers: int = 1) -> Iterator[None]:
    """So many workers at our side for as long as this lasts; one that dies is replaced."""
    leaving = threading.Event()
    keepers = [threading.Thread(target=_keep_one, args=(leaving,), daemon=True) for _ in range(workers)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        leaving.set()
        for keeper in keepers:
            keeper.join()


def _keep_one(leaving: threading.Event) -> None:
    while not leaving.is_set():
        command = [sys.executable, "-m", "service", "worker", "--parent", str(os.getpid())]
        # In a session of its own: Ctrl+C is for us, and we tell the worker. Our answer goes out alone; its log beside it.
        worker = subprocess.Popen(command, start_new_session=True, stdout=STANDARD_ERROR)  # noqa: S603
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
