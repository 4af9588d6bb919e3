"""How fast one person is put before every opening: `python -m benchmarks.search [--quick] [--json]`.

Each figure is a ratio taken in one run on one machine, against (a) the same rules pair by pair in plain Python with
`geopy.distance.geodesic`, (b) one SQL query that only filters, and (c) one bare numpy distance pass over the same
arrays, which nothing can undercut.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.plain import judge
from benchmarks.town import DIFFERENT_TEXTS, TODAY, make_openings
from service.kernel.geo.distance import distance_km
from service.kernel.vocab import SEED_FOLDER, Strength, Vocabulary, load_vocabulary
from service.matching.facts import Need, OpeningFacts, PersonFacts
from service.matching.instance import Catalogue
from service.matching.scoring.text import TextIndex
from service.matching.scoring.thesaurus import Thesaurus
from service.matching.verdict import Verdicts, evaluate

SIZES = (500, 10_000, 100_000)
GOAL_FASTER_THAN_PLAIN = 500
GOAL_TIMES_FLOOR = 20
# The plain program needs a minute for 100,000 openings: beyond this many it is measured on the first ones.
PLAIN_AT_MOST = 500
WISH = "静かなところで本を読みたい、動物も好き"


def typical_person() -> PersonFacts:
    """Somebody like the scenarios' people: a dozen hard needs, a few soft ones, wishes in words."""
    hard: dict[str, Any] = {
        "time": tuple((day, 12 * 60, 17 * 60) for day in range(5)),
        "session": 90,
        "frequency": 2,
        "travel": {"modes": ["walk", "transit"], "max_min": 35},
        "noise": "normal",
        "crowd": 10,
        "customer": True,
        "mid_leave": True,
        "experience": ("hikikomori", "developmental"),
    }
    soft = {"staff": ("F",), "smoke": True, "talk": "normal"}
    needs = {key: Need(value, Strength.HARD) for key, value in hard.items()}
    needs |= {key: Need(value, Strength.WISH) for key, value in soft.items()}
    needs["interests"] = Need({"tags": ["reading", "animals"], "text": WISH}, Strength.WISH)
    return PersonFacts(
        consented=True, age=24, gender="F", lat=35.3285, lon=139.5345, needs=needs, avoid_persons=frozenset({"X1"})
    )


