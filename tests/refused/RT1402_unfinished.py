from alembic import op
import sqlalchemy as sa

revision = "unfinished"
down_revision = None


class Own(sa.Column):
    def __init__(self):
        op.add_column("t", self)  # RT1402 at 9


def upgrade():
    Own()
