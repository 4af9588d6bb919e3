"""The two faces at work: single pages as a ratio to an empty signed-in page, and many sessions at once.

`python -m benchmarks.faces [--json] [--rounds 100] [--seconds 300] [--hosts 50] [--staff 20]`: a real server on loopback with
the demo city and a full board. First each page takes turns with the empty one; then all sessions work at the same time,
each reading and writing with pauses as people make them, while one more client keeps asking for the empty page.
"""

import argparse
import json
import multiprocessing
import random
import re
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.page import count_queries, free_port, serve, time_in_turns
from seed.load_demo import load_demo
from service.accounts.models import User
from service.accounts.roles import COORDINATOR, HOST
from service.accounts.sessions import issue_token
from service.cases.models import Person, SupportCase
from service.cases.placements import SessionTime, place_candidate
from service.kernel.audit import Signature
from service.kernel.clock import day_in_japan
from service.resources.doors import HostMember
from service.resources.models import Host, Opening
from service.settings import read_settings
from service.setup import open_ready

PAGE_GOAL, QUERY_GOAL = 8.0, 12
PLACEMENTS: Final = 150
STEPS: Final = ("candidate", "sounded", "offered", "visit", "trial", "started", "settling", "stable")
PAUSE_S: Final = (1.0, 4.0)


@dataclass(frozen=True)
class Office:
    """Who can sign in: tokens of staff, and of hosts with one opening each."""

    staff: tuple[str, ...]
    hosts: tuple[tuple[str, str], ...]


