"""another branch"""
import subprocess
from alembic import op
import sqlalchemy as sa

revision = "cc02"
down_revision = "aa01"


def upgrade():
    subprocess.check_call(["true"])
    op.create_table("other", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    subprocess.check_call(["true"])
    op.drop_table("other")
