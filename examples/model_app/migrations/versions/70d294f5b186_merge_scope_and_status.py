"""merge scope description and document status

Revision ID: 70d294f5b186
Revises: 5eb072d39f64, 6fc183e4a075
Create Date: 2026-04-09 09:00:03.417766

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '70d294f5b186'
down_revision = ('5eb072d39f64', '6fc183e4a075')
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
