"""Random programs over consent, the ladder, hosts and time; after every line all that must never be broken is looked at."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.cases.models import Person, Placement
from service.cases.placements import SessionTime
from service.followup.placements.answering import Answer, answer_by_host
from service.followup.placements.asking import answer_by_staff, open_sounding, sound_out
from service.followup.placements.contacting import Contact, record_contact
from service.followup.placements.ladder import FINAL, UPWARD, Side, Step
from service.followup.placements.moving import Move, move_placement
from service.followup.placements.offering import SAID, WANT, answer_offer, show_offer
from service.followup.placements.proposing import Proposal, propose
from service.followup.sharing.withdrawing import withdraw_service
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.resources.models import Host
from tests.security.promises import broken
from tests.security.voices import Said
from tests.security.yard import PEOPLE, PLACES, SAYABLE, PowerCut

READY = dict.fromkeys(("has_emergency_contact", "costs_explained", "insured_here", "person_wants", "host_accepts"), True)
MONDAY = SessionTime(0, 780, 960)
ENDS = {Step.ENDED: ("closed", ""), Step.DECLINED: ("other_place", Side.PERSON)}


class Programs(Said):
    """The coordinator at work, and the machine that stops in the middle."""

    # What the coordinator does.

    @rule(name=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES), timed=st.booleans())
    def candidate(self, name: str, place: str, timed: bool) -> None:
        wanted = Proposal(
            self.ids[name], self.ids[f"{place}の枠"], "本人が選んだ", (MONDAY,) if timed else ()
        )  # fmt: skip
        made: list[str] = []
        if self._goes_on(wanted):
            return
        if self.does(lambda session, now: made.append(propose(session, self.town, self.actor, wanted, now).id)):
            self.placements += made

    def _goes_on(self, wanted: Proposal) -> bool:
        with self.town.database.read() as session:
            steps = session.scalars(
                select(Placement.step).where(
                    Placement.person_id == wanted.person_id, Placement.opening_id == wanted.opening_id
                )
            )
            return any(step not in FINAL for step in steps)

    @precondition(lambda self: self.placements)
    @rule(number=st.integers(0, 20), channel=st.sampled_from(["phone", "mail"]))
    def sound(self, number: int, channel: str) -> None:
        self.does(lambda session, now: self._sound(session, self.pick(number), channel, now))

    def _sound(self, session: Session, id_: str, channel: str, now: datetime) -> None:
        version = session.get_one(Placement, id_).version
        sound_out(session, self.town, self.actor, id_, version, "20代の方です。", channel, now)

    @precondition(lambda self: self.placements)
    @rule(number=st.integers(0, 20), by_host=st.booleans(), said=st.sampled_from(["yes", "conditional", "no"]))
    def answer(self, number: int, by_host: bool, said: str) -> None:
        self.does(lambda session, now: self._answer(session, self.pick(number), by_host, said, now))

    def _answer(self, session: Session, id_: str, by_host: bool, said: str, now: datetime) -> None:
        answer = Answer(said, "午後なら", "busy_season")
        asked = open_sounding(session, id_)
        if by_host and asked is not None:
            answer_by_host(session, asked.host_id, asked.id, asked.version, answer, "店主", now)
        else:
            answer_by_staff(session, self.town, self.actor, id_, answer, "店主", now)

    @precondition(lambda self: self.placements)
    @rule(number=st.integers(0, 20), said=st.sampled_from([WANT, WANT, *sorted(SAID)]))
    def reply(self, number: int, said: str) -> None:
        id_ = self.pick(number)
        self.does(
            lambda session, now: answer_offer(
                session, self.town, self.actor, id_, session.get_one(Placement, id_).version, said, "ことば",
                "other_place", now,
            )
        )  # fmt: skip

    @rule(
        name=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES), timed=st.sampled_from([True, True, False]), steps=st.sampled_from([2, 4, 5, 6, 7])
    )  # fmt: skip
    def bring_on_the_way(self, name: str, place: str, timed: bool, steps: int) -> None:
        """Somebody new, and as far as a coordinator gets in so many steps."""
        before = len(self.placements)
        self.candidate(name, place, timed)
        for _ in range(steps if len(self.placements) > before else 0):
            self.go_on(before)

    @precondition(lambda self: self.placements)
    @rule(number=st.integers(0, 20))
    def go_on(self, number: int) -> None:
        """The next step, whatever it is, with all that a coordinator can bring along."""
        id_ = self.pick(number)
        with self.town.database.read() as session:
            step = session.get_one(Placement, id_).step
        if step not in UPWARD[:-1]:
            return
        to = UPWARD[UPWARD.index(Step(step)) + 1]
        if to == Step.SOUNDED:
            self.sound(number, "mail")
            self.answer(number, True, "yes")
        elif to == Step.OFFERED:
            self.yard.reached[to.value] += self.does(lambda session, now: self._offer(session, id_, now))
        else:
            self.move(number, to)

    def _offer(self, session: Session, id_: str, now: datetime) -> None:
        show_offer(session, self.town, self.actor, id_, session.get_one(Placement, id_).version, now)

    @precondition(lambda self: self.placements)
    @rule(number=st.integers(0, 20), to=st.sampled_from([each for each in Step if each != Step.CANDIDATE]))
    def move(self, number: int, to: Step) -> None:
        id_ = self.pick(number)
        if self.does(lambda session, now: self._move(session, id_, to, now)):
            self.yard.reached[to.value] += 1
            if to == Step.STARTED:
                self.book.starts.append((id_, self.now))

    def _move(self, session: Session, id_: str, to: Step, now: datetime) -> None:
        version = session.get_one(Placement, id_).version
        move_placement(session, self.town, self.actor, id_, version, self._as_asked(to), now)

    def _as_asked(self, to: Step) -> Move:
        reason, side = ENDS.get(to, ("", ""))
        return Move(to, "ひとこと", READY, reason=reason, side=side)

    @rule(name=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES), to=st.sampled_from([Step.ENDED, Step.ON_HOLD]))
    def come_and_go(self, name: str, place: str, to: Step) -> None:
        """Somebody who starts, and leaves or rests again."""
        self.share(name, place, set(SAYABLE), 3)
        self.bring_on_the_way(name, place, timed=True, steps=5)
        self.nothing_is_broken()
        self.time_goes_by(7)
        self.nothing_is_broken()
        if self.placements:
            self.move(len(self.placements) - 1, to)

    @rule(name=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES))
    def fewer_places_than_promised(self, name: str, place: str) -> None:
        """Somebody is promised a place, and the host takes away one after the other."""
        self.bring_on_the_way(name, place, timed=False, steps=2)
        for _ in range(3):
            self.change_places(place, -1)

    @rule(name=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES))
    def ask_and_let_go(self, name: str, place: str) -> None:
        """A host is asked by mail, and before it answers the person goes elsewhere."""
        before = len(self.placements)
        self.candidate(name, place, timed=False)
        if len(self.placements) > before:
            self.sound(before, "mail")
            self.move(before, Step.DECLINED)

    @precondition(lambda self: self.placements)
    @rule(number=st.integers(0, 20))
    def talk_with_both(self, number: int) -> None:
        contact = Contact(day_in_japan(self.now), "want", "can")
        self.does(lambda session, now: record_contact(session, self.town, self.actor, self.pick(number), contact, now))

    @precondition(lambda self: self.placements)
    @rule(number=st.integers(0, 20), to=st.sampled_from(sorted(Step)))
    def stop_in_the_middle(self, number: int, to: Step) -> None:
        """The machine dies inside a write, and comes up again: nothing of it has happened."""
        before = self._all()

        def work(session: Session, now: datetime) -> None:
            try:
                self._move(session, self.pick(number), to, now)
            except DomainError:
                withdraw_service(session, self.town, self.actor, session.get_one(Person, self.ids["甲"]), now)
            session.flush()
            raise PowerCut

        try:
            self.does(work)
        except PowerCut:
            self.yard.reached["power-cut"] += 1
        self.reopen()
        assert self._all() == before, "something of a transaction that never ended is there"

    def _all(self) -> list[tuple[Any, ...]]:
        with self.town.database.read() as session:
            rows = session.scalars(select(Placement).options(selectinload(Placement.sessions)).order_by(Placement.id))
            return [(row.id, row.step, row.version, row.before_hold, row.reserved_until) for row in rows]

    @invariant()
    def nothing_is_broken(self) -> None:
        with self.town.database.read() as session:
            hosts = {host.id: host.name for host in session.scalars(select(Host))}
            found = broken(session, self.town, self.book, hosts, self.now)
        assert found == [], "\n".join(found)
