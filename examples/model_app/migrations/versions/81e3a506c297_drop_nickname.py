"""user: drop nickname, for good

Revision ID: 81e3a506c297
Revises: 70d294f5b186
Create Date: 2026-05-04 15:19:20.830391

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '81e3a506c297'
down_revision = '70d294f5b186'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column('user', 'nickname')


def downgrade() -> None:
    raise NotImplementedError("the nicknames are gone: restore them from a backup")
