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
    _second_factor()
    _one_time_codes()


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
def _second_factor() -> None:
    """A second thing to show at the door, and what each sign-in was opened with; those of today are open."""
    needed = '["coordinator", "multi", "secretariat", "supervisor", "team", "admin", "auditor", "guest"]'
    op.add_column("access_setting", sa.Column("second_factor", sa.JSON(), server_default=needed, nullable=False))
    op.add_column("auth_session", sa.Column("stage", sa.String(), server_default="open", nullable=False))
    op.add_column("auth_session", sa.Column("device", sa.String(), server_default="", nullable=False))
    op.create_table(
        "second_factor",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("offered", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("used_step", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_second_factor_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factor_user_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_recovery_code_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"], unique=False)
    op.create_table(
        "approval",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.String(length=32), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.String(length=32), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_approval_user_id_user")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_approval_asked_by_id_user")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_approval_decided_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_user_id"), "approval", ["user_id"], unique=False)


def _one_time_codes() -> None:
    """Codes on paper with which somebody chooses a password."""
    op.create_table(
        "one_time_code",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_one_time_code_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    op.create_index(op.f("ix_one_time_code_user_id"), "one_time_code", ["user_id"])


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
