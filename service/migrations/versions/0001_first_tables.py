"""first tables"""

import sqlalchemy as sa
from alembic import op

from service.kernel.db import UtcDateTime

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('seq', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('actor_id', sa.String(), nullable=False),
    sa.Column('actor_label', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('object_type', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('mac', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_object_id'), ['object_id'], unique=False)

    op.create_table('catalogue_state',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_state'))
    )
    op.create_table('field_change',
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('actor_label', sa.String(), nullable=False),
    sa.Column('object_type', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(length=32), nullable=False),
    sa.Column('subject_id', sa.String(length=32), nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_change'))
    )
    with op.batch_alter_table('field_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_field_change_object_id'), ['object_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_field_change_subject_id'), ['subject_id'], unique=False)

    op.create_table('host',
    sa.Column('import_key', sa.String(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kana', sa.String(), nullable=False),
    sa.Column('search_text', sa.String(), nullable=False),
    sa.Column('sort_key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('paused_until', sa.Date(), nullable=True),
    sa.Column('pause_reason', sa.String(), nullable=False),
    sa.Column('contact_person', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('fax', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host')),
    sa.UniqueConstraint('import_key', name=op.f('uq_host_import_key'))
    )
    with op.batch_alter_table('host', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_sort_key'), ['sort_key'], unique=False)

    op.create_table('household',
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('district', sa.String(), nullable=False),
    sa.Column('timing_note', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household'))
    )
    op.create_table('import_batch',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('filename', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('read_at', UtcDateTime(), nullable=False),
    sa.Column('read_by', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('outcome', sa.JSON(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch'))
    )
    op.create_table('once_key',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('actor_id', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('location', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_once_key'))
    )
    op.create_table('resource_gap',
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('age_band', sa.String(), nullable=False),
    sa.Column('district', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_gap'))
    )
    op.create_table('sign_in_brake',
    sa.Column('name_hash', sa.String(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('blocked_until', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('name_hash', name=op.f('pk_sign_in_brake'))
    )
    op.create_table('user',
    sa.Column('login_name', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('login_name', name=op.f('uq_user_login_name'))
    )
    op.create_table('vocabulary_entry',
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vocabulary_entry')),
    sa.UniqueConstraint('seq', name=op.f('uq_vocabulary_entry_seq'))
    )
    with op.batch_alter_table('vocabulary_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vocabulary_entry_key'), ['key'], unique=False)

    op.create_table('auth_session',
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('last_seen_at', UtcDateTime(), nullable=False),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_auth_session_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_auth_session'))
    )
    with op.batch_alter_table('auth_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_auth_session_user_id'), ['user_id'], unique=False)

    op.create_table('host_assessment',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('assessed_on', sa.Date(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_host_assessment_host_id_host')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_assessment'))
    )
    with op.batch_alter_table('host_assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_assessment_host_id'), ['host_id'], unique=False)

    op.create_table('host_person',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_host_person_host_id_host')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_person'))
    )
    with op.batch_alter_table('host_person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_person_host_id'), ['host_id'], unique=False)

    op.create_table('imported_row',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_imported_row_host_id_host')),
    sa.PrimaryKeyConstraint('host_id', name=op.f('pk_imported_row'))
    )
    op.create_table('person',
    sa.Column('household_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('principal', sa.Boolean(), nullable=False),
    sa.Column('relation', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kana', sa.String(), nullable=False),
    sa.Column('search_text', sa.String(), nullable=False),
    sa.Column('birth_on', sa.Date(), nullable=True),
    sa.Column('gender', sa.String(), nullable=True),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('coordinate_level', sa.String(), nullable=False),
    sa.Column('coordinate_source', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('contact_note', sa.String(), nullable=False),
    sa.Column('situation', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_person_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_household_id'), ['household_id'], unique=False)

    op.create_table('remark',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_remark_host_id_host')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark'))
    )
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remark_host_id'), ['host_id'], unique=False)

    op.create_table('site',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('building', sa.String(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('coordinate_level', sa.String(), nullable=False),
    sa.Column('coordinate_source', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_site_host_id_host')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site'))
    )
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_site_host_id'), ['host_id'], unique=False)

    op.create_table('support_case',
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('household_id', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('lead_agency', sa.String(), nullable=False),
    sa.Column('assigned_id', sa.String(length=32), nullable=False),
    sa.Column('locked', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['assigned_id'], ['user.id'], name=op.f('fk_support_case_assigned_id_user')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_support_case_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_case')),
    sa.UniqueConstraint('number', name=op.f('uq_support_case_number'))
    )
    with op.batch_alter_table('support_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_case_assigned_id'), ['assigned_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_support_case_household_id'), ['household_id'], unique=False)

    op.create_table('avoid_rule',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('host_id', sa.String(length=32), nullable=True),
    sa.Column('host_person_id', sa.String(length=32), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('radius_km', sa.Double(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_avoid_rule_host_id_host')),
    sa.ForeignKeyConstraint(['host_person_id'], ['host_person.id'], name=op.f('fk_avoid_rule_host_person_id_host_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_avoid_rule_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_avoid_rule'))
    )
    with op.batch_alter_table('avoid_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_avoid_rule_person_id'), ['person_id'], unique=False)

    op.create_table('consent',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('given_by', sa.String(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_consent_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_person_id'), ['person_id'], unique=False)

    op.create_table('match_run',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('asked', sa.JSON(), nullable=False),
    sa.Column('catalogue_version', sa.Integer(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_match_run_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_run'))
    )
    with op.batch_alter_table('match_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_match_run_person_id'), ['person_id'], unique=False)

    op.create_table('need',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('attribute', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=True),
    sa.Column('strength', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_need_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need'))
    )
    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_person_id'), ['person_id'], unique=False)

    op.create_table('opening',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('site_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('activity', sa.String(), nullable=False),
    sa.Column('activity_tags', sa.JSON(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('paused_until', sa.Date(), nullable=True),
    sa.Column('pause_reason', sa.String(), nullable=False),
    sa.Column('free', sa.Integer(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('dates', sa.JSON(), nullable=False),
    sa.Column('times_note', sa.String(), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('confirmed_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_opening_host_id_host')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_opening_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening'))
    )
    with op.batch_alter_table('opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opening_host_id'), ['host_id'], unique=False)

    op.create_table('stand_in',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('since', UtcDateTime(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], name=op.f('fk_stand_in_case_id_support_case')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_stand_in_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stand_in'))
    )
    with op.batch_alter_table('stand_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stand_in_case_id'), ['case_id'], unique=False)

    op.create_table('travel_time',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('site_id', sa.String(length=32), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_travel_time_person_id_person')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_travel_time_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_travel_time'))
    )
    with op.batch_alter_table('travel_time', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_travel_time_person_id'), ['person_id'], unique=False)

    op.create_table('condition',
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('site_id', sa.String(length=32), nullable=True),
    sa.Column('opening_id', sa.String(length=32), nullable=True),
    sa.Column('attribute', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=True),
    sa.Column('negotiable', sa.Boolean(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_condition_host_id_host')),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_condition_opening_id_opening')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_condition_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_condition'))
    )
    with op.batch_alter_table('condition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_condition_host_id'), ['host_id'], unique=False)

    op.create_table('opening_slot',
    sa.Column('opening_id', sa.String(length=32), nullable=False),
    sa.Column('host_id', sa.String(length=32), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('start_min', sa.Integer(), nullable=True),
    sa.Column('end_min', sa.Integer(), nullable=True),
    sa.Column('nth', sa.JSON(), nullable=False),
    sa.Column('free', sa.Integer(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['host.id'], name=op.f('fk_opening_slot_host_id_host')),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_opening_slot_opening_id_opening')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening_slot'))
    )
    with op.batch_alter_table('opening_slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opening_slot_host_id'), ['host_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opening_slot_opening_id'), ['opening_id'], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create function audit_entry_is_only_added_to() returns trigger language plpgsql as $$ begin "
            "raise exception 'the audit log is only ever added to' using errcode = 'integrity_constraint_violation'; "
            "end $$"
        )
    for act in ("update", "delete"):
        op.execute(_refuse(act, op.get_bind().dialect.name))


def _refuse(act: str, dialect: str) -> str:
    if dialect == "postgresql":
        acts = f"{act} or truncate" if act == "delete" else act
        return (
            f"create trigger audit_entry_no_{act} before {acts} on audit_entry "
            "for each statement execute function audit_entry_is_only_added_to()"
        )
    return (
        f"create trigger audit_entry_no_{act} before {act} on audit_entry "
        "begin select raise(abort, 'the audit log is only ever added to'); end"
    )


def downgrade() -> None:
    raise NotImplementedError("元に戻すには、移行前に控えたファイルを使ってください。")
