"""Registrations with a waiting list, questions, wishes and a history; messages that keep facts."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

ACTIVE = "state NOT IN ('cancelled', 'refused')"
ACTIVE_BEFORE = "state <> 'cancelled'"
REGISTRATION_CHECKS_BEFORE = {
    'cancelled_has_time': "(state = 'cancelled') = (cancelled_at IS NOT NULL)",
    'confirmed_has_place': "(state = 'confirmed') = (place_number IS NOT NULL)",
    'known_state': "state IN ('confirmed', 'cancelled')",
}
REGISTRATION_CHECKS = {
    'known_state': "state IN ('unverified', 'pending', 'confirmed', 'waiting', 'offered', 'cancelled', 'refused')",
    'known_mode': "mode IN ('on_site', 'remote')",
    'cancelled_has_time': "(state IN ('cancelled', 'refused')) = (cancelled_at IS NOT NULL)",
    'confirmed_has_place': "place_number IS NOT NULL OR state NOT IN ('confirmed', 'offered') OR mode = 'remote'",
    'place_is_held_by_somebody_expected': "place_number IS NULL OR (state NOT IN ('waiting', 'cancelled', 'refused') AND mode = 'on_site')",
    'waiting_has_rank': "(state = 'waiting') = (queue_rank IS NOT NULL)",
    'deadline_when_held': "(state IN ('unverified', 'offered')) = (held_until IS NOT NULL)",
}
PLACE_CHECKS = {
    'known_state': "state IN ('wished', 'confirmed', 'waiting', 'offered')",
    'confirmed_has_place': "(state IN ('confirmed', 'offered')) = (place_number IS NOT NULL)",
    'wish_has_rank': "state <> 'wished' OR rank >= 1",
    'waiting_has_rank': "(state = 'waiting') = (queue_rank IS NOT NULL)",
    'offer_has_deadline': "(state = 'offered') = (held_until IS NOT NULL)",
}


def upgrade():
    op.create_table('form_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_template')),
    sa.UniqueConstraint('title', name=op.f('uq_form_template_title'))
    )
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('query', sa.String(length=1000), nullable=False),
    sa.Column('is_shared', sa.Boolean(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_saved_view_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_saved_view_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('account_id', 'name', name=op.f('uq_saved_view_account_id_name'))
    )
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_view_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_saved_view_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index('uq_saved_view_default', ['account_id'], unique=True, sqlite_where=sa.text('is_default'), postgresql_where=sa.text('is_default'))

    op.create_table('allocation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('adjustments', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'committed') = (committed_at IS NOT NULL)", name=op.f('ck_allocation_committed_has_time')),
    sa.CheckConstraint("state IN ('draft', 'committed', 'discarded')", name=op.f('ck_allocation_known_state')),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], name=op.f('fk_allocation_made_by_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_allocation_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation'))
    )
    with op.batch_alter_table('allocation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allocation_made_by_id'), ['made_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_allocation_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index('uq_allocation_draft', ['meeting_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))

    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('template_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=150), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('label', sa.String(length=300), nullable=False),
    sa.Column('help', sa.Text(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('shown_if_id', sa.Integer(), nullable=True),
    sa.Column('shown_if_value', sa.String(length=200), nullable=False),
    sa.Column('visibility', sa.String(length=8), nullable=False),
    sa.Column('keep_days', sa.Integer(), nullable=True),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('text', 'long_text', 'choice', 'choices', 'yes_no', 'number', 'date', 'email', 'phone', 'file', 'organisation', 'commune', 'consent')", name=op.f('ck_question_known_kind')),
    sa.CheckConstraint("visibility IN ('office', 'desk')", name=op.f('ck_question_known_visibility')),
    sa.CheckConstraint('(meeting_id IS NULL) <> (template_id IS NULL)', name=op.f('ck_question_meeting_or_template')),
    sa.CheckConstraint('keep_days >= 0', name=op.f('ck_question_keep_days_not_negative')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_question_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shown_if_id'], ['question.id'], name=op.f('fk_question_shown_if_id')),
    sa.ForeignKeyConstraint(['template_id'], ['form_template.id'], name=op.f('fk_question_template_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question'))
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_shown_if_id'), ['shown_if_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_template_id'), ['template_id'], unique=False)

    op.create_table('registration_setup',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('admission', sa.String(length=10), nullable=False),
    sa.Column('checks_email', sa.Boolean(), nullable=False),
    sa.Column('access_code', sa.String(length=40), nullable=False),
    sa.Column('attendance', sa.String(length=8), nullable=False),
    sa.Column('allows_groups', sa.Boolean(), nullable=False),
    sa.Column('quotas', sa.JSON(), nullable=False),
    sa.Column('has_waiting_list', sa.Boolean(), nullable=False),
    sa.Column('offer_hours', sa.Integer(), nullable=False),
    sa.Column('offers_stop_hours', sa.Integer(), nullable=False),
    sa.Column('offers_frozen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('workshop_choice', sa.String(length=8), nullable=False),
    sa.Column('wishes_close_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('wishes_per_slot', sa.Integer(), nullable=False),
    sa.Column('most_per_organisation', sa.Integer(), nullable=True),
    sa.Column('balances_types', sa.Boolean(), nullable=False),
    sa.Column('allocated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changes_close_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('takes_late_requests', sa.Boolean(), nullable=False),
    sa.Column('form_version', sa.Integer(), nullable=False),
    sa.CheckConstraint("admission IN ('open', 'members', 'approval')", name=op.f('ck_registration_setup_known_admission')),
    sa.CheckConstraint("attendance IN ('on_site', 'remote', 'both')", name=op.f('ck_registration_setup_known_attendance')),
    sa.CheckConstraint("workshop_choice IN ('direct', 'wishes')", name=op.f('ck_registration_setup_known_workshop_choice')),
    sa.CheckConstraint('most_per_organisation >= 1', name=op.f('ck_registration_setup_most_per_organisation_positive')),
    sa.CheckConstraint('offer_hours BETWEEN 1 AND 720', name=op.f('ck_registration_setup_offer_hours_in_range')),
    sa.CheckConstraint('offers_stop_hours BETWEEN 0 AND 720', name=op.f('ck_registration_setup_offers_stop_in_range')),
    sa.CheckConstraint('wishes_per_slot BETWEEN 1 AND 9', name=op.f('ck_registration_setup_wishes_in_range')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_registration_setup_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('meeting_id', name=op.f('pk_registration_setup'))
    )
    op.create_table('answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_answer_question_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_answer_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
    sa.UniqueConstraint('registration_id', 'question_id', name=op.f('uq_answer_registration_id_question_id'))
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_question_id'), ['question_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_answer_registration_id'), ['registration_id'], unique=False)

    op.create_table('answer_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_answer_file_question_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_answer_file_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_file'))
    )
    with op.batch_alter_table('answer_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_file_question_id'), ['question_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_answer_file_registration_id'), ['registration_id'], unique=False)

    op.create_table('change_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_change_request_decided_has_time')),
    sa.CheckConstraint("kind IN ('change', 'cancellation', 'transfer')", name=op.f('ck_change_request_known_kind')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'refused', 'withdrawn')", name=op.f('ck_change_request_known_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_change_request_decided_by_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_change_request_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_request'))
    )
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_change_request_decided_by_id'), ['decided_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_change_request_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index('uq_change_request_open', ['registration_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state IN ('done', 'stopped')) = (ended_at IS NOT NULL)", name=op.f('ck_batch_ended_has_time')),
    sa.CheckConstraint("kind IN ('approval', 'refusal', 'offer', 'cancellation', 'move', 'message')", name=op.f('ck_batch_known_kind')),
    sa.CheckConstraint("state IN ('running', 'done', 'stopped')", name=op.f('ck_batch_known_state')),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], name=op.f('fk_batch_made_by_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_batch_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch'))
    )
    with op.batch_alter_table('batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_batch_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_batch_made_by_id'), ['made_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_batch_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index('ix_batch_running', ['id'], unique=False, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

    op.create_table('batch_item',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("outcome IN ('waiting', 'done', 'refused')", name=op.f('ck_batch_item_known_outcome')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_batch_item_batch_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_batch_item_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('batch_id', 'number', name=op.f('pk_batch_item'))
    )
    with op.batch_alter_table('batch_item', schema=None) as batch_op:
        batch_op.create_index('ix_batch_item_outcome', ['batch_id', 'outcome', 'number'], unique=False)
        batch_op.create_index(batch_op.f('ix_batch_item_registration_id'), ['registration_id'], unique=False)

    op.create_table('distinct_pair',
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_distinct_pair_in_order')),
    sa.ForeignKeyConstraint(['first_id'], ['registration.id'], name=op.f('fk_distinct_pair_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['noted_by_id'], ['account.id'], name=op.f('fk_distinct_pair_noted_by_id')),
    sa.ForeignKeyConstraint(['second_id'], ['registration.id'], name=op.f('fk_distinct_pair_second_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_distinct_pair'))
    )
    with op.batch_alter_table('distinct_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_distinct_pair_noted_by_id'), ['noted_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_distinct_pair_second_id'), ['second_id'], unique=False)

    op.create_table('registration_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_registration_event_by_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_registration_event_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_event'))
    )
    with op.batch_alter_table('registration_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_event_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_event_registration_id'), ['registration_id'], unique=False)

    # The defaults are for the rows there are; the program writes every column of a new one.
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('online_url', sa.String(length=500), nullable=False, server_default=''))
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.alter_column('online_url', server_default=None)
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mode', sa.String(length=8), nullable=False, server_default='on_site'))
        batch_op.add_column(sa.Column('quota_key', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('queue_rank', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('offered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('held_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('group_key', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('contact_name', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('contact_email', sa.String(length=254), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('registration', schema=None) as batch_op:
        for name in ('mode', 'quota_key', 'contact_name', 'contact_email'):
            batch_op.alter_column(name, server_default=None)
        for name in REGISTRATION_CHECKS_BEFORE:
            batch_op.drop_constraint(op.f(f'ck_registration_{name}'), type_='check')
        for name, condition in REGISTRATION_CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_registration_{name}'), condition)
        batch_op.drop_index('uq_registration_active_email')
        batch_op.create_index('uq_registration_active_email', ['meeting_id', 'email_key'], unique=True, sqlite_where=sa.text(ACTIVE), postgresql_where=sa.text(ACTIVE))
        batch_op.drop_index(batch_op.f('ix_registration_organisation_id'))
        for name in ('organisation_id', 'group_key', 'merged_into_id'):
            _create_index_of_some(batch_op, f'ix_registration_{name}', [name], f'{name} IS NOT NULL')
        _create_index_of_some(batch_op, 'ix_registration_held', ['state', 'held_until'], 'held_until IS NOT NULL')
        batch_op.create_index('ix_registration_queue', ['meeting_id', 'state', 'queue_rank'], unique=False)
        batch_op.drop_index(batch_op.f('ix_registration_meeting_id'))
        batch_op.create_foreign_key(batch_op.f('fk_registration_merged_into_id'), 'registration', ['merged_into_id'], ['id'])

    with op.batch_alter_table('session_place', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=10), nullable=False, server_default='confirmed'))
        batch_op.add_column(sa.Column('rank', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('queue_rank', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('offered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('held_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('place_number', existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table('session_place', schema=None) as batch_op:
        batch_op.alter_column('state', server_default=None)
        for name, condition in PLACE_CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_session_place_{name}'), condition)
        _create_index_of_some(batch_op, 'ix_session_place_held', ['state', 'held_until'], 'held_until IS NOT NULL')
        batch_op.create_index('ix_session_place_queue', ['session_id', 'queue_rank', 'place_number'], unique=False)
        batch_op.drop_index(batch_op.f('ix_session_place_session_id'))
    _keep_facts_of_messages()


def _create_index_of_some(batch_op, name, columns, where):
    batch_op.create_index(name, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _refuse_to_lose_people():
    """The former tables know neither waiting lists nor wishes nor distant participants."""
    waiting = sa.text("SELECT count(*) FROM registration WHERE state NOT IN ('confirmed', 'cancelled') OR (state = 'confirmed' AND place_number IS NULL)")
    wished = sa.text("SELECT count(*) FROM session_place WHERE state <> 'confirmed'")
    if op.get_bind().scalar(waiting) or op.get_bind().scalar(wished):
        raise RuntimeError("some registrations wait, are to be checked or hold wishes: settle them before going back")


def downgrade():
    _refuse_to_lose_people()
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_column('online_url')
    with op.batch_alter_table('session_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_place_session_id'), ['session_id'], unique=False)
        batch_op.drop_index('ix_session_place_queue')
        batch_op.drop_index('ix_session_place_held')
        for name in PLACE_CHECKS:
            batch_op.drop_constraint(op.f(f'ck_session_place_{name}'), type_='check')
        batch_op.alter_column('place_number', existing_type=sa.Integer(), nullable=False)
        for name in ('held_until', 'offered_at', 'queue_rank', 'rank', 'state'):
            batch_op.drop_column(name)

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_registration_merged_into_id'), type_='foreignkey')
        batch_op.create_index(batch_op.f('ix_registration_meeting_id'), ['meeting_id'], unique=False)
        batch_op.drop_index('ix_registration_queue')
        for name in ('organisation_id', 'group_key', 'merged_into_id', 'held'):
            batch_op.drop_index(f'ix_registration_{name}')
        batch_op.create_index(batch_op.f('ix_registration_organisation_id'), ['organisation_id'], unique=False)
        batch_op.drop_index('uq_registration_active_email')
        batch_op.create_index('uq_registration_active_email', ['meeting_id', 'email_key'], unique=True, sqlite_where=sa.text(ACTIVE_BEFORE), postgresql_where=sa.text(ACTIVE_BEFORE))
        for name in REGISTRATION_CHECKS:
            batch_op.drop_constraint(op.f(f'ck_registration_{name}'), type_='check')
        for name, condition in REGISTRATION_CHECKS_BEFORE.items():
            batch_op.create_check_constraint(op.f(f'ck_registration_{name}'), condition)
        for name in ('merged_into_id', 'contact_email', 'contact_name', 'group_key', 'verified_at', 'held_until', 'offered_at', 'queue_rank', 'quota_key', 'mode'):
            batch_op.drop_column(name)

    with op.batch_alter_table('registration_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_event_registration_id'))
        batch_op.drop_index(batch_op.f('ix_registration_event_by_id'))

    op.drop_table('registration_event')
    with op.batch_alter_table('distinct_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_distinct_pair_second_id'))
        batch_op.drop_index(batch_op.f('ix_distinct_pair_noted_by_id'))

    op.drop_table('distinct_pair')
    op.drop_table('batch_item')
    op.drop_table('batch')
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.drop_index('uq_change_request_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_change_request_registration_id'))
        batch_op.drop_index(batch_op.f('ix_change_request_decided_by_id'))

    op.drop_table('change_request')
    with op.batch_alter_table('answer_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_file_registration_id'))
        batch_op.drop_index(batch_op.f('ix_answer_file_question_id'))

    op.drop_table('answer_file')
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_registration_id'))
        batch_op.drop_index(batch_op.f('ix_answer_question_id'))

    op.drop_table('answer')
    op.drop_table('registration_setup')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_template_id'))
        batch_op.drop_index(batch_op.f('ix_question_shown_if_id'))
        batch_op.drop_index(batch_op.f('ix_question_meeting_id'))

    op.drop_table('question')
    with op.batch_alter_table('allocation', schema=None) as batch_op:
        batch_op.drop_index('uq_allocation_draft', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.drop_index(batch_op.f('ix_allocation_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_allocation_made_by_id'))

    op.drop_table('allocation')
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.drop_index('uq_saved_view_default')
        batch_op.drop_index(batch_op.f('ix_saved_view_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_saved_view_account_id'))

    op.drop_table('saved_view')
    op.drop_table('form_template')
    _keep_texts_of_messages()


def _keep_facts_of_messages():
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('template', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('locale', sa.String(length=2), nullable=False, server_default='fr'))
        batch_op.add_column(sa.Column('context', sa.Text(), nullable=True))
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.alter_column('locale', server_default=None)
        batch_op.drop_index(batch_op.f('ix_outgoing_mail_purpose'))
        batch_op.drop_index('ix_outgoing_mail_lease')
        _create_index_of_some(batch_op, 'ix_outgoing_mail_lease', ['state', 'lease_until'], 'lease_until IS NOT NULL')
        batch_op.drop_constraint(op.f('ck_outgoing_mail_calendar_has_method'), type_='check')
        batch_op.create_check_constraint(op.f('ck_outgoing_mail_calendar_has_method'), "calendar IS NULL OR calendar_method IS NOT NULL")
        batch_op.create_check_constraint(op.f('ck_outgoing_mail_context_has_template'), "context IS NULL OR template IS NOT NULL")


def _keep_texts_of_messages():
    # What waits has no text yet, and the former program would send it empty: somebody must do it again.
    op.execute("UPDATE outgoing_mail SET state = 'failed', lease = NULL, lease_until = NULL, server_reply = 'not composed' WHERE context IS NOT NULL AND state IN ('queued', 'claimed')")
    op.execute("UPDATE outgoing_mail SET calendar_method = NULL WHERE calendar IS NULL")
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outgoing_mail_purpose'), ['purpose'], unique=False)
        batch_op.drop_index('ix_outgoing_mail_lease')
        batch_op.create_index('ix_outgoing_mail_lease', ['state', 'lease_until'], unique=False)
        batch_op.drop_constraint(op.f('ck_outgoing_mail_context_has_template'), type_='check')
        batch_op.drop_constraint(op.f('ck_outgoing_mail_calendar_has_method'), type_='check')
        batch_op.create_check_constraint(op.f('ck_outgoing_mail_calendar_has_method'), "(calendar IS NULL) = (calendar_method IS NULL)")
        for name in ('context', 'locale', 'template'):
            batch_op.drop_column(name)
