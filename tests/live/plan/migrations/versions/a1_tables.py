"""Tables: größer, and; a semicolon"""
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, server_default="a:name; it's", nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Integer)),
    )
    op.execute("INSERT INTO account (id, tags) VALUES (1, '{1,2,3}'); UPDATE account SET name = 'x;y'")
    op.execute("UPDATE account SET tags = tags[id\\:HOST] FROM (SELECT 2 AS \"HOST\", 2 AS HOST) AS v")


def downgrade():
    op.drop_table("account")
