"""One furnished town per file of tests; whoever changes it puts it back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import build_app
from tests.cast import World, empty_settings, hire_staff
from tests.security.house import House, furnish


def build_house(migrated: Path, folder: Path, case_access: str = "team") -> House:
    """A furnished town in a folder of its own."""
    shutil.copytree(migrated, folder, dirs_exist_ok=True)
    (folder / "towns.toml").write_text(
        f'[[town]]\ncode = "149993"\nname = "汐見市"\ncase_access = "{case_access}"\n', "utf-8"
    )
    settings = empty_settings(folder)
    app = build_app(settings)
    world = World(settings, next(iter(app.state.towns.values())), app)
    with world.writing("準備") as session:
        world.ids |= hire_staff(session)
    return furnish(world)


@pytest.fixture(scope="module")
def house(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The furnished town, cases open to the team."""
    house = build_house(migrated, tmp_path_factory.mktemp("house"))
    yield house
    house.world.town.database.close()


@pytest.fixture(scope="module")
def house_of_assigned(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same town with case_access = "assigned"."""
    house = build_house(migrated, tmp_path_factory.mktemp("assigned"), "assigned")
    yield house
    house.world.town.database.close()
