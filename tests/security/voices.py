"""What people and hosts say in a random program, and time that goes by."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy.orm import Session

from service.cases.consent import Answer, record_consent
from service.cases.models import Person
from service.cases.sharing import record_share
from service.followup.sharing.withdrawing import withdraw_service, withdraw_share
from service.host_face.openings import change_opening, own_opening, stepped
from service.host_face.own import Own
from service.kernel.audit import Signature
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.web.actor import Actor, Town
from tests.cast import NOW, STAFF
from tests.security.promises import Book, Told
from tests.security.yard import FREE, PEOPLE, PLACES, SAYABLE, Yard


class Said(RuleBasedStateMachine):
    """One town in random hands; `book` is what was said and offered, kept without reading any of our code."""

    yard: ClassVar[Yard]

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory(prefix="tsunagi-program-")))
        self.settings = self.closing.enter_context(self.yard.ground.copied(self.yard.ready, folder / "data"))
        self.town: Town = self.settings.open_town(self.settings.entry())
        self.ids, self.now = self.yard.ids, NOW
        self.actor = Actor(self.ids["青木"], "青木", frozenset({STAFF["青木"][1]}))
        self.placements: list[str] = []
        self.book = Book({self.ids[f"{name}の枠"]: free for name, free in FREE.items()})

    def teardown(self) -> None:
        self.town.database.close()
        self.closing.close()

    def does(self, work: Callable[[Session, datetime], Any]) -> bool:
        """One writing transaction, a second later than the last; whether it was taken."""
        self.now += timedelta(seconds=1)
        try:
            with self.town.database.write(signature=Signature(self.actor.id, "青木", self.now, self.town.key)) as session:
                work(session, self.now)
        except DomainError:
            return False
        return True

    def reopen(self) -> None:
        self.town.database.close()
        self.town = self.settings.open_town(self.settings.entry())

    def pick(self, number: int) -> str:
        return self.placements[number % len(self.placements)]

    def own(self, place: str) -> Own:
        return Own(self.ids[place], place, Actor("-", f"{place} 店主さん", frozenset()), day_in_japan(self.now))

    # What people and hosts say.

    @initialize()
    def everybody_applies(self) -> None:
        for name in PEOPLE:
            self.say_service(name, "given")
            for place in PLACES:
                self.share(name, place, set(SAYABLE), 60)

    @rule(name=st.sampled_from(PEOPLE), state=st.sampled_from(["given", "given", "refused", "withdrawn"]))
    def say_service(self, name: str, state: str) -> None:
        def work(session: Session, now: datetime) -> None:
            person = session.get_one(Person, self.ids[name])
            record_consent(session, self.actor, person, Answer("service", state, day_in_japan(now)), now)
            session.flush()
            if state != "given":
                withdraw_service(session, self.town, self.actor, person, now)

        if self.does(work):
            self.book.service[self.ids[name]] = state == "given"

    @rule(
        name=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES),
        items=st.sets(st.sampled_from(SAYABLE), min_size=1), days=st.sampled_from([None, 0, 3, 20, 60]),
    )  # fmt: skip
    def share(self, name: str, place: str, items: set[str], days: int | None) -> None:
        until = None if days is None else day_in_japan(self.now) + timedelta(days=days)

        def work(session: Session, now: datetime) -> None:
            record_share(
                session, self.actor, session.get_one(Person, self.ids[name]), self.ids[place], "given", now,
                decided_on=day_in_japan(now), items=sorted(items), until=until,
            )  # fmt: skip

        if self.does(work):
            self.book.shares[self.ids[name], self.ids[place]] = Told(frozenset(items), until)

    @rule(name=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES))
    def take_back(self, name: str, place: str) -> None:
        def work(session: Session, now: datetime) -> None:
            person = session.get_one(Person, self.ids[name])
            withdraw_share(session, self.town, self.actor, person, self.ids[place], "気が変わった", now)

        if self.does(work):
            self.book.shares.pop((self.ids[name], self.ids[place]), None)

    @rule(place=st.sampled_from(PLACES), step=st.sampled_from([-1, 1]))
    def change_places(self, place: str, step: int) -> None:
        opening_id = self.ids[f"{place}の枠"]
        seen: list[tuple[int, int]] = []

        def work(session: Session, now: datetime) -> None:
            opening = own_opening(session, self.ids[place], opening_id, lock=True)
            before, after = opening.free or 0, stepped(opening.free, step)
            change_opening(session, self.own(place), opening, opening.version, {"free": after})
            seen.append((before, after))

        if self.does(work):
            self.book.offered[opening_id] += seen[0][1] - seen[0][0]

    @rule(place=st.sampled_from(PLACES), paused=st.booleans())
    def pause(self, place: str, paused: bool) -> None:
        values = {"status": "paused" if paused else "open", "paused_until": None, "pause_reason": ""}

        def work(session: Session, now: datetime) -> None:
            opening = own_opening(session, self.ids[place], self.ids[f"{place}の枠"], lock=True)
            change_opening(session, self.own(place), opening, opening.version, values)

        self.does(work)

    @rule(days=st.sampled_from([1, 7, 15, 31]))
    def time_goes_by(self, days: int) -> None:
        self.now += timedelta(days=days)