@dataclass
class Seen:
    """What came back while everybody worked at once."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    codes: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, took: float, code: int) -> None:
        """One answer."""
        with self.lock:
            self.seconds[name].append(took)
            self.codes[code] += 1


def prepare(folder: Path, staff: int, hosts: int) -> Office:
    """The demo city with a full board, so many coordinators and so many hosts who sign in."""
    settings, now = read_settings(folder), datetime.now(UTC)
    town = open_ready(settings, settings.entry())
    with town.database.write(signature=Signature("-", "計測", now, town.key)) as session:
        load_demo(session, now)
        tokens = [_sign_in(session, f"staff{at}", COORDINATOR, now)[1] for at in range(staff)]
        _fill_board(session, now)
        members = _host_members(session, hosts, now)
    town.database.close()
    return Office(tuple(tokens), tuple(members))


def _sign_in(session: Session, name: str, role: str, now: datetime) -> tuple[User, str]:
    user = User(login_name=name, name=name, password_hash="x", roles=[role])
    session.add(user)
    session.flush()
    return user, issue_token(session, user, now)


def _fill_board(session: Session, now: datetime) -> None:
    rng, today = random.Random(1), day_in_japan(now)
    open_cases = select(SupportCase.household_id).where(SupportCase.status != "closed", SupportCase.locked.is_(False))
    people = session.scalars(select(Person.id).where(Person.household_id.in_(open_cases)).order_by(Person.id)).all()
    openings = session.scalars(select(Opening.id).order_by(Opening.id)).all()
    for at in range(PLACEMENTS):
        placement = place_candidate(
            session, people[at % len(people)], rng.choice(openings), [SessionTime(at % 5, 780, 900)], since=today,
            recorded_by="計測", reason="計測",
        )  # fmt: skip
        placement.step = STEPS[at % len(STEPS)]


def _host_members(session: Session, count: int, now: datetime) -> list[tuple[str, str]]:
    found = []
    rows = session.execute(
        select(Host.id, Opening.id).join(Opening, Opening.host_id == Host.id).where(Opening.status == "open")
    )
    first: dict[str, str] = {}
    for host_id, opening_id in rows:
        first.setdefault(host_id, opening_id)
    for at, (host_id, opening_id) in enumerate(sorted(first.items())[:count]):
        user, token = _sign_in(session, f"host{at}", HOST, now)
        session.add(HostMember(host_id=host_id, user_id=user.id, invited_by="計測", invited_at=now))
        found.append((token, opening_id))
    return found


def at_work(
    client: httpx.Client, steps: Sequence[Callable[[httpx.Client], tuple[str, httpx.Response]]], seen: Seen, until: float
) -> None:
    """One session: one thing after the other with pauses, until time is up."""
    rng = random.Random(id(client))
    while time.monotonic() < until:
        began = time.perf_counter()
        try:
            name, answer = rng.choice(steps)(client)
            seen.note(name, answer.elapsed.total_seconds(), answer.status_code)
        except httpx.TransportError:
            seen.note("transport", time.perf_counter() - began, 599)
        time.sleep(rng.uniform(*PAUSE_S))


def look(name: str, path: str) -> Callable[[httpx.Client], tuple[str, httpx.Response]]:
    """Read a page."""
    return lambda client: (name, client.get(path))


def change_places(opening: str, step: str) -> Callable[[httpx.Client], tuple[str, httpx.Response]]:
    """A host opens its opening and takes one place more or fewer."""

    def act(client: httpx.Client) -> tuple[str, httpx.Response]:
        page = client.get(f"/host/openings/{opening}")
        return "枠を直す", client.post(f"/host/openings/{opening}/free", data={**_hidden(page.text), "step": step})

    return act


def _hidden(html: str) -> dict[str, str]:
    fields = dict(re.findall(r'name="(_csrf_token|_version|_once)" value="([^"]*)"', html))
    return {name: fields.get(name, "") for name in ("_csrf_token", "_version", "_once")}


def crowd(base: str, office: Office, seconds: float) -> Seen:
    """Everybody at once."""
    seen, until = Seen(), time.monotonic() + seconds
    staff = [
        look("打診・紹介", "/placements"),
        look("受け入れ先", "/hosts"),
        look("今日", "/"),
        look("人をさがす", "/people"),
    ]
    threads = []
    for token in office.staff:
        threads.append(_thread(base, token, staff, seen, until))
    for token, opening in office.hosts:
        steps = [look("受け入れ先のはじめの画面", "/host"), change_places(opening, "+1"), change_places(opening, "-1")]
        threads.append(_thread(base, token, steps, seen, until))
    threads.append(_thread(base, office.staff[0], [look("空の画面", "/empty")], seen, until))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _thread(base: str, token: str, steps: Sequence[Any], seen: Seen, until: float) -> threading.Thread:
    client = httpx.Client(base_url=base, cookies={"tsunagi": token}, timeout=60)
    return threading.Thread(target=at_work, args=(client, steps, seen, until))


def singles(folder: Path, base: str, office: Office, rounds: int) -> dict[str, dict[str, float]]:
    """Each page by itself: p95 as a ratio to the empty page, and its statements."""
    found = {}
    token, opening = office.hosts[0]
    for name, who, path in (
        ("打診・紹介", office.staff[0], "/placements?mine=0"),
        ("受け入れ先のはじめの画面", token, "/host"),
        ("枠の画面", token, f"/host/openings/{opening}"),
    ):
        with (
            httpx.Client(base_url=base, cookies={"tsunagi": who}, timeout=60) as client,
            httpx.Client(base_url=base, cookies={"tsunagi": office.staff[0]}, timeout=60) as plain,
        ):
            times = _in_turns(client, path, plain, rounds)
        found[name] = {"ratio": p95(times[0]) / p95(times[1]), "p95_ms": 1000 * p95(times[0]), "empty_p95_ms": 1000 * p95(times[1]),
                       "queries": count_queries(folder, who, path)}  # fmt: skip
    found["枠を直す"] = _updates(base, office, rounds)
    return found


def _in_turns(client: httpx.Client, path: str, plain: httpx.Client, rounds: int) -> tuple[list[float], list[float]]:
    time_in_turns(plain, ["/empty"], 5)
    for _ in range(10):
        client.get(path).raise_for_status()
    mine, empty = [], []
    for _ in range(rounds):
        mine.append(client.get(path).elapsed.total_seconds())
        empty.append(plain.get("/empty").elapsed.total_seconds())
    return mine, empty


def _updates(base: str, office: Office, rounds: int) -> dict[str, float]:
    token, opening = office.hosts[0]
    mine, empty = [], []
    with (
        httpx.Client(base_url=base, cookies={"tsunagi": token}, timeout=60) as client,
        httpx.Client(base_url=base, cookies={"tsunagi": office.staff[0]}, timeout=60) as plain,
    ):
        for at in range(rounds):
            _, answer = change_places(opening, "+1" if at % 2 else "-1")(client)
            if answer.status_code not in (303, 422):
                raise SystemExit(f"枠を直せません: {answer.status_code}")
            mine.append(answer.elapsed.total_seconds())
            empty.append(plain.get("/empty").elapsed.total_seconds())
    return {"ratio": p95(mine) / p95(empty), "p95_ms": 1000 * p95(mine), "empty_p95_ms": 1000 * p95(empty)}


def p95(values: Sequence[float]) -> float:
    """The value that nineteen of twenty do not pass."""
    return sorted(values)[int(len(values) * 0.95)]


def measure(rounds: int, seconds: float, hosts: int, staff: int) -> dict[str, Any]:
    """Serve, time each page, then let everybody work at once."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        office, base = prepare(folder, staff, hosts), f"http://127.0.0.1:{port}"
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, port), daemon=True)
        server.start()
        with httpx.Client(base_url=base, cookies={"tsunagi": office.staff[0]}, timeout=60) as client:
            time_in_turns(client, ["/empty"], 1)
        single = singles(folder, base, office, rounds)
        seen = crowd(base, office, seconds)
        server.terminate()
        server.join()
    empty = p95(seen.seconds["空の画面"])
    together = {
        name: {"asked": len(took), "p95_ms": 1000 * p95(took), "ratio": p95(took) / empty}
        for name, took in seen.seconds.items()
    }
    faults = sum(count for code, count in seen.codes.items() if code >= 500)
    return {"single": single, "hosts": len(office.hosts), "staff": len(office.staff), "seconds": seconds, "together": together,
            "codes": {str(code): count for code, count in sorted(seen.codes.items())}, "faults": faults}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--staff", type=int, default=20)
    options = parser.parse_args(argv)
    found = measure(options.rounds, options.seconds, options.hosts, options.staff)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, one in found["single"].items():
        queries = f"、問い合わせ {one['queries']:.0f}（{QUERY_GOAL} 以下）" if "queries" in one else ""
        print(f"{name}: p95 {one['p95_ms']:.0f} ms、空の画面の {one['ratio']:.1f} 倍（目標 {PAGE_GOAL:g} 倍まで）{queries}")
    print(f"受け入れ先 {found['hosts']}・職員 {found['staff']} が {found['seconds']:.0f} 秒同時に: 5xx {found['faults']}件")
    for name, one in found["together"].items():
        print(f"  {name}: {one['asked']}回、p95 {one['p95_ms']:.0f} ms、空の画面の {one['ratio']:.1f} 倍")


if __name__ == "__main__":
    main()
