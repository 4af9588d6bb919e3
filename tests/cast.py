"""The people and places every test speaks of: 青木 coordinator, 石井 her colleague, 北条 supervisor, 遠野 system admin,
海の台所 a host, 佐倉 a person of 青木's case."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Self

from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, literal_column, select, table
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import ADMIN, AUDITOR, COORDINATOR, GUEST, MULTI, REFERRER, SECRETARIAT, SUPERVISOR, TEAM
from service.accounts.sessions import issue_token
from service.app import WARM_UP, build_app
from service.cases.models import Consent, Household, Need, Person, SupportCase
from service.kernel.audit import Signature
from service.resources.models import Condition, Host, Opening, OpeningSlot, Site
from service.settings import Settings
from service.web.actor import Actor, Town

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
STAFF = {
    "青木": ("aoki", COORDINATOR),
    "石井": ("ishii", COORDINATOR),
    "北条": ("hojo", SUPERVISOR),
    "遠野": ("tono", ADMIN),
}

OTHERS = {
    "真鍋": ("manabe", SECRETARIAT),
    "大野": ("ono", REFERRER),
    "三好": ("miyoshi", MULTI),
    "宮本": ("miyamoto", TEAM),
    "土屋": ("tsuchiya", GUEST),
    "鏡": ("kagami", AUDITOR),
}
"""Of the city's office, a つなぎ元, 多機関協働, another agency, a guest of a meeting, an auditor; hired where a test needs them."""


@dataclass
class World:
    """One fresh town with its app and staff; `ids` are filled by whoever adds something."""

    settings: Settings
    town: Town
    app: Litestar
    ids: dict[str, str] = field(default_factory=dict)
    others: list["World"] = field(default_factory=list)

    def in_another_app(self, settings: Settings, *extra: Any) -> "World":
        """The same town behind an application of its own."""
        app = build_app(settings, *extra)
        self.others.append(World(settings, next(iter(app.state.towns.values())), app, self.ids))
        return self.others[-1]

    def close(self) -> None:
        """Let go of the database."""
        for world in (*self.others, self):
            world.town.database.close()

    @contextmanager
    def writing(self, name: str = "青木") -> Iterator[Session]:
        """A signed writing transaction."""
        signature = Signature(self.ids.get(name, "-"), name, NOW, self.town.key)
        with self.town.database.write(signature=signature) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A reading transaction."""
        with self.town.database.read() as session:
            yield session

    @property
    def on_postgresql(self) -> bool:
        """Which of the two databases the town is in."""
        return self.town.database.writing.dialect.name == "postgresql"

    @contextmanager
    def behind(self) -> Iterator[Connection]:
        """The database in the hands of somebody who goes round the service; what they do is saved."""
        with self.outside.begin() as connection:
            yield connection

    @cached_property
    def outside(self) -> Engine:
        """The way into the database that nobody of the service uses."""
        return create_engine(self.town.database.writing.url, poolclass=NullPool)

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, as text and in order."""
        with self.behind() as connection:
            return {
                name: sorted(map(str, connection.execute(select(literal_column("*")).select_from(table(name)))))
                for name in sorted(inspect(connection).get_table_names())
            }

    def actor(self, name: str) -> Actor:
        """A member of staff as whoever acts."""
        return Actor(self.ids[name], name, frozenset({(STAFF | OTHERS)[name][1]}))

    def visit(self, name: str | None = "青木") -> "Visitor":
        """A browser, signed in as somebody of the cast; None for nobody."""
        return Visitor(self, name)


def wait_for_warm_up() -> None:
    """An app that starts reads its catalogues aside; from here on only what a test asks for runs."""
    for thread in threading.enumerate():
        if thread.name.startswith(WARM_UP):
            thread.join()


class Visitor(TestClient[Litestar]):
    """A browser of one of the cast: keeps cookies, sends the CSRF token with each form."""

    def __init__(self, world: World, name: str | None) -> None:
        super().__init__(app=world.app, base_url="http://testserver.local", raise_server_exceptions=False)
        self.follow_redirects = False
        if name is not None:
            with world.writing() as session:
                token = issue_token(session, session.get_one(User, world.ids[name]), datetime.now(UTC))
            self.cookies.set("tsunagi", token)

    def __enter__(self) -> Self:
        super().__enter__()
        wait_for_warm_up()
        return self

    def submit(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """Post a form as a page of ours would."""
        if "csrftoken" not in self.cookies:
            self.get("/sign-in")
        token = self.cookies["csrftoken"]
        return self.post(path, data={**(data or {}), "_csrf_token": token}, **more)


def hire_staff(session: Session, cast: Mapping[str, tuple[str, str]] = STAFF) -> dict[str, str]:
    """The four of the cast, or others; their passwords are never used."""
    ids = {}
    for name, (login, role) in cast.items():
        user = User(login_name=login, name=name, password_hash="x", roles=[role])
        session.add(user)
        session.flush()
        ids[name] = user.id
    return ids


def add_host(session: Session, name: str = "海の台所", **conditions: Any) -> tuple[Host, Opening]:
    """A host with one opening, 月水金 13:00–16:00, three free places, confirmed today, and these conditions."""
    host = Host(name=name, kana="", search_text=name, kind="ibasho")
    session.add(host)
    session.flush()
    site = Site(host_id=host.id, address="汐見市岡本一丁目", lat=35.3262, lon=139.5325, coordinate_source="file")
    session.add(site)
    session.flush()
    opening = Opening(host_id=host.id, site_id=site.id, title=name, activity="居場所・読書", free=3, confirmed_on=TODAY)
    session.add(opening)
    session.flush()
    for weekday in (0, 2, 4):
        session.add(OpeningSlot(opening_id=opening.id, host_id=host.id, weekday=weekday, start_min=780, end_min=960))
    for attribute, value in conditions.items():
        session.add(Condition(host_id=host.id, attribute=attribute, value=value))
    session.flush()
    return host, opening


def open_case(
    session: Session, assigned_id: str, name: str = "佐倉 みお", *, locked: bool = False, consent: bool = True, **needs: Any
) -> Person:
    """A household of one with its case, living near 海の台所; consent given unless said otherwise."""
    household = Household(label=f"{name.split()[0]}家", district="岡本")
    session.add(household)
    session.flush()
    person = Person(household_id=household.id, principal=True, name=name, search_text=name, gender="F",
                    birth_on=date(2002, 5, 8), lat=35.3285, lon=139.5345)  # fmt: skip
    session.add(person)
    session.add(SupportCase(number=f"R8-{household.id[:12]}", household_id=household.id, opened_on=TODAY,
                            lead_agency="汐見市社会福祉協議会", assigned_id=assigned_id, locked=locked))  # fmt: skip
    session.flush()
    if consent:
        session.add(Consent(person_id=person.id, scope="service", state="given", decided_on=TODAY,
                            recorded_at=NOW, recorded_by="青木"))  # fmt: skip
    for attribute, value in needs.items():
        session.add(Need(person_id=person.id, attribute=attribute, value=value, strength="hard"))
    session.flush()
    return person
