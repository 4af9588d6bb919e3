"""Whatever a host is shown, by page, link, paper, file or mail, holds no value outside what the person agreed to."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.cases.models import (
    AvoidRule,
    Consent,
    Household,
    Need,
    Person,
    Placement,
    PlacementMove,
    PlacementSession,
    SupportCase,
)  # fmt: skip
from service.cases.sharing import ITEMS, Share
from service.followup.exchange.questions import questions_for_hosts
from service.followup.placements.asking import tell_host
from service.followup.placements.models import ContactWithBoth, Offer, Sounding, StallQuestion
from service.followup.sharing.card import CardLine, HostCard, Told, host_card
from service.host_face import agreed
from service.kernel.outbox.messages import OutboxMessage
from service.resources.letters import finish_text
from service.resources.links import JOIN, OPENINGS, REPORT, SOUNDING, make_link
from service.resources.models import Host
from tests.cast import NOW, TODAY, World
from tests.host_face.conftest import REAL_TODAY, kitchen
from tests.host_face.test_what_a_host_may_know import pages_of
from tests.security import followed
from tests.security.house import kept_as_it_was

__all__ = ["kitchen"]

ALL = frozenset(ITEMS)
BY_ITEM = {"name": "name", "kana": "kana", "phone": "phone", "emergency": "emergency"}


@dataclass(frozen=True)
class Agreement:
    """One random answer of the person, and what became of it."""

    items: frozenset[str]
    days: int | None
    state: str
    service: str
    locked: bool
    for_other: bool
    step: str
    salt: int = field(default=0)

    @property
    def told(self) -> frozenset[str]:
        """What this host may know today, by the words of the agreement alone."""
        holds = self.state == "given" and self.service == "given" and not self.for_other
        late = self.days is not None and self.days < 0
        return (
            self.items
            if holds and not late and self.step in ("visit", "trial", "started", "settling", "stable")
            else frozenset()
        )


AGREEMENTS = st.builds(
    Agreement,
    items=st.one_of(st.just(ALL), st.frozensets(st.sampled_from(sorted(ITEMS)), min_size=1)),
    days=st.sampled_from([None, None, 30, 0, -1]),
    state=st.sampled_from(["given", "given", "given", "withdrawn", "refused"]),
    service=st.sampled_from(["given", "given", "given", "withdrawn"]),
    locked=st.booleans(),
    for_other=st.sampled_from([False, False, False, True]),
    step=st.sampled_from(["visit", "trial", "started", "settling", "stable", "candidate", "sounded", "declined", "ended"]),
    salt=st.integers(0, 99999),
)  # fmt: skip
TEXTS: Mapping[Any, tuple[str, ...]] = {
    Person: ("search_text", "address", "situation", "relation", "coordinate_source"),
    Household: ("label", "district", "timing_note"),
    SupportCase: ("number", "lead_agency"),
    Need: ("why",),
    AvoidRule: ("note",),
    Placement: ("reason",),
    PlacementMove: ("note",),
    Offer: ("words",),
    ContactWithBoth: ("note", "adjustment"),
    StallQuestion: ("note",),
    **followed.TEXTS,
}
"""Every text about a person that is never for a host."""


def token(what: str, salt: int) -> str:
    """A value that stands nowhere else."""
    return f"zq{what}{salt}qz"


def fill(session: Session, world: World, said: Agreement) -> set[str]:
    """Every text there is about the person becomes a value of its own; the values that are never for a host."""
    salt, person_id = said.salt, world.ids["佐倉"]
    person = session.get_one(Person, person_id)
    placement = session.get_one(Placement, world.ids["見学"])
    session.add_all(
        [
            Need(person_id=person_id, attribute="wishes", strength="wish", value={"tags": [], "text": ""}),
            AvoidRule(person_id=person_id, kind="host", host_id=world.ids["山の居場所"]),
            Offer(placement_id=placement.id, shown_on=TODAY, shown_by="青木", answer="want"),
            ContactWithBoth(placement_id=placement.id, done_on=TODAY, recorded_at=NOW, recorded_by="青木",
                            person_says="want", host_says="can"),
            StallQuestion(placement_id=placement.id, asked_at=NOW, asked_of="coordinator"),
            PlacementMove(placement_id=placement.id, at=NOW, by="青木", from_step="offered", to_step="visit", label="見学"),
        ]
    )  # fmt: skip
    followed.follow_up(session, world)
    session.execute(delete(Consent).where(Consent.scope == "service"))
    session.flush()
    values: set[str] = set()
    for model, columns in TEXTS.items():
        for number, row in enumerate(session.scalars(select(model))):
            for column in columns:
                values.add(value := token(f"{model.__tablename__.replace('_', '')}{column.replace('_', '')}{number}", salt))
                setattr(row, column, value)
    for number, need in enumerate(session.scalars(select(Need).where(Need.attribute == "wishes"))):
        values.add(value := token(f"wish{number}", salt))
        need.value = {"tags": [], "text": value}
    for move in session.scalars(select(PlacementMove)):
        kept = (
            {"tasks": token("tasks", salt), "adjustments": token("adjustments", salt)} if move.to_step == "started" else {}
        )
        values.add(value := token("accompanied", salt))
        move.facts = kept | {"accompanied": value, "days": value, "said": value}
    person.name, person.kana, person.phone, person.contact_note = (token(each, salt) for each in BY_ITEM.values())
    for time in session.scalars(select(PlacementSession)):
        time.start_min, time.end_min = 781, 959
    placement.step = said.step
    return values


def consent_to(session: Session, world: World, said: Agreement) -> None:
    """The answers themselves: to the application, then about the host."""
    for state in ("given", said.service) if said.service != "given" else ("given",):
        session.add(Consent(person_id=world.ids["佐倉"], scope="service", state=state, decided_on=TODAY,
                            reason=token("reason", said.salt),
                            recorded_at=NOW + timedelta(minutes=state != "given"), recorded_by="青木"))  # fmt: skip
    host = world.ids["山の居場所" if said.for_other else "海の台所"]
    until = None if said.days is None else REAL_TODAY + timedelta(days=said.days)
    for state in ("given", said.state) if said.state != "given" else ("given",):
        session.add(Consent(person_id=world.ids["佐倉"], scope="host_share", state=state, decided_on=TODAY, host_id=host,
                            items=sorted(said.items), until=until, reason=token("reason", said.salt),
                            recorded_at=NOW + timedelta(minutes=state != "given"), recorded_by="青木"))  # fmt: skip
    for case in session.scalars(select(SupportCase)):
        case.locked = said.locked


def by_link(world: World) -> Iterator[str]:
    """What stands behind a link of each purpose."""
    for purpose, about in ((OPENINGS, ""), (SOUNDING, "打診"), (REPORT, "見学"), (REPORT, ""), (JOIN, "")):
        with world.writing() as session:
            key, host, id_ = world.town.key, world.ids["海の台所"], world.ids.get(about, "")
            made = make_link(session, key, host, purpose, "青木", datetime.now(UTC), about_id=id_)
        with world.visit(None) as nobody:
            yield nobody.get(f"/l/{made}").text


def by_post(world: World) -> Iterator[str]:
    """Every message as it leaves, and the file for the hosts' network."""
    with world.writing() as session:
        host = session.get_one(Host, world.ids["海の台所"])
        sounding = session.get_one(Sounding, world.ids["打診"])
        sounding.placement_id = world.ids["見学"]
        tell_host(session, world.town, sounding, host, "青木", NOW)
        followed.ask_about_the_visit(session, world)
    with world.writing() as session:
        for message in session.scalars(select(OutboxMessage)):
            yield f"{message.subject}\n{finish_text(session, world.town, message, NOW)}"
        yield repr(list(questions_for_hosts(session, datetime.now(UTC))))


