from alembic import op

revision = "nul"
down_revision = None


def upgrade():
    op.drop_table("a\0b")  # RT1111 at 5
