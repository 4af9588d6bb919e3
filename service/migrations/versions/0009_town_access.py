"""what a town keeps of figures, of signed doors and of who may see what"""

import sqlalchemy as sa
from alembic import op

from service.kernel.db import UtcDateTime

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _reports()
    _consent()
    _advice()
    _doors_of_agencies()
    _doors()


def _advice() -> None:
    """Of advice that was taken from an expert."""
    op.add_column("advice_record", sa.Column("way", sa.String(), server_default="given", nullable=False))
    op.add_column("advice_record", sa.Column("expert", sa.String(), server_default="", nullable=False))


def _consent() -> None:
    """Of the words a person agreed to."""
    op.add_column("consent", sa.Column("document_version", sa.String(), server_default="", nullable=False))


def _doors_of_agencies() -> None:
    op.create_table('agency_link',
    sa.Column('agency_id', sa.String(length=32), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('about_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(), nullable=False),
    sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_agency_link_agency_id_agency')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_link'))
    )
    with op.batch_alter_table('agency_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agency_link_agency_id'), ['agency_id'], unique=False)


def _doors() -> None:
    """Cases that were opened in an emergency, and what the town decided about its doors."""
    op.create_table('access_setting',
    sa.Column('glass_minutes', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_setting'))
    )
    op.create_table('break_glass',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('opened_by', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('until', UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_break_glass_case_id_support_case')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_break_glass_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_break_glass'))
    )
    op.create_index(op.f('ix_break_glass_case_id'), 'break_glass', ['case_id'], unique=False)
    op.create_index(op.f('ix_break_glass_user_id'), 'break_glass', ['user_id'], unique=False)


def _reports() -> None:
    """Figures frozen to leave the office, and what a second person decided."""
    op.create_table('report_snapshot',
    sa.Column('period', sa.String(), nullable=False),
    sa.Column('few', sa.Integer(), nullable=False),
    sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.String(), nullable=False),
    sa.Column('asked_by_id', sa.String(length=32), nullable=False),
    sa.Column('exact', sa.JSON(), nullable=False),
    sa.Column('cleared', sa.JSON(), nullable=False),
    sa.Column('audit', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_report_snapshot_asked_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_snapshot'))
    )
    op.create_index(op.f('ix_report_snapshot_period'), 'report_snapshot', ['period'], unique=False)
    op.create_table('report_decision',
    sa.Column('snapshot_id', sa.String(length=32), nullable=False),
    sa.Column('released_period', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('by_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_report_decision_by_id_user')),
    sa.ForeignKeyConstraint(['snapshot_id'], ['report_snapshot.id'], name=op.f('fk_report_decision_snapshot_id_report_snapshot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_decision')),
    sa.UniqueConstraint('released_period', name=op.f('uq_report_decision_released_period')),
    sa.UniqueConstraint('snapshot_id', name=op.f('uq_report_decision_snapshot_id'))
    )


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
