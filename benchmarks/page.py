"""The 照合 page and the board of placements end to end, as a ratio to an empty signed-in page of the same app in the same run.

`python -m benchmarks.page [--json] [--openings 500] [--rounds 200]`: a real server on loopback, one browser-like
client, requests to the pages taking turns so that the machine's moods hit both alike.
"""

import argparse
import gzip
import json
import multiprocessing
import random
import socket
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from litestar import Request, Response, get
from litestar.testing import TestClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR, SIGNED_IN
from service.accounts.sessions import issue_token
from service.app import build_app
from service.cases.models import Consent, Household, Need, Person, Placement, SupportCase
from service.followup.placements.ladder import UPWARD, Step
from service.followup.placements.models import ContactWithBoth
from service.kernel.audit import Signature
from service.kernel.vocab import Vocabulary, load_vocabulary
from service.resources.models import Condition, Host, Opening, OpeningSlot, Site
from service.settings import read_settings
from service.setup import open_ready
from service.web.actor import Town
from service.web.page import render

PAGE_GOAL, QUERY_GOAL, LOAD_GOAL = 8.0, 12, 150_000
BOARD, ON_THE_WAY = "/placements", 180
NEEDS: dict[str, Any] = {
    "time": [[d, 720, 1020] for d in range(5)],
    "travel": {"modes": ["walk", "transit"], "max_min": 35},
    "session": 90,
    "noise": "quiet",
    "crowd": 8,
    "customer": True,
    "mid_leave": True,
    "experience": ["hikikomori", "developmental"],
    "interests": {"tags": ["reading", "animals"], "text": "本のそばで静かに過ごしたい"},
}


@get("/empty", perm=SIGNED_IN, sync_to_thread=True)
def empty(request: Request[Any, Any, Any]) -> Response[str]:
    """The frame with nothing in it."""
    return render(request, "base.html", "空の画面", None)


@dataclass(frozen=True)
class Measured:
    """What one run found."""

    openings: int
    rounds: int
    empty_p95_ms: float
    match_p95_ms: float
    ratio: float
    queries: int
    first_load_bytes: int
    board_p95_ms: float
    board_ratio: float
    board_queries: int


