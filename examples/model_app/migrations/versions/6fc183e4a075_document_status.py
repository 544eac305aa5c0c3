"""document: add status, an enum

Revision ID: 6fc183e4a075
Revises: 4daf61c28e53
Create Date: 2026-04-08 10:31:46.559023

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '6fc183e4a075'
down_revision = '4daf61c28e53'
branch_labels = None
depends_on = None


status = sa.Enum('draft', 'published', 'archived', name='documentstatus')


def upgrade() -> None:
    status.create(op.get_bind())
    op.add_column(
        'document',
        sa.Column('status', status, server_default=sa.text("'draft'"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column('document', 'status')
    status.drop(op.get_bind())
