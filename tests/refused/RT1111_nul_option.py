from alembic import op

revision = "nul_option"
down_revision = None


def upgrade():
    op.create_index("ix", "t", ["a"], postgresql_with={"fillfactor": "7\0 0"})  # RT1111 at 5