def shown_to_host(world: World) -> dict[str, str]:
    """Everything the host can open, by address."""
    with world.visit("店主") as host:
        pages = pages_of(host, world)
        pages["/host/soundings"] = host.get(f"/host/soundings/{world.ids['打診']}").text
        for path in (
            "/api/v1/hosts",
            "/schema",
            f"/people/{world.ids['佐倉']}",
            f"/placements/{world.ids['見学']}",
            *followed.host_paths(world),
        ):
            pages[path] = host.get(path).text
    pages |= {f"link {number}": text for number, text in enumerate(by_link(world))}
    pages |= {f"visit {number}": text for number, text in enumerate(followed.behind_visit_links(world))}
    return pages | {f"post {number}": text for number, text in enumerate(by_post(world))}


def check(world: World, said: Agreement) -> None:
    with kept_as_it_was(world):
        with world.writing() as session:
            never = fill(session, world, said)
            consent_to(session, world, said)
        pages = shown_to_host(world)
        person = pages[f"/host/people/{world.ids['見学']}"]
        words = {**{item: token(text, said.salt) for item, text in BY_ITEM.items()}, "agreed": token("tasks", said.salt),
                 "age": "20代", "gender": "女性", "days": "13:01–15:59", "conditions": "静か"}  # fmt: skip
        kept_back = never | {token("reason", said.salt), "2002-05-08", "5月8日", "24歳"}
        kept_back |= {
            word for item, word in words.items() if item not in said.told and item not in ("age", "gender", "conditions")
        }
        for path, text in pages.items():
            assert [value for value in kept_back if value in text] == [], path
        assert {item for item, word in words.items() if word in person} == said.told
        assert "10:00から" in pages[f"/host/visits/{world.ids['伺う日']}"]
        check_calendar(world, kept_back | set(words.values()))


