"""they come together"""
import subprocess
from alembic import op
import sqlalchemy as sa

revision = "dd03"
down_revision = ("bb02", "cc02")


def upgrade():
    subprocess.check_call(["true"])
    op.create_check_constraint("positive", "other", "id > 0")


def downgrade():
    subprocess.check_call(["true"])
    op.drop_constraint("positive", "other")
