"""How large files given as answers are and, while no registration has them, the mark of where they come from."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('answer_file', sa.Column('size', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('answer_file', sa.Column('sender_key', sa.String(length=20), nullable=False, server_default=''))
    op.execute('UPDATE answer_file SET size = length(content)')
    op.drop_index('ix_answer_file_registration_id', 'answer_file')
    op.create_index('ix_answer_file_registration', 'answer_file', ['registration_id', 'sender_key', 'size'])


def downgrade():
    op.drop_index('ix_answer_file_registration', 'answer_file')
    op.create_index('ix_answer_file_registration_id', 'answer_file', ['registration_id'])
    op.drop_column('answer_file', 'sender_key')
    op.drop_column('answer_file', 'size')
