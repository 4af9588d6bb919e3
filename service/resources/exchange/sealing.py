"""A file for the other side: lines of JSON that people can read, and under them a seal by the key both sides hold.

The seal is looked at before a single line is parsed. It is bound to the direction, so that a file cannot be turned round.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from itsdangerous import BadSignature, Signer

from service.kernel.errors import DomainError
from service.resources.interchange.table import MAX_FILE_BYTES

TO_HOST, TO_STAFF = "host", "staff"
DIRECTIONS: Final = {TO_HOST: "受け入れ先の画面へ", TO_STAFF: "職員の画面へ"}
FORMAT, VERSION = "tsunagi-exchange", 1
MOST_LINES: Final = 50_000
LONGEST_LINE: Final = 64 * 1024

Item = dict[str, Any]
Line = tuple[int, Item]
"""The number of a line as an editor shows it, and what it says; nothing when it could not be read."""


@dataclass(frozen=True)
class OpenedFile:
    """A file whose seal held: which way it goes, when it was written, and its lines."""

    direction: str
    at: datetime
    digest: str
    lines: tuple[Line, ...]


def seal_file(key: bytes, town: str, direction: str, at: datetime, items: Iterable[Item]) -> bytes:
    """The bytes to hand over. DomainError when they are more than the other side would take."""
    head = {"format": FORMAT, "version": VERSION, "town": town, "to": direction, "at": at.isoformat()}
    text = "\n".join(canonical(each) for each in (head, *items))
    sealed = _signer(key, direction).sign(text.encode()) + b"\n"
    if len(sealed) > MAX_FILE_BYTES:
        raise DomainError(
            "書き出すファイルが5MBを超えました。", "終了した受け入れ先を整理してから、書き出してください。", "size", 422
        )
    return sealed


def open_file(key: bytes, town: str, data: bytes) -> OpenedFile:
    """Look at size and seal, then read. DomainError for another town's, a changed or an unreadable file."""
    if len(data) > MAX_FILE_BYTES:
        raise DomainError("ファイルが5MBを超えています。", "やりとりのファイルかどうかを確かめてください。", "size", 422)
    for direction in DIRECTIONS:
        try:
            text = _signer(key, direction).unsign(data.removesuffix(b"\n"))
        except BadSignature:
            continue
        return _read(town, direction, hashlib.sha256(data).hexdigest(), text)
    raise DomainError(
        "ファイルの印が合いません。別の自治体のファイルか、途中で変わったファイルです。",
        "書き出した側から、もう一度受け取ってください。続くときは、両方の鍵が同じかを確かめてください。",
        "seal",
        422,
    )


def canonical(item: Any) -> str:
    """One text for one value, the same on both sides."""
    return json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read(town: str, direction: str, digest: str, text: bytes) -> OpenedFile:
    lines = text.decode("utf-8", "strict").split("\n")
    if len(lines) > MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
        raise _unreadable()
    try:
        head = json.loads(lines[0])
        at = datetime.fromisoformat(head["at"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _unreadable() from None
    if head.get("format") != FORMAT or head.get("version") != VERSION or head.get("to") != direction or at.tzinfo is None:
        raise _unreadable()
    if head.get("town") != town:
        raise DomainError("別の自治体のファイルです。", "この自治体のファイルを選んでください。", "other-town", 422)
    return OpenedFile(direction, at, digest, tuple(_lines(lines)))


def _lines(lines: list[str]) -> Iterable[Line]:
    for number, line in enumerate(lines[1:], 2):
        try:
            item = json.loads(line)
        except (ValueError, RecursionError):
            item = None
        yield number, item if isinstance(item, dict) else {}


def _unreadable() -> DomainError:
    return DomainError("この版では読めないファイルです。", "両方の「つなぎ」を同じ版にしてください。", "format", 422)


def _signer(key: bytes, direction: str) -> Signer:
    return Signer(key, salt=f"exchange/{direction}", sep=b"\n", key_derivation="hmac", digest_method=hashlib.sha256)
