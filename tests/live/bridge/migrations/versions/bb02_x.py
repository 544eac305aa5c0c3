"""a name that a program says"""
import subprocess
from alembic import op
import sqlalchemy as sa

revision = "bb02"
down_revision = "aa01"


def upgrade():
    name = subprocess.check_output(["echo", "nick"]).decode().strip()
    print("naming it", name)
    op.add_column("account", sa.Column(name, sa.String(20), server_default="it's; one"))
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ix_nick ON account (nick)")


def downgrade():
    name = subprocess.check_output(["echo", "nick"]).decode().strip()
    op.drop_column("account", name)
