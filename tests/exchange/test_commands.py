"""The command line of both sides: the key, the files, the words on the screen."""

import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.cli import main
from service.resources.models import Opening
from service.settings import DEMO_CODE, read_settings
from service.setup import ready_town, signature
from tests.cast import add_host


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Two data folders; the key is made on one and carried over by hand."""
    folders = {"staff": tmp_path / "staff", "host": tmp_path / "host"}
    monkeypatch.setenv("TSUNAGI_DATA", str(folders["staff"]))
    assert main(["exchange", "key"]) == 0
    key = folders["staff"] / "keys" / f"exchange-{DEMO_CODE}.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    (folders["host"] / "keys").mkdir(parents=True)
    shutil.copy(key, folders["host"] / "keys")
    return folders


def on(side: Path, monkeypatch: pytest.MonkeyPatch, *argv: str) -> int:
    monkeypatch.setenv("TSUNAGI_DATA", str(side))
    return main(["exchange", *argv])


def test_a_round_by_hand(
    sides: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, back = str(tmp_path / "out.txt"), str(tmp_path / "back.txt")
    town = ready_town(read_settings(sides["staff"]), None)
    with town.database.write(signature=signature(town, datetime.now(UTC))) as session:
        _, opening = add_host(session)
    town.database.close()
    assert on(sides["staff"], monkeypatch, "export", "--to", "host", out) == 0
    assert stat.S_IMODE(Path(out).stat().st_mode) == 0o600
    assert on(sides["host"], monkeypatch, "import", out, "--dry-run") == 0
    assert "まだ書き込んでいません" in capsys.readouterr().out
    assert on(sides["host"], monkeypatch, "import", out) == 0
    assert "受け入れ先 1件、場所 1件、枠 1件" in capsys.readouterr().out
    assert on(sides["host"], monkeypatch, "import", out) == 0
    assert "何も変えていません" in capsys.readouterr().out
    assert on(sides["host"], monkeypatch, "invite", "海の台所") == 0
    assert "/l/" in capsys.readouterr().out
    town = ready_town(read_settings(sides["host"]), None)
    with town.database.write(signature=signature(town, datetime.now(UTC))) as session:
        session.get_one(Opening, opening.id).free = 1
    town.database.close()
    assert on(sides["host"], monkeypatch, "export", "--to", "staff", back) == 0
    assert on(sides["staff"], monkeypatch, "import", back) == 0
    assert "枠 1件" in capsys.readouterr().out


def test_what_is_refused_is_said_and_ends_with_one(
    sides: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, big = str(tmp_path / "a.txt"), tmp_path / "big"
    big.write_bytes(b"x" * 5_300_000)
    assert on(sides["staff"], monkeypatch, "key") == 1
    assert "もうあります" in capsys.readouterr().err
    assert on(sides["staff"], monkeypatch, "export", "--to", "host", file) == 0
    for argv, said in (
        (("import", file), "向きの違う"), (("import", str(big)), "5MB"), (("import", str(tmp_path / "none")), "開けません"),
        (("export", "--to", "host", str(tmp_path / "no" / "a")), "書けません"), (("invite", "だれか"), "0件"),
    ):  # fmt: skip
        assert on(sides["staff"], monkeypatch, *argv) == 1
        assert said in capsys.readouterr().err
    (sides["staff"] / "keys" / f"exchange-{DEMO_CODE}.key").unlink()
    assert on(sides["staff"], monkeypatch, "export", "--to", "host", file) == 1
    assert "tsunagi exchange key" in capsys.readouterr().err
