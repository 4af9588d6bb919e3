"""A town is copied while it works, sealed, and comes back as it was; whatever is wrong with a copy is said."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from service.cli import main
from service.keeping.copying import is_empty
from service.keeping.sealing import read_recipients
from service.keeping.shelf import copies_on
from service.keeping.taking import take_copy
from service.kernel.audit import AuditEntry
from service.settings import read_settings
from tests.cast import NOW, World, add_host, open_case
from tests.postgres import DEBIAN
from tests.towns import Ground

Take = Callable[..., Path]


@pytest.fixture(autouse=True)
def tools_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore stand beside the server that is tried."""
    for folder in sorted(DEBIAN.glob("*/bin")):
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.fixture
def keys(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The words of the command line for a pair of keys that was made with it."""
    monkeypatch.setenv("TSUNAGI_DATA", str(world.settings.data))
    identity, recipients = tmp_path / "stick" / "identity.txt", tmp_path / "recipients.txt"
    identity.parent.mkdir()
    assert main(["backup", "key", "--identity", str(identity), "--recipients", str(recipients)]) == 0
    assert identity.stat().st_mode & 0o077 == 0
    return f"--identity={identity}", f"--recipients={recipients}"


@pytest.fixture
def take(tmp_path: Path, keys: tuple[str, str]) -> Take:
    """Takes a copy by the command; answers the shelf."""
    shelf = tmp_path / "shelf"

    def now(status: int = 0) -> Path:
        assert main(["backup", "take", "--to", str(shelf), keys[1]]) == status
        return shelf

    return now


@pytest.fixture
def elsewhere(ground: Ground, tmp_path: Path) -> Path:
    """An empty machine: nothing but the name of the town, and an empty database."""
    (tmp_path / "fresh").mkdir()
    ground.prepare(tmp_path / "fresh")
    return tmp_path / "fresh"


def test_a_town_comes_back_on_an_empty_machine_and_its_log_still_holds(
    town_with_a_case: World, take: Take, keys: tuple[str, str], elsewhere: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    shelf, rows = take(), town_with_a_case.rows()
    assert main(["backup", "keys", str(tmp_path / "our.keys.age"), keys[1]]) == 0
    (copy,) = copies_on(shelf, "149993")
    monkeypatch.setenv("TSUNAGI_DATA", str(elsewhere))
    assert main(["restore", "town", str(copy.file), keys[0]]) == 0
    assert main(["restore", "keys", str(tmp_path / "our.keys.age"), keys[0]]) == 0
    assert main(["audit", "verify", "--copies", str(shelf)]) == 0
    assert "目印1個とも合います" in capsys.readouterr().out
    again = town_with_a_case.in_another_app(read_settings(elsewhere))
    assert again.rows() == rows
    with again.visit("青木") as browser:
        assert "佐倉" in browser.get(f"/people/{again.ids['佐倉']}").text


def test_a_copy_can_be_opened_with_the_well_known_tool_and_with_no_key_tells_nothing(
    town_with_a_case: World, take: Take
) -> None:
    shelf = take()
    for file in shelf.iterdir():
        content = file.read_bytes()
        for name in ("佐倉", "海の台所", "青木"):
            assert name.encode() not in content
            assert name.encode("utf-16-le") not in content
    (copy,) = copies_on(shelf, "149993")
    assert copy.file.read_bytes().startswith(b"age-encryption.org/v1")


def test_nothing_written_since_makes_no_new_copy(world: World, take: Take) -> None:
    take()
    assert len(copies_on(take(), "149993")) == 1


def test_copies_taken_while_people_write_are_whole(world: World, keys: tuple[str, str], tmp_path: Path) -> None:
    entry, ended = world.settings.entry(), threading.Event()
    recipients = read_recipients(Path(keys[1].split("=")[1]))

    def write_on() -> None:
        while not ended.is_set():
            with world.writing() as session:
                open_case(session, world.ids["青木"])

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        copies = [take_copy(entry, tmp_path / "shelf", recipients, NOW + timedelta(minutes=at)) for at in range(4)]
    finally:
        ended.set()
        writer.join()
    taken = [copy for copy in copies if copy is not None]
    assert len(taken) >= 2
    assert [copy.facts.rows["person"] for copy in taken] == sorted(copy.facts.rows["person"] for copy in taken)


def test_the_rehearsal_puts_the_newest_copy_back_and_shows_its_page(
    ground: Ground, town_with_a_case: World, take: Take, keys: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = take()
    into = ["--into", ground.server.create_database()] if ground.server else []
    assert main(["backup", "drill", "--to", str(shelf), keys[0], *into]) == 0
    assert "サインインの画面が出る" in capsys.readouterr().out


@pytest.mark.parametrize("fault", ["damaged", "wrong key", "other town", "not empty", "slip"])
def test_a_copy_that_cannot_be_trusted_is_refused_and_changes_nothing(
    fault: str, town_with_a_case: World, take: Take, keys: tuple[str, str], elsewhere: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (copy,), rows = copies_on(take(), "149993"), town_with_a_case.rows()
    said = {
        "damaged": "こわれています", "wrong key": "鍵が違うか", "other town": "の控えです", "not empty": "もうデータがあります",
        "slip": "控え札と合いません",
    }[fault]  # fmt: skip
    identity = keys[0]
    if fault == "damaged":
        content = bytearray(copy.file.read_bytes())
        content[len(content) // 2] ^= 1
        copy.file.write_bytes(content)
    elif fault == "wrong key":
        other = tmp_path / "other.txt"
        assert main(["backup", "key", f"--identity={other}", f"--recipients={tmp_path / 'others.txt'}"]) == 0
        identity = f"--identity={other}"
    elif fault == "other town":
        text = (elsewhere / "towns.toml").read_text("utf-8")
        (elsewhere / "towns.toml").write_text(text.replace("149993", "142042"), "utf-8")
    elif fault == "slip":
        slip = copy.slip.read_text("utf-8")
        copy.slip.write_text(slip.replace(f'"person": {copy.facts.rows["person"]}', '"person": 99'), "utf-8")
    if fault != "not empty":
        monkeypatch.setenv("TSUNAGI_DATA", str(elsewhere))
    capsys.readouterr()
    assert main(["restore", "town", str(copy.file), identity]) == 1
    assert said in capsys.readouterr().err
    assert town_with_a_case.rows() == rows
    assert is_empty(read_settings(elsewhere).entries[0].url) or fault == "slip"


def test_a_late_or_damaged_copy_is_noticed(
    world: World, take: Take, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    check = ["backup", "check", "--to", str(tmp_path / "shelf"), "--late", "0"]
    assert main(check) == 1
    shelf = take()
    assert main(check) == 0
    with world.writing() as session:
        add_host(session)
    assert main(check) == 1
    assert "まだ控えにありません" in capsys.readouterr().out
    copies_on(shelf, "149993")[-1].file.write_bytes(b"age-encryption.org/v1")
    assert main(check) == 1
    assert "こわれています" in capsys.readouterr().out


def test_the_opening_key_is_never_made_beside_the_data(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGI_DATA", str(world.settings.data))
    inside = world.settings.data / "keys" / "identity.txt"
    assert main(["backup", "key", f"--identity={inside}", f"--recipients={inside}.pub"]) == 1
    assert not inside.exists()


def test_a_shelf_that_is_full_or_gone_is_said_and_leaves_no_half_copy(
    world: World, take: Take, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shelf").write_text("a file where the folder should be")
    take(status=1)
    assert "控えを取れませんでした" in capsys.readouterr().err


def test_an_anchor_finds_a_log_whose_end_was_cut_off(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TSUNAGI_DATA", str(world.settings.data))
    with world.writing() as session:
        add_host(session)
    capsys.readouterr()
    assert main(["audit", "anchor"]) == 0
    anchor = capsys.readouterr().out.strip()
    assert main(["audit", "verify", "--anchor", anchor]) == 0
    with world.behind() as connection:
        connection.execute(text(f"drop trigger audit_entry_no_delete {'on audit_entry' if world.on_postgresql else ''}"))
        last = connection.execute(select(func.max(AuditEntry.seq))).scalar()
        connection.execute(delete(AuditEntry).where(AuditEntry.seq == last))
    assert main(["audit", "verify"]) == 0, "the chain alone cannot tell"
    assert main(["audit", "verify", "--anchor", anchor]) == 1
    assert "目印と合いません" in capsys.readouterr().out
