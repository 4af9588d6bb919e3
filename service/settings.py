"""Where the data lies and which towns there are: read once at start, from files and the environment."""

import hashlib
import hmac
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.kernel.audit import has_entries
from service.kernel.db import CONNECTIONS, open_database
from service.kernel.outbox.mailing import MailServer
from service.web.actor import Town

DEMO_CODE, DEMO_NAME, DEMO_PHONE = "149993", "汐見市", "0467-00-0100"


@dataclass(frozen=True)
class TownEntry:
    """One municipality of the configuration."""

    code: str
    name: str
    host: str
    url: str
    case_access: str
    mail: MailServer | None = None
    host_url: str = ""
    phone: str = ""
    refer_url: str = ""


@dataclass(frozen=True)
class Settings:
    """The configuration of this installation."""

    data: Path
    secure: bool
    entries: tuple[TownEntry, ...]
    connections: int = CONNECTIONS

    def csrf_secret(self) -> str:
        """The same for every process of this installation, and never the audit key itself."""
        return hmac.new(town_key(self.data, "installation"), b"csrf", hashlib.sha256).hexdigest()

    def entry(self, code: str | None = None) -> TownEntry:
        """The town with this code, or the only one."""
        if code is None and len(self.entries) == 1:
            return self.entries[0]
        for entry in self.entries:
            if entry.code == code:
                return entry
        names = "、".join(f"{e.code} {e.name}" for e in self.entries)
        raise SystemExit(f"自治体コードを --town で指定してください（{names}）。")

    def open_town(self, entry: TownEntry) -> Town:
        """Open a municipality's database with its key; a log whose key is gone is not gone on with."""
        is_new = not key_file(self.data, entry.code).exists()
        database = open_database(entry.url, self.connections)
        town = Town(
            entry.code,
            entry.name,
            database,
            town_key(self.data, entry.code),
            entry.case_access,
            entry.mail,
            entry.host_url,
            entry.phone,
            entry.refer_url,
            exchange_key(self.data, entry.code),
        )
        if is_new and has_entries(town.database.reading):
            key_file(self.data, entry.code).unlink()
            raise SystemExit(
                f"{entry.name}の記録の鍵（{key_file(self.data, entry.code)}）がありません。"
                "控えから戻してください。鍵なしで続けると、これまでの記録を検査できなくなります。"
            )
        return town


def read_settings(data: Path | None = None) -> Settings:
    """Read TSUNAGI_DATA (a folder, `var` by default) and its towns.toml; without one, the demo city."""
    folder = data or Path(os.environ.get("TSUNAGI_DATA", "var"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "towns.toml"
    rows: list[dict[str, Any]] = (
        tomllib.loads(file.read_text("utf-8"))["town"]
        if file.exists()
        else [{"code": DEMO_CODE, "name": DEMO_NAME, "phone": DEMO_PHONE}]
    )
    entries = tuple(
        TownEntry(
            code=row["code"],
            name=row["name"],
            host=row.get("host", "localhost").lower(),
            url=row.get("url", f"sqlite:///{(folder / (row['code'] + '.sqlite3')).absolute()}"),
            case_access=row.get("case_access", "team"),
            mail=read_mail(row.get("mail")),
            host_url=row.get("host_url", "").rstrip("/"),
            phone=row.get("phone", ""),
            refer_url=row.get("refer_url", "").rstrip("/"),
        )
        for row in rows
    )
    connections = int(os.environ.get("TSUNAGI_CONNECTIONS", CONNECTIONS))
    return Settings(folder, os.environ.get("TSUNAGI_SECURE", "") == "1", entries, connections)


def read_mail(row: Mapping[str, Any] | None) -> MailServer | None:
    """The mail server of a town, where it has one; its password comes from TSUNAGI_MAIL_PASSWORD, never from the file."""
    if row is None:
        return None
    return MailServer(
        host=row["host"], port=int(row.get("port", 587)), sender=row["sender"], starttls=bool(row.get("starttls", True)),
        user=row.get("user", ""), password=os.environ.get("TSUNAGI_MAIL_PASSWORD", ""),
    )  # fmt: skip


def exchange_key_file(data: Path, code: str) -> Path:
    """Where the key lies that a town's two networks share; a hand carries it from one to the other."""
    return data / "keys" / f"exchange-{code}.key"


def exchange_key(data: Path, code: str) -> bytes | None:
    """The key of a town's two networks, where there are two; none is ever made by itself."""
    file = exchange_key_file(data, code)
    return bytes.fromhex(file.read_text().strip()) if file.exists() else None


def make_exchange_key(data: Path, code: str) -> Path:
    """Make that key, once; one that is there is never replaced."""
    file = exchange_key_file(data, code)
    _write_secret(file)
    return file


def key_file(data: Path, code: str) -> Path:
    """Where the secret of a town lies."""
    return data / "keys" / f"{code}.key"


def town_key(data: Path, code: str) -> bytes:
    """The secret of a town, kept beside and never inside its database; made at the first start."""
    file = key_file(data, code)
    if not file.exists():
        _write_secret(file)
    return bytes.fromhex(file.read_text())


def _write_secret(file: Path) -> None:
    """A new secret for this account alone; FileExistsError when there is one."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_hex(32))
