"""every table."""

import sqlalchemy as sa
from alembic import op

# A published version never changes, whatever the statement and whoever runs it.
FREEZE_PUBLICATIONS = {
    "sqlite": (
        "CREATE TRIGGER publication_is_frozen BEFORE UPDATE ON publication "
        "BEGIN SELECT RAISE(ABORT, 'a publication never changes'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_change_of_publication() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a publication never changes'; END $$",
        "CREATE TRIGGER publication_is_frozen BEFORE UPDATE ON publication "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_publication()",
    ),
}


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('session_version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('last_signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(disabled_at IS NULL) = (disabled_by_id IS NULL)', name=op.f('ck_account_disabled_by_somebody')),
    sa.ForeignKeyConstraint(['disabled_by_id'], ['account.id'], name=op.f('fk_account_disabled_by_id')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['account.id'], name=op.f('fk_account_invited_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email_key', name=op.f('uq_account_email_key'))
    )
    op.create_table('article',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=15), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('news', 'press_release')", name=op.f('ck_article_known_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article')),
    sa.UniqueConstraint('slug', name=op.f('uq_article_slug'))
    )
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_article_published_at'), ['published_at'], unique=False)

    op.create_table('charter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charter')),
    sa.UniqueConstraint('title', name=op.f('uq_charter_title'))
    )
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('siren', sa.String(length=9), nullable=True),
    sa.Column('region_code', sa.String(length=2), nullable=True),
    sa.Column('website', sa.String(length=300), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('local_authority', 'network', 'association', 'cooperative', 'social_enterprise', 'company', 'university', 'state', 'other')", name=op.f('ck_organisation_known_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('name_key', name=op.f('uq_organisation_name_key'))
    )
    op.create_table('outgoing_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('occasion_key', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.String(length=30), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('recipient_name', sa.String(length=200), nullable=False),
    sa.Column('reply_to', sa.String(length=254), nullable=True),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body_text', sa.Text(), nullable=True),
    sa.Column('body_html', sa.Text(), nullable=True),
    sa.Column('calendar', sa.LargeBinary(), nullable=True),
    sa.Column('calendar_method', sa.String(length=10), nullable=True),
    sa.Column('unsubscribe_url', sa.String(length=500), nullable=True),
    sa.Column('about', sa.String(length=60), nullable=True),
    sa.Column('territory_code', sa.String(length=5), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease', sa.String(length=120), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('message_id', sa.String(length=200), nullable=True),
    sa.Column('server_reply', sa.String(length=300), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_outgoing_mail_sent_has_time')),
    sa.CheckConstraint("state IN ('queued', 'claimed', 'sending', 'sent', 'failed', 'doubtful', 'cancelled')", name=op.f('ck_outgoing_mail_known_state')),
    sa.CheckConstraint('(calendar IS NULL) = (calendar_method IS NULL)', name=op.f('ck_outgoing_mail_calendar_has_method')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mail')),
    sa.UniqueConstraint('occasion_key', name=op.f('uq_outgoing_mail_occasion_key'))
    )
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outgoing_mail_about'), ['about'], unique=False)
        batch_op.create_index('ix_outgoing_mail_due', ['state', 'priority', 'due_at'], unique=False)
        batch_op.create_index('ix_outgoing_mail_lease', ['state', 'lease_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_mail_purpose'), ['purpose'], unique=False)

    op.create_table('pdf_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('filename', sa.String(length=120), nullable=False),
    sa.Column('html', sa.Text(), nullable=True),
    sa.Column('attachments', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('images', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reuse_key', sa.String(length=200), nullable=True),
    sa.Column('restricted_to_account_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('page_count', sa.Integer(), nullable=True),
    sa.Column('byte_count', sa.Integer(), nullable=True),
    sa.Column('error', sa.String(length=500), nullable=True),
    sa.CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name=op.f('ck_pdf_order_failed_has_reason')),
    sa.CheckConstraint("(state = 'ready') = (content IS NOT NULL AND sha256 IS NOT NULL AND ready_at IS NOT NULL)", name=op.f('ck_pdf_order_ready_has_content')),
    sa.CheckConstraint("state <> 'rendering' OR lease_until IS NOT NULL", name=op.f('ck_pdf_order_rendering_has_lease')),
    sa.CheckConstraint("state IN ('ordered', 'rendering', 'ready', 'failed')", name=op.f('ck_pdf_order_known_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pdf_order')),
    sa.UniqueConstraint('reuse_key', name=op.f('uq_pdf_order_reuse_key')),
    sa.UniqueConstraint('token', name=op.f('uq_pdf_order_token'))
    )
    with op.batch_alter_table('pdf_order', schema=None) as batch_op:
        batch_op.create_index('ix_pdf_order_due', ['state', 'lease_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_pdf_order_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_pdf_order_purpose'), ['purpose'], unique=False)

    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('civility', sa.String(length=5), nullable=False),
    sa.Column('given_name', sa.String(length=100), nullable=False),
    sa.Column('family_name', sa.String(length=100), nullable=False),
    sa.Column('name_key', sa.String(length=210), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("civility IN ('', 'M.', 'Mme', 'Dr', 'Me', 'Pr')", name=op.f('ck_person_known_civility')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_name_key'), ['name_key'], unique=False)

    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
    sa.UniqueConstraint('slug', name=op.f('uq_series_slug'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('address', sa.String(length=45), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('succeeded', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('password', 'link')", name=op.f('ck_sign_in_attempt_known_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_attempt_address_at', ['address', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_in_attempt_at'), ['at'], unique=False)
        batch_op.create_index('ix_sign_in_attempt_email_key_at', ['email_key', 'at'], unique=False)

    op.create_table('territory',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('code', sa.String(length=9), nullable=False),
    sa.Column('vintage', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('search_name', sa.String(length=120), nullable=False),
    sa.Column('region_code', sa.String(length=2), nullable=True),
    sa.Column('department_code', sa.String(length=3), nullable=True),
    sa.Column('epci_code', sa.String(length=9), nullable=True),
    sa.Column('postal_codes', sa.Text(), nullable=False),
    sa.Column('population', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('precision', sa.String(length=16), nullable=True),
    sa.Column('successor_code', sa.String(length=9), nullable=True),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('region', 'department', 'epci', 'commune')", name=op.f('ck_territory_known_kind')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_territory_whole_point')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_territory')),
    sa.UniqueConstraint('kind', 'code', 'vintage', name=op.f('uq_territory_kind_code_vintage'))
    )
    with op.batch_alter_table('territory', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_territory_kind_vintage'), ['kind', 'vintage'], unique=False)

    op.create_table('theme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme')),
    sa.UniqueConstraint('name', name=op.f('uq_theme_name'))
    )
    op.create_table('magic_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose IN ('sign_in', 'welcome')", name=op.f('ck_magic_link_known_purpose')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_magic_link_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_magic_link')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_magic_link_token_sha256'))
    )
    with op.batch_alter_table('magic_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_magic_link_account_id'), ['account_id'], unique=False)

    op.create_table('mandate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint('ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on', name=op.f('ck_mandate_ends_after_start')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_mandate_organisation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mandate_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mandate'))
    )
    with op.batch_alter_table('mandate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mandate_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mandate_person_id'), ['person_id'], unique=False)

    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('visibility', sa.String(length=10), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('time_zone', sa.String(length=40), nullable=False),
    sa.Column('venue', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('city', sa.String(length=100), nullable=False),
    sa.Column('commune_code', sa.String(length=5), nullable=True),
    sa.Column('department_code', sa.String(length=3), nullable=True),
    sa.Column('region_code', sa.String(length=2), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('access_note', sa.Text(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('registration_opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('registration_closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contact_email', sa.String(length=254), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancellation_reason', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f('ck_meeting_cancelled_has_time')),
    sa.CheckConstraint("kind IN ('regional', 'review_day', 'committee', 'general_assembly', 'training')", name=op.f('ck_meeting_known_kind')),
    sa.CheckConstraint("state IN ('draft', 'published', 'postponed', 'cancelled', 'held', 'archived')", name=op.f('ck_meeting_known_state')),
    sa.CheckConstraint("visibility IN ('public', 'members', 'invited')", name=op.f('ck_meeting_known_visibility')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_meeting_whole_position')),
    sa.CheckConstraint('capacity IS NULL OR capacity >= 0', name=op.f('ck_meeting_capacity_not_negative')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_meeting_ends_after_start')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_meeting_series_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('slug', name=op.f('uq_meeting_slug'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_region_code'), ['region_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_series_id'), ['series_id'], unique=False)
        batch_op.create_index('ix_meeting_state_starts_at', ['state', 'starts_at'], unique=False)

    op.create_table('relation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.CheckConstraint("kind IN ('member', 'signatory', 'partner', 'funder')", name=op.f('ck_relation_known_kind')),
    sa.CheckConstraint('until IS NULL OR until >= since', name=op.f('ck_relation_ends_after_start')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_relation_organisation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_relation'))
    )
    with op.batch_alter_table('relation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_relation_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('charter_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['charter_id'], ['charter.id'], name=op.f('fk_signature_charter_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_signature_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('charter_id', 'organisation_id', name=op.f('uq_signature_charter_id_organisation_id'))
    )
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signature_charter_id'), ['charter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signature_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('campaign',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(sent_at IS NULL) = (sent_by_id IS NULL)', name=op.f('ck_campaign_sent_by_somebody')),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_campaign_created_by_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_campaign_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sent_by_id'], ['account.id'], name=op.f('fk_campaign_sent_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign'))
    )
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_campaign_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('credit', sa.String(length=200), nullable=False),
    sa.Column('visibility', sa.String(length=10), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=True),
    sa.Column('filename', sa.String(length=200), nullable=True),
    sa.Column('media_type', sa.String(length=100), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("visibility IN ('public', 'office')", name=op.f('ck_document_known_visibility')),
    sa.CheckConstraint('(filename IS NULL) = (content IS NULL)', name=op.f('ck_document_file_has_content')),
    sa.CheckConstraint('(url IS NULL) <> (filename IS NULL)', name=op.f('ck_document_link_or_file')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_document_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('meeting_id', 'title', name=op.f('uq_document_meeting_id_title'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('meeting_theme',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_theme_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_meeting_theme_theme_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('meeting_id', 'theme_id', name=op.f('pk_meeting_theme'))
    )
    op.create_table('minutes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('chair', sa.String(length=200), nullable=False),
    sa.Column('secretary', sa.String(length=200), nullable=False),
    sa.Column('writer', sa.String(length=200), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('introduction', sa.Text(), nullable=False),
    sa.Column('conclusion', sa.Text(), nullable=False),
    sa.Column('distribution', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('approval_note', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'in_review', 'approved', 'published')", name=op.f('ck_minutes_known_state')),
    sa.CheckConstraint('(approved_at IS NULL) = (approved_by_id IS NULL)', name=op.f('ck_minutes_approved_by_somebody')),
    sa.CheckConstraint('closed_at IS NULL OR opened_at IS NULL OR closed_at > opened_at', name=op.f('ck_minutes_closed_after_opened')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['account.id'], name=op.f('fk_minutes_approved_by_id')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['account.id'], name=op.f('fk_minutes_changed_by_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes')),
    sa.UniqueConstraint('meeting_id', name=op.f('uq_minutes_meeting_id'))
    )
    op.create_table('registration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('place_number', sa.Integer(), nullable=True),
    sa.Column('civility', sa.String(length=5), nullable=False),
    sa.Column('given_name', sa.String(length=100), nullable=False),
    sa.Column('family_name', sa.String(length=100), nullable=False),
    sa.Column('name_key', sa.String(length=210), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=30), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('organisation_key', sa.String(length=200), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('job_title', sa.String(length=200), nullable=False),
    sa.Column('participant_kind', sa.String(length=12), nullable=False),
    sa.Column('region_code', sa.String(length=2), nullable=True),
    sa.Column('needs', sa.Text(), nullable=False),
    sa.Column('accepts_listing', sa.Boolean(), nullable=False),
    sa.Column('consent_text_version', sa.String(length=20), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f('ck_registration_cancelled_has_time')),
    sa.CheckConstraint("(state = 'confirmed') = (place_number IS NOT NULL)", name=op.f('ck_registration_confirmed_has_place')),
    sa.CheckConstraint("participant_kind IN ('elected', 'officer', 'network', 'association', 'company', 'university', 'state', 'other')", name=op.f('ck_registration_known_kind')),
    sa.CheckConstraint("state IN ('confirmed', 'cancelled')", name=op.f('ck_registration_known_state')),
    sa.CheckConstraint('place_number >= 1', name=op.f('ck_registration_place_number_positive')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_registration_meeting_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_registration_organisation_id')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['account.id'], name=op.f('fk_registration_registered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
    sa.UniqueConstraint('meeting_id', 'place_number', name='uq_registration_place_number'),
    sa.UniqueConstraint('reference', name=op.f('uq_registration_reference'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index('ix_registration_meeting_name', ['meeting_id', 'name_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_registration_active_email', ['meeting_id', 'email_key'], unique=True, sqlite_where=sa.text("state <> 'cancelled'"), postgresql_where=sa.text("state <> 'cancelled'"))

    op.create_table('reminder_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('days_before', sa.Integer(), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('days_before BETWEEN 0 AND 60', name=op.f('ck_reminder_rule_days_in_range')),
    sa.CheckConstraint('hour BETWEEN 0 AND 23', name=op.f('ck_reminder_rule_hour_in_range')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_reminder_rule_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_rule')),
    sa.UniqueConstraint('meeting_id', 'days_before', 'hour', name='uq_reminder_rule_moment')
    )
    with op.batch_alter_table('reminder_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_rule_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('territory_code', sa.String(length=9), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('administrator', 'organiser', 'secretary')", name=op.f('ck_role_grant_known_role')),
    sa.CheckConstraint('territory_code IS NULL OR meeting_id IS NULL', name=op.f('ck_role_grant_one_scope')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_role_grant_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_role_grant_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant')),
    sa.UniqueConstraint('account_id', 'role', 'territory_code', 'meeting_id', name='uq_role_grant_scope')
    )
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grant_account_id'), ['account_id'], unique=False)

    op.create_table('session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('room', sa.String(length=100), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('welcome', 'plenary', 'workshop', 'break', 'restitution')", name=op.f('ck_session_known_kind')),
    sa.CheckConstraint('capacity IS NULL OR capacity >= 0', name=op.f('ck_session_capacity_not_negative')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_session_ends_after_start')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_session_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_session_theme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session'))
    )
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_theme_id'), ['theme_id'], unique=False)

    op.create_table('agenda_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('minutes_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('rapporteur', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['minutes_id'], ['minutes.id'], name=op.f('fk_agenda_item_minutes_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_agenda_item_session_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_item_minutes_id'), ['minutes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_item_session_id'), ['session_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('half_day', sa.String(length=13), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('represented_by', sa.String(length=200), nullable=False),
    sa.Column('evidence', sa.String(length=10), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'represented') = (represented_by <> '')", name=op.f('ck_attendance_represented_by_somebody')),
    sa.CheckConstraint("evidence IN ('desk', 'paper')", name=op.f('ck_attendance_known_evidence')),
    sa.CheckConstraint("state IN ('present', 'represented', 'excused', 'absent')", name=op.f('ck_attendance_known_state')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['account.id'], name=op.f('fk_attendance_noted_by_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_attendance_registration_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('registration_id', 'half_day', name='uq_attendance_half_day')
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_registration_id'), ['registration_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('civility', sa.String(length=5), nullable=False),
    sa.Column('given_name', sa.String(length=100), nullable=False),
    sa.Column('family_name', sa.String(length=100), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('job_title', sa.String(length=200), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('answer', sa.String(length=12), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unsubscribed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(answer = 'none') = (answered_at IS NULL)", name=op.f('ck_invitation_answer_has_time')),
    sa.CheckConstraint("answer IN ('none', 'registered', 'declined')", name=op.f('ck_invitation_known_answer')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_invitation_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_invitation_registration_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('campaign_id', 'email_key', name='uq_invitation_person')
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('invitee_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_invitee_import_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_invitee_import_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitee_import'))
    )
    with op.batch_alter_table('invitee_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitee_import_campaign_id'), ['campaign_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitee_import_expires_at'), ['expires_at'], unique=False)

    op.create_table('publication',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('minutes_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=True),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('pdf_order_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f('ck_publication_correction_says_why')),
    sa.ForeignKeyConstraint(['minutes_id'], ['minutes.id'], name=op.f('fk_publication_minutes_id')),
    sa.ForeignKeyConstraint(['pdf_order_id'], ['pdf_order.id'], name=op.f('fk_publication_pdf_order_id')),
    sa.ForeignKeyConstraint(['published_by_id'], ['account.id'], name=op.f('fk_publication_published_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publication')),
    sa.UniqueConstraint('minutes_id', 'number', name='uq_publication_number'),
    sa.UniqueConstraint('reference', name=op.f('uq_publication_reference'))
    )
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publication_minutes_id'), ['minutes_id'], unique=False)

    op.create_table('reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_reminder_registration_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['rule_id'], ['reminder_rule.id'], name=op.f('fk_reminder_rule_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('rule_id', 'registration_id', name='uq_reminder_person')
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reminder_rule_id'), ['rule_id'], unique=False)

    op.create_table('session_place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('place_number', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('place_number >= 1', name=op.f('ck_session_place_place_number_positive')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_session_place_registration_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_session_place_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_place')),
    sa.UniqueConstraint('session_id', 'place_number', name='uq_session_place_number'),
    sa.UniqueConstraint('session_id', 'registration_id', name='uq_session_place_registration')
    )
    with op.batch_alter_table('session_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_place_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_place_session_id'), ['session_id'], unique=False)

    op.create_table('session_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("role IN ('speaker', 'moderator', 'rapporteur', 'witness')", name=op.f('ck_session_role_known_role')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_session_role_person_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_session_role_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_role'))
    )
    with op.batch_alter_table('session_role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_role_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_role_session_id'), ['session_id'], unique=False)

    op.create_table('action_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('responsible', sa.String(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('to_do', 'doing', 'done', 'blocked', 'dropped')", name=op.f('ck_action_item_known_state')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_action_item_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_item'))
    )
    with op.batch_alter_table('action_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_item_item_id'), ['item_id'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('votes_for', sa.Integer(), nullable=True),
    sa.Column('votes_against', sa.Integer(), nullable=True),
    sa.Column('abstentions', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("outcome IN ('adopted', 'postponed', 'dropped')", name=op.f('ck_decision_known_outcome')),
    sa.CheckConstraint('votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0', name=op.f('ck_decision_votes_not_negative')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_decision_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_item_id'), ['item_id'], unique=False)

    op.create_table('intervention',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('speaker', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_intervention_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intervention'))
    )
    with op.batch_alter_table('intervention', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intervention_item_id'), ['item_id'], unique=False)

    for statement in FREEZE_PUBLICATIONS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    with op.batch_alter_table('intervention', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_intervention_item_id'))

    op.drop_table('intervention')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_item_id'))

    op.drop_table('decision')
    with op.batch_alter_table('action_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_action_item_item_id'))

    op.drop_table('action_item')
    with op.batch_alter_table('session_role', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_role_session_id'))
        batch_op.drop_index(batch_op.f('ix_session_role_person_id'))

    op.drop_table('session_role')
    with op.batch_alter_table('session_place', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_place_session_id'))
        batch_op.drop_index(batch_op.f('ix_session_place_registration_id'))

    op.drop_table('session_place')
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminder_rule_id'))
        batch_op.drop_index(batch_op.f('ix_reminder_registration_id'))

    op.drop_table('reminder')
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publication_minutes_id'))

    op.drop_table('publication')
    with op.batch_alter_table('invitee_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitee_import_expires_at'))
        batch_op.drop_index(batch_op.f('ix_invitee_import_campaign_id'))

    op.drop_table('invitee_import')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_campaign_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_registration_id'))

    op.drop_table('attendance')
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_item_session_id'))
        batch_op.drop_index(batch_op.f('ix_agenda_item_minutes_id'))

    op.drop_table('agenda_item')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_theme_id'))
        batch_op.drop_index(batch_op.f('ix_session_meeting_id'))

    op.drop_table('session')
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_role_grant_account_id'))

    op.drop_table('role_grant')
    with op.batch_alter_table('reminder_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminder_rule_meeting_id'))

    op.drop_table('reminder_rule')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index('uq_registration_active_email', sqlite_where=sa.text("state <> 'cancelled'"), postgresql_where=sa.text("state <> 'cancelled'"))
        batch_op.drop_index(batch_op.f('ix_registration_organisation_id'))
        batch_op.drop_index('ix_registration_meeting_name')
        batch_op.drop_index(batch_op.f('ix_registration_meeting_id'))

    op.drop_table('registration')
    op.drop_table('minutes')
    op.drop_table('meeting_theme')
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_meeting_id'))

    op.drop_table('document')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_campaign_meeting_id'))

    op.drop_table('campaign')
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signature_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_signature_charter_id'))

    op.drop_table('signature')
    with op.batch_alter_table('relation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_relation_organisation_id'))

    op.drop_table('relation')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('ix_meeting_state_starts_at')
        batch_op.drop_index(batch_op.f('ix_meeting_series_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_region_code'))

    op.drop_table('meeting')
    with op.batch_alter_table('mandate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mandate_person_id'))
        batch_op.drop_index(batch_op.f('ix_mandate_organisation_id'))

    op.drop_table('mandate')
    with op.batch_alter_table('magic_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_magic_link_account_id'))

    op.drop_table('magic_link')
    op.drop_table('theme')
    with op.batch_alter_table('territory', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_territory_kind_vintage'))

    op.drop_table('territory')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_attempt_email_key_at')
        batch_op.drop_index(batch_op.f('ix_sign_in_attempt_at'))
        batch_op.drop_index('ix_sign_in_attempt_address_at')

    op.drop_table('sign_in_attempt')
    op.drop_table('series')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_name_key'))

    op.drop_table('person')
    with op.batch_alter_table('pdf_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pdf_order_purpose'))
        batch_op.drop_index(batch_op.f('ix_pdf_order_expires_at'))
        batch_op.drop_index('ix_pdf_order_due')

    op.drop_table('pdf_order')
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outgoing_mail_purpose'))
        batch_op.drop_index('ix_outgoing_mail_lease')
        batch_op.drop_index('ix_outgoing_mail_due')
        batch_op.drop_index(batch_op.f('ix_outgoing_mail_about'))

    op.drop_table('outgoing_mail')
    op.drop_table('organisation')
    op.drop_table('charter')
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_article_published_at'))

    op.drop_table('article')
    op.drop_table('account')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_publication()")
