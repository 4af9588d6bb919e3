"""The log of who did what: complete, saved with the change or not at all, and every tampering shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError

from service.cases.models import AvoidRule, Person
from service.cli import main
from service.kernel.audit import GENESIS, AuditEntry, FieldChange, Signature, _line, _mac, note, verify_chain
from service.resources.models import Host, HostPerson, Opening, OpeningSlot
from tests.cast import NOW, World, add_host

KEY_OF_AN_INTRUDER = b"guessed"


def entries(world: World) -> list[AuditEntry]:
    with world.reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def new_entries(world: World, before: int) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(e.action, e.object_type, tuple(e.fields)) for e in entries(world)[before:]]


# What is written


def test_a_change_is_recorded_with_who_what_and_the_names_of_the_fields(town_with_a_case: World) -> None:
    before = len(entries(town_with_a_case))
    with town_with_a_case.writing() as session:
        person = session.get_one(Person, town_with_a_case.ids["佐倉"])
        person.phone, person.contact_note = "0467-00-1234", "夜は電話しない"
    (entry,) = entries(town_with_a_case)[before:]
    assert (entry.actor_label, entry.action, entry.object_type) == ("青木", "change", "person")
    assert entry.object_id == town_with_a_case.ids["佐倉"]
    assert sorted(entry.fields) == ["contact_note", "phone"]
    assert entry.at == NOW


def test_the_log_holds_names_of_fields_and_never_their_values(town_with_a_case: World) -> None:
    person = town_with_a_case.ids["佐倉"]
    saved = {"name": "佐倉 カナリア", "phone": "090-7777-7777", "birth_on": "H14.5.8", "_version": "1"}
    assert town_with_a_case.visit().submit(f"/people/{person}/edit", saved).status_code == 303
    log = "\n".join(town_with_a_case.rows()["audit_entry"])
    assert "phone" in log
    assert "カナリア" not in log
    assert "7777-7777" not in log


def test_each_changed_object_has_one_row_however_often_it_was_flushed(world: World) -> None:
    before = len(entries(world))
    with world.writing() as session:
        host, _ = add_host(session)
        host.note = "一度目"
        session.flush()
        host.note = "二度目"
        host.phone = "0467-00-0000"
    hosts = [entry for entry in entries(world)[before:] if entry.object_type == "host"]
    assert [entry.action for entry in hosts] == ["create"]
    assert {"name", "note", "phone"} <= set(hosts[0].fields)
    assert len(set(hosts[0].fields)) == len(hosts[0].fields)


def test_a_field_flushed_twice_is_kept_once_from_its_first_to_its_last_value(town_with_a_case: World) -> None:
    host_id = town_with_a_case.ids["海の台所"]
    with town_with_a_case.writing() as session:
        host = session.get_one(Host, host_id)
        host.phone = "1"
        session.flush()
        host.phone = "2"
    with town_with_a_case.reading() as session:
        query = select(FieldChange).where(FieldChange.object_id == host_id, FieldChange.field == "phone")
        changes = [(change.before, change.after) for change in session.scalars(query)]
    assert changes == [("", "2")]


def test_a_row_that_goes_with_its_parent_is_recorded_as_removed(town_with_a_case: World) -> None:
    before = len(entries(town_with_a_case))
    with town_with_a_case.writing() as session:
        opening = session.get_one(Opening, town_with_a_case.ids["枠"])
        slots = session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == opening.id)).all()
        session.refresh(opening, ["slots"])
        opening.slots.remove(slots[0])
    assert ("remove", "opening_slot") in [(action, kind) for action, kind, _ in new_entries(town_with_a_case, before)]


def test_a_removed_row_keeps_what_it_said_for_the_history(town_with_a_case: World) -> None:
    host_id = town_with_a_case.ids["海の台所"]
    with town_with_a_case.writing() as session:
        session.add(HostPerson(host_id=host_id, name="佐藤", role="店主"))
    with town_with_a_case.writing() as session:
        session.delete(session.scalars(select(HostPerson)).one())
    with town_with_a_case.reading() as session:
        changes = session.scalars(select(FieldChange).where(FieldChange.object_type == "host_person")).all()
        removed = {c.field: c.before for c in changes if c.before is not None and c.after is None}
    assert removed == {"name": "佐藤", "role": "店主"}


def test_a_flush_that_changes_nothing_writes_nothing(town_with_a_case: World) -> None:
    before = len(entries(town_with_a_case))
    with town_with_a_case.writing() as session:
        person = session.get_one(Person, town_with_a_case.ids["佐倉"])
        person.name = str(person.name)
    assert len(entries(town_with_a_case)) == before


def test_a_form_that_opens_a_case_is_recorded_object_by_object(world: World) -> None:
    before = len(entries(world))
    typed = {"name": "新井 そら", "address": "汐見市岡本一丁目", "_once": "k1"}
    assert world.visit().submit("/people/new", typed).status_code == 303
    written = [(action, kind) for action, kind, _ in new_entries(world, before)]
    assert sorted(written) == [("create", "household"), ("create", "person"), ("create", "support_case")]


# Together or not at all


def test_a_failing_handler_leaves_neither_change_nor_record(town_with_a_case: World) -> None:
    """The foreign key of the second row fails for real, after the first row and its record were flushed."""
    before = len(entries(town_with_a_case))
    with pytest.raises(IntegrityError):
        save_half(town_with_a_case)
    with town_with_a_case.reading() as session:
        assert session.get_one(Person, town_with_a_case.ids["佐倉"]).phone == ""
    assert len(entries(town_with_a_case)) == before


def test_a_change_whose_record_cannot_be_written_is_not_saved(town_with_a_case: World) -> None:
    forbid_records(town_with_a_case)
    person = town_with_a_case.ids["佐倉"]
    answer = town_with_a_case.visit().submit(f"/people/{person}/edit", {"name": "佐倉 みお", "phone": "1", "_version": "1"})
    assert answer.status_code == 500
    with town_with_a_case.reading() as session:
        assert session.get_one(Person, person).phone == ""


def test_a_session_without_a_signature_cannot_commit_an_audited_change(world: World) -> None:
    with pytest.raises(KeyError), world.town.database.write() as session:
        add_host(session)
    with world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Host)) == 0


# Looking is recorded too


@pytest.mark.parametrize(
    ("path", "acts"),
    [("/people/{}", ["view"]), ("/people/{}/match", ["view"]), ("/people/{}/match/print.pdf", ["view", "print"]),
     ("/api/v1/people/{}/match", ["view"])],
)  # fmt: skip
def test_looking_at_a_person_is_recorded(town_with_a_case: World, path: str, acts: list[str]) -> None:
    before = len(entries(town_with_a_case))
    person = town_with_a_case.ids["佐倉"]
    assert town_with_a_case.visit("石井").get(path.format(person)).status_code == 200
    written = entries(town_with_a_case)[before:]
    assert [(e.action, e.object_type, e.object_id) for e in written] == [(act, "person", person) for act in acts]
    assert all(e.actor_id == town_with_a_case.ids["石井"] for e in written)


def test_a_view_that_cannot_be_recorded_is_not_given(town_with_a_case: World) -> None:
    forbid_records(town_with_a_case)
    answer = town_with_a_case.visit().get(f"/people/{town_with_a_case.ids['佐倉']}")
    assert answer.status_code == 500
    assert "佐倉" not in answer.text


def test_a_refused_look_shows_and_records_nothing(town_with_a_case: World) -> None:
    before = len(entries(town_with_a_case))
    assert town_with_a_case.visit("遠野").get(f"/people/{town_with_a_case.ids['佐倉']}").status_code == 404
    assert len(entries(town_with_a_case)) == before


# The chain


def test_an_untouched_log_holds(town_with_a_case: World) -> None:
    with town_with_a_case.reading() as session:
        assert verify_chain(session, town_with_a_case.town.key) is None


def test_an_instant_told_in_another_time_zone_still_holds_when_read_back(world: World) -> None:
    in_japan = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    with world.town.database.write(signature=Signature("-", "準備", in_japan, world.town.key)) as session:
        note(session, "view", "person", "x")
    with world.reading() as session:
        assert verify_chain(session, world.town.key) is None


def test_the_log_refuses_to_be_changed_or_shortened(town_with_a_case: World) -> None:
    emptied = ["truncate audit_entry"] if town_with_a_case.on_postgresql else []
    for statement in ("update audit_entry set actor_label = '石井'", "delete from audit_entry", *emptied):
        with pytest.raises(IntegrityError, match="only ever added to"), town_with_a_case.behind() as database:
            database.execute(text(statement))


EDITS = {
    "who": "update audit_entry set actor_label = '石井' where seq = 3",
    "who by id": "update audit_entry set actor_id = 'x' where seq = 3",
    "what": "update audit_entry set action = 'view' where seq = 3",
    "which": "update audit_entry set object_id = 'x' where seq = 3",
    "kind": "update audit_entry set object_type = 'x' where seq = 3",
    "fields": "update audit_entry set fields = '[]' where seq = 3",
    "when": "update audit_entry set at = '2020-01-01 00:00:00.000000' where seq = 3",
    "the seal": "update audit_entry set mac = (select mac from audit_entry where seq = 2) where seq = 3",
    "a row gone": "delete from audit_entry where seq = 3",
    "the first row gone": "delete from audit_entry where seq = 1",
    "two rows swapped": "update audit_entry set seq = case seq when 3 then -4 else -3 end where seq in (3, 4)",
    "a row doubled": "insert into audit_entry select (select max(seq) + 1 from audit_entry), at, actor_id, actor_label,"
    " action, object_type, object_id, fields, mac from audit_entry where seq = 3",
}


RESEALED = text("update audit_entry set actor_label = '石井', mac = :mac where seq = :seq")


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_tampering_behind_the_back_of_the_triggers_shows(town_with_a_case: World, edit: str) -> None:
    with unlocked(town_with_a_case) as database:
        database.execute(text(edit))
        database.execute(text("update audit_entry set seq = -seq where seq < 0"))
    with town_with_a_case.reading() as session:
        assert verify_chain(session, town_with_a_case.town.key) is not None


def test_the_place_of_the_tampering_is_named(town_with_a_case: World) -> None:
    with unlocked(town_with_a_case) as database:
        database.execute(text(EDITS["who"]))
    with town_with_a_case.reading() as session:
        assert verify_chain(session, town_with_a_case.town.key) == 3


def test_a_tail_rewritten_and_sealed_anew_without_the_key_shows(town_with_a_case: World) -> None:
    """The rewriter knows the whole method and every earlier seal, but not the town's key."""
    rows = entries(town_with_a_case)
    with unlocked(town_with_a_case) as database:
        mac = rows[2].mac
        for entry in rows[3:]:
            entry.actor_label = "石井"
            mac = _mac(KEY_OF_AN_INTRUDER, mac, _line(entry))
            database.execute(RESEALED, {"mac": mac, "seq": entry.seq})
    with town_with_a_case.reading() as session:
        assert verify_chain(session, town_with_a_case.town.key) == 4
        assert verify_chain(session, KEY_OF_AN_INTRUDER) == 1


