"""Anchors: where the log ended, kept out of reach of whoever holds the database and its key.

A chain alone cannot tell that its last entries were cut off, nor that all of it was written anew; an anchor can, for
everything up to it. Every slip beside a copy is one, and one can be printed.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.keeping.facts import Head
from service.kernel.audit import AuditEntry
from service.kernel.errors import DomainError


def say(head: Head) -> str:
    """An anchor on one line: `1234:9f86…`."""
    return f"{head.seq}:{head.mac}"


def read(said: str) -> Head:
    """What `say` wrote, typed in again."""
    seq, _, mac = said.strip().partition(":")
    if not seq.isdecimal() or len(mac) != 64:
        raise DomainError(f"目印「{said}」を読めません。", "番号、コロン、64文字の印を、続けて書いてください。", "anchor")
    return Head(int(seq), mac.lower())


def broken_anchors(session: Session, anchors: Iterable[Head]) -> list[int]:
    """The numbers of the entries that are no longer what they were when they were anchored."""
    wanted = {head.seq: head.mac for head in anchors if head.seq}
    query = select(AuditEntry.seq, AuditEntry.mac).where(AuditEntry.seq.in_(wanted))
    found = {row.seq: row.mac for row in session.execute(query)}
    return sorted(seq for seq, mac in wanted.items() if found.get(seq) != mac)