class Town:
    """Openings of one size, prepared for each way of searching."""

    def __init__(self, count: int, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.person = typical_person()
        # Hosts rarely say everything, but nearly all have an address: (a) and (c) then do the same distances.
        self.openings = [_located(opening) for opening in make_openings(count, vocabulary, seed=1)]
        self.catalogue = Catalogue.build(self.openings, vocabulary)
        self.texts = TextIndex.build(
            [opening.text for opening in self.catalogue.openings], Thesaurus.load(SEED_FOLDER / "thesaurus.toml")
        )
        self.database = _database(self.openings)

    def search(self) -> Verdicts:
        """What the page asks for: every finding, band, points with text, and the order."""
        verdicts = evaluate(self.catalogue, self.person, today=TODAY, similarity=self.texts.similarity(WISH))
        verdicts.order  # noqa: B018 — computed when first asked for
        return verdicts

    def floor(self) -> Any:
        return distance_km(self.person.lat or 0.0, self.person.lon or 0.0, self.catalogue.lats, self.catalogue.lons)

    def plain(self) -> int:
        part = self.openings[:PLAIN_AT_MOST]
        return sum(judge(self.person, opening, self.vocabulary, TODAY).band == 0 for opening in part)

    def sql(self) -> list[Any]:
        return self.database.execute(FILTER).fetchall()


def _located(opening: OpeningFacts) -> OpeningFacts:
    return opening if opening.lat is not None else replace(opening, lat=35.33, lon=139.55)


FILTER = """
select id from opening
where status in ('open', 'limited') and free > 0 and low <= 24 and high >= 24 and noise <= 2 and people <= 10
  and customer <> 'required' and mid_leave = 1 and stay <= 90 and days <= 2 and (exp & 3) <> 0
  and exists (select 1 from slot where slot.opening = opening.id and weekday < 5
              and min(end_min, 1020) - max(start_min, 720) >= stay)
  and abs(lat - 35.3285) < 0.05 and abs(lon - 139.5345) < 0.06
"""


def _database(openings: Sequence[OpeningFacts]) -> sqlite3.Connection:
    """The openings in one indexed in-memory table, as a program that searches by SQL would hold them."""
    levels = {"quiet": 1, "normal": 2, "lively": 3}
    database = sqlite3.connect(":memory:")
    database.execute(
        "create table opening (id text primary key, status, free, low, high, noise, people, customer, mid_leave,"
        " stay, days, exp, lat, lon)"
    )
    database.execute("create table slot (opening, weekday, start_min, end_min)")
    for o in openings:
        say, age = o.values.get, o.values.get("age") or (None, None)
        exp = sum(
            1 << place for place, key in enumerate(("hikikomori", "developmental")) if key in (say("experience") or ())
        )
        row: list[Any] = [o.id, o.status, o.free, age[0], age[1], levels.get(str(say("noise"))), say("crowd")]
        row += [say("customer"), say("mid_leave"), say("session"), say("frequency"), exp, o.lat, o.lon]
        database.execute(f"insert into opening values ({','.join('?' * len(row))})", row)
        slots = [(o.id, s.weekday, s.start_min, s.end_min) for s in o.slots or ()]
        database.executemany("insert into slot values (?, ?, ?, ?)", slots)
    database.execute("create index by_place on opening (lat, lon)")
    database.execute("create index by_opening on slot (opening, weekday)")
    return database


def median_seconds(works: Sequence[Callable[[], object]], budget_s: float, at_least: int = 5) -> list[float]:
    """Median wall time of each work, in turns so that a busy machine slows all alike, after one turn not counted."""
    turns: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    end = time.perf_counter() + budget_s
    while len(turns[0]) < at_least or (time.perf_counter() < end and len(turns[0]) < 2_000):
        for work, runs in zip(works, turns, strict=True):
            start = time.perf_counter()
            work()
            runs.append(time.perf_counter() - start)
    return [statistics.median(runs) for runs in turns]


def measure(count: int, vocabulary: Vocabulary, budget_s: float) -> dict[str, Any]:
    """The figures of one size."""
    town = Town(count, vocabulary)
    search, floor, sql = median_seconds((town.search, town.floor, town.sql), budget_s)
    on = min(count, PLAIN_AT_MOST)
    plain = median_seconds((town.plain,), 0, at_least=1 if budget_s <= 1 else 3)[0] * count / on
    verdicts = town.search()
    return {
        "openings": count,
        "search_ms": round(search * 1e3, 3),
        "floor_ms": round(floor * 1e3, 3),
        "plain_ms": round(plain * 1e3, 1),
        "plain_measured_on": on,
        "sql_filter_ms": round(sql * 1e3, 3),
        "times_floor": round(search / floor, 1),
        "faster_than_plain": round(plain / search),
        "sql_over_search": round(sql / search, 2),
        "needs": len(verdicts.asked),
        "different_texts": min(count, DIFFERENT_TEXTS),
        "bands": {band.label: counted for band, counted in verdicts.counts.items()},
    }


def report(quick: bool) -> dict[str, Any]:
    """All sizes, the growth between them, and whether the goals hold."""
    vocabulary = load_vocabulary()
    sizes = [measure(count, vocabulary, 1.0 if quick else 10.0) for count in SIZES]
    small, middle, large = sizes
    growth = {
        f"{before['openings']}→{after['openings']}": round(
            (after["search_ms"] / before["search_ms"]) / (after["openings"] / before["openings"]), 2
        )
        for before, after in ((small, middle), (middle, large))
    }
    goals = {
        f"≥{GOAL_FASTER_THAN_PLAIN}× faster than plain Python at 10,000": middle["faster_than_plain"]
        >= GOAL_FASTER_THAN_PLAIN,
        f"≤{GOAL_TIMES_FLOOR}× the bare distance pass at 10,000": middle["times_floor"] <= GOAL_TIMES_FLOOR,
        f"≤{GOAL_TIMES_FLOOR}× the bare distance pass at 100,000": large["times_floor"] <= GOAL_TIMES_FLOOR,
        # Ten times the openings may take ten times as long; a tenth more is the noise of a shared machine.
        "growth no worse than linear": all(ratio <= 1.1 for ratio in growth.values()),
    }
    return {"numpy": np.__version__, "quick": quick, "sizes": sizes, "growth_per_opening": growth, "goals": goals}


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; exit 0 when every goal holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ends within a minute")
    parser.add_argument("--json", action="store_true", help="JSON alone on standard output")
    options = parser.parse_args(arguments)
    result = report(options.quick)
    print(json.dumps(result, ensure_ascii=False, indent=2) if options.json else as_table(result))
    return 0 if all(result["goals"].values()) else 1


def as_table(result: dict[str, Any]) -> str:
    """The figures as a Markdown table for docs/benchmarks.md."""
    head = (
        "| openings | search ms | floor ms | × floor | plain ms | × faster | SQL filter ms |\n|---|---|---|---|---|---|---|"
    )
    keys = ("openings", "search_ms", "floor_ms", "times_floor", "plain_ms", "faster_than_plain", "sql_filter_ms")
    rows = ["| " + " | ".join(f"{size[key]:,}" for key in keys) + " |" for size in result["sizes"]]
    goals = [f"{'○' if reached else '×'} {goal}" for goal, reached in result["goals"].items()]
    return "\n".join([head, *rows, f"growth per opening: {result['growth_per_opening']}", *goals])


if __name__ == "__main__":
    sys.exit(main())
