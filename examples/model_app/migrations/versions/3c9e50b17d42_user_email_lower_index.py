"""user: index lower(email), built concurrently

Revision ID: 3c9e50b17d42
Revises: 2b8d4fa06c31
Create Date: 2026-03-17 11:40:08.902544

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '3c9e50b17d42'
down_revision = '2b8d4fa06c31'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A large table: build the index without blocking writers.
    with op.get_context().autocommit_block():
        op.create_index(
            'ix_user_email_lower', 'user', [sa.text('lower(email)')],
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index('ix_user_email_lower', table_name='user', postgresql_concurrently=True)
