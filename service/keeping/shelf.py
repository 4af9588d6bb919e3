"""Where copies lie: one sealed file each with a slip beside it, and which of them may go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from service.keeping.facts import Facts, facts_from
from service.keeping.sealing import ENDING
from service.kernel.clock import TOKYO
from service.kernel.errors import DomainError

STAMP: Final = "%Y%m%dT%H%M%SZ"
EVERY_COPY: Final = timedelta(hours=48)
ONE_A_DAY: Final = timedelta(days=35)
ONE_A_MONTH: Final = timedelta(days=400)


@dataclass(frozen=True)
class Copy:
    """A sealed copy; the slip says of when and what, and nothing of a person."""

    file: Path
    code: str
    at: datetime
    facts: Facts
    sha256: str

    @property
    def slip(self) -> Path:
        """The file beside it."""
        return self.file.with_suffix(".json")

    def is_whole(self) -> bool:
        """Whether the sealed file is still the one that was written."""
        return self.file.exists() and digest_of(self.file) == self.sha256


def name_of(code: str, at: datetime, ending: str) -> str:
    """`149993-20261128T020000Z.sqlite3.age`."""
    return f"{code}-{at.astimezone(UTC).strftime(STAMP)}{ending}{ENDING}"


def digest_of(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_slip(copy: Copy) -> None:
    """Say beside a copy what it holds; complete under its name, or not at all."""
    said = {"town": copy.code, "at": copy.at.isoformat(), "sha256": copy.sha256, **copy.facts.as_json()}
    part = copy.slip.with_suffix(".part")
    part.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")
    part.replace(copy.slip)


def copies_on(shelf: Path, code: str) -> list[Copy]:
    """A town's copies, the oldest first."""
    return sorted(_copies(shelf, code), key=lambda copy: copy.at)


def copy_of(file: Path) -> Copy:
    """The copy in a file, by the slip beside it."""
    try:
        return _read(file.with_suffix(".json"))
    except (OSError, ValueError, KeyError, TypeError):
        raise DomainError(
            f"{file.name} の控え札（.json）がないか、読めません。", "控えと控え札は、同じ所に置いてください。", "slip"
        ) from None


def may_go(times: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which copies are no longer kept: all of two days stay, then one a day for five weeks, one a month for thirteen months.

    The newest always stays, however old it is.
    """
    newest_first = sorted(times, reverse=True)
    kept: set[datetime] = set(newest_first[:1])
    seen: set[tuple[int, ...]] = set()
    for at in newest_first:
        day, age = at.astimezone(TOKYO).date(), now - at
        if age < EVERY_COPY:
            kept.add(at)
        for span, period in ((ONE_A_DAY, (day.year, day.month, day.day)), (ONE_A_MONTH, (day.year, day.month))):
            if age < span and period not in seen:
                seen.add(period)
                kept.add(at)
    return set(newest_first) - kept


def thin_out(shelf: Path, code: str, now: datetime) -> int:
    """Let the copies go that are no longer kept; answers how many."""
    copies = copies_on(shelf, code)
    going = may_go((copy.at for copy in copies), now)
    for copy in copies:
        if copy.at in going:
            copy.file.unlink()
            copy.slip.unlink()
    return len(going)


def _copies(shelf: Path, code: str) -> Iterator[Copy]:
    for slip in shelf.glob(f"{code}-*.json"):
        try:
            copy = _read(slip)
        except (ValueError, KeyError, TypeError):
            continue
        if copy.file.exists():
            yield copy


def _read(slip: Path) -> Copy:
    stored: dict[str, Any] = json.loads(slip.read_text("utf-8"))
    return Copy(
        slip.with_suffix(ENDING), stored["town"], datetime.fromisoformat(stored["at"]), facts_from(stored), stored["sha256"]
    )
