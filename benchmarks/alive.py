"""Pages stay alive while a joint run is computed: p95 of other pages during a run as a ratio to the quiet ones.

`python -m benchmarks.alive [--json] [--rounds 60]`: a real server on loopback and a worker beside it, as in an office,
on the demo city. Quiet and busy rounds take turns, so that the machine's moods hit both alike: a run is put down,
the pages are asked until it has ended, then as often again with nothing under way.
"""

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.page import free_port, serve
from seed.load_demo import demo_id
from service.accounts.models import User
from service.accounts.sessions import issue_token
from service.commands.worker import Habits, handlers, run_worker
from service.matching.joint.asking import JointAsk, RunSettings
from service.matching.joint.models import WAITING, JointRun
from service.matching.joint.service import start_run
from service.settings import read_settings
from service.setup import set_up_town, signature
from service.web.actor import Town

GOAL = 2.0
PERSON = demo_id("person", "S01")
PAGES = ("/", "/people", f"/people/{PERSON}", f"/people/{PERSON}/match", "/hosts", "/joint")
LONGEST_SECONDS = 60.0


@dataclass(frozen=True)
class Alive:
    """What one run found; milliseconds."""

    rounds: int
    runs: int
    quiet_p95_ms: float
    busy_p95_ms: float
    ratio: float


def measure(rounds: int) -> Alive:
    """Serve the demo city, keep asking its pages, and let a worker compute now and then."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        town, token = prepare(folder)
        port, spawn = free_port(), multiprocessing.get_context("spawn")
        processes = [spawn.Process(target=serve, args=(folder, port)), spawn.Process(target=work, args=(folder,))]
        for process in processes:
            process.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies={"tsunagi": token}, timeout=60) as client:
            warm_up(client)
            quiet, busy, runs = ask_in_turns(client, town, rounds)
        for process in processes:
            process.terminate()
            process.join()
        town.database.close()
    quiet_p95, busy_p95 = _p95(quiet), _p95(busy)
    return Alive(len(busy), runs, quiet_p95 * 1000, busy_p95 * 1000, busy_p95 / quiet_p95)


def prepare(folder: Path) -> tuple[Town, str]:
    """The demo city in a folder, and a token of 青木 to sign in with."""
    settings = read_settings(folder)
    for _ in set_up_town(settings, settings.entry(), demo=True):
        pass
    town = settings.open_town(settings.entry())
    with town.database.write(signature=signature(town, datetime.now(UTC))) as session:
        return town, issue_token(session, _coordinator(session), datetime.now(UTC))


def work(folder: Path) -> None:
    """A worker of its own process."""
    settings = read_settings(folder)
    run_worker(settings, settings.entries, handlers(), Habits(0.2, timedelta(seconds=60)))


def ask_in_turns(client: httpx.Client, town: Town, rounds: int) -> tuple[list[float], list[float], int]:
    """Seconds of every request: with nothing under way, and while a run is computed; and how many runs that took."""
    quiet: list[float] = []
    busy: list[float] = []
    runs = 0
    while len(busy) < rounds * len(PAGES):
        run, runs = put_down(town), runs + 1
        began, before = time.monotonic(), len(busy)
        while is_waiting(town, run) and time.monotonic() - began < LONGEST_SECONDS:
            busy += ask_all(client)
        for _ in range((len(busy) - before) // len(PAGES)):
            quiet += ask_all(client)
    return quiet, busy, runs


def put_down(town: Town) -> str:
    """A run of everybody, unsure places included, so that it takes a while."""
    now = datetime.now(UTC)
    with town.database.write(signature=signature(town, now)) as session:
        ask = JointAsk(settings=RunSettings(include_ask=True))
        return start_run(session, town, _coordinator(session).as_actor(), ask, now).id


def is_waiting(town: Town, run_id: str) -> bool:
    """Whether the run has not ended."""
    with town.database.read() as session:
        return session.scalar(select(JointRun.state).where(JointRun.id == run_id)) == WAITING


def ask_all(client: httpx.Client) -> list[float]:
    """Every page once."""
    seen = []
    for page in PAGES:
        start = time.perf_counter()
        client.get(page).raise_for_status()
        seen.append(time.perf_counter() - start)
    return seen


def warm_up(client: httpx.Client) -> None:
    """Until the server is there and has read what it keeps."""
    for _ in range(240):
        try:
            client.get("/healthz")
            break
        except httpx.TransportError:
            time.sleep(0.25)
    for _ in range(5):
        ask_all(client)


def _coordinator(session: Session) -> User:
    return session.scalars(select(User).where(User.login_name == "aoki")).one()


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def main(argv: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args(argv)
    found = measure(options.rounds)
    if options.json:
        print(json.dumps(vars(found)))
        return
    print(f"計算 {found.runs}回、画面 {found.rounds}回ずつ：何もないとき p95 {found.quiet_p95_ms:.0f} ms、"
          f"計算中 p95 {found.busy_p95_ms:.0f} ms、比 {found.ratio:.2f}（目標 {GOAL:g} 以下）")  # fmt: skip


if __name__ == "__main__":
    main()
