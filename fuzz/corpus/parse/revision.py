"""Add users

Revision ID: 1a2b3c4d5e6f
Revises: 0a0b0c0d0e0f
"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = '1a2b3c4d5e6f'
down_revision: Union[str, Sequence[str], None] = ('0a0b0c0d0e0f', "x\x41")
branch_labels = None
depends_on = ['abc',  # first
              r'def']


def upgrade() -> None:
    op.create_table('users', sa.Column('id', sa.Integer(), nullable=False))
    op.execute(f"""
revision = {revision!r}
""")


def downgrade() -> None:
    op.drop_table('users')
