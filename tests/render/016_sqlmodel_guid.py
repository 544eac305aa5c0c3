"""UUID columns as SQLModel before 0.0.14 writes them

Revision ID: 016
Revises:
"""
import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlmodel.sql.sqltypes import GUID

revision = "016"
down_revision = None


def upgrade():
    op.create_table(
        "journal",
        sa.Column("id", sqlmodel.sql.sqltypes.GUID(), nullable=False),
        sa.Column("parent_id", GUID(), server_default=sa.text("gen_random_uuid()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("journal", sa.Column("user_id", sqlmodel.sql.sqltypes.GUID(), nullable=True))


def downgrade():
    op.drop_table("journal")