def fill(session: Session, vocabulary: Vocabulary, openings: int) -> str:
    """A coordinator, a person with nine needs, and that many openings answered half; answers the person's id."""
    rng, today = random.Random(1), date.today()
    user = User(login_name="b", name="計測", password_hash="x", roles=[COORDINATOR])
    household = Household(label="計測", district="岡本")
    session.add_all([user, household])
    session.flush()
    person = Person(household_id=household.id, principal=True, name="計測", birth_on=date(2002, 5, 8), gender="F",
                    lat=35.3285, lon=139.5345)  # fmt: skip
    session.add(person)
    session.flush()
    session.add(
        SupportCase(number="R8-001", household_id=household.id, opened_on=today, lead_agency="市", assigned_id=user.id)
    )
    session.add(
        Consent(person_id=person.id, scope="service", state="given", recorded_at=datetime.now(UTC), recorded_by="計測")
    )
    session.add_all(Need(person_id=person.id, attribute=k, value=v, strength="hard") for k, v in NEEDS.items())
    hosts = [Host(name=f"居場所 {n}", kind="ibasho") for n in range(openings)]
    session.add_all(hosts)
    session.flush()
    sites = [Site(host_id=h.id, lat=rng.gauss(35.33, 0.02), lon=rng.gauss(139.54, 0.02)) for h in hosts]
    session.add_all(sites)
    session.flush()
    rows = [
        Opening(host_id=h.id, site_id=s.id, title=h.name, activity=rng.choice(["読書と手芸", "農作業", "犬の散歩", "封入の軽作業"]),
                free=rng.choice([0, 1, 2, 3]), confirmed_on=today)
        for h, s in zip(hosts, sites, strict=True)
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    for opening in rows:
        for weekday in rng.sample(range(6), 2):
            session.add(
                OpeningSlot(opening_id=opening.id, host_id=opening.host_id, weekday=weekday, start_min=780, end_min=960)
            )
        for attribute in vocabulary.asked_of_host:
            if rng.random() < 0.5 and (value := _some_value(attribute.host, rng)) is not None:
                session.add(Condition(host_id=opening.host_id, attribute=attribute.key, value=value))
    fill_board(session, user, rows)
    return person.id


def fill_board(session: Session, user: User, openings: Sequence[Opening]) -> None:
    """People on their way, as many at each step, each with the talks of a month behind them."""
    today, now = date.today(), datetime.now(UTC)
    for n in range(ON_THE_WAY):
        household = Household(label=f"計測{n}", district="岡本")
        session.add(household)
        session.flush()
        person = Person(household_id=household.id, principal=True, name=f"計測 {n}")
        case = SupportCase(
            number=f"R7-{n:03d}", household_id=household.id, opened_on=today, lead_agency="市", assigned_id=user.id
        )
        session.add_all([person, case])
        session.flush()
        placement = Placement(person_id=person.id, opening_id=openings[n % len(openings)].id, step=(*UPWARD, Step.ON_HOLD)[n % 9],
                              since=today - timedelta(days=n % 30), recorded_by="計測", reason="計測",
                              deadline_on=today + timedelta(days=n % 20 - 10))  # fmt: skip
        session.add(placement)
        session.flush()
        session.add(ContactWithBoth(placement_id=placement.id, done_on=today, recorded_at=now, recorded_by="計測",
                                    person_says="want", host_says="can"))  # fmt: skip


def _some_value(side: Any, rng: random.Random) -> Any:
    if side.type == "flag":
        return rng.random() < 0.6
    if side.type == "choice":
        return rng.choice(side.choices).key
    if side.type == "tags":
        return [choice.key for choice in side.choices if rng.random() < 0.3]
    return {"number": 1, "range": [15, 90]}.get(str(side.type))


def measure(openings: int, rounds: int) -> Measured:
    """Serve a town of that size from a process of its own and time both pages in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        person, token = prepare(folder, openings)
        port, page = free_port(), f"/people/{person}/match"
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, port), daemon=True)
        server.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies={"tsunagi": token}, timeout=60) as client:
            times = time_in_turns(client, (page, BOARD, "/empty"), rounds)
            size = _first_load(client, page)
        server.terminate()
        server.join()
        queries, board_queries = (count_queries(folder, token, path) for path in (page, BOARD))
    empty_p95, match_p95, board_p95 = (_p95(times[path]) for path in ("/empty", page, BOARD))
    return Measured(
        openings, rounds, empty_p95 * 1000, match_p95 * 1000, match_p95 / empty_p95, queries, size,
        board_p95 * 1000, board_p95 / empty_p95, board_queries,
    )  # fmt: skip


def prepare(folder: Path, openings: int) -> tuple[str, str]:
    """A migrated and filled town; answers the person's id and a token to sign in with."""
    settings = read_settings(folder)
    town = open_ready(settings, settings.entry())
    with town.database.write(signature=_signature(town)) as session:
        person = fill(session, load_vocabulary(), openings)
        token = issue_token(session, session.query(User).one(), datetime.now(UTC))
    town.database.close()
    return person, token


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def serve(folder: Path, port: int) -> None:
    """The app with one page more, the empty one; run in a process of its own, as in an office."""
    uvicorn.run(build_app(read_settings(folder), empty), port=port, log_level="critical", access_log=False)


def time_in_turns(client: httpx.Client, paths: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Seconds of every request, after the server is up and warm."""
    for _ in range(240):
        try:
            client.get("/healthz")
            break
        except httpx.TransportError:
            time.sleep(0.25)
    for path in [*paths] * 10:
        client.get(path).raise_for_status()
    times: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(rounds):
        for path, seen in times.items():
            start = time.perf_counter()
            client.get(path)
            seen.append(time.perf_counter() - start)
    return times


def _signature(town: Town) -> Signature:
    return Signature("-", "計測", datetime.now(UTC), town.key)


def count_queries(folder: Path, token: str, page: str) -> int:
    """Statements the page sends to the town's database, sign-in check and record of the view included."""
    app = build_app(read_settings(folder))
    town: Town = next(iter(app.state.towns.values()))
    seen: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    with TestClient(app, cookies={"tsunagi": token}) as client:
        client.get(page)
        for engine in (town.database.reading, town.database.writing):
            event.listen(engine, "before_cursor_execute", listen)
        client.get(page)
    return sum(not statement.upper().startswith(("PRAGMA", "BEGIN")) for statement in seen)


def _first_load(client: httpx.Client, page: str) -> int:
    """Bytes on the wire for the page without its map, and everything it links to."""
    html = client.get(page).text
    before, _, rest = html.partition('<svg class="town-map"')
    total = len(gzip.compress((before + rest.partition("</svg>")[2]).encode()))
    for name in {part.split('"')[0] for part in html.split('"/static/')[1:]}:
        total += int(client.get(f"/static/{name}").num_bytes_downloaded)
    return total


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def main(argv: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--openings", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args(argv)
    found = measure(options.openings, options.rounds)
    if options.json:
        print(json.dumps(vars(found)))
        return
    print(f"{found.openings}枠: 空の画面 p95 {found.empty_p95_ms:.1f} ms、照合 p95 {found.match_p95_ms:.1f} ms")
    print(f"比 {found.ratio:.1f}（目標 {PAGE_GOAL:g} 以下）、問い合わせ {found.queries}（{QUERY_GOAL} 以下）、"
          f"最初の読み込み {found.first_load_bytes / 1000:.0f} KB（{LOAD_GOAL / 1000:.0f} 以下、地図を除く）")  # fmt: skip
    print(f"打診・紹介（進行中{ON_THE_WAY}件）p95 {found.board_p95_ms:.1f} ms、比 {found.board_ratio:.1f}（{PAGE_GOAL:g} 以下）、"
          f"問い合わせ {found.board_queries}（{QUERY_GOAL} 以下）")  # fmt: skip


if __name__ == "__main__":
    main()
