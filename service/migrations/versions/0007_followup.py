"""follow-ups, records, plans, calendars and closing"""

import sqlalchemy as sa
from alembic import op

from service.kernel.db import UtcDateTime

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('policy_version',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_version')),
    sa.UniqueConstraint('name', 'seq', name=op.f('uq_policy_version_name'))
    )
    op.create_table('calendar_feed',
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_calendar_feed_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed'))
    )
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_feed_user_id'), ['user_id'], unique=False)

    op.create_table('plan_run',
    sa.Column('asked_by_id', sa.String(length=32), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('ask', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('job_id', sa.String(length=32), nullable=True),
    sa.Column('instance', sa.JSON(), nullable=True),
    sa.Column('plan', sa.JSON(), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('plan_fingerprint', sa.String(), nullable=False),
    sa.Column('problem', sa.JSON(), nullable=True),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.Column('applied_at', UtcDateTime(), nullable=True),
    sa.Column('applied_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_plan_run_asked_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_run'))
    )
    with op.batch_alter_table('plan_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_run_asked_by_id'), ['asked_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_run_job_id'), ['job_id'], unique=False)

    op.create_table('staff_time',
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('start_at', UtcDateTime(), nullable=False),
    sa.Column('end_at', UtcDateTime(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('source_uid', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_staff_time_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_time'))
    )
    with op.batch_alter_table('staff_time', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_time_source_uid'), ['source_uid'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_time_user_id'), ['user_id'], unique=False)

    op.create_table('after_care',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=False),
    sa.Column('contact_name', sa.String(), nullable=False),
    sa.Column('contact_agency', sa.String(), nullable=False),
    sa.Column('contact_phone', sa.String(), nullable=False),
    sa.Column('is_agreed', sa.Boolean(), nullable=False),
    sa.Column('offsets', sa.JSON(), nullable=False),
    sa.Column('how', sa.String(), nullable=False),
    sa.Column('checked', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('reopened_case_id', sa.String(length=32), nullable=True),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_after_care_case_id_support_case')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_after_care_person_id_person')),
    sa.ForeignKeyConstraint(['reopened_case_id'], ['support_case.id'], name=op.f('fk_after_care_reopened_case_id_support_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_after_care'))
    )
    with op.batch_alter_table('after_care', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_after_care_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_after_care_person_id'), ['person_id'], unique=False)

    op.create_table('follow_up',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('placement_id', sa.String(length=32), nullable=True),
    sa.Column('host_id', sa.String(length=32), nullable=True),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('rhythm_version', sa.Integer(), nullable=False),
    sa.Column('raw_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('moved_because', sa.String(), nullable=False),
    sa.Column('is_unconfirmed', sa.Boolean(), nullable=False),
    sa.Column('early_on', sa.Date(), nullable=False),
    sa.Column('late_on', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('needs_two', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('state_reason', sa.String(), nullable=False),
    sa.Column('is_edited', sa.Boolean(), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=True),
    sa.Column('second_id', sa.String(length=32), nullable=True),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('start_min', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_pinned', sa.Boolean(), nullable=False),
    sa.Column('earlier', sa.JSON(), nullable=True),
    sa.Column('confirmed_at', UtcDateTime(), nullable=True),
    sa.Column('confirmed_by', sa.String(), nullable=False),
    sa.Column('host_answer', sa.String(), nullable=False),
    sa.Column('host_offers', sa.JSON(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('escalation', sa.Integer(), nullable=False),
    sa.Column('escalated_at', UtcDateTime(), nullable=True),
    sa.Column('escalation_handled_at', UtcDateTime(), nullable=True),
    sa.Column('escalation_note', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_follow_up_case_id_support_case')),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_follow_up_host_id_host')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_follow_up_person_id_person')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_follow_up_placement_id_placement')),
    sa.ForeignKeyConstraint(['second_id'], ['user.id'], name=op.f('fk_follow_up_second_id_user')),
    sa.ForeignKeyConstraint(['staff_id'], ['user.id'], name=op.f('fk_follow_up_staff_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
    sa.UniqueConstraint('key', name=op.f('uq_follow_up_key'))
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_host_id'), ['host_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_on'), ['on'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_placement_id'), ['placement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_staff_id'), ['staff_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_state'), ['state'], unique=False)

    op.create_table('suggestion',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('placement_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_suggestion_case_id_support_case')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_suggestion_person_id_person')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_suggestion_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion')),
    sa.UniqueConstraint('key', name=op.f('uq_suggestion_key'))
    )
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_suggestion_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_suggestion_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_suggestion_placement_id'), ['placement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_suggestion_state'), ['state'], unique=False)

    op.create_table('attempt',
    sa.Column('follow_up_id', sa.String(length=32), nullable=False),
    sa.Column('client_id', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['follow_up_id'], ['follow_up.id'], name=op.f('fk_attempt_follow_up_id_follow_up')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt')),
    sa.UniqueConstraint('client_id', name=op.f('uq_attempt_client_id'))
    )
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempt_follow_up_id'), ['follow_up_id'], unique=False)

    op.create_table('visit',
    sa.Column('follow_up_id', sa.String(length=32), nullable=True),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('placement_id', sa.String(length=32), nullable=True),
    sa.Column('client_id', sa.String(), nullable=False),
    sa.Column('beside_id', sa.String(length=32), nullable=True),
    sa.Column('replaces_id', sa.String(length=32), nullable=True),
    sa.Column('contact_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('recorded_by_id', sa.String(length=32), nullable=False),
    sa.Column('met_person', sa.Boolean(), nullable=False),
    sa.Column('met_host', sa.Boolean(), nullable=False),
    sa.Column('times_planned', sa.Integer(), nullable=True),
    sa.Column('times_attended', sa.Integer(), nullable=True),
    sa.Column('person_face', sa.Integer(), nullable=True),
    sa.Column('person_says', sa.String(), nullable=False),
    sa.Column('wish', sa.String(), nullable=False),
    sa.Column('host_face', sa.Integer(), nullable=True),
    sa.Column('host_says', sa.String(), nullable=False),
    sa.Column('host_worry', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('connected', sa.String(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['beside_id'], ['visit.id'], name=op.f('fk_visit_beside_id_visit')),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_visit_case_id_support_case')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact_with_both.id'], name=op.f('fk_visit_contact_id_contact_with_both')),
    sa.ForeignKeyConstraint(['follow_up_id'], ['follow_up.id'], name=op.f('fk_visit_follow_up_id_follow_up')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visit_person_id_person')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_visit_placement_id_placement')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user.id'], name=op.f('fk_visit_recorded_by_id_user')),
    sa.ForeignKeyConstraint(['replaces_id'], ['visit.id'], name=op.f('fk_visit_replaces_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('client_id', name=op.f('uq_visit_client_id'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_follow_up_id'), ['follow_up_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_placement_id'), ['placement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_recorded_by_id'), ['recorded_by_id'], unique=False)

    op.create_table('adjustment',
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('visit_id', sa.String(length=32), nullable=True),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_adjustment_placement_id_placement')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_adjustment_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_adjustment'))
    )
    with op.batch_alter_table('adjustment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_adjustment_placement_id'), ['placement_id'], unique=False)

    with op.batch_alter_table('support_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('backup_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('plan_start_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('closed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('earlier_id', sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_support_case_earlier_id_support_case'), 'support_case', ['earlier_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_support_case_backup_id_user'), 'user', ['backup_id'], ['id'])



def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
