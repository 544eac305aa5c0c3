"""index, built outside the transaction"""
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    op.execute("ALTER TABLE account ADD COLUMN note text")
    with op.get_context().autocommit_block():
        op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
    op.execute("UPDATE account SET note = name")


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("ix_account_name", "account", postgresql_concurrently=True)
    op.drop_column("account", "note")
