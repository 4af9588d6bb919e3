"""the course of a case, plans, meetings"""

import sqlalchemy as sa
from alembic import op

from service.kernel.db import UtcDateTime

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agency',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kana', sa.String(), nullable=False),
    sa.Column('search_text', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('section', sa.String(), nullable=False),
    sa.Column('is_municipal', sa.Boolean(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('handles', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('fax', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('hours', sa.String(), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency'))
    )
    op.create_table('meeting_series',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('months', sa.JSON(), nullable=False),
    sa.Column('nth', sa.Integer(), nullable=True),
    sa.Column('weekday', sa.Integer(), nullable=True),
    sa.Column('start_min', sa.Integer(), nullable=True),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('convenor', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_series'))
    )
    op.create_table('meeting',
    sa.Column('series_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('convenor', sa.String(), nullable=False),
    sa.Column('convenor_is_municipal', sa.Boolean(), nullable=False),
    sa.Column('legal_basis', sa.String(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('start_min', sa.Integer(), nullable=True),
    sa.Column('end_min', sa.Integer(), nullable=True),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('minutes', sa.String(), nullable=False),
    sa.Column('invited_on', sa.Date(), nullable=True),
    sa.Column('window_until', sa.Date(), nullable=True),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['series_id'], ['meeting_series.id'], name=op.f('fk_meeting_series_id_meeting_series')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_on'), ['on'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_series_id'), ['series_id'], unique=False)

    op.create_table('secrecy_acknowledgement',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('agency', sa.String(), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=True),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_secrecy_acknowledgement_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_secrecy_acknowledgement'))
    )
    with op.batch_alter_table('secrecy_acknowledgement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_secrecy_acknowledgement_user_id'), ['user_id'], unique=False)

    op.create_table('advice_record',
    sa.Column('case_id', sa.String(length=32), nullable=True),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('to_agency', sa.String(), nullable=False),
    sa.Column('to_person', sa.String(), nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('asked', sa.String(), nullable=False),
    sa.Column('advice', sa.String(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_advice_record_case_id_support_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advice_record'))
    )
    with op.batch_alter_table('advice_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_advice_record_case_id'), ['case_id'], unique=False)

    op.create_table('case_member',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('agency', sa.String(), nullable=False),
    sa.Column('since', UtcDateTime(timezone=True), nullable=False),
    sa.Column('until', UtcDateTime(timezone=True), nullable=True),
    sa.Column('added_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_case_member_case_id_support_case')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_case_member_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_member'))
    )
    with op.batch_alter_table('case_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_member_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_member_user_id'), ['user_id'], unique=False)

    op.create_table('feedback',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('about_id', sa.String(), nullable=False),
    sa.Column('to_role', sa.String(), nullable=False),
    sa.Column('to_name', sa.String(), nullable=False),
    sa.Column('to_agency', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('settled_on', sa.Date(), nullable=True),
    sa.Column('settled_by', sa.String(), nullable=False),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_feedback_case_id_support_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback'))
    )
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_case_id'), ['case_id'], unique=False)

    op.create_table('meeting_seat',
    sa.Column('meeting_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('agency', sa.String(), nullable=False),
    sa.Column('section', sa.String(), nullable=False),
    sa.Column('is_municipal', sa.Boolean(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('attended', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_seat_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_meeting_seat_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_seat')),
    sa.UniqueConstraint('meeting_id', 'name', 'agency', name=op.f('uq_meeting_seat_meeting_id'))
    )
    with op.batch_alter_table('meeting_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_seat_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_seat_user_id'), ['user_id'], unique=False)

    op.create_table('numbered_copy',
    sa.Column('meeting_id', sa.String(length=32), nullable=False),
    sa.Column('paper', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('for_name', sa.String(), nullable=False),
    sa.Column('printed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('printed_by', sa.String(), nullable=False),
    sa.Column('returned_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_numbered_copy_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_numbered_copy')),
    sa.UniqueConstraint('meeting_id', 'paper', 'number', name=op.f('uq_numbered_copy_meeting_id'))
    )
    with op.batch_alter_table('numbered_copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_numbered_copy_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('progress_note',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('at_min', sa.Integer(), nullable=True),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('with_whom', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('reaction', sa.String(), nullable=False),
    sa.Column('next_step', sa.String(), nullable=False),
    sa.Column('flags', sa.JSON(), nullable=False),
    sa.Column('from_status', sa.String(), nullable=False),
    sa.Column('to_status', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('corrects_id', sa.String(length=32), nullable=True),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_progress_note_case_id_support_case')),
    sa.ForeignKeyConstraint(['corrects_id'], ['progress_note.id'], name=op.f('fk_progress_note_corrects_id_progress_note')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_progress_note_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progress_note'))
    )
    with op.batch_alter_table('progress_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_progress_note_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_progress_note_person_id'), ['person_id'], unique=False)

    op.create_table('referral',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('came_by', sa.String(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('received_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('from_agency', sa.String(), nullable=False),
    sa.Column('from_person', sa.String(), nullable=False),
    sa.Column('from_phone', sa.String(), nullable=False),
    sa.Column('from_email', sa.String(), nullable=False),
    sa.Column('agency_id', sa.String(length=32), nullable=True),
    sa.Column('referrer_id', sa.String(length=32), nullable=True),
    sa.Column('to_agency', sa.String(), nullable=False),
    sa.Column('is_anonymous', sa.Boolean(), nullable=False),
    sa.Column('age_band', sa.String(), nullable=False),
    sa.Column('reach', sa.String(), nullable=False),
    sa.Column('members', sa.String(), nullable=False),
    sa.Column('troubles', sa.JSON(), nullable=False),
    sa.Column('pressing', sa.String(), nullable=False),
    sa.Column('story', sa.String(), nullable=False),
    sa.Column('tried', sa.String(), nullable=False),
    sa.Column('is_urgent', sa.Boolean(), nullable=False),
    sa.Column('knows', sa.String(), nullable=False),
    sa.Column('feedback_by', sa.String(), nullable=False),
    sa.Column('acknowledged_on', sa.Date(), nullable=True),
    sa.Column('acknowledged_by', sa.String(), nullable=False),
    sa.Column('acknowledge_due_on', sa.Date(), nullable=False),
    sa.Column('screening_due_on', sa.Date(), nullable=False),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_why', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_referral_agency_id_agency')),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_referral_case_id_support_case')),
    sa.ForeignKeyConstraint(['referrer_id'], ['user.id'], name=op.f('fk_referral_referrer_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral'))
    )
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_referrer_id'), ['referrer_id'], unique=False)

    op.create_table('screening',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('decider', sa.String(), nullable=False),
    sa.Column('is_complex', sa.Boolean(), nullable=False),
    sa.Column('is_between', sa.Boolean(), nullable=False),
    sa.Column('wants_resource', sa.Boolean(), nullable=False),
    sa.Column('is_tried', sa.Boolean(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('override_reason', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('returned_to', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_screening_case_id_support_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screening'))
    )
    with op.batch_alter_table('screening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_screening_case_id'), ['case_id'], unique=False)

    op.create_table('support_plan',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('person_words', sa.String(), nullable=False),
    sa.Column('person_part', sa.String(), nullable=False),
    sa.Column('participation', sa.String(), nullable=False),
    sa.Column('monitoring_on', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended_as', sa.String(), nullable=False),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_support_plan_case_id_support_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_plan')),
    sa.UniqueConstraint('case_id', 'kind', 'seq', name=op.f('uq_support_plan_case_id'))
    )
    with op.batch_alter_table('support_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_plan_case_id'), ['case_id'], unique=False)

    op.create_table('agenda_item',
    sa.Column('meeting_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=True),
    sa.Column('gap_id', sa.String(length=32), nullable=True),
    sa.Column('plan_id', sa.String(length=32), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decision_text', sa.String(), nullable=False),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_agenda_item_case_id_support_case')),
    sa.ForeignKeyConstraint(['gap_id'], ['resource_gap.id'], name=op.f('fk_agenda_item_gap_id_resource_gap')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agenda_item_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['plan_id'], ['support_plan.id'], name=op.f('fk_agenda_item_plan_id_support_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_item_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_item_gap_id'), ['gap_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_item_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('evaluation',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('plan_id', sa.String(length=32), nullable=True),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('changes_note', sa.String(), nullable=False),
    sa.Column('person_words', sa.String(), nullable=False),
    sa.Column('remaining', sa.String(), nullable=False),
    sa.Column('next_step', sa.String(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_evaluation_case_id_support_case')),
    sa.ForeignKeyConstraint(['plan_id'], ['support_plan.id'], name=op.f('fk_evaluation_plan_id_support_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation'))
    )
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_plan_id'), ['plan_id'], unique=False)

    op.create_table('plan_goal',
    sa.Column('plan_id', sa.String(length=32), nullable=False),
    sa.Column('term', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('result_note', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['support_plan.id'], name=op.f('fk_plan_goal_plan_id_support_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_goal'))
    )
    with op.batch_alter_table('plan_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_goal_plan_id'), ['plan_id'], unique=False)

    op.create_table('plan_task',
    sa.Column('plan_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('agency', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['support_plan.id'], name=op.f('fk_plan_task_plan_id_support_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_task'))
    )
    with op.batch_alter_table('plan_task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_task_plan_id'), ['plan_id'], unique=False)

    op.create_table('referral_step',
    sa.Column('referral_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('by_agency', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_step_referral_id_referral')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_step'))
    )
    with op.batch_alter_table('referral_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_step_referral_id'), ['referral_id'], unique=False)

    op.create_table('resource_development',
    sa.Column('gap_id', sa.String(length=32), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('with_whom', sa.String(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=True),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['gap_id'], ['resource_gap.id'], name=op.f('fk_resource_development_gap_id_resource_gap')),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_resource_development_opening_id_opening')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_development'))
    )
    with op.batch_alter_table('resource_development', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resource_development_gap_id'), ['gap_id'], unique=False)

    op.create_table('action_item',
    sa.Column('item_id', sa.String(length=32), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('agency', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_action_item_item_id_agenda_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_item'))
    )
    with op.batch_alter_table('action_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_item_item_id'), ['item_id'], unique=False)

    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.add_column(sa.Column('explained_by', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('witness', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('paper_on', sa.Date(), nullable=True))

    with op.batch_alter_table('resource_gap', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('ended_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('end_reason', sa.String(), nullable=False, server_default=''))

    with op.batch_alter_table('support_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_urgent', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('is_abuse', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('review_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('body', sa.String(), nullable=False, server_default=''))



def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
