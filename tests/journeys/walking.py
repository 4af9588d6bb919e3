"""Whole ways over HTTP: only what pages offer, every day by the clock of the test; rows are read, never written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.feedback.models import Feedback
from service.cases.models import Person, Placement, SupportCase
from service.cases.plans.models import Plan, PlanGoal
from service.cases.referrals.models import Referral
from service.followup.rhythms.keeping import keep_all
from service.followup.tasks.models import OPEN, FollowUp
from service.kernel.dates import format_wareki_short
from service.kernel.db import new_id
from service.meetings.models import AgendaItem, Meeting, Seat
from service.resources.vocabulary import current_vocabulary
from service.web.answers import NOTHING
from tests.cast import OTHERS, Visitor, World, add_host, hire_staff

SHEET = {
    "from_agency": "地域包括支援センター 北", "from_person": "大野", "from_phone": "0467-00-1111", "name": "浜田 とも",
    "age_band": "20代", "troubles": ["withdrawn"], "pressing": "withdrawn", "tried": "訪問を三度", "story": "家から出ていない",
    "knows": "yes", "feedback_by": "画面で",
}  # fmt: skip
TABLE = (("真鍋", "汐見市", "y"), ("青木", "社協", ""))


@dataclass
class Walk:
    """One town, whoever is at the screen, and the day it is."""

    world: World
    clock: pytest.MonkeyPatch
    day: date = date(2026, 11, 24)
    at_screen: Visitor | None = None
    seen: list[str] = field(default_factory=list)

    def on(self, day: date) -> None:
        """It is noon of that day; the night before, the follow-ups were kept."""
        self.day = day
        now = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        self.clock.setattr("service.web.call.now_utc", lambda: now)
        with self.world.writing("夜の仕事") as session:
            keep_all(session, now)

    @contextmanager
    def by(self, name: str) -> Iterator[Visitor]:
        """Somebody signs in."""
        with self.world.visit(name) as visitor:
            self.at_screen = visitor
            yield visitor
        self.at_screen = None

    @property
    def today(self) -> str:
        """The day as people type it."""
        return format_wareki_short(self.day)

    def does(self, path: str, **typed: Any) -> None:
        """A form that is taken."""
        answer = self.tries(path, **typed)
        assert answer.status_code in (200, 303), (path, answer.status_code, _said(answer.text))

    def tries(self, path: str, **typed: Any) -> Any:
        """A form, whatever comes of it."""
        assert self.at_screen is not None
        self.seen.append(path)
        return self.at_screen.submit(path, {"_once": new_id(), **typed})

    def reads(self, path: str) -> str:
        """A page."""
        assert self.at_screen is not None
        answer = self.at_screen.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.text)

    def one(self, model: Any, *where: Any) -> Any:
        """The row there is, the newest where there are several."""
        with self.world.reading() as session:
            rows = session.scalars(select(model).where(*where)).all()
        assert rows, model
        return rows[-1]

    @property
    def case(self) -> SupportCase:
        """As it stands."""
        row: SupportCase = self.one(SupportCase)
        return row

    @property
    def person(self) -> str:
        """Where the person's pages are."""
        return f"/people/{self.one(Person, Person.principal).id}"

    @property
    def sheet(self) -> str:
        """Where the sheet is in the office."""
        return f"/referrals/{self.one(Referral).id}"

    def step(self, key: str, **typed: str) -> None:
        """One step of the case, from its page."""
        named = {f"{key}-{name}": value for name, value in typed.items()}
        self.does(f"{self.person}/course/steps/{key}", _version=str(self.case.version), **named)

    def agree(self, scope: str) -> None:
        """An answer to one question of consent."""
        self.does(
            f"{self.person}/consent", scope=scope, state="given", method="paper", given_by="本人", decided_on=self.today
        )

    def act(self, name: str, **typed: Any) -> None:
        """One thing done about the placement."""
        row = self.one(Placement)
        self.does(f"/placements/{row.id}/{name}", _version=str(row.version), **typed)

    def answers_all(self) -> None:
        """Every core question is asked: nothing special."""
        with self.world.reading() as session:
            core = [attribute.key for attribute in current_vocabulary(session).core]
        for key in core:
            self.does(f"{self.person}/assessment/{key}", **{f"a-{key}": NOTHING, f"v-{key}": "0", f"s-{key}": "hard"})

    def drafts(self, goal: str) -> None:
        """A plan with one goal and one task."""
        self.does(
            f"{self.person}/plans", _version="0", kind="participation", person_words="静かな所に行ってみたい", goal0_text=goal,
            goal0_term="short", task0_what="見学に付き添う", task0_agency="社協", task0_who="青木", task0_until="R9.12.24",
        )  # fmt: skip

    def meets(self, kind: str, purpose: str, decision: str, absent: Sequence[str] = ()) -> str:
        """A meeting that is called, held and decided today; where it is."""
        municipal = {"convenor_is_municipal": "y"} if kind == "support" else {}
        self.does("/meetings/new", kind=kind, name=f"会議 {self.day}", on=self.today, convenor="福祉総務課", **municipal)
        here = f"/meetings/{self.one(Meeting, Meeting.on == self.day).id}"
        for name, agency, is_municipal in TABLE:
            self.does(
                f"{here}/seats",
                **{"seat-name": name, "seat-agency": agency, "seat-is_municipal": is_municipal, "seat-role": "member"},
            )
        self.does(f"{here}/items", **{"item-purpose": purpose, "item-case_number": self.case.number})
        with self.world.reading() as session:
            seats = session.scalars(select(Seat).where(Seat.meeting_id == here[10:])).all()
        for seat in seats if kind == "support" else ():
            self.does(f"{here}/seats/{seat.id}/swear", method="paper")
        came = {f"attended-{seat.id}": "no" if seat.name in absent else "yes" for seat in seats}
        self.does(f"{here}/hold", _version=str(self.one(Meeting, Meeting.id == here[10:]).version), **came)
        item = self.one(AgendaItem, AgendaItem.meeting_id == here[10:])
        said = {f"{item.id[:8]}-decision": decision, f"{item.id[:8]}-text": "そのとおり進める"}
        self.does(f"{here}/items/{item.id}/decide", _version=str(item.version), **said)
        return here

    def tells_everybody(self, text: str) -> int:
        """Whoever waits to hear is told; how many there were."""
        with self.world.reading() as session:
            owed = session.scalars(select(Feedback).where(Feedback.state == "owed")).all()
        for row in owed:
            self.does(f"/feedback/{row.id}", _version=str(row.version), told_state="given", told_text=text)
        return len(owed)

    def finishes(self, here: str) -> None:
        """Nothing of the meeting is left to tell."""
        self.does(f"{here}/finish", _version=str(self.one(Meeting, Meeting.id == here[10:]).version))

    def evaluates(self, next_step: str) -> None:
        """The plan is looked back on."""
        plan, goal = self.one(Plan), self.one(PlanGoal)
        said = {
            "e-on": self.today,
            "e-person_words": "外が明るかった",
            "e-next_step": next_step,
            f"result-{goal.id}": "reached",
        }
        self.does(f"{self.person}/plans/evaluate/{plan.id}", **said)

    def due(self, *kinds: str) -> list[FollowUp]:
        """What is still to be done, by its day."""
        with self.world.reading() as session:
            query = select(FollowUp).where(FollowUp.state.in_(OPEN)).order_by(FollowUp.due_on, FollowUp.id)
            return [row for row in session.scalars(query) if not kinds or row.kind in kinds]

    def records(self, row: FollowUp, **said: str) -> None:
        """What was seen and heard."""
        self.does(f"/followup/{row.id}/record", _version=str(row.version), done_on=self.today, **said)


def ready(world: World, clock: pytest.MonkeyPatch) -> Walk:
    """The cast, one host, and nobody's case."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        host, opening = add_host(session)
        world.ids |= {"海の台所": host.id, "枠": opening.id}
    walk = Walk(world, clock)
    walk.on(walk.day)
    return walk


def _said(text: str) -> str:
    return " ".join(text.split("<main")[-1].split())[:1500]
