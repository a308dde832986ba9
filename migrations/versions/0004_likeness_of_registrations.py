"""What finds an address at once and tells that two registrations may be one person's, kept with indexes."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 5000

registration = sa.table(
    'registration',
    sa.column('id', sa.Integer),
    sa.column('name_key', sa.String),
    sa.column('email_key', sa.String),
    sa.column('likeness_key', sa.String),
    sa.column('mailbox_key', sa.String),
)


def upgrade():
    op.add_column('registration', sa.Column('likeness_key', sa.String(length=210), nullable=False, server_default=''))
    op.add_column('registration', sa.Column('mailbox_key', sa.String(length=254), nullable=False, server_default=''))
    _fill()
    op.create_index('ix_registration_likeness', 'registration', ['meeting_id', 'likeness_key'])
    op.create_index('ix_registration_mailbox', 'registration', ['meeting_id', 'mailbox_key'])


def downgrade():
    op.drop_index('ix_registration_mailbox', 'registration')
    op.drop_index('ix_registration_likeness', 'registration')
    op.drop_column('registration', 'mailbox_key')
    op.drop_column('registration', 'likeness_key')


def _fill():
    connection, last = op.get_bind(), 0
    columns = sa.select(registration.c.id, registration.c.name_key, registration.c.email_key).order_by(registration.c.id)
    update = registration.update().where(registration.c.id == sa.bindparam('key')).values(
        likeness_key=sa.bindparam('likeness'), mailbox_key=sa.bindparam('mailbox')
    )
    while rows := connection.execute(columns.where(registration.c.id > last).limit(ROWS_AT_ONCE)).all():
        connection.execute(update, [
            {'key': key, 'likeness': ' '.join(sorted(name.split())), 'mailbox': _mailbox(email)} for key, name, email in rows
        ])
        last = rows[-1].id


def _mailbox(email):
    # As it was written when this migration was: a later rule comes with a later migration.
    local, _at, domain = email.rpartition('@')
    return f"{local.partition('+')[0] or local}@{domain}"
