"""Whether the log fits its chain, and the last line to note down elsewhere: a cut end shows only against such a note."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.dates import say_instant


@dataclass(frozen=True)
class Checked:
    """What the check found."""

    broken_at: int | None
    count: int
    last_at: str
    mark: str


def check_log(session: Session, key: bytes) -> Checked:
    """Go through the whole log."""
    broken = verify_chain(session, key)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    if last is None:
        return Checked(broken, 0, "", "")
    mark = last.mac[:16]
    return Checked(broken, last.seq, say_instant(last.at), " ".join(mark[at : at + 4] for at in range(0, 16, 4)))
