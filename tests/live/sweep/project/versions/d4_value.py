"""A value of an enum, which a transaction of the same revision could not use."""
import sqlalchemy as sa
from alembic import op

revision = "d4"
down_revision = "c3"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE kind ADD VALUE 'medium' AFTER 'small'")
    op.add_column("account", sa.Column("size", sa.Enum(name="kind"), server_default="medium"))
    op.execute("INSERT INTO oracle.log VALUES ('d4 up')")


def downgrade():
    op.drop_column("account", "size")
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE kind RENAME VALUE 'medium' TO 'gone'")
