"""The doctor says what does not hold, and nothing where all holds."""

import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from service.cases.models import Consent, Placement, SupportCase
from service.cli import main
from service.followup.tasks.models import FollowUp
from service.keeping.doctor.machine import is_code
from service.kernel.audit import AuditEntry
from service.kernel.clock import now_utc
from service.kernel.outbox.messages import OutboxMessage
from service.resources.models import Opening
from tests.cast import NOW, World

Look = Callable[[], list[dict[str, str]]]


@pytest.fixture
def look(town_with_a_case: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Look:
    """What the doctor says of the town, as data; the test's own folder is as closed as an installation's."""
    os.chmod(town_with_a_case.settings.data, 0o700)
    monkeypatch.setenv("TSUNAGI_DATA", str(town_with_a_case.settings.data))

    def now() -> list[dict[str, str]]:
        capsys.readouterr()
        status = main(["doctor", "--json"])
        found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
        assert status == int(bool(found))
        return found

    return now


def on_the_way(world: World, **more: Any) -> Placement:
    values = {"step": "offered", "since": date(2026, 11, 1), "recorded_by": "青木", "ladder_version": 1, "reason": "近い"}
    with world.writing() as session:
        placement = Placement(person_id=world.ids["佐倉"], opening_id=world.ids["枠"], **values | more)
        session.add(placement)
    return placement


def no_place(world: World) -> None:
    on_the_way(world)
    with world.behind() as connection:
        connection.execute(update(Opening).values(free=0))


def no_lead(world: World) -> None:
    with world.behind() as connection:
        connection.execute(update(SupportCase).values(lead_agency=""))


def left_over(world: World) -> None:
    ended = on_the_way(world, step="declined")
    with world.writing() as session:
        case = session.scalars(select(SupportCase)).one()
        day = now_utc().date() + timedelta(days=40)
        session.add(FollowUp(key="left", case_id=case.id, person_id=world.ids["佐倉"], placement_id=ended.id, rule="x",
                             sequence=1, kind="phone", raw_on=day, due_on=day, early_on=day, late_on=day, minutes=10,
                             created_at=NOW))  # fmt: skip


def withdrawn(world: World) -> None:
    on_the_way(world)
    with world.writing() as session:
        session.add(Consent(person_id=world.ids["佐倉"], scope="service", state="withdrawn", recorded_at=now_utc(),
                            recorded_by="青木"))  # fmt: skip


def waiting(world: World) -> None:
    with world.writing() as session:
        session.add(OutboxMessage(key="k", kind="x", to_type="host", to_id="0" * 32, subject="件名", body="本文",
                                  created_at=NOW - timedelta(days=9), created_by="青木"))  # fmt: skip


def rewritten(world: World) -> None:
    with world.behind() as connection:
        connection.exec_driver_sql(f"drop trigger audit_entry_no_update {'on audit_entry' if world.on_postgresql else ''}")
        connection.execute(update(AuditEntry).where(AuditEntry.seq == 1).values(action="view"))


def ahead(world: World) -> None:
    with world.writing() as session:
        session.info["signature"] = session.info["signature"].__class__(
            "-", "-", now_utc() + timedelta(days=2), world.town.key
        )
        session.add(OutboxMessage(key="k", kind="x", to_type="host", to_id="0" * 32, subject="件名", body="本文",
                                  created_at=now_utc(), created_by="青木"))  # fmt: skip


def readable(world: World) -> None:
    (file,) = (world.settings.data / "keys").glob("149993.key")
    os.chmod(file, 0o644)


FAULTS = {
    "places": no_place, "lead": no_lead, "followup": left_over, "consent": withdrawn, "outbox": waiting, "log": rewritten,
    "clock": ahead, "rights": readable,
}  # fmt: skip


def test_a_town_where_all_holds_has_nothing_to_be_said(look: Look) -> None:
    assert look() == []


@pytest.mark.parametrize("check", FAULTS)
def test_each_fault_is_found_and_nobody_is_named(check: str, look: Look, town_with_a_case: World) -> None:
    FAULTS[check](town_with_a_case)
    found = look()
    assert [one["check"] for one in found] == [check]
    assert found[0]["remedy"]
    assert "佐倉" not in json.dumps(found, ensure_ascii=False)


def test_codes_of_municipalities_are_checked_by_their_digit() -> None:
    assert all(map(is_code, ("142042", "062090", "149993", "14204")))
    assert not any(map(is_code, ("142041", "1420", "１４２０４２", "14204a", "")))


def test_a_town_whose_database_is_away_is_said_and_is_not_ready(
    town_with_a_case: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with town_with_a_case.visit(None) as browser:
        assert browser.get("/readyz").text == "ready"
        if town_with_a_case.on_postgresql:
            return
        (file,) = town_with_a_case.settings.data.glob("*.sqlite3")
        town_with_a_case.close()
        file.rename(tmp_path / "away")
        for rest in town_with_a_case.settings.data.glob("*.sqlite3-*"):
            rest.unlink()
        file.mkdir()
        assert browser.get("/readyz").status_code == 503
        file.rmdir()
        (tmp_path / "away").rename(file)
