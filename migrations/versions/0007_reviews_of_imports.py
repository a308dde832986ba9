"""What a file of registrations would do, kept with it."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('batch', sa.Column('review', sa.JSON(none_as_null=True), nullable=True))


def downgrade():
    op.drop_column('batch', 'review')
