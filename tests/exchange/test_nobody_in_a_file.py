"""Neither file holds anything of anybody: every text and every id around a person is a token, and none is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, String, Table, delete, literal, select, update

from service.followup.placements.models import HostWord
from service.kernel.db import Base
from service.resources.exchange import registers
from tests.cast import NOW, TODAY, World
from tests.exchange.two_networks import side_of
from tests.security.conftest import built_house
from tests.security.house import House, kept_as_it_was
from tests.towns import Ground

# What a card shows, and the words of a question: made for the other side. Everything else in the town stays here.
TELLS = {
    "host": {"name", "kana", "kind", "organisation", "status", "pause_reason", "contact_person", "phone", "fax", "email",
             "url", "description", "themes"},
    "site": {"name", "address", "building", "coordinate_level", "coordinate_source"},
    "opening": {"title", "activity", "activity_tags", "status", "pause_reason", "dates", "times_note"},
    "opening_slot": {"nth"},
    "condition": {"attribute", "value"},
    "sounding": {"text", "state", "answer", "conditions", "reason", "answered_by"},
    "host_word": {"kind", "text", "by"},
    "field_change": {"object_type", "field"},
    "host_link": {"purpose"},
    "ladder_version": {"body"},
}  # fmt: skip
BOUND = {"audit_entry", "alembic_version", "catalogue_state", "vocabulary_entry", "exchanged_file", "exchanged_item"}
"""Tables the work itself leans on: the chain of the log, the vocabulary, and what was exchanged."""
PEOPLE = ("person", "household", "support_case", "placement", "user", "consent", "need", "avoid_rule", "avoid_pair", "remark",
          "host_person", "host_assessment", "import_batch", "joint_run")  # fmt: skip


@pytest.fixture(scope="module")
def house(ground: Ground, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The furnished town, with a word of a host about somebody."""
    with built_house(ground, migrated, tmp_path_factory.mktemp("house")) as house:
        with house.world.writing() as session:
            about = house.ids["there"]["placement_id"]
            session.add(HostWord(host_id=house.ids["there"]["host_id"], placement_id=about, kind="worry", on=TODAY, at=NOW,
                                 text="someone-said-of-a-person", by="店主"))  # fmt: skip
        yield house


def tokens_in(world: World, to: str = "host") -> list[str]:
    """Put a token into every text that is not made for the other side."""
    tokens = []
    with world.behind() as database:
        for table in Base.metadata.sorted_tables:
            for column in () if table.name in BOUND else _silent(table, to):
                token = f"token-{table.name}-{column}-"
                value = literal([token], JSON()) if isinstance(table.c[column].type, JSON) else literal(token) + _key(table)
                database.execute(update(table).values({column: value}))
                tokens.append(token)
    return tokens


def _silent(table: Table, to: str) -> list[str]:
    # Which of its own people changed a card, a host tells the staff; to the hosts no name is told.
    told = TELLS.get(table.name, set()) | ({"actor_label"} if to == "staff" else set())
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, String | JSON) and not column.primary_key and not column.foreign_keys
        and not column.name.endswith("_id") and column.name not in told
    ]  # fmt: skip


def _key(table: Table) -> object:
    # Some of them have to differ from row to row.
    return next(iter(table.primary_key.columns))


def ids_of_people(world: World) -> set[str]:
    with world.behind() as database:
        return {id_ for name in PEOPLE for (id_,) in database.execute(select(Base.metadata.tables[name].c.id))}


@pytest.mark.parametrize("to", ["host", "staff"])
def test_no_text_and_no_id_of_anybody_is_in_a_file(house: House, to: str) -> None:
    with kept_as_it_was(house.world):
        tokens, ids = tokens_in(house.world, to), ids_of_people(house.world)
        with house.world.behind() as database:
            # The furnished town is the staff's by its files so far; here it may be either.
            database.execute(delete(Base.metadata.tables["exchanged_file"]))
        said = side_of(house.world).export(to, NOW).decode()
    assert len(tokens) > 100
    assert "token-" not in said
    assert [token for token in tokens if token in said] == []
    # An invitation is told by the id of the seat it is for, which leads to nobody.
    assert [each for each in ids if each in said] == []
    assert "someone-said-of-a-person" not in said


def test_what_is_made_for_the_hosts_is_there(house: House) -> None:
    with kept_as_it_was(house.world):
        said = side_of(house.world).export("host", NOW).decode()
    for text in ("海の台所", "20代の方です。", "居場所・読書", "step_free"):
        assert text in said


def test_a_remark_in_a_file_would_be_noticed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    leaking = registers.Register("note", ("note",), (), "備考")
    monkeypatch.setitem(registers.REGISTERS["host"], "note", leaking)  # type: ignore[arg-type]
    with kept_as_it_was(house.world):
        tokens_in(house.world)
        assert "token-host-note-" in side_of(house.world).export("host", NOW).decode()
