"""An index that is built outside of the transaction"""
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    op.execute("ALTER TABLE account ADD COLUMN mail text -- the address")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_account_mail", "account", ["mail"], postgresql_concurrently=True
        )
        op.execute("SET work_mem = '8MB'; RESET work_mem")
    op.execute(
        """
        CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql
        BEGIN ATOMIC
            SELECT n;
            SELECT n + n;
        END
        """
    )
    op.execute("DO $$ BEGIN UPDATE account SET mail = '\\:DBNAME;' ; END $$")


def downgrade():
    op.execute("DROP FUNCTION twice(integer)")
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_account_mail", table_name="account", postgresql_concurrently=True
        )
    op.drop_column("account", "mail")
