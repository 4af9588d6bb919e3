"""Many towns' joint runs over one worker and over two: `python -m benchmarks.towns [--quick] [--json]`.

Twenty towns, each a database of its own with one job: make up 500 people × 300 openings by the town's seed, prove the
best plan of the benchmark's one sum behind the fence a run of a page has, and save it. The same jobs are done by one
worker process and by two in turn; each worker loads its libraries before the clock starts, and each solver has one
thread. The ratio is two workers' mean time to one worker's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

ONE_THREAD: Final = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
KIND: Final = "made-up-town"
PEOPLE, OPENINGS = 500, 300
TOWNS, FEW_TOWNS = 20, 6
FIRST_CODE: Final = 900_001
SECONDS: Final = 120.0
GOAL: Final = 0.6
IN_TURN: Final = (1, 2, 1, 2, 1)
"""How many workers each pass has."""


@dataclass(frozen=True)
class Pass:
    """The jobs done once by so many workers: seconds on the clock, of all jobs together, of the longest, of processor."""

    workers: int
    seconds: float
    work: float
    longest: float
    processor: float
    per_worker: tuple[int, ...]
    plans: tuple[str, ...]


def make_towns(folder: Path, count: int) -> None:
    """So many empty towns: one is set up, the others are its copies with keys of their own."""
    from service.settings import read_settings, town_key
    from service.setup import open_ready

    codes = [str(FIRST_CODE + place) for place in range(count)]
    rows = [f'[[town]]\ncode = "{code}"\nname = "町{code}"\nhost = "{code}.example.lg.jp"\n' for code in codes]
    (folder / "towns.toml").write_text("\n".join(rows), "utf-8")
    settings = read_settings(folder)
    open_ready(settings, settings.entries[0]).database.close()
    for code in codes[1:]:
        shutil.copy(folder / f"{codes[0]}.sqlite3", folder / f"{code}.sqlite3")
        shutil.copy(folder / "keys" / f"{codes[0]}.key", folder / "keys" / f"{code}.key")
    assert len({town_key(folder, code) for code in codes}) == 1


def put_down(folder: Path) -> list[str]:
    """One job in each town; answers their addresses in the order of the towns."""
    from service.kernel.clock import now_utc
    from service.kernel.queue.jobs import enqueue
    from service.settings import read_settings

    settings, ids = read_settings(folder), []
    for seed, entry in enumerate(settings.entries):
        town = settings.open_town(entry)
        with town.database.write() as session:
            ids.append(enqueue(session, KIND, {"seed": seed}, now=now_utc()).id)
        town.database.close()
    return ids


def solve_made_up(town: Any, claim: Any, tell: Any, is_stopped: Any) -> Any:
    """The benchmark's kind of job: the plan's value and whether it is proven are its result."""
    from benchmarks.instances import make
    from service.matching.engine.fence import solve_fenced
    from service.matching.engine.settings import WEIGHED, Settings

    problem = make(PEOPLE, OPENINGS, claim.argument["seed"])
    solution = solve_fenced(problem, Settings(levels=WEIGHED, seconds=SECONDS))
    return lambda session: f"{solution.attained[0].value:.2f} {'proven' if solution.is_proven else 'open'}"


def work(folder: Path) -> None:
    """A worker process: loads everything, says so, and begins at a word on standard input."""
    import service.matching.engine.solve  # noqa: F401
    from service.commands.worker import Habits, Worker
    from service.settings import read_settings

    settings = read_settings(folder)
    worker = Worker(settings, settings.entries, {KIND: solve_made_up}, Habits(once=True))
    print("ready", file=sys.stderr, flush=True)
    sys.stdin.readline()
    sys.exit(worker.work())


def run_pass(folder: Path, workers: int) -> Pass:
    """All jobs, put down anew, by so many workers."""
    ids = put_down(folder)
    command = [sys.executable, "-m", "benchmarks.towns", "--work", str(folder)]
    crowd = [
        subprocess.Popen(
            command,
            env=os.environ | ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            # As a service or a machine of its own: in one session, Linux would give all workers one worker's share.
            start_new_session=True,
        )
        for _ in range(workers)
    ]
    for worker in crowd:
        while worker.stderr and worker.stderr.readline().strip() != "ready":
            pass
    began = time.perf_counter()
    for worker in crowd:
        _begin(worker)
    used = _processor_seconds()
    assert [worker.wait() for worker in crowd] == [0] * workers
    return measured(folder, ids, workers, time.perf_counter() - began, _processor_seconds() - used)


def _processor_seconds() -> float:
    """What the children that have ended have used; it holds their loading too, the same for each worker."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _begin(worker: subprocess.Popen[str]) -> None:
    assert worker.stdin is not None
    worker.stdin.write("go\n")
    worker.stdin.close()


def measured(folder: Path, ids: Sequence[str], workers: int, seconds: float, processor: float) -> Pass:
    """What the towns' own records say of a pass."""
    from service.kernel.queue.jobs import DONE, find_job
    from service.settings import read_settings

    settings, jobs = read_settings(folder), []
    for entry, job_id in zip(settings.entries, ids, strict=True):
        town = settings.open_town(entry)
        with town.database.read() as session:
            jobs.append(find_job(session, job_id))
        town.database.close()
    assert {(job.state, job.attempts) for job in jobs} == {(DONE, 1)}
    took = [(job.finished_at - job.started_at).total_seconds() for job in jobs if job.finished_at and job.started_at]
    names = [job.worker for job in jobs]
    share = tuple(sorted(names.count(name) for name in set(names)))
    return Pass(workers, seconds, sum(took), max(took), processor, share, tuple(job.result for job in jobs))


def measure(towns: int) -> dict[str, Any]:
    """One worker and two in turn, so that a change of the machine's load meets both; and what kept it from one half."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="towns-") as name:
        folder = Path(name)
        make_towns(folder, towns)
        passes = [run_pass(folder, workers) for workers in IN_TURN]
    one, two = ([each for each in passes if each.workers == workers] for workers in (1, 2))
    alone, both = _mean(one, "seconds"), _mean(two, "seconds")
    return {
        "towns": towns,
        "people": PEOPLE,
        "openings": OPENINGS,
        "ratio": round(both / alone, 3),
        "goal": GOAL,
        "same_plans": len({each.plans for each in passes}) == 1,
        "proven": sum(plan.endswith("proven") for plan in passes[0].plans),
        "slower_side_by_side": round(_mean(two, "work") / _mean(one, "work"), 3),
        "processor_side_by_side": round(_mean(two, "processor") / _mean(one, "processor"), 3),
        "idle_at_the_end": round(1 - _mean(two, "work") / (2 * both), 3),
        "outside_of_jobs": round(1 - _mean(one, "work") / alone, 3),
        "passes": [_rounded(each) for each in passes],
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "cores": os.cpu_count(),
    }


def _mean(passes: Sequence[Pass], figure: str) -> float:
    return statistics.mean(float(getattr(each, figure)) for each in passes)


def _rounded(each: Pass) -> dict[str, Any]:
    facts = {key: value for key, value in asdict(each).items() if key != "plans"}
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in facts.items()}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, or be one of the workers that are measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{FEW_TOWNS} towns instead of {TOWNS}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.work:
        work(options.work)
    answer = measure(FEW_TOWNS if options.quick else TOWNS)
    print(json.dumps(answer, indent=None if options.json else 1))
    return 0 if answer["ratio"] <= GOAL and answer["same_plans"] else 1


if __name__ == "__main__":
    sys.exit(main())
