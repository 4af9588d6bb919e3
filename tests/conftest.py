"""A fresh town for every test, on SQLite and on PostgreSQL: migrated once, then copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from service.app import build_app
from service.setup import open_ready
from tests.cast import World, add_host, hire_staff, open_case
from tests.postgres import PostgresServer, running_server
from tests.towns import Ground

# How quick a machine is says nothing about the code: a busy one has neither a deadline nor patience to be measured.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL for this session; `create_database()` answers the address of an empty database."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """Where towns are built; whatever stands on it is tried on both databases."""
    return Ground(request.getfixturevalue("postgres_server") if request.param == "postgresql" else None)


@pytest.fixture(scope="session")
def migrated(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty, migrated town."""
    folder = tmp_path_factory.mktemp("migrated")
    settings = ground.prepare(folder)
    open_ready(settings, settings.entry()).database.close()
    return folder


@pytest.fixture
def world(ground: Ground, migrated: Path, tmp_path: Path) -> Iterator[World]:
    """A town with the cast of staff and nothing else."""
    with ground.copied(migrated, tmp_path / "data") as settings:
        app = build_app(settings)
        world = World(settings, next(iter(app.state.towns.values())), app)
        with world.writing("準備") as session:
            world.ids |= hire_staff(session)
        yield world
        world.close()


@pytest.fixture
def town_with_a_case(world: World) -> World:
    """海の台所 with its opening, and 佐倉 whose case is 青木's."""
    with world.writing() as session:
        host, opening = add_host(session)
        person = open_case(session, world.ids["青木"])
        world.ids |= {"海の台所": host.id, "枠": opening.id, "佐倉": person.id}
    return world
