"""Workers of other processes for the race tests, and what they do: write one household for each job."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Household
from service.commands.worker import Habits, Worker
from service.kernel.db import Database
from service.kernel.queue.claims import Claim
from service.kernel.queue.working import Save
from service.settings import read_settings

SPAWN = multiprocessing.get_context("spawn")


def write_household(town: Any, claim: Claim, tell: Any, is_stopped: Any) -> Save:
    """A job whose effect shows how often it was saved: no key keeps a second row out."""

    def save(session: Session) -> str:
        row = Household(label=claim.argument["label"], district=claim.worker)
        session.add(row)
        session.flush()
        return row.id

    return save


def work_in_a_crowd(folder: Path, together: Barrier) -> None:
    """One worker process: begins when all are there, ends when nothing is due."""
    settings = read_settings(folder)
    worker = Worker(settings, settings.entries, {"household": write_household}, Habits(once=True))
    together.wait(60)
    worker.work()


def crowd_at_work(folder: Path, size: int) -> None:
    """So many processes work at once until all is done."""
    together = SPAWN.Barrier(size)
    processes = [SPAWN.Process(target=work_in_a_crowd, args=(folder, together)) for _ in range(size)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * size


def labels_of(database: Database) -> list[str]:
    """Every household the jobs have written, twice where it was written twice."""
    with database.read() as session:
        return sorted(session.scalars(select(Household.label)))
