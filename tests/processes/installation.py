"""The example of docs/operations.md as it stands there: its towns, its commands, each in a process of its own."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.settings import Settings, read_settings
from tests.postgres import PostgresServer

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
SECTION = DOCUMENT.read_text("utf-8").split("## 何台かの機械で")[1].split("\n## ")[0]
TOWNS = "\n".join(line.strip() for line in re.findall(r"^ {7}(.*)$", SECTION, re.MULTILINE) if "tsunagi " not in line)
COMMANDS = [line.split("#")[0].strip() for line in re.findall(r"^ {7}(tsunagi .*)$", SECTION, re.MULTILINE)]
MACHINES = ("A", "B")
SECONDS = 240.0


@dataclass
class Installation:
    """Two machines — folders with the same towns and keys — and the processes that run on them."""

    folders: dict[str, Path]
    towns: list[str]
    webs: list[int] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """What machine A knows."""
        return read_settings(self.folders["A"])

    def start(self, machine: str, command: str) -> subprocess.Popen[bytes]:
        """One line of the example, on one machine; a page gets a free port of this one."""
        words = shlex.split(command)[1:]
        if "--port" in words:
            port = free_port()
            words[words.index("--port") + 1] = str(port)
            self.webs.append(port)
        log = (self.folders[machine] / f"{len(self.processes)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "service", *words],
                env=os.environ | {"TSUNAGI_DATA": str(self.folders[machine])},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        if words[0] == "worker":
            self.workers.append(process)
        return process

    def get(self, web: int, path: str, host: str, token: str | None = None) -> tuple[int, str]:
        """What one of the web processes answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.webs[web], timeout=30)
        headers = {"Host": host} | ({"Cookie": f"tsunagi={token}"} if token else {})
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def worker_with(self, pid: int) -> subprocess.Popen[bytes]:
        return next(worker for worker in self.workers if worker.pid == pid)

    def logs(self) -> str:
        """Everything the processes have said, for a failing test."""
        return "\n".join(file.read_text("utf-8") for folder in self.folders.values() for file in folder.glob("*.log"))

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def installed(server: PostgresServer, folder: Path, demo: str) -> Iterator[Installation]:
    """Everything of the example set up and answering: PostgreSQL, two web processes, two workers."""
    one = Installation({machine: folder / machine for machine in MACHINES}, re.findall(r'code = "(\d+)"', TOWNS))
    for data in one.folders.values():
        data.mkdir(parents=True)
    text = TOWNS
    for url in re.findall(r'url = "(.*)"', TOWNS):
        text = text.replace(url, server.create_database())
    for data in one.folders.values():
        (data / "towns.toml").write_text(text, "utf-8")
    try:
        setup, *rest = COMMANDS
        assert one.start("A", setup).wait(120) == 0, one.logs()
        assert one.start("A", f"{setup} --demo --town {demo}").wait(120) == 0, one.logs()
        shutil.copytree(one.folders["A"] / "keys", one.folders["B"] / "keys")
        for place, command in enumerate(rest):
            one.start(MACHINES[place * len(MACHINES) // len(rest)], command)
        for web in range(len(one.webs)):
            wait_for(lambda web=web: answers(one, web), one)
        wait_for(lambda: one.logs().count("worker ready") == len(one.workers), one)
        yield one
    finally:
        one.close()


def answers(one: Installation, web: int) -> bool:
    try:
        return one.get(web, "/healthz", "demo.example.lg.jp") == (200, "ok")
    except OSError:
        return False


def wait_for(condition: Callable[[], Any], one: Installation, seconds: float = SECONDS) -> Any:
    """The first true answer; what the processes have said when there is none."""
    for _ in range(int(seconds / 0.1)):
        if found := condition():
            return found
        threading.Event().wait(0.1)
    raise AssertionError(one.logs()[-4000:])


def is_alive(pid: int) -> bool:
    """Whether a process is there and at work; one that has ended and was not buried yet is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
