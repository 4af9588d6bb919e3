"""Doing one claimed job: the work runs aside, while its claim is renewed, its progress kept and a wish to stop heard.

A handler computes and answers how to save what it found. Saving happens in one transaction with the end of the job,
and only while the claim holds: what two workers computed is saved by one of them.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from time import monotonic
from typing import Any, Final, Protocol

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from service.kernel.audit import Signature
from service.kernel.clock import now_utc
from service.kernel.db import Database
from service.kernel.errors import DomainError, places_of
from service.kernel.queue import claims
from service.kernel.queue.claims import Claim, ClaimLost

Save = Callable[[Session], str]
"""Writes what was found and answers its address; called again when the database was away."""
Tell = Callable[[Mapping[str, Any]], None]
"""Says how far the work is: counts and names of stages only."""
IsStopped = Callable[[], bool]
Handler = Callable[[Any, Claim, Tell, IsStopped], Save]
"""(town, claim, tell, is_stopped) → save; raises `Stopped` when it ended with nothing because it was asked to."""

LOOK: Final = 1.0
"""Seconds between two looks at a job at work: how late its progress and a wish to stop may arrive."""
GRACE: Final = 10.0
"""Seconds a handler gets to end by itself when the whole process has to stop."""
PATIENCE: Final = 300.0
"""Seconds a result waits for its database to come back before it is given up."""
AWAY: Final = (OperationalError, InterfaceError, TimeoutError)

log = structlog.get_logger()


class Stopped(Exception):
    """The handler has ended early because it was asked to."""


class Outcome(StrEnum):
    """How a claimed job left this worker's hands."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    AGAIN = "again"
    CANCELLED = "cancelled"
    GIVEN_BACK = "given-back"
    LOST = "lost"


class Place(Protocol):
    """A town, as far as the queue knows it."""

    @property
    def code(self) -> str:
        """Its number."""

    @property
    def database(self) -> Database:
        """Where its jobs and their results are."""


@dataclass
class Work:
    """What passes between a job at work and the thread that minds it."""

    progress: Mapping[str, Any] = field(default_factory=dict)
    wish: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    save: Save | None = None
    problem: Exception | None = None

    def tell(self, progress: Mapping[str, Any]) -> None:
        """Keep the newest word; it is written at the next look."""
        self.progress = progress

    def do(self, handler: Handler, town: Place, claim: Claim) -> None:
        """Run the handler to its end, whatever that is."""
        try:
            self.save = handler(town, claim, self.tell, self.wish.is_set)
        except Exception as problem:
            self.problem = problem
        finally:
            self.ended.set()


@dataclass
class Minder:
    """One claimed job in the care of a worker; `sign` says in whose name its result is written, `leaving` that the
    process has to stop."""

    town: Place
    claim: Claim
    sign: Callable[[], Signature]
    leaving: threading.Event
    lease: timedelta = claims.LEASE
    work: Work = field(default_factory=Work)
    renewed: float = field(default_factory=monotonic)
    written: Mapping[str, Any] = field(default_factory=dict)

    def carry_out(self, handler: Handler) -> Outcome:
        """Do the job and end it, hand it back, or find that it has become somebody else's."""
        aside = threading.Thread(target=self.work.do, args=(handler, self.town, self.claim), daemon=True)
        aside.start()
        while not self.work.ended.wait(LOOK):
            if self.leaving.is_set():
                return self._leave()
            self._look()
        return self._settle(self._conclude)

    def _look(self) -> None:
        """Hear a wish to stop, write progress, renew the claim; a database that is away is asked again later."""
        try:
            with self.town.database.read() as session:
                stop = claims.is_stop_asked(session, self.claim)
            if stop:
                self.work.wish.set()
            progress = self.work.progress
            if progress != self.written or monotonic() - self.renewed > self.lease.total_seconds() / 3:
                with self.town.database.write() as session:
                    claims.renew(session, self.claim, now_utc(), self.lease, progress)
                self.renewed, self.written = monotonic(), progress
        except ClaimLost:
            # What comes of it could not be saved any more; the handler need not go on.
            self.work.wish.set()
        except AWAY as away:
            log.warning("the database is away", **self._named(), error=type(away).__name__)

    def _leave(self) -> Outcome:
        self.work.wish.set()
        self.work.ended.wait(GRACE)
        return self._settle(self._hand_back)

    def _settle(self, act: Callable[[], Outcome]) -> Outcome:
        """Write how the job ended; a database that is away is waited for."""
        given_up = monotonic() + PATIENCE
        while True:
            try:
                return act()
            except ClaimLost:
                return Outcome.LOST
            except AWAY as away:
                log.warning("the end waits for the database", **self._named(), error=type(away).__name__)
                if monotonic() > given_up or self.leaving.wait(LOOK):
                    return Outcome.LOST

    def _conclude(self) -> Outcome:
        if self.work.save is None:
            return self._end_without(self.work.problem or Stopped())
        try:
            return self._finish(self.work.save)
        except (ClaimLost, *AWAY):
            raise
        except Exception as problem:
            return self._end_without(problem)

    def _end_without(self, problem: Exception) -> Outcome:
        """A job that brought nothing: stopped as asked, refused by the work itself, or met by a fault of ours."""
        if isinstance(problem, Stopped):
            return self._hand_back() if self.leaving.is_set() else self._drop()
        return self._refuse(problem) if isinstance(problem, DomainError) else self._try_again(problem)

    def _finish(self, save: Save) -> Outcome:
        with self.town.database.write(signature=self.sign()) as session:
            # Asked before anything is saved: from here to the commit the job is nobody else's.
            claims.held(session, self.claim)
            claims.finish(session, self.claim, save(session), now_utc())
        return Outcome.DONE

    def _refuse(self, refusal: DomainError) -> Outcome:
        with self.town.database.write() as session:
            claims.refuse(session, self.claim, refusal.code, str(refusal), now_utc())
        return Outcome.REFUSED

    def _try_again(self, fault: Exception) -> Outcome:
        log.error("a job met a fault", **self._named(), error=type(fault).__name__, places=places_of(fault))
        with self.town.database.write() as session:
            return Outcome.AGAIN if claims.try_again(session, self.claim, now_utc()) else Outcome.FAILED

    def _hand_back(self) -> Outcome:
        with self.town.database.write() as session:
            claims.give_back(session, self.claim, now_utc())
        return Outcome.GIVEN_BACK

    def _drop(self) -> Outcome:
        with self.town.database.write() as session:
            claims.drop(session, self.claim, now_utc())
        return Outcome.CANCELLED

    def _named(self) -> dict[str, str]:
        return {"town": self.town.code, "job": self.claim.job_id, "kind": self.claim.kind}
