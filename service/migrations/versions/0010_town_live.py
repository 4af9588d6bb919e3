"""what a town needs from its first day to its last"""

import sqlalchemy as sa
from alembic import op

from service.kernel.db import UtcDateTime

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One call for each room that keeps something new."""
    _themes_of_hosts()
    _asking()
    _papers_of_sheets()
    _replies()


def _themes_of_hosts() -> None:
    """支援のテーマ: nobody has said so far what a host helps with."""
    op.add_column("host", sa.Column("themes", sa.JSON(), server_default="[]", nullable=False))


def _papers_of_sheets() -> None:
    """What a つなぎ元 lays beside a sheet."""
    op.create_table(
        "referral_file",
        sa.Column("referral_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_file_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_file")),
    )
    op.create_index(op.f("ix_referral_file_referral_id"), "referral_file", ["referral_id"])


def _replies() -> None:
    """What those who were invited to a meeting answered."""
    op.add_column("meeting_seat", sa.Column("reply", sa.String(), server_default="", nullable=False))
    op.add_column("meeting_seat", sa.Column("replied_at", UtcDateTime(timezone=True), nullable=True))


def _asking() -> None:
    """Of what a つなぎ元 asks without a sheet."""
    op.create_table(
        "advice_request",
        sa.Column("asked_by_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("from_agency", sa.String(), nullable=False),
        sa.Column("from_person", sa.String(), nullable=False),
        sa.Column("from_phone", sa.String(), nullable=False),
        sa.Column("to_agency", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("advice_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["advice_id"], ["advice_record.id"], name=op.f("fk_advice_request_advice_id_advice_record")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_advice_request_asked_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_request")),
    )
    op.create_index(op.f("ix_advice_request_asked_by_id"), "advice_request", ["asked_by_id"])


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
