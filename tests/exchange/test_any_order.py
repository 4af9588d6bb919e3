"""However files and edits of both sides are mixed, in the end both hold what was written last, part by part."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from service.kernel.timetable import SlotText
from service.resources.exchange.writings import Writing
from service.resources.models import Opening
from service.resources.openings import keep_hours
from service.resources.timing import Hours
from tests.cast import NOW, World, add_host
from tests.exchange.two_networks import Networks, Side, empty_network, side_of
from tests.security.house import kept_as_it_was
from tests.towns import Ground

Steps = list[tuple[Any, ...]]
FIELDS = ("free", "activity", "pause", "slots")
edits = st.tuples(st.just("edit"), st.sampled_from(["staff", "hosts"]), st.sampled_from(FIELDS), st.integers(0, 3))
exports = st.tuples(st.just("export"), st.sampled_from(["staff", "hosts"]))
# An index into all files written so far: some late, some twice, some never.
imports = st.tuples(st.just("import"), st.sampled_from(["staff", "hosts"]), st.integers(0, 30))
programs = st.lists(st.one_of(edits, edits, exports, imports), min_size=5, max_size=25)


def write(side: Side, at: Any, ids: dict[str, str], field: str, value: int) -> Any:
    """Somebody of a side changes one part; what it is afterwards."""
    with side.writing(at, "だれか") as session:
        query = select(Opening).where(Opening.id == ids["枠"]).options(selectinload(Opening.slots))
        opening = session.scalars(query).one()
        if field == "free":
            opening.free = value
        elif field == "activity":
            opening.activity = "読書" * value
        elif field == "pause":
            opening.status, opening.pause_reason = ("paused", f"{value}") if value else ("open", "")
        else:
            keep_hours(opening, [Hours(SlotText(day, 600, 660)) for day in range(value)])
        return value_of(opening)[field]


def value_of(opening: Opening) -> dict[str, Any]:
    return {
        "free": opening.free, "activity": opening.activity, "pause": (opening.status, opening.pause_reason),
        "slots": sorted((slot.weekday, slot.start_min) for slot in opening.slots),
    }  # fmt: skip


def state_of(side: Side, ids: dict[str, str]) -> dict[str, Any]:
    with side.world.reading() as session:
        query = select(Opening).where(Opening.id == ids["枠"]).options(selectinload(Opening.slots))
        return value_of(session.scalars(query).one())


def run(networks: Networks, ids: dict[str, str], program: Steps) -> None:
    sides = {"staff": networks.staff, "hosts": networks.hosts}
    files: dict[str, list[bytes]] = {"staff": [], "hosts": []}
    networks.to_hosts()
    last = state_of(networks.staff, ids)
    for step in program:
        side = sides[step[1]]
        if step[0] == "edit":
            before = state_of(side, ids)[step[2]]
            after = write(side, networks.tick(), ids, step[2], step[3])
            # Saving what stands there already is no writing.
            if after != before:
                last[step[2]] = after
        elif step[0] == "export":
            other = "hosts" if step[1] == "staff" else "staff"
            files[other].append(side.export("host" if other == "hosts" else "staff", networks.tick()))
        elif files[step[1]]:
            side.take(files[step[1]][step[2] % len(files[step[1]])], networks.tick())
    for _ in range(2):
        networks.to_staff()
        networks.to_hosts()
    assert state_of(networks.staff, ids) == last
    assert state_of(networks.hosts, ids) == last


@pytest.fixture(scope="module")
def pair(ground: Ground, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Both networks, put back after each program."""
    with (
        empty_network(ground, migrated, tmp_path_factory.mktemp("a")) as staff,
        empty_network(ground, migrated, tmp_path_factory.mktemp("b")) as hosts,
    ):
        with staff.writing() as session:
            _, opening = add_host(session)
            staff.ids["枠"] = opening.id
        yield staff, hosts


# What is merged is decided before a database is asked; the round trip itself is walked on both.
@pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(program=programs)
def test_any_mixture_of_edits_and_files_ends_in_what_was_written_last(pair: tuple[World, World], program: Steps) -> None:
    staff, hosts = pair
    with kept_as_it_was(staff), kept_as_it_was(hosts):
        run(Networks(side_of(staff), side_of(hosts), NOW + timedelta(days=1)), staff.ids, program)


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
def test_a_merge_that_lets_the_last_file_win_would_be_noticed(
    pair: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Writing, "wins_over", lambda self, other: True)
    staff, hosts = pair
    program: Steps = [
        ("edit", "hosts", "free", 1),
        ("export", "hosts"),
        ("edit", "staff", "free", 2),
        ("import", "staff", 0),
    ]
    with kept_as_it_was(staff), kept_as_it_was(hosts), pytest.raises(AssertionError):
        run(Networks(side_of(staff), side_of(hosts), NOW + timedelta(days=1)), staff.ids, program)
