"""`tsunagi worker`: does the jobs that towns have put down, one at a time, each town in its turn."""

import os
import platform
import secrets
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Final

import structlog

from service.commands.nightly import JOB as NIGHTLY
from service.commands.nightly import is_due, put_down_for_tonight
from service.kernel.clock import now_utc
from service.kernel.queue import claims
from service.kernel.queue.claims import Claim
from service.kernel.queue.working import AWAY, Handler, Minder, Outcome
from service.migrations import is_up_to_date
from service.settings import Settings, TownEntry, key_file
from service.setup import signature
from service.web.actor import Town

TROUBLE: Final = 5.0
"""Seconds a town is left alone after its database did not answer, or while it is not set up yet."""
NIGHT_LOOK: Final = 60.0
"""Seconds between two looks at the clock."""
FAILURES: Final = frozenset({Outcome.FAILED, Outcome.REFUSED})

log = structlog.get_logger()


@dataclass(frozen=True)
class Habits:
    """How a worker works: seconds between two looks for work, how long a claim lasts, whether to end when all is done,
    and the process it ends with."""

    poll: float = 0.5
    lease: timedelta = claims.LEASE
    once: bool = False
    parent: int | None = None


@dataclass
class Worker:
    """One process that serves the towns in turn; `leaving` ends it, after the job in hand was handed back."""

    settings: Settings
    entries: tuple[TownEntry, ...]
    handlers: Mapping[str, Handler]
    habits: Habits = Habits()
    leaving: threading.Event = field(default_factory=threading.Event)
    name: str = field(default_factory=lambda: f"{platform.node()}-{os.getpid()}-{secrets.token_hex(4)}")
    towns: dict[str, Town] = field(default_factory=dict)
    alone_until: dict[str, float] = field(default_factory=dict)
    night_asked: dict[str, float] = field(default_factory=dict)
    next: int = 0

    def work(self) -> int:
        """Work until told to leave, or with `once` until nothing is due; 1 when a job failed here."""
        log.info("worker ready", worker=self.name, towns=len(self.entries))
        failed = False
        while not self.leaving.is_set():
            outcome = self.serve_next()
            failed = failed or outcome in FAILURES
            if outcome is None and (self.habits.once or self.leaving.wait(self.habits.poll)):
                break
        for town in self.towns.values():
            town.database.close()
        return 1 if failed else 0

    def serve_next(self) -> Outcome | None:
        """One job of the next town that has one; None when no town has any."""
        for entry in self._in_turn():
            if (town := self._open(entry)) and (claim := self._take(town)):
                return self._carry_out(town, claim)
        return None

    def _in_turn(self) -> Iterator[TownEntry]:
        """Every town once, beginning after the one that was served last."""
        first = self.next
        for step in range(len(self.entries)):
            place = (first + step) % len(self.entries)
            if self.alone_until.get(self.entries[place].code, 0.0) <= monotonic():
                self.next = place + 1
                yield self.entries[place]

    def _open(self, entry: TownEntry) -> Town | None:
        """A town that is set up; one that is not, or does not answer, is looked at again later."""
        if entry.code not in self.towns:
            try:
                if not key_file(self.settings.data, entry.code).exists() or not is_up_to_date(entry.url):
                    raise SystemExit("tsunagi setup がまだです。")
                self.towns[entry.code] = self.settings.open_town(entry)
            except (SystemExit, *AWAY) as trouble:
                self._leave_alone(entry.code, trouble)
                return None
        return self.towns[entry.code]

    def _take(self, town: Town) -> Claim | None:
        try:
            self._think_of_the_night(town)
            with town.database.read() as session:
                if not claims.is_due(session, self.handlers, now_utc()):
                    return None
            with town.database.write() as session:
                return claims.take(session, self.name, self.handlers, now_utc(), self.habits.lease)
        except AWAY as away:
            self._leave_alone(town.code, away)
            return None

    def _think_of_the_night(self, town: Town) -> None:
        """Now and then: put the night's work down where nobody has yet."""
        if NIGHTLY not in self.handlers or self.night_asked.get(town.code, 0.0) > monotonic():
            return
        self.night_asked[town.code] = monotonic() + NIGHT_LOOK
        with town.database.read() as session:
            due = is_due(session, now_utc())
        if due:
            with town.database.write() as session:
                put_down_for_tonight(session, now_utc())

    def _carry_out(self, town: Town, claim: Claim) -> Outcome:
        began = monotonic()
        minder = Minder(town, claim, lambda: signature(town, now_utc()), self.leaving, self.habits.lease)
        outcome = minder.carry_out(self.handlers[claim.kind])
        named = {"town": town.code, "job": claim.job_id, "kind": claim.kind, "attempt": claim.attempt}
        log.info("job", **named, outcome=str(outcome), seconds=round(monotonic() - began, 3))
        return outcome

    def _leave_alone(self, code: str, trouble: BaseException) -> None:
        # What a driver says may quote a statement and its values; what we say ourselves does not.
        why = str(trouble) if isinstance(trouble, SystemExit) else type(trouble).__name__
        log.warning("a town is left alone for a while", town=code, why=why)
        self.alone_until[code] = monotonic() + TROUBLE


def handlers() -> dict[str, Handler]:
    """What this installation can do aside: one function for each kind of job."""
    from service.commands import nightly
    from service.followup.planning import running as planning
    from service.kernel.outbox import mailing, posting
    from service.matching.joint import running
    from service.resources import import_job
    from service.resources.letters import write_letter

    return {
        running.JOB: running.carry_out,
        planning.JOB: planning.carry_out,
        posting.JOB: mailing.sender_of(write_letter),
        import_job.JOB: import_job.carry_out,
        nightly.JOB: nightly.carry_out,
    }


def run_worker(settings: Settings, entries: tuple[TownEntry, ...], does: Mapping[str, Handler], habits: Habits) -> int:
    """Work until SIGTERM or Ctrl+C; the job in hand is then handed back, and somebody else begins it anew."""
    worker = Worker(settings, entries, does, habits)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.leaving.set())
    if habits.parent is not None:
        threading.Thread(target=_leave_with, args=(habits.parent, worker.leaving), daemon=True).start()
    code = worker.work()
    sys.stdout.flush()
    if worker.leaving.is_set():
        # A solver that did not hear in time would keep the process; its job has been handed back.
        os._exit(code)
    return code


def _leave_with(parent: int, leaving: threading.Event) -> None:
    """A worker somebody brought along does not outlive them."""
    while os.getppid() == parent and not leaving.wait(1.0):
        pass
    leaving.set()
