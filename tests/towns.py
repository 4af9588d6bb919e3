"""The ground a test's towns stand on: SQLite files, or databases of a real PostgreSQL; the same towns on either."""

import json
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.settings import DEMO_CODE, DEMO_NAME, Settings, read_settings
from tests.postgres import PostgresServer

Row = dict[str, str]
ONE_TOWN: Sequence[Row] = ({"code": DEMO_CODE, "name": DEMO_NAME},)


@dataclass(frozen=True)
class Ground:
    """Where databases are made; no server means files."""

    server: PostgresServer | None

    def prepare(self, folder: Path, rows: Sequence[Row] = ONE_TOWN) -> Settings:
        """A data folder of these towns, each with an empty database waiting for `migrate`."""
        made = [row | {"url": self.server.create_database()} for row in rows] if self.server else rows
        _write_towns(folder, made)
        return read_settings(folder)

    @contextmanager
    def copied(self, ready: Path, folder: Path, **policy: str) -> Iterator[Settings]:
        """The towns of a data folder, with all that is in them, in a folder of their own; nobody may have them open."""
        shutil.copytree(ready, folder, dirs_exist_ok=True)
        rows = [row | policy for row in tomllib.loads((ready / "towns.toml").read_text("utf-8"))["town"]]
        if self.server:
            rows = [row | {"url": self.server.create_database(row["url"])} for row in rows]
        _write_towns(folder, rows)
        yield read_settings(folder)
        if self.server:
            for row in rows:
                self.server.drop_database(row["url"])


def _write_towns(folder: Path, rows: Sequence[Row]) -> None:
    # A text of TOML is written as one of JSON.
    said = ["[[town]]\n" + "".join(f"{name} = {json.dumps(text)}\n" for name, text in row.items()) for row in rows]
    (folder / "towns.toml").write_text("\n".join(said), "utf-8")
