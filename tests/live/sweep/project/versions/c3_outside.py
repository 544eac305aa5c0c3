"""Outside of any transaction, between two transactions: each statement counts alone."""
from alembic import op

revision = "c3"
down_revision = "b2"


def upgrade():
    op.execute("INSERT INTO oracle.log VALUES ('c3 up, before')")
    op.execute("UPDATE account SET n = n * 2 + 5")
    with op.get_context().autocommit_block():
        op.execute("UPDATE account SET n = n * 5 + 1")
        op.create_index("account_name", "account", ["name"], postgresql_concurrently=True)
        op.execute("INSERT INTO oracle.log VALUES ('c3 up, outside')")
    op.execute("INSERT INTO oracle.log VALUES ('c3 up, after')")


def downgrade():
    op.execute("INSERT INTO oracle.log VALUES ('c3 down, before')")
    with op.get_context().autocommit_block():
        op.execute("INSERT INTO oracle.log VALUES ('c3 down, outside')")
        op.drop_index("account_name", "account", postgresql_concurrently=True)
        op.execute("UPDATE account SET n = n * 7 + 2")
    op.execute("UPDATE account SET n = n * 3 + 1")
