"""Copies are sealed to a key whose other half is not on this machine: whoever takes it away reads nothing.

The seal is that of `age`: any copy can be opened with that well-known tool too, without this program.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage

from service.kernel.errors import DomainError

ENDING = ".age"


def make_pair(identity: Path, recipients: Path) -> str:
    """A new pair: the secret half to `identity` for this account alone, the public half added to `recipients`."""
    made = pyrage.x25519.Identity.generate()
    try:
        with os.fdopen(os.open(identity, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(f"# つなぎの控えを開く鍵。この機械には置かないでください。\n{made}\n")
    except FileExistsError:
        raise DomainError(
            f"{identity} は、もうあります。", "別の名前にしてください。上書きはしません。", "identity"
        ) from None
    with recipients.open("a", encoding="utf-8") as handle:
        handle.write(f"{made.to_public()}\n")
    return str(made.to_public())


def read_recipients(file: Path) -> list[Any]:
    """Whom copies are sealed to: one public key a line, # for a note."""
    found = _keys(file, pyrage.x25519.Recipient.from_str)
    if not found:
        raise DomainError(f"{file} に、公開の鍵がありません。", "tsunagi backup key で作ってください。", "recipients")
    return found


def read_identities(file: Path) -> list[Any]:
    """The secret halves in a file."""
    return _keys(file, pyrage.x25519.Identity.from_str)


def seal(plain: Path, sealed: Path, recipients: list[Any]) -> None:
    """Write the sealed copy: complete under its name, or not at all."""
    part = sealed.with_suffix(".part")
    try:
        pyrage.encrypt_file(str(plain), str(part), recipients)
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        part.replace(sealed)
    finally:
        part.unlink(missing_ok=True)


def unseal(sealed: Path, plain: Path, identity: Path) -> None:
    """Open a sealed copy into a file for this account alone; a wrong key or a damaged copy is refused."""
    plain.touch(mode=0o600)
    try:
        pyrage.decrypt_file(str(sealed), str(plain), read_identities(identity))
    except (pyrage.DecryptError, OSError):
        plain.unlink(missing_ok=True)
        raise DomainError(
            f"{sealed.name} を開けません。鍵が違うか、ファイルがこわれています。",
            "別の鍵か、別の控えで試してください。",
            "seal",
        ) from None


def _keys(file: Path, read: Callable[[str], Any]) -> list[Any]:
    """The keys of a file, one a line; what is none is refused without being repeated."""
    try:
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise DomainError(f"{file} を読めません。", "場所と権限を確かめてください。", "key") from None
    try:
        return [read(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.RecipientError, pyrage.IdentityError):
        raise DomainError(
            f"{file} に、鍵でない行があります。", "公開の鍵は age1、開く鍵は AGE-SECRET-KEY- で始まります。", "key"
        ) from None