def test_the_same_rewriting_with_the_key_would_hold_so_the_key_is_what_protects(town_with_a_case: World) -> None:
    """Shows that the attack above is complete: only the key was missing."""
    rows, key = entries(town_with_a_case), town_with_a_case.town.key
    with unlocked(town_with_a_case) as database:
        mac = GENESIS
        for entry in rows:
            entry.actor_label = "石井"
            mac = _mac(key, mac, _line(entry))
            database.execute(RESEALED, {"mac": mac, "seq": entry.seq})
    with town_with_a_case.reading() as session:
        assert verify_chain(session, key) is None


def test_the_key_lies_outside_the_database(town_with_a_case: World) -> None:
    assert town_with_a_case.town.key.hex() not in str(town_with_a_case.rows())
    key_file = town_with_a_case.settings.data / "keys" / f"{town_with_a_case.town.code}.key"
    assert key_file.stat().st_mode & 0o077 == 0


# The command


def test_the_command_says_that_the_log_holds_and_where_it_does_not(
    town_with_a_case: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TSUNAGI_DATA", str(town_with_a_case.settings.data))
    assert main(["audit", "verify"]) == 0
    assert "正しい" in capsys.readouterr().out
    with unlocked(town_with_a_case) as database:
        database.execute(text("update audit_entry set action = 'x' where seq = 2"))
    assert main(["audit", "verify"]) == 1
    assert "2番目" in capsys.readouterr().out


# Help


def save_half(world: World) -> None:
    """A change that can be saved, then one whose host does not exist."""
    with world.writing() as session:
        session.get_one(Person, world.ids["佐倉"]).phone = "0467"
        session.flush()
        session.add(AvoidRule(person_id=world.ids["佐倉"], kind="host", host_id="f" * 32))


def forbid_records(world: World) -> None:
    """From now on the database takes no row into the log."""
    refusal = "begin select raise(abort, 'no more'); end"
    if world.on_postgresql:
        refusal = "for each statement execute function audit_entry_is_only_added_to()"
    with world.behind() as database:
        database.execute(text(f"create trigger full_up before insert on audit_entry {refusal}"))


@contextmanager
def unlocked(world: World) -> Iterator[Connection]:
    """The database in the hands of somebody who dropped the triggers first."""
    with world.behind() as database:
        for act in ("update", "delete"):
            database.execute(text(f"drop trigger audit_entry_no_{act} {'on audit_entry' if world.on_postgresql else ''}"))
        yield database