def check_calendar(world: World, kept_back: set[str]) -> None:
    """A calendar elsewhere reads days, hours, kinds and the number of the case: nothing else of the person."""
    with world.reading() as session:
        numbers = set(session.scalars(select(SupportCase.number)))
    calendar = followed.calendar_of_staff(world)
    assert any(number in calendar for number in numbers)
    assert [value for value in kept_back - numbers if value in calendar] == []


def how_many(examples: int, *, fixed: bool = True) -> settings:
    return settings(
        max_examples=examples, derandomize=fixed, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip


def test_no_value_outside_the_consent_reaches_a_host(kitchen: World) -> None:
    tried: list[Agreement] = []

    @how_many(5 if kitchen.on_postgresql else 25)
    @given(AGREEMENTS)
    def holds(said: Agreement) -> None:
        tried.append(said)
        check(kitchen, said)

    holds()
    assert any(each.told for each in tried)


@pytest.mark.deep
def test_no_value_outside_many_consents_reaches_a_host(kitchen: World) -> None:
    how_many(60 if kitchen.on_postgresql else 300, fixed=False)(given(AGREEMENTS)(lambda said: check(kitchen, said)))()


SAID = Agreement(frozenset({"name", "days"}), None, "given", "given", locked=False, for_other=False, step="visit")


def test_a_card_that_always_tells_the_reading_is_found_out(kitchen: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaky(person: Person, placement: Placement, share: Share, told: Told, today: date) -> HostCard:
        shown = host_card(person, placement, share, told, today)
        return replace(shown, lines=(*shown.lines, CardLine("よみ", person.kana)))

    check(kitchen, SAID)
    monkeypatch.setattr(agreed, "host_card", leaky)
    with pytest.raises(AssertionError):
        check(kitchen, SAID)


def test_papers_for_a_host_hold_nothing_of_the_person(kitchen: World) -> None:
    with kitchen.writing() as session:
        never = fill(session, kitchen, SAID) | {token(each, SAID.salt) for each in BY_ITEM.values()}
        consent_to(session, kitchen, SAID)
    host = kitchen.ids["海の台所"]
    with kitchen.visit("店主") as own:
        papers = [own.get("/host/fax")]
    with kitchen.visit("青木") as aoki:
        person = kitchen.ids["佐倉"]
        for path in (f"/hosts/{host}/fax.pdf", "/hosts/monthly.pdf", f"/people/{person}/match/sounding.pdf"):
            papers.append(aoki.get(path))
    texts = [as_text(each.content) for each in papers]
    assert "静か" in texts[-1]
    assert "海の台所" in texts[0]
    for text in texts:
        assert [value for value in never if value in text] == []


def as_text(paper: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
