"""document: add embedding, a vector

Revision ID: a305c728e4b9
Revises: 
Create Date: 2026-05-18 17:44:39.725618

"""
from alembic import op
import sqlalchemy as sa
from db.vector import Vector


# revision identifiers, used by Alembic.
revision = 'a305c728e4b9'
down_revision = None
branch_labels = ('pgvector',)
depends_on = '1a7c3e9f5b20'


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.add_column('document', sa.Column('embedding', Vector(dim=768), nullable=True))


def downgrade() -> None:
    op.drop_column('document', 'embedding')
