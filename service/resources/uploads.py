"""Uploaded files: read, kept until somebody has looked at what they would do, and let go."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from litestar.datastructures import UploadFile
from sqlalchemy.orm import Session

from service.kernel.errors import DomainError, NotFound
from service.resources.files import ImportBatch
from service.resources.interchange.table import MAX_FILE_BYTES
from service.web.actor import Actor
from service.web.params import typed_text

PREVIEWED: Final = "previewed"


def read_upload(file: Any, remedy: str = "取り込むファイルを選んでください。") -> tuple[str, bytes]:
    """The name and bytes of an uploaded file, one byte more than may be read so that a larger one is told from it.

    Raises DomainError when none was chosen.
    """
    if not isinstance(file, UploadFile) or not file.filename:
        raise DomainError("ファイルが選ばれていません。", remedy, "no-file", 422)
    return typed_text(file.filename, 120), file.file.read(MAX_FILE_BYTES + 1)


def keep_upload(
    session: Session, kind: str, filename: str, data: bytes, actor: Actor, now: datetime, outcome: Any = None
) -> ImportBatch:
    """Keep a readable file until somebody has looked at what it would do."""
    digest = hashlib.sha256(data).hexdigest()
    batch = ImportBatch(
        kind=kind, filename=filename[:120], digest=digest, content=data, read_at=now, read_by=actor.label, outcome=outcome
    )
    session.add(batch)
    session.flush()
    return batch


def read_batch(session: Session, batch_id: str, kinds: Collection[str]) -> ImportBatch:
    """A kept file of one of these kinds; absent or of another kind is NotFound."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or batch.kind not in kinds:
        raise NotFound()
    return batch


def cancel_batch(batch: ImportBatch) -> None:
    """Let a kept file go without having written anything."""
    if batch.state == PREVIEWED:
        batch.state, batch.content = "cancelled", b""
