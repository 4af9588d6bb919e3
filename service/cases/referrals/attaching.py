"""Papers beside a つなぐシート: few, small, really what they are called, and never opened by a browser as a page of ours."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from litestar.datastructures import UploadFile
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from service.cases.referrals.models import Referral, ReferralFile
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki_short
from service.kernel.errors import DomainError, NotFound
from service.web.actor import Actor

MOST_FILES: Final = 5
MOST_BYTES: Final = 5 * 1024 * 1024
MEDIA: Final[Mapping[str, str]] = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
_BEGINS: Final = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_NOT_IN_NAMES: Final = frozenset('\\/:*?"<>|')
REMEDY: Final = "紙を写真に撮るか、PDFにして、もう一度選んでください。"


@dataclass(frozen=True)
class FileLine:
    """One paper as a list shows it."""

    id: str
    name: str
    note: str


def attach_file(session: Session, actor: Actor, row: Referral, file: Any, now: datetime) -> ReferralFile:
    """Lay a paper beside a sheet. Raises DomainError when it is none, too large, one too many, or not what may be sent."""
    if row.withdrawn_on is not None:
        raise DomainError("取り下げたシートです。", "渡したいときは、新しいシートを送ってください。", "withdrawn", 409)
    if not isinstance(file, UploadFile) or not file.filename:
        raise DomainError("ファイルが選ばれていません。", "ファイルを選んでから、もう一度送ってください。", "no-file", 422)
    content = file.file.read(MOST_BYTES + 1)
    kind = _checked(content)
    if len(files_of(session, row.id)) >= MOST_FILES:
        raise DomainError(
            f"一枚のシートに付けられるのは{MOST_FILES}つまでです。", "残りは、お会いするときに見せてください。", "files", 409
        )
    kept = ReferralFile(
        referral_id=row.id, name=clean_name(file.filename, kind), kind=kind, size=len(content), content=content, added_at=now,
        added_by=actor.label,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return kept


def clean_name(typed: str, kind: str) -> str:
    """A name without a path, without letters that are not seen, and with the ending of what the file really is."""
    last = unicodedata.normalize("NFC", typed.encode("utf-8", "ignore").decode()).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in _NOT_IN_NAMES)
    stem = seen.rsplit(".", 1)[0].strip(" .")[:80]
    return f"{stem or '資料'}.{kind}"


def files_of(session: Session, referral_id: str) -> Sequence[ReferralFile]:
    """The papers beside a sheet in hand, the oldest first, without what is in them."""
    query = select(ReferralFile).options(defer(ReferralFile.content)).where(ReferralFile.referral_id == referral_id)
    return session.scalars(query.order_by(ReferralFile.added_at, ReferralFile.id)).all()


def file_lines(session: Session, referral_id: str) -> tuple[FileLine, ...]:
    """The same in words."""
    return tuple(
        FileLine(row.id, row.name, f"{format_wareki_short(day_in_japan(row.added_at))}　{-(-row.size // 1024)} KB")
        for row in files_of(session, referral_id)
    )


def file_of(session: Session, referral_id: str, file_id: str) -> ReferralFile:
    """One paper of a sheet in hand; of another sheet it is as absent as none."""
    row = session.get(ReferralFile, file_id)
    if row is None or row.referral_id != referral_id:
        raise NotFound()
    return row


def _checked(content: bytes) -> str:
    if not content:
        raise DomainError("中身のないファイルです。", REMEDY, "empty-file", 422)
    if len(content) > MOST_BYTES:
        raise DomainError("ファイルが5MBを超えています。", "写真を小さくするか、分けて送ってください。", "file-size", 413)
    kind = next((kind for begin, kind in _BEGINS.items() if content.startswith(begin)), None)
    if kind is None:
        raise DomainError("付けられるのは、PDFと写真（PNG・JPEG）だけです。", REMEDY, "file-kind", 422)
    return kind
