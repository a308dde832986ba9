"""Imports of registrations: orders that are drafts of a file, items that are lines of it."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

KINDS = "kind IN ('approval', 'refusal', 'offer', 'cancellation', 'move', 'message', 'import')"
KINDS_BEFORE = "kind IN ('approval', 'refusal', 'offer', 'cancellation', 'move', 'message')"
STATES = "state IN ('draft', 'running', 'done', 'stopped')"
STATES_BEFORE = "state IN ('running', 'done', 'stopped')"
OUTCOMES = "outcome IN ('waiting', 'done', 'skipped', 'refused')"
OUTCOMES_BEFORE = "outcome IN ('waiting', 'done', 'refused')"
DRAFT = "(state = 'draft') = (content IS NOT NULL)"
ABOUT_SOMEBODY = 'registration_id IS NOT NULL OR cells IS NOT NULL'


def upgrade():
    with op.batch_alter_table('batch', schema=None) as batch_op:
        batch_op.add_column(sa.Column('content', sa.LargeBinary(), nullable=True))
    with op.batch_alter_table('batch', schema=None) as batch_op:
        _replace(batch_op, 'ck_batch_known_kind', KINDS)
        _replace(batch_op, 'ck_batch_known_state', STATES)
        batch_op.create_check_constraint(op.f('ck_batch_draft_has_content'), DRAFT)
    with op.batch_alter_table('batch_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cells', sa.JSON(), nullable=True))
        batch_op.alter_column('registration_id', existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table('batch_item', schema=None) as batch_op:
        _replace(batch_op, 'ck_batch_item_known_outcome', OUTCOMES)
        batch_op.create_check_constraint(op.f('ck_batch_item_about_somebody'), ABOUT_SOMEBODY)


def downgrade():
    # What became of an import cannot be told in the earlier tables; the registrations it made stay.
    op.execute("DELETE FROM batch_item WHERE batch_id IN (SELECT id FROM batch WHERE kind = 'import')")
    op.execute("DELETE FROM batch WHERE kind = 'import'")
    with op.batch_alter_table('batch_item', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_batch_item_about_somebody'), type_='check')
        _replace(batch_op, 'ck_batch_item_known_outcome', OUTCOMES_BEFORE)
        batch_op.alter_column('registration_id', existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table('batch_item', schema=None) as batch_op:
        batch_op.drop_column('cells')
    with op.batch_alter_table('batch', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_batch_draft_has_content'), type_='check')
        _replace(batch_op, 'ck_batch_known_kind', KINDS_BEFORE)
        _replace(batch_op, 'ck_batch_known_state', STATES_BEFORE)
    with op.batch_alter_table('batch', schema=None) as batch_op:
        batch_op.drop_column('content')


def _replace(batch_op, name, condition):
    batch_op.drop_constraint(op.f(name), type_='check')
    batch_op.create_check_constraint(op.f(name), condition)
