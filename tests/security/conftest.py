"""One furnished town per file of tests; whoever changes it puts it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.app import build_app
from service.settings import make_exchange_key
from tests.cast import World, hire_staff
from tests.security.house import House, furnish
from tests.towns import Ground


@contextmanager
def built_house(ground: Ground, migrated: Path, folder: Path, case_access: str = "team") -> Iterator[House]:
    """A furnished town in a folder of its own."""
    with ground.copied(migrated, folder, case_access=case_access) as settings:
        make_exchange_key(settings.data, settings.entry().code)
        app = build_app(settings)
        world = World(settings, next(iter(app.state.towns.values())), app)
        with world.writing("準備") as session:
            world.ids |= hire_staff(session)
        yield furnish(world)
        world.close()


@pytest.fixture(scope="module")
def house(ground: Ground, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The furnished town, cases open to the team."""
    with built_house(ground, migrated, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def house_of_assigned(ground: Ground, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same town with case_access = "assigned"."""
    with built_house(ground, migrated, tmp_path_factory.mktemp("assigned"), "assigned") as house:
        yield house
