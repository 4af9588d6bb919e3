"""ladder, soundings, host face and outbox"""

import sqlalchemy as sa
from alembic import op

from service.kernel.db import UtcDateTime

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exchanged_file',
    sa.Column('direction', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchanged_file')),
    sa.UniqueConstraint('digest', name=op.f('uq_exchanged_file_digest'))
    )
    op.create_table('ladder_version',
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ladder_version')),
    sa.UniqueConstraint('seq', name=op.f('uq_ladder_version_seq'))
    )
    op.create_table('outbox_message',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('to_type', sa.String(), nullable=False),
    sa.Column('to_id', sa.String(length=32), nullable=False),
    sa.Column('about_id', sa.String(length=32), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('left_at', UtcDateTime(), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=False),
    sa.Column('trouble', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_message')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_message_key'))
    )
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_message_about_id'), ['about_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_message_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_message_to_id'), ['to_id'], unique=False)

    op.create_table('host_link',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('about_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_host_link_host_id_host')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_link'))
    )
    with op.batch_alter_table('host_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_link_host_id'), ['host_id'], unique=False)

    op.create_table('host_member',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('invited_by', sa.String(), nullable=False),
    sa.Column('invited_at', UtcDateTime(), nullable=False),
    sa.Column('disabled_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_host_member_host_id_host')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_host_member_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_member')),
    sa.UniqueConstraint('user_id', name=op.f('uq_host_member_user_id'))
    )
    with op.batch_alter_table('host_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_member_host_id'), ['host_id'], unique=False)

    op.create_table('step_up',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('days_per_week', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('reached_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_step_up_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step_up'))
    )
    with op.batch_alter_table('step_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_step_up_person_id'), ['person_id'], unique=False)

    op.create_table('sounding',
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('asked_by', sa.String(), nullable=False),
    sa.Column('deadline_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('conditions', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_sounding_host_id_host')),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_sounding_opening_id_opening')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sounding'))
    )
    with op.batch_alter_table('sounding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sounding_host_id'), ['host_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sounding_placement_id'), ['placement_id'], unique=False)

    op.create_table('contact_with_both',
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('person_says', sa.String(), nullable=False),
    sa.Column('host_says', sa.String(), nullable=False),
    sa.Column('has_problem', sa.Boolean(), nullable=False),
    sa.Column('person_face', sa.Integer(), nullable=True),
    sa.Column('host_face', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('adjustment', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_contact_with_both_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_with_both'))
    )
    with op.batch_alter_table('contact_with_both', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_with_both_placement_id'), ['placement_id'], unique=False)

    op.create_table('host_word',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('placement_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('face', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('seen_at', UtcDateTime(), nullable=True),
    sa.Column('seen_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_host_word_host_id_host')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_host_word_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_word'))
    )
    with op.batch_alter_table('host_word', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_word_host_id'), ['host_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_host_word_placement_id'), ['placement_id'], unique=False)

    op.create_table('offer',
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('shown_on', sa.Date(), nullable=False),
    sa.Column('shown_by', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_offer_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer'))
    )
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_placement_id'), ['placement_id'], unique=False)

    op.create_table('placement_move',
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('from_step', sa.String(), nullable=False),
    sa.Column('to_step', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_placement_move_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement_move'))
    )
    with op.batch_alter_table('placement_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_move_placement_id'), ['placement_id'], unique=False)

    op.create_table('stall_question',
    sa.Column('placement_id', sa.String(length=32), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('asked_of', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_stall_question_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stall_question'))
    )
    with op.batch_alter_table('stall_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stall_question_placement_id'), ['placement_id'], unique=False)

    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.add_column(sa.Column('host_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('items', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('until', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_consent_host_id'), ['host_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_consent_host_id_host'), 'host', ['host_id'], ['id'])

    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ladder_version', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('deadline_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('reserved_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('before_hold', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('started_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('closing', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('closed_by', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('rests_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('until_reassessed', sa.Boolean(), nullable=False, server_default=sa.false()))



def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
