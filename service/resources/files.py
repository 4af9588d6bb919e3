"""Files that come in and go out: lists of places, and what two networks hand each other."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified


class ImportBatch(Identified, Base):
    """A file that was read and previewed; nothing of it is in the catalogue until it is confirmed."""

    __tablename__ = "import_batch"

    kind: Mapped[str]
    filename: Mapped[str]
    digest: Mapped[str]
    content: Mapped[bytes]
    read_at: Mapped[datetime]
    read_by: Mapped[str]
    state: Mapped[str] = mapped_column(default="previewed")
    outcome: Mapped[Any] = mapped_column(nullable=True)


class ImportedRow(Base):
    """What a file last said about a host: only what a later file says differently is written again."""

    __tablename__ = "imported_row"
    audited = False

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), primary_key=True)
    body: Mapped[dict[str, Any]]


class ExchangedFile(Identified, Base):
    """A signed file handed over between the staff's and the hosts' network, so that none is taken in twice."""

    __tablename__ = "exchanged_file"

    direction: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    by: Mapped[str]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ExchangedItem(Base):
    """What the two networks last knew of each other's writing of one thing, part by part, so that nothing older comes back.

    Per part: `at` and `by` of what stands here, `theirs` = the newest of their writings that was read, `seen_at` = when,
    and `lost` = a writing of our own that a newer one of theirs replaced before they had read it.
    """

    __tablename__ = "exchanged_item"
    audited = False

    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
