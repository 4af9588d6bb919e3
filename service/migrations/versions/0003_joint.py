"""joint runs and placements"""

import sqlalchemy as sa
from alembic import op

from service.kernel.db import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('joint_setting',
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_setting')),
    sa.UniqueConstraint('seq', name=op.f('uq_joint_setting_seq'))
    )
    with op.batch_alter_table('joint_setting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joint_setting_key'), ['key'], unique=False)

    op.create_table('joint_run',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('asked_by_id', sa.String(length=32), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('filters', sa.JSON(), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('pins', sa.JSON(), nullable=False),
    sa.Column('is_limited', sa.Boolean(), nullable=False),
    sa.Column('parent_id', sa.String(length=32), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('job_id', sa.String(length=32), nullable=True),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.Column('vocabulary_version', sa.Integer(), nullable=False),
    sa.Column('catalogue_version', sa.Integer(), nullable=False),
    sa.Column('is_outdated', sa.Boolean(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('plan_fingerprint', sa.String(), nullable=False),
    sa.Column('instance', sa.JSON(), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('attained', sa.JSON(), nullable=False),
    sa.Column('is_proven', sa.Boolean(), nullable=False),
    sa.Column('engine', sa.String(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('problem', sa.JSON(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_joint_run_asked_by_id_user')),
    sa.ForeignKeyConstraint(['parent_id'], ['joint_run.id'], name=op.f('fk_joint_run_parent_id_joint_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_run'))
    )
    with op.batch_alter_table('joint_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joint_run_asked_by_id'), ['asked_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_joint_run_job_id'), ['job_id'], unique=False)

    op.create_table('avoid_pair',
    sa.Column('first_id', sa.String(length=32), nullable=False),
    sa.Column('second_id', sa.String(length=32), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['first_id'], ['person.id'], name=op.f('fk_avoid_pair_first_id_person')),
    sa.ForeignKeyConstraint(['second_id'], ['person.id'], name=op.f('fk_avoid_pair_second_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_avoid_pair'))
    )
    with op.batch_alter_table('avoid_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_avoid_pair_first_id'), ['first_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_avoid_pair_second_id'), ['second_id'], unique=False)

    op.create_table('joint_left',
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('waiting_days', sa.Integer(), nullable=False),
    sa.Column('why', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_joint_left_person_id_person')),
    sa.ForeignKeyConstraint(['run_id'], ['joint_run.id'], name=op.f('fk_joint_left_run_id_joint_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_left'))
    )
    with op.batch_alter_table('joint_left', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joint_left_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_joint_left_run_id'), ['run_id'], unique=False)

    op.create_table('placement',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_placement_opening_id_opening')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_placement_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_opening_id'), ['opening_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_person_id'), ['person_id'], unique=False)

    op.create_table('joint_line',
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('sessions', sa.JSON(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('asks', sa.Boolean(), nullable=False),
    sa.Column('free', sa.Integer(), nullable=True),
    sa.Column('accepted_at', UtcDateTime(), nullable=True),
    sa.Column('accepted_by', sa.String(), nullable=False),
    sa.Column('placement_id', sa.String(length=32), nullable=True),
    sa.Column('declined_at', UtcDateTime(), nullable=True),
    sa.Column('declined_by', sa.String(), nullable=False),
    sa.Column('override', sa.String(), nullable=False),
    sa.Column('override_note', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_joint_line_opening_id_opening')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_joint_line_person_id_person')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_joint_line_placement_id_placement')),
    sa.ForeignKeyConstraint(['run_id'], ['joint_run.id'], name=op.f('fk_joint_line_run_id_joint_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_line'))
    )
    with op.batch_alter_table('joint_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joint_line_opening_id'), ['opening_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_joint_line_override'), ['override'], unique=False)
        batch_op.create_index(batch_op.f('ix_joint_line_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_joint_line_run_id'), ['run_id'], unique=False)

    op.create_table('placement_session',
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=True),
    sa.Column('start_min', sa.Integer(), nullable=True),
    sa.Column('end_min', sa.Integer(), nullable=True),
    sa.Column('half', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_placement_session_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement_session'))
    )
    with op.batch_alter_table('placement_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_session_placement_id'), ['placement_id'], unique=False)

    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.add_column(sa.Column('seating', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
