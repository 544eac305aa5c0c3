"""Tables: plain DDL, several statements in one transaction."""
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.execute("CREATE TYPE kind AS ENUM ('small', 'large')")
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False, server_default="1"),
    )
    op.create_table("entry", sa.Column("account", sa.Integer()), sa.Column("what", sa.Text()))
    op.create_index("entry_account", "entry", ["account"])


def downgrade():
    op.drop_index("entry_account", "entry")
    op.drop_table("entry")
    op.drop_table("account")
    op.execute("DROP TYPE kind")
